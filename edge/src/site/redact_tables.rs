//! The tables that a redaction changes: rows of one subject and its projections, and data that does not derive from the journal.

use notice::{
    rejection::Rejection,
    wire::{
        component::Component,
        incident::{Incident, Update},
        site::Site,
        template::Template,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::erase::{ERASED, contains_text, erase};
use crate::{
    answer::Answer,
    fault::Fault,
    refusal::Refusal,
    storage::{
        overwrite::{self, Cell},
        sql::{Sql, Value},
    },
};

/// The subject of events, as in the journal's column `about`; `None` for events about several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject(Option<String>);

impl Subject {
    /// The subject of a row.
    ///
    /// # Errors
    /// `Fault` if the database cannot be read.
    pub fn of(sql: &impl Sql, seq: u64) -> Result<Self, Fault> {
        let rows = sql.run(
            "SELECT COALESCE(about, '') FROM journal WHERE seq = ?",
            &[seq.into()],
        )?;
        let about = rows.into_iter().next().map(|mut row| row.text("journal"));
        Ok(Self(about.transpose()?.filter(|about| !about.is_empty())))
    }

    /// The rows about it: sequence number and event.
    ///
    /// # Errors
    /// `Fault` if the database cannot be read.
    pub fn events(&self, sql: &impl Sql) -> Result<Vec<(u64, String)>, Fault> {
        let rows = match &self.0 {
            Some(about) => sql.run(
                "SELECT seq, event FROM journal WHERE about = ? ORDER BY seq",
                &[about.as_str().into()],
            ),
            None => sql.run(
                "SELECT seq, event FROM journal WHERE about IS NULL ORDER BY seq",
                &[],
            ),
        };
        rows?
            .into_iter()
            .map(|mut row| Ok((row.number("journal")?, row.text("journal")?)))
            .collect()
    }

    /// The id of its incident.
    fn incident(&self) -> Option<&str> {
        self.0.as_deref().filter(|about| about.starts_with("inc_"))
    }
}

/// Replaces an event by its redacted text; row and hash stay.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn replace_event(sql: &impl Sql, seq: u64, before: &str, after: &str) -> Result<(), Fault> {
    let cell = Cell {
        table: "journal",
        column: "event",
        row: "seq = ?",
        values: &[seq.into()],
    };
    overwrite::replace(sql, cell, before, after)
}

/// Checks that an incident for certain paths keeps one: without, it would be shown on every page.
///
/// # Errors
/// [`Rejection::IllegalTransition`] if it would keep none, `Fault` if the database cannot be read.
pub fn check_audience(sql: &impl Sql, subject: &Subject, text: &str) -> Result<(), Refusal> {
    let Some(id) = subject.incident() else {
        return Ok(());
    };
    let rows = sql.run("SELECT document FROM incident WHERE id = ?", &[id.into()])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(());
    };
    let before = row.text("incident")?;
    let after = redacted::<Incident>(&before, text)?;
    let before: Incident = serde_json::from_str(&before)?;
    match after {
        Some(after) if has_paths(&before) && !has_paths(&after) => {
            Err(Rejection::IllegalTransition(format!(
                "The incident {id} has no other path in its audience and would be shown on every page; give it another path first."
            ))
            .into())
        }
        _ => Ok(()),
    }
}

fn has_paths(incident: &Incident) -> bool {
    let mut audience = incident.audience.iter();
    audience.any(|audience| !audience.paths.is_empty())
}

