//! Overdue updates about which on-call targets are paged.

use notice::{
    notify::escalation::Escalation,
    wire::{ids::IncidentId, time::Timestamp},
};

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEscalation {
    /// The sequence number of the `promise.overdue` that began it.
    pub seq: u64,
    pub escalation: Escalation,
}

/// Begins an escalation, unless there is one about this update. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add(sql: &impl Sql, seq: u64, escalation: &Escalation) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO escalation (incident, owed_at, seq, document, is_open) VALUES (?, ?, ?, ?, 1)
         ON CONFLICT (incident, owed_at) DO NOTHING",
        &[
            escalation.incident.as_str().into(),
            seconds(escalation.owed_at),
            seq.into(),
            serde_json::to_string(escalation)?.into(),
        ],
    )?;
    Ok(())
}

/// Stores a changed escalation.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn save(sql: &impl Sql, escalation: &Escalation) -> Result<(), Fault> {
    sql.run(
        "UPDATE escalation SET document = ?, is_open = ? WHERE incident = ? AND owed_at = ?",
        &[
            serde_json::to_string(escalation)?.into(),
            escalation.ended.is_none().into(),
            escalation.incident.as_str().into(),
            seconds(escalation.owed_at),
        ],
    )?;
    Ok(())
}

/// The escalations that have not ended.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn open(sql: &impl Sql) -> Result<Vec<StoredEscalation>, Fault> {
    let rows = sql.run(
        "SELECT seq, document FROM escalation INDEXED BY escalation_open WHERE is_open = 1 ORDER BY incident",
        &[],
    )?;
    // A damaged escalation, which a verification reports, must not stop the others.
    Ok(rows.into_iter().filter_map(|row| read(row).ok()).collect())
}

/// The newest escalations, whether they have ended or not.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn newest(sql: &impl Sql, most: u32) -> Result<Vec<StoredEscalation>, Fault> {
    let rows = sql.run(
        "SELECT seq, document FROM escalation ORDER BY seq DESC LIMIT ?",
        &[u64::from(most).into()],
    )?;
    Ok(rows.into_iter().filter_map(|row| read(row).ok()).collect())
}

/// Finds the escalation about an update.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(
    sql: &impl Sql,
    incident: &IncidentId,
    owed_at: Timestamp,
) -> Result<Option<StoredEscalation>, Fault> {
    let rows = sql.run(
        "SELECT seq, document FROM escalation WHERE incident = ? AND owed_at = ?",
        &[incident.as_str().into(), seconds(owed_at)],
    )?;
    rows.into_iter().next().map(read).transpose()
}

fn read(mut row: Row) -> Result<StoredEscalation, Fault> {
    Ok(StoredEscalation {
        seq: row.number("escalation")?,
        escalation: serde_json::from_str(&row.text("escalation")?)?,
    })
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}
