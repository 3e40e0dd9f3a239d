//! Compares the projections with a replay of the journal: documents, the columns that reads select
//! by, and rows of incidents that the journal does not have.

use notice::{
    state::State,
    wire::{
        component::Component,
        enums::StringEnum,
        ids::IncidentId,
        incident::{Incident, Update},
        site::Site,
        template::Template,
        time::Timestamp,
    },
};
use serde::de::DeserializeOwned;

use super::incident_replay::{self, Deletions, ReplayedIncident};
use crate::{
    fault::Fault,
    pages::days::DAYS,
    storage::{
        incident_rows::{self, IncidentRow, IncidentRows, Range},
        incident_tables::IncidentTables,
        journal_slices, projections,
        severity_spans::SpanRow,
        sql::Sql,
    },
};

/// Number of incidents that are compared at a time.
const INCIDENTS: u64 = 12;

/// The action on a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Report the first difference.
    Compare,
    /// Rewrite the rows that differ from the journal.
    Repair,
}

/// The result of comparing a range of incidents.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The id after which the next range begins; `None` after the last range.
    pub next: Option<String>,
    /// The first difference, if any.
    pub difference: Option<String>,
}

/// Compares the next incidents after the id `after` in the order of ids, and finds rows of
/// incidents that the journal does not have. With [`Mode::Repair`] also rewrites the rows that
/// differ.
///
/// # Errors
/// `Fault` if the database or the journal cannot be read.
pub fn compare_incidents(
    sql: &impl Sql,
    after: &str,
    deletions: &Deletions,
    now: Timestamp,
    mode: Mode,
) -> Result<Compared, Fault> {
    let ids = journal_slices::incidents(sql, after, INCIDENTS)?;
    let is_last = u64::try_from(ids.len()).unwrap_or(u64::MAX) < INCIDENTS;
    let last = ids.last().map(|(id, _)| id.clone()).filter(|_| !is_last);
    let mut stored = incident_rows::read(sql, Range(after, last.as_deref()))?;
    let mut difference = None;
    for (id, number) in ids {
        let rows = stored.remove(&id).unwrap_or_default();
        let parsed = IncidentId::parse(&id).ok_or_else(|| Fault::Stored {
            what: "journal",
            detail: format!("{id} is not the id of an incident"),
        })?;
        let replayed = incident_replay::replay(sql, &parsed, journal_slices::END, deletions)?;
        let Some(what) = incident_difference(&rows, &replayed, number, now) else {
            continue;
        };
        if mode == Mode::Repair {
            rewrite(
                sql,
                &id,
                replayed.incident.as_ref().map(|one| (one, number)),
            )?;
        }
        difference.get_or_insert(format!("the incident {id}: {what}"));
    }
    for id in stored.into_keys() {
        if mode == Mode::Repair {
            rewrite(sql, &id, None)?;
        }
        difference.get_or_insert(match id.as_str() {
            "" => "rows of incidents have no id".to_owned(),
            id => format!("the incident {id}: the journal does not name it"),
        });
    }
    Ok(Compared {
        next: last,
        difference,
    })
}

/// Rewrites the rows of an incident, given with its number; deletes them if `incident` is `None`.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn rewrite(sql: &impl Sql, id: &str, incident: Option<(&Incident, u64)>) -> Result<(), Fault> {
    sql.transaction(|| {
        incident_rows::delete(sql, id)?;
        match incident {
            Some((incident, number)) => {
                incident_rows::free_number(sql, number)?;
                projections::save_incident(sql, &IncidentTables::of_site(), None, incident)
            }
            None => Ok(()),
        }
    })
}

/// The difference between an incident's rows and its replay, as a noun phrase.
fn incident_difference(
    rows: &IncidentRows,
    replayed: &ReplayedIncident,
    number: u64,
    now: Timestamp,
) -> Option<String> {
    let (row, expected) = match (&rows.incident, &replayed.incident) {
        (None, None) if rows.updates.is_empty() && rows.spans.is_empty() => return None,
        (None, None) => return Some("rows of a deleted incident".to_owned()),
        (None, Some(_)) => return Some("it is missing".to_owned()),
        (Some(_), None) => return Some("it was deleted".to_owned()),
        (Some(row), Some(expected)) => (row, expected),
    };
    column_difference(row, expected, number)
        .or_else(|| document_difference(rows, row, expected))
        .or_else(|| span_difference(rows, row, replayed, expected, now))
}

