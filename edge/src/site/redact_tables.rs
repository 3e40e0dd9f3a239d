//! Redacts tables of a site's database: a subject's events and projections, and data that does not
//! derive from the journal.

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

/// The subject of events, as in the journal's column `about`; `None` for events about several
/// subjects.
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

    /// The sequence numbers and events of the rows about the subject.
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

    /// The id of the incident, if the subject is one.
    fn incident(&self) -> Option<&str> {
        self.0.as_deref().filter(|about| about.starts_with("inc_"))
    }
}

/// Replaces an event by its redacted form; the row and its hash stay.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn replace_event(sql: &impl Sql, seq: u64, before: &str, after: &str) -> Result<(), Fault> {
    let cell = Cell {
        table: "journal",
        column: "event",
        condition: "seq = ?",
        values: &[seq.into()],
    };
    overwrite::replace(sql, cell, before, after)
}

/// Checks that an incident whose audience has paths keeps at least one: without a path, it would be
/// shown on every page.
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
    let after = without_text::<Incident>(&before, text)?;
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
pub fn redact_projections(sql: &impl Sql, subject: &Subject, text: &str) -> Result<(), Fault> {
    let Some(about) = &subject.0 else {
        return Ok(());
    };
    let id: &[Value] = &[about.as_str().into()];
    match about.get(..4) {
        Some("site") => redact_documents::<Site>(sql, "site", "one = 1", &[], text),
        Some("cmp_") => redact_documents::<Component>(sql, "component", "id = ?", id, text),
        Some("tpl_") => redact_documents::<Template>(sql, "template", "id = ?", id, text),
        Some("inc_") => {
            redact_documents::<Incident>(sql, "incident", "id = ?", id, text)?;
            let numbers = sql.run("SELECT number FROM incident_update WHERE incident = ?", id)?;
            for mut row in numbers {
                let number = row.number("incident_update")?;
                let values: &[Value] = &[about.as_str().into(), number.into()];
                let condition = "incident = ? AND number = ?";
                redact_documents::<Update>(sql, "incident_update", condition, values, text)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Redacts the documents of the rows that match `condition`; `values` are the parameters of the
/// condition.
fn redact_documents<T: Serialize + DeserializeOwned>(
    sql: &impl Sql,
    table: &'static str,
    condition: &'static str,
    values: &[Value],
    text: &str,
) -> Result<(), Fault> {
    let statement = format!("SELECT document FROM {table} WHERE {condition}");
    for mut found in sql.run(&statement, values)? {
        let before = found.text(table)?;
        if let Some(after) = without_text::<T>(&before, text)? {
            let cell = Cell {
                table,
                column: "document",
                condition,
                values,
            };
            overwrite::replace(sql, cell, &before, &serde_json::to_string(&after)?)?;
        }
    }
    Ok(())
}

/// A document without the text; `None` if the document does not contain the text.
fn without_text<T: DeserializeOwned>(document: &str, text: &str) -> Result<Option<T>, Fault> {
    let mut json: Json = serde_json::from_str(document)?;
    match erase(&mut json, text) {
        true => Ok(Some(serde_json::from_value(json)?)),
        false => Ok(None),
    }
}

/// Redacts tables that are not derived from the journal: replaces the text in names of tokens and invitations, and deletes
/// webhooks, rows of the outbox and escalations that contain the text.
///
/// # Errors
/// `Fault` if the database fails. Call this inside a transaction.
pub fn redact_other_tables(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for table in ["token", "invitation"] {
        for mut row in sql.run(&format!("SELECT id, name FROM {table}"), &[])? {
            // A damaged row is never shown, and a verification reports it.
            let (Ok(id), Ok(name)) = (row.text(table), row.text(table)) else {
                continue;
            };
            if name.contains(text) {
                let cell = Cell {
                    table,
                    column: "name",
                    condition: "id = ?",
                    values: &[id.into()],
                };
                overwrite::replace(sql, cell, &name, &name.replace(text, ERASED))?;
            }
        }
    }
    delete_webhooks_and_messages(sql, text)?;
    delete_on_call(sql, text)?;
    for mut row in sql.run("SELECT id, document FROM delivery", &[])? {
        let id = row.number("delivery")?;
        // A damaged delivery may contain the text.
        let document = row.text("delivery").unwrap_or_default();
        if may_contain(&document, text) {
            delete_delivery(sql, id, &document)?;
        }
    }
    Ok(())
}

/// Whether a JSON document contains the text. A damaged document counts as containing it.
fn may_contain(document: &str, text: &str) -> bool {
    let parsed = serde_json::from_str(document).ok();
    parsed.is_none_or(|parsed| contains_text(&parsed, text))
}

/// Deletes webhooks and messages whose document contains the text, with their deliveries.
fn delete_webhooks_and_messages(sql: &impl Sql, text: &str) -> Result<(), Fault> {
    for table in ["webhook", "message"] {
        for mut row in sql.run(&format!("SELECT id, document FROM {table}"), &[])? {
            let (id, document) = (row.text(table)?, row.text(table).unwrap_or_default());
            if !may_contain(&document, text) {
                continue;
            }
            let id: &[Value] = &[id.into()];
            // A delivery has its webhook and its message in columns that are named like their tables.
            let deliveries = format!("SELECT id, document FROM delivery WHERE {table} = ?");
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
                condition: "id = ?",
                values: id,
            };
            overwrite::blank(sql, cell, &document)?;
            sql.run(&format!("DELETE FROM {table} WHERE id = ?"), id)?;
        }
    }
    Ok(())
}

/// Deletes on-call deliveries and escalations that contain the text: in a target, or in a target's
/// answer.
fn delete_on_call(sql: &impl Sql, text: &str) -> Result<(), Fault> {
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
                    condition: "rowid = ?",
                    values: id,
                };
                overwrite::blank(sql, cell, document)?;
            }
            sql.run(&format!("DELETE FROM {table} WHERE rowid = ?"), id)?;
        }
    }
    Ok(())
}

fn delete_delivery(sql: &impl Sql, id: u64, document: &str) -> Result<(), Fault> {
    let cell = Cell {
        table: "delivery",
        column: "document",
        condition: "id = ?",
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
