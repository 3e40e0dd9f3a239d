//! The journal's table: appended to, never changed; only an event's words can be erased.

use notice::{
    journal::{FIRST_PREVIOUS, Link, Row as JournalRow, key_digest, link, sha256_hex},
    outbox,
    wire::{event::Event, site::Site, time::Timestamp},
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

impl Origin {
    /// What time alone brings about.
    pub fn alarm() -> Self {
        Self {
            actor: "alarm".to_owned(),
            key: None,
        }
    }
}

/// A row as it is stored, with the event beside it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The row and the chain's hash up to it.
    pub link: Link,
    /// The event's JSON text.
    pub event: String,
}

/// Appends events that happened together, under one revision, with the deliveries that follow from them.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn append(
    sql: &impl Sql,
    events: &[Event],
    site: Option<&Site>,
    origin: &Origin,
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
            actor: origin.actor.clone(),
            key: origin.key.as_deref().map(key_digest),
            rev,
            event_type: event.name().to_owned(),
            digest: sha256_hex(text.as_bytes()),
        };
        let link = link(&previous, &row).ok_or_else(|| Fault::Stored {
            what: "journal",
            detail: "a row cannot be written as JSON".to_owned(),
        })?;
        previous.clone_from(&link.hash);
        insert(sql, seq, &Entry { link, event: text })?;
        for delivery in site.iter().flat_map(|site| outbox::deliveries(site, event)) {
            let due = u64::try_from(at.seconds()).unwrap_or(0);
            sql.run(
                "INSERT INTO delivery (seq, document, due_at) VALUES (?, ?, ?)",
                &[
                    Value::from(seq),
                    serde_json::to_string(&delivery)?.into(),
                    due.into(),
                ],
            )?;
        }
    }
    Ok(())
}

/// Inserts a row as it is.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn insert(sql: &impl Sql, seq: u64, entry: &Entry) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO journal (seq, row, hash, event) VALUES (?, ?, ?, ?)",
        &[
            Value::from(seq),
            entry.link.row.as_str().into(),
            entry.link.hash.as_str().into(),
            entry.event.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The last row's number and hash.
///
/// # Errors
/// When the database cannot be read.
pub fn head(sql: &impl Sql) -> Result<(u64, String), Fault> {
    let rows = sql.run(
        "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
        &[],
    )?;
    match rows.into_iter().next() {
        None => Ok((0, FIRST_PREVIOUS.to_owned())),
        Some(mut row) => Ok((row.number("journal")?, row.text("journal")?)),
    }
}

/// When the last row happened.
///
/// # Errors
/// When the database cannot be read.
pub fn last_at(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run("SELECT row FROM journal ORDER BY seq DESC LIMIT 1", &[])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let row: JournalRow = serde_json::from_str(&row.text("journal")?)?;
    Ok(Some(row.at))
}

/// Rows behind a number, oldest first, at most so many.
///
/// # Errors
/// When the database cannot be read.
pub fn after(sql: &impl Sql, seq: u64, most: usize) -> Result<Vec<Entry>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    entries(
        sql,
        "SELECT row, hash, event FROM journal WHERE seq > ? ORDER BY seq LIMIT ?",
        &[seq.into(), most.into()],
    )
}

/// Rows before a number, newest first, at most so many.
///
/// # Errors
/// When the database cannot be read.
pub fn before(sql: &impl Sql, seq: u64, most: usize) -> Result<Vec<Entry>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    entries(
        sql,
        "SELECT row, hash, event FROM journal WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        &[seq.into(), most.into()],
    )
}

/// Numbers and events of the rows before a number that are about one thing, newest first, at most so many. What things are
/// called: see `about` in the schema.
///
/// # Errors
/// When the database cannot be read.
pub fn about(
    sql: &impl Sql,
    thing: &str,
    seq: u64,
    most: usize,
) -> Result<Vec<(u64, String)>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    sql.run(
        "SELECT seq, event FROM journal WHERE about = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
        &[thing.into(), seq.into(), most.into()],
    )?
    .into_iter()
    .map(|mut row| Ok((row.number("journal")?, row.text("journal")?)))
    .collect()
}

/// Erases words from an event; the row and the chain stay.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn redact(sql: &impl Sql, seq: u64, event: &str) -> Result<(), Fault> {
    sql.run(
        "UPDATE journal SET event = ? WHERE seq = ?",
        &[event.into(), seq.into()],
    )?;
    Ok(())
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