fn column_difference(row: &IncidentRow, expected: &Incident, number: u64) -> Option<String> {
    let differing = [
        ("number", row.number != number),
        ("kind", row.kind != expected.kind.as_str()),
        ("status", row.status != expected.status.as_str()),
        (
            "in_force",
            row.in_force != u64::from(expected.is_in_force()),
        ),
        ("has_spans", row.has_spans > 1),
    ];
    let (name, _) = differing.into_iter().find(|(_, differs)| *differs)?;
    Some(format!("its column {name}"))
}

fn document_difference(
    rows: &IncidentRows,
    row: &IncidentRow,
    expected: &Incident,
) -> Option<String> {
    let head = Incident {
        updates: Vec::new(),
        ..expected.clone()
    };
    if !holds(&row.document, &head) {
        return Some("its document".to_owned());
    }
    if rows.updates.len() != expected.updates.len() {
        return Some(format!(
            "it has {} updates instead of {}",
            rows.updates.len(),
            expected.updates.len()
        ));
    }
    let stored = (0_u64..).zip(&rows.updates).zip(&expected.updates);
    stored
        .map(|((number, (stored, document)), update): (_, &Update)| {
            (number, *stored == number && holds(document, update))
        })
        .find(|(_, agrees)| !agrees)
        .map(|(number, _)| format!("its update {number}"))
}

/// The difference of the cached severities over time. An incident that ended before the first day
/// of the charts may have no spans.
fn span_difference(
    rows: &IncidentRows,
    row: &IncidentRow,
    replayed: &ReplayedIncident,
    expected: &Incident,
    now: Timestamp,
) -> Option<String> {
    // A chart's first day begins up to `DAYS` days ago, and up to 26 h earlier if the site's time zone had a day of 50 h.
    let since = now.plus_seconds(-(DAYS + 2) * 86_400);
    let is_old = expected.ended_at.is_some_and(|ended| ended < since);
    if row.has_spans == 0 || (is_old && rows.spans.is_empty()) {
        return None;
    }
    let mut stored = rows.spans.clone();
    let mut expected: Vec<SpanRow> = replayed.spans.iter().map(SpanRow::of).collect();
    stored.sort();
    expected.sort();
    (stored != expected).then(|| "its severities over time".to_owned())
}

/// Compares settings, components, templates and the feed's revision; returns the first difference
/// as a noun phrase.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn compare_settings(
    sql: &impl Sql,
    replayed: &State,
    rev: u64,
) -> Result<Option<String>, Fault> {
    let mut sites = sql.run("SELECT document, rev FROM site", &[])?.into_iter();
    let Some(mut row) = sites.next() else {
        return Ok(Some("the site's settings are missing".to_owned()));
    };
    let is_same =
        |document: &str, site: Option<&Site>| site.is_some_and(|site| holds(document, site));
    if !is_same(&row.text("site")?, replayed.site.as_ref()) {
        return Ok(Some("the site's settings".to_owned()));
    }
    let stored_rev = row.number("site")?;
    let mut stored = Vec::new();
    for mut row in sql.run(
        "SELECT id, position, document FROM component ORDER BY position, id",
        &[],
    )? {
        let row = (
            row.text("component")?,
            row.number("component")?,
            row.text("component")?,
        );
        stored.push(row);
    }
    let agrees = |((id, position, document), component): (&(String, u64, String), &Component)| {
        *id == component.id.as_str()
            && *position == u64::from(component.position)
            && holds(document, component)
    };
    if stored.len() != replayed.components.len()
        || !stored.iter().zip(&replayed.components).all(agrees)
    {
        return Ok(Some("the components".to_owned()));
    }
    let mut stored = Vec::new();
    for mut row in sql.run("SELECT id, document FROM template ORDER BY id", &[])? {
        stored.push((row.text("template")?, row.text("template")?));
    }
    let mut templates: Vec<&Template> = replayed.templates.iter().collect();
    templates.sort_by(|one, other| one.id.cmp(&other.id));
    let agrees = |((id, document), template): (&(String, String), &&Template)| {
        *id == template.id.as_str() && holds(document, *template)
    };
    if stored.len() != templates.len() || !stored.iter().zip(&templates).all(agrees) {
        return Ok(Some("the templates".to_owned()));
    }
    Ok((stored_rev != rev).then(|| "the feed's revision".to_owned()))
}

/// Whether a document can be parsed and equals a value.
fn holds<T: DeserializeOwned + PartialEq>(document: &str, value: &T) -> bool {
    serde_json::from_str::<T>(document).is_ok_and(|stored| stored == *value)
}
