//! Lists of incidents. Each is read from a part of an index, so that the cost depends on the number
//! of incidents that are returned.

use notice::wire::{ids::IncidentId, incident::Incident, time::Timestamp};

use super::{
    documents::heads,
    incident_tables::IncidentTables,
    sql::{Sql, Value},
};
use crate::fault::Fault;

/// The query for a page of the list of incidents, newest first.
#[derive(Clone, Copy, Debug)]
pub struct IncidentQuery<'a> {
    /// A status to filter by.
    pub status: Option<&'a str>,
    /// A kind to filter by.
    pub kind: Option<&'a str>,
    /// Only incidents that are ongoing or scheduled.
    pub open: bool,
    /// Only incidents with a missed scheduled transition, which waits for an operator.
    pub missed: bool,
    /// Only incidents with a lower number.
    pub before: Option<u64>,
    /// Maximum number of incidents.
    pub limit: usize,
}

/// [`Incident::is_open`] in SQL; open incidents are always in force.
const OPEN: &str = " AND in_force = 1 AND status NOT IN ('resolved', 'completed', 'ended')
    AND json_extract(document, '$.withdrawn') IS NULL";

/// Incidents with a missed transition; they are open, and so in force.
const MISSED: &str = " AND in_force = 1 AND json_extract(document, '$.missed_at') IS NOT NULL";

/// Returns the numbers and ids of a page of the incidents.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn page(sql: &impl Sql, query: IncidentQuery<'_>) -> Result<Vec<(u64, IncidentId)>, Fault> {
    // Each index ends with the number, so that a page is a part of it. `INDEXED BY`: without statistics, SQLite would choose
    // the index for the order, and read all incidents for a rare status.
    let index = match (query.open || query.missed, query.kind, query.status) {
        (true, ..) => " INDEXED BY incident_in_force",
        (false, Some(_), Some(_)) => " INDEXED BY incident_kind_status",
        (false, Some(_), None) => " INDEXED BY incident_kind",
        (false, None, Some(_)) => " INDEXED BY incident_status",
        (false, None, None) => "",
    };
    let mut statement = format!("SELECT id, number FROM incident{index} WHERE 1 = 1");
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        statement.push_str(&format!(" AND {condition} ?{}", values.len()));
    };
    if let Some(kind) = query.kind {
        add("kind =", kind.into());
    }
    if let Some(status) = query.status {
        add("status =", status.into());
    }
    if let Some(before) = query.before {
        add("number <", before.into());
    }
    if query.open {
        statement.push_str(OPEN);
    }
    if query.missed {
        statement.push_str(MISSED);
    }
    values.push(u64::try_from(query.limit).unwrap_or(u64::MAX).into());
    statement.push_str(&format!(" ORDER BY number DESC LIMIT ?{}", values.len()));
    let mut page = Vec::new();
    for mut row in sql.run(&statement, &values)? {
        // A row without an id is not an incident; a repair deletes it.
        let id = row.text("incident").ok();
        let Some(id) = id.and_then(|id| IncidentId::parse(&id)) else {
            continue;
        };
        // A damaged number, which a verification reports, must not block reading.
        page.push((row.number("incident").unwrap_or_default(), id));
    }
    Ok(page)
}

/// Returns the ids of all incidents that [changed](notice::state::was_changed_after) after a time.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn changed_after(
    sql: &impl Sql,
    tables: &IncidentTables,
    at: Timestamp,
) -> Result<Vec<IncidentId>, Fault> {
    // All times have one format (RFC 3339, whole seconds, UTC), so that texts sort by time.
    sql.run(
        &format!(
            "SELECT id FROM {} WHERE json_extract(document, '$.updated_at') > ?",
            tables.incident
        ),
        &[at.to_string().into()],
    )?
    .into_iter()
    .map(|mut row| {
        let id = row.text("incident")?;
        IncidentId::parse(&id).ok_or_else(|| Fault::Stored {
            what: "incident",
            detail: format!("the id {id} cannot be parsed"),
        })
    })
    .collect()
}

/// Returns the listed incidents that ended at or after a time, newest end first, without their updates. The column
/// `listed_end` says which incidents are listed.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn ended_since(sql: &impl Sql, since: Timestamp, most: usize) -> Result<Vec<Incident>, Fault> {
    // All times have one format (RFC 3339, whole seconds, UTC), so that texts sort by time.
    let rows = sql.run(
        "SELECT id, document FROM incident INDEXED BY incident_listed_end
         WHERE listed_end >= ? ORDER BY listed_end DESC, number DESC LIMIT ?",
        &[
            since.to_string().into(),
            u64::try_from(most).unwrap_or(u64::MAX).into(),
        ],
    )?;
    heads(rows)
}