/// Redacts the projections of a subject. The result is the same as that of replaying the redacted events.
///
/// # Errors
/// `Fault` if the database fails. Call this inside a transaction.
pub fn projections(sql: &impl Sql, subject: &Subject, text: &str) -> Result<(), Fault> {
    let Some(about) = &subject.0 else {
        return Ok(());
    };
    let id: &[Value] = &[about.as_str().into()];
    match about.get(..4) {
        Some("site") => documents::<Site>(sql, "site", "one = 1", &[], text),
        Some("cmp_") => documents::<Component>(sql, "component", "id = ?", id, text),
        Some("tpl_") => documents::<Template>(sql, "template", "id = ?", id, text),
        Some("inc_") => {
            documents::<Incident>(sql, "incident", "id = ?", id, text)?;
            let numbers = sql.run("SELECT number FROM incident_update WHERE incident = ?", id)?;
            for mut row in numbers {
                let number = row.number("incident_update")?;
                let values: &[Value] = &[about.as_str().into(), number.into()];
                let row = "incident = ? AND number = ?";
                documents::<Update>(sql, "incident_update", row, values, text)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Redacts the documents of a row.
fn documents<T: Serialize + DeserializeOwned>(
    sql: &impl Sql,
    table: &'static str,
    row: &'static str,
    values: &[Value],
    text: &str,
) -> Result<(), Fault> {
    let statement = format!("SELECT document FROM {table} WHERE {row}");
    for mut found in sql.run(&statement, values)? {
        let before = found.text(table)?;
        if let Some(after) = redacted::<T>(&before, text)? {
            let cell = Cell {
                table,
                column: "document",
                row,
                values,
            };
            overwrite::replace(sql, cell, &before, &serde_json::to_string(&after)?)?;
        }
    }
    Ok(())
}

/// A document without the text; `None` if it does not contain it.
fn redacted<T: DeserializeOwned>(document: &str, text: &str) -> Result<Option<T>, Fault> {
    let mut json: Json = serde_json::from_str(document)?;
    match erase(&mut json, text) {
        true => Ok(Some(serde_json::from_value(json)?)),
        false => Ok(None),
    }
}

/// Redacts tables that are not derived from the journal: names of tokens and invitations, webhooks and the outbox.
///
/// # Errors
/// `Fault` if the database fails. Call this inside a transaction.
pub fn other_tables(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for table in ["token", "invitation"] {
        for mut row in sql.run(&format!("SELECT id, name FROM {table}"), &[])? {
            // A damaged row is not shown, and `verify` reports it.
            let (Ok(id), Ok(name)) = (row.text(table), row.text(table)) else {
                continue;
            };
            if name.contains(text) {
                let cell = Cell {
                    table,
                    column: "name",
                    row: "id = ?",
                    values: &[id.into()],
                };
                overwrite::replace(sql, cell, &name, &name.replace(text, ERASED))?;
            }
        }
    }
    sent_messages(sql, text)?;
    on_call(sql, text)?;
    mailings(sql, text)?;
    for mut row in sql.run("SELECT id, document FROM delivery", &[])? {
        let id = row.number("delivery")?;
        // A damaged message cannot be sent, and may contain the text.
        let document = row.text("delivery").unwrap_or_default();
        if may_contain(&document, text) {
            delete_delivery(sql, id, &document)?;
        }
    }
    Ok(())
}

/// Whether a JSON document has the text. A damaged one may have it.
fn may_contain(document: &str, text: &str) -> bool {
    let parsed = serde_json::from_str(document).ok();
    parsed.is_none_or(|parsed| contains_text(&parsed, text))
}

/// Deletes webhooks whose URL has the text, and messages that have it, with their deliveries.
fn sent_messages(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for (table, delivery) in [("webhook", "webhook"), ("message", "message")] {
        for mut row in sql.run(&format!("SELECT id, document FROM {table}"), &[])? {
            let (id, document) = (row.text(table)?, row.text(table).unwrap_or_default());
            if !may_contain(&document, text) {
                continue;
            }
            let id: &[Value] = &[id.into()];
            let deliveries = format!("SELECT id, document FROM delivery WHERE {delivery} = ?");
            for mut row in sql.run(&deliveries, id)? {
                let number = row.number("delivery")?;
                delete_delivery(sql, number, &row.text("delivery").unwrap_or_default())?;
            }
            if table == "message" {
                sql.run("DELETE FROM on_call_delivery WHERE message = ?", id)?;
            }
            let cell = Cell {
                table,
                column: "document",
                row: "id = ?",
                values: id,
            };
            overwrite::blank(sql, cell, &document)?;
            sql.run(&format!("DELETE FROM {table} WHERE id = ?"), id)?;
        }
    }
    Ok(())
}

/// Deletes on-call messages and escalations that have the text: in a target, or in the answer of one.
fn on_call(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for (table, columns) in [
        ("on_call_delivery", &["document", "last_attempt"][..]),
        ("escalation", &["document"]),
    ] {
        let listed = columns.join(", ");
        for mut row in sql.run(&format!("SELECT rowid, {listed} FROM {table}"), &[])? {
            let id: &[Value] = &[row.number(table)?.into()];
            let texts: Vec<String> = columns
                .iter()
                .map(|_| row.text(table).unwrap_or_default())
                .collect();
            if !texts.iter().any(|document| may_contain(document, text)) {
                continue;
            }
            for (&column, document) in columns.iter().zip(&texts) {
                let cell = Cell {
                    table,
                    column,
                    row: "rowid = ?",
                    values: id,
                };
                overwrite::blank(sql, cell, document)?;
            }
            sql.run(&format!("DELETE FROM {table} WHERE rowid = ?"), id)?;
        }
    }
    Ok(())
}

/// Deletes mailings that have the text, with the mails that wait.
fn mailings(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for mut row in sql.run("SELECT id, document FROM mailing", &[])? {
        let (id, document) = (
            row.text("mailing")?,
            row.text("mailing").unwrap_or_default(),
        );
        if !may_contain(&document, text) {
            continue;
        }
        let id: &[Value] = &[id.into()];
        let cell = Cell {
            table: "mailing",
            column: "document",
            row: "id = ?",
            values: id,
        };
        overwrite::blank(sql, cell, &document)?;
        sql.run("DELETE FROM mail_delivery WHERE message = ?", id)?;
        sql.run("DELETE FROM mailing WHERE id = ?", id)?;
    }
    Ok(())
}

fn delete_delivery(sql: &impl Sql, id: u64, document: &str) -> Result<(), Fault> {
    let cell = Cell {
        table: "delivery",
        column: "document",
        row: "id = ?",
        values: &[id.into()],
    };
    overwrite::blank(sql, cell, document)?;
    sql.run("DELETE FROM delivery WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// Redacts a stored answer, whose fields have the same names as those of events.
pub fn erase_from_answer(answer: &mut Answer, needle: &str) {
    match serde_json::from_str::<Json>(&answer.body) {
        Ok(mut body) => {
            if erase(&mut body, needle) {
                answer.body = body.to_string();
            }
        }
        Err(_) => answer.body = answer.body.replace(needle, ERASED),
    }
}
