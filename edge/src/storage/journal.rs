//! The journal's table: appended to, never changed.

use notice::{
    journal::{FIRST_PREVIOUS, Row, link, sha256_hex},
    wire::{event::Event, time::Timestamp},
};

use super::sql::{Sql, Value};
use crate::fault::Fault;

/// Who did something, and with what.
#[derive(Clone, Debug)]
pub struct Origin {
    /// A token's id, `root` or `alarm`.
    pub actor: String,
    /// The `Idempotency-Key` it came with.
    pub key: Option<String>,
}

/// Appends events that happened together, under one revision.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn append(
    sql: &impl Sql,
    events: &[Event],
    origin: &Origin,
    at: Timestamp,
    rev: u64,
) -> Result<(), Fault> {
    let (mut seq, mut previous) = head(sql)?;
    for event in events {
        seq = seq.saturating_add(1);
        let text = serde_json::to_string(event)?;
        let row = Row {
            seq,
            at,
            actor: origin.actor.clone(),
            key: origin.key.clone(),
            rev,
            event_type: event.name().to_owned(),
            digest: sha256_hex(text.as_bytes()),
        };
        let link = link(&previous, &row).ok_or_else(|| Fault::Stored {
            what: "journal",
            detail: "a row cannot be written as JSON".to_owned(),
        })?;
        sql.run(
            "INSERT INTO journal (seq, row, hash, event) VALUES (?, ?, ?, ?)",
            &[
                Value::from(seq),
                link.row.into(),
                link.hash.as_str().into(),
                text.into(),
            ],
        )?;
        previous = link.hash;
    }
    Ok(())
}

/// The last row's number and hash.
fn head(sql: &impl Sql) -> Result<(u64, String), Fault> {
    let rows = sql.run(
        "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
        &[],
    )?;
    match rows.into_iter().next() {
        None => Ok((0, FIRST_PREVIOUS.to_owned())),
        Some(mut row) => Ok((row.number("journal")?, row.text("journal")?)),
    }
}
