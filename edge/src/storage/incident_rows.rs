//! The rows of incidents as they are stored, for comparing and repairing them. Reads that answer requests use `projections`.

use std::collections::BTreeMap;

use super::{
    severity_spans::SpanRow,
    sql::{Row, Sql, Value},
};
use crate::fault::Fault;

/// The rows of the tables with the id of one incident.
#[derive(Clone, Debug, Default)]
pub struct IncidentRows {
    /// The row in `incident`; `None` if there are only rows in the other tables.
    pub incident: Option<IncidentRow>,
    /// The numbers and documents in `incident_update`, in the order of numbers.
    pub updates: Vec<(u64, String)>,
    /// The rows in `severity_span`.
    pub spans: Vec<SpanRow>,
}

/// A row in `incident`.
#[derive(Clone, Debug)]
pub struct IncidentRow {
    pub number: u64,
    pub kind: String,
    pub status: String,
    /// 1 if the incident is in force, 0 if not.
    pub in_force: u64,
    /// 1 if `severity_span` is up to date, 0 if not.
    pub has_spans: u64,
    pub document: String,
}

/// A range of ids: greater than the first, and up to the second; `None` means no upper limit. A range that begins with the empty
/// text includes empty ids and values that are not text; a range without an upper limit includes values that sort after all
/// texts.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a>(pub &'a str, pub Option<&'a str>);

impl Range<'_> {
    /// Selects columns of a table by the column with the incident's id, in the order of ids.
    fn select(
        self,
        sql: &impl Sql,
        columns: &str,
        table: &str,
        id: &str,
    ) -> Result<Vec<Row>, Fault> {
        let Self(after, until) = self;
        let (condition, values): (String, Vec<Value>) = match (after, until) {
            ("", None) => ("1 = 1".to_owned(), Vec::new()),
            ("", Some(until)) => (format!("{id} IS NULL OR {id} <= ?"), vec![until.into()]),
            (after, None) => (format!("{id} > ?"), vec![after.into()]),
            (after, Some(until)) => (
                format!("{id} > ? AND {id} <= ?"),
                vec![after.into(), until.into()],
            ),
        };
        sql.run(
            &format!("SELECT {id}, {columns} FROM {table} WHERE {condition} ORDER BY {id}"),
            &values,
        )
    }
}

/// Reads all rows of incidents in a range of ids, including ids without a row in `incident`. An id
/// that is not text is read as empty.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn read(sql: &impl Sql, range: Range<'_>) -> Result<BTreeMap<String, IncidentRows>, Fault> {
    let mut found: BTreeMap<String, IncidentRows> = BTreeMap::new();
    let columns = "number, kind, status, in_force, has_spans, document";
    for mut row in range.select(sql, columns, "incident", "id")? {
        let id = row.text("incident").unwrap_or_default();
        found.entry(id).or_default().incident = Some(IncidentRow {
            // A number that `free_number` has replaced is negative.
            number: row.number("incident").unwrap_or(u64::MAX),
            // A value of another type is read as a wrong value, which is a difference, not a fault.
            kind: row.text("incident").unwrap_or_default(),
            status: row.text("incident").unwrap_or_default(),
            in_force: row.number("incident").unwrap_or(u64::MAX),
            has_spans: row.number("incident").unwrap_or(u64::MAX),
            document: row.text("incident").unwrap_or_default(),
        });
    }
    for mut row in range.select(sql, "number, document", "incident_update", "incident")? {
        let id = row.text("incident_update").unwrap_or_default();
        let update = (
            row.number("incident_update").unwrap_or(u64::MAX),
            row.text("incident_update").unwrap_or_default(),
        );
        found.entry(id).or_default().updates.push(update);
    }
    for rows in found.values_mut() {
        rows.updates.sort_by_key(|(number, _)| *number);
    }
    // An open end is stored as NULL and read as 0. A stored 0 is wrong, and read as a negative
    // number.
    let columns = "component, severity, starts,
        CASE WHEN ends IS NULL THEN 0 WHEN ends = 0 THEN -1 ELSE ends END";
    for mut row in range.select(sql, columns, "severity_span", "incident")? {
        let id = row.text("severity_span").unwrap_or_default();
        found.entry(id).or_default().spans.push(SpanRow {
            component: row.text("severity_span").unwrap_or_default(),
            severity: row.number("severity_span").unwrap_or(u64::MAX),
            starts: row.number("severity_span").unwrap_or(u64::MAX),
            ends: row.number("severity_span").unwrap_or(u64::MAX),
        });
    }
    Ok(found)
}

/// Returns the ids of the incidents whose document is not JSON.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn without_json(sql: &impl Sql) -> Result<Vec<String>, Fault> {
    let rows = sql.run(
        "SELECT id FROM incident WHERE NOT (typeof(document) = 'text' AND json_valid(document))",
        &[],
    )?;
    // A row without an id is deleted by a repair.
    Ok(rows
        .into_iter()
        .filter_map(|mut row| row.text("incident").ok())
        .collect())
}

/// Frees a number that an incident has by mistake: makes the number of that incident negative,
/// until the incident is rewritten too.
///
/// # Errors
/// `Fault` if the statement fails. Call this inside a transaction.
pub fn free_number(sql: &impl Sql, number: u64) -> Result<(), Fault> {
    sql.run(
        "UPDATE incident SET number = -1 - number WHERE number = ?",
        &[number.into()],
    )?;
    Ok(())
}

/// Deletes all rows of an incident; with an empty id, all rows whose id is empty or not text.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn delete(sql: &impl Sql, id: &str) -> Result<(), Fault> {
    for (table, column) in [
        ("incident", "id"),
        ("incident_update", "incident"),
        ("severity_span", "incident"),
    ] {
        sql.run(
            &format!("DELETE FROM {table} WHERE {column} = ?"),
            &[id.into()],
        )?;
        if id.is_empty() {
            sql.run(
                &format!(
                    "DELETE FROM {table} WHERE {column} IS NULL OR typeof({column}) <> 'text'"
                ),
                &[],
            )?;
        }
    }
    Ok(())
}
