//! The journal's table. Append-only, except that texts can be redacted from events.

use notice::{
    journal::{FIRST_PREVIOUS, Link, Row as JournalRow, key_digest, link, sha256_hex},
    wire::{event::Event, time::Timestamp},
};

use super::sql::{MAX_INTEGER, Sql, Value};
use crate::fault::Fault;

/// The author of events.
#[derive(Clone, Debug)]
pub struct Author {
    /// A token's id, `root`, `alarm`, `courier` or `on_call`.
    pub actor: String,
    /// The `Idempotency-Key` of the request, of which the row stores a digest.
    pub key: Option<String>,
}

impl Author {
    /// The author of scheduled transitions.
    pub fn alarm() -> Self {
        Self {
            actor: "alarm".to_owned(),
            key: None,
        }
    }

    /// The author of acknowledgements.
    pub fn on_call() -> Self {
        Self {
            actor: "on_call".to_owned(),
            key: None,
        }
    }

    /// The author of events that result from the answers of endpoints.
    pub fn courier() -> Self {
        Self {
            actor: "courier".to_owned(),
            key: None,
        }
    }
}

/// A stored row and its event.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The row's text and the hash chain's value after it.
    pub link: Link,
    /// The event's JSON text.
    pub event: String,
}

/// Appends the events of one change under one revision.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn append(
    sql: &impl Sql,
    events: &[Event],
    author: &Author,
    at: Timestamp,
    rev: u64,
) -> Result<(), Fault> {
    let (mut seq, mut previous) = head(sql)?;
    for event in events {
        seq = seq.saturating_add(1);
        let text = serde_json::to_string(event)?;
        let row = JournalRow {
            seq,
            at,
            actor: author.actor.clone(),
            key: author.key.as_deref().map(key_digest),
            rev,
            event_type: event.name().to_owned(),
            digest: sha256_hex(text.as_bytes()),
        };
        let link = link(&previous, &row).ok_or_else(|| Fault::Stored {
            what: "journal",
            detail: "a row cannot be written as JSON".to_owned(),
        })?;
        previous.clone_from(&link.hash);
        insert(sql, "journal", seq, &Entry { link, event: text })?;
    }
    Ok(())
}

/// Inserts a row unchanged into the journal, or into a copy of it.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn insert(sql: &impl Sql, table: &str, seq: u64, entry: &Entry) -> Result<(), Fault> {
    sql.run(
        &format!("INSERT INTO {table} (seq, row, hash, event) VALUES (?, ?, ?, ?)"),
        &[
            Value::from(seq),
            entry.link.row.as_str().into(),
            entry.link.hash.as_str().into(),
            entry.event.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The last row's sequence number and hash; 0 and [`FIRST_PREVIOUS`] if the journal is empty.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn head(sql: &impl Sql) -> Result<(u64, String), Fault> {
    let rows = sql.run(
        // A damaged hash, which a verification reports, must not block publishing.
        "SELECT seq, COALESCE(CAST(hash AS TEXT), '') FROM journal WHERE seq > 0 AND seq <= ? ORDER BY seq DESC LIMIT 1",
        &[MAX_INTEGER.into()],
    )?;
    match rows.into_iter().next() {
        None => Ok((0, FIRST_PREVIOUS.to_owned())),
        Some(mut row) => Ok((row.number("journal")?, row.text("journal")?)),
    }
}

/// A row's place in the hash chain, and its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSubject {
    pub seq: u64,
    /// The hash chain's value after the row.
    pub hash: String,
    /// The column `about` of the schema; empty for an event without a subject.
    pub about: String,
}

/// Returns up to `most` rows from a sequence number on, oldest first, without their events.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn subjects(sql: &impl Sql, from: u64, most: usize) -> Result<Vec<RowSubject>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    sql.run(
        "SELECT seq, COALESCE(CAST(hash AS TEXT), ''), COALESCE(CAST(about AS TEXT), '') FROM journal
         WHERE seq >= ? AND seq <= ? ORDER BY seq LIMIT ?",
        // The statement has only one lower limit: with two, SQLite may search by the wrong one and
        // read all rows.
        &[from.max(1).into(), MAX_INTEGER.into(), most.into()],
    )?
    .into_iter()
    .map(|mut row| {
        Ok(RowSubject {
            seq: row.number("journal")?,
            hash: row.text("journal")?,
            about: row.text("journal")?,
        })
    })
    .collect()
}

/// The last row that can be read; `None` if there is none. A later row that cannot be read, which a
/// verification reports, must not block publishing.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last(sql: &impl Sql) -> Result<Option<JournalRow>, Fault> {
    let mut before = MAX_INTEGER;
    loop {
        let rows = sql.run(
            "SELECT seq, row FROM journal WHERE seq > 0 AND seq < ? ORDER BY seq DESC LIMIT 1",
            &[before.into()],
        )?;
        let Some(mut row) = rows.into_iter().next() else {
            return Ok(None);
        };
        before = row.number("journal")?;
        if let Ok(text) = row.text("journal")
            && let Ok(parsed) = serde_json::from_str(&text)
        {
            return Ok(Some(parsed));
        }
    }
}

/// Returns up to `most` rows before a sequence number, newest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn before(sql: &impl Sql, seq: u64, most: usize) -> Result<Vec<Entry>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    entries(
        sql,
        "SELECT row, hash, event FROM journal WHERE seq > 0 AND seq < ? ORDER BY seq DESC LIMIT ?",
        &[seq.into(), most.into()],
    )
}

/// Returns sequence numbers and events of up to `most` rows about one subject before a sequence number, newest first.
/// The column `about` of the schema describes subjects.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn about(
    sql: &impl Sql,
    subject: &str,
    seq: u64,
    most: usize,
) -> Result<Vec<(u64, String)>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    sql.run(
        "SELECT seq, event FROM journal WHERE about = ? AND seq > 0 AND seq < ? ORDER BY seq DESC LIMIT ?",
        &[subject.into(), seq.into(), most.into()],
    )?
    .into_iter()
    .map(|mut row| Ok((row.number("journal")?, row.text("journal")?)))
    .collect()
}

fn entries(sql: &impl Sql, statement: &str, values: &[Value]) -> Result<Vec<Entry>, Fault> {
    sql.run(statement, values)?
        .into_iter()
        .map(|mut row| {
            Ok(Entry {
                link: Link {
                    row: row.text("journal")?,
                    hash: row.text("journal")?,
                },
                event: row.text("journal")?,
            })
        })
        .collect()
}
