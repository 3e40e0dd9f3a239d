//! Reads of the journal in parts of bounded size, for work on the whole journal.

use notice::{journal::Link, wire::time::Timestamp};

use super::{
    journal::Entry,
    sql::{MAX_INTEGER, Row, Sql},
};
use crate::fault::Fault;

/// Maximum number of rows in a slice.
const ROWS: u64 = 64;
/// Number of characters after which a slice ends. Its last row may exceed it.
const CHARACTERS: u64 = 32 * 1024;

/// A value that no sequence number exceeds.
pub const END: u64 = MAX_INTEGER;

/// The range of texts that begin with `inc_`, as ids of incidents do: the backtick is the character
/// after the underscore.
const INCIDENTS: (&str, &str) = ("inc_", "inc`");

/// Returns the next rows after the row `after`, up to the row `until`, oldest first; empty at the
/// end.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next(sql: &impl Sql, after: u64, until: u64) -> Result<Vec<Entry>, Fault> {
    // Reads the sizes first: they differ by a factor of thousands, and all rows of a result are in
    // memory together.
    let sizes = sql.run(
        "SELECT seq, length(row) + length(event) FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        &[after.into(), until.into(), ROWS.into()],
    )?;
    let mut last = after;
    let mut characters: u64 = 0;
    for mut row in sizes {
        last = row.number("journal")?;
        characters = characters.saturating_add(row.number("journal")?);
        if characters >= CHARACTERS {
            break;
        }
    }
    sql.run(
        "SELECT row, hash, event FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq",
        &[after.into(), last.into()],
    )?
    .into_iter()
    .map(|mut row| {
        Ok(Entry {
            link: Link {
                // A value of another type is read as empty text, which does not match the hash.
                row: row.text("journal").unwrap_or_default(),
                hash: row.text("journal").unwrap_or_default(),
            },
            event: row.text("journal").unwrap_or_default(),
        })
    })
    .collect()
}

/// An event of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectEvent {
    pub seq: u64,
    pub at: Timestamp,
    /// The event's JSON text.
    pub event: String,
}

/// Returns all events about a subject up to a sequence number, oldest first. For subjects, see
/// the column `about` of the schema.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn about(sql: &impl Sql, subject: &str, until: u64) -> Result<Vec<SubjectEvent>, Fault> {
    sql.run(
        "SELECT seq, json_extract(row, '$.at'), event FROM journal WHERE about = ? AND seq > 0 AND seq <= ? ORDER BY seq",
        &[subject.into(), until.into()],
    )?
    .into_iter()
    .map(read_subject)
    .collect()
}

/// Whether the journal has rows before its first or after its last possible sequence number. No read returns them.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn has_outsiders(sql: &impl Sql) -> Result<bool, Fault> {
    let rows = sql.run(
        "SELECT 1 FROM journal WHERE seq <= 0 UNION ALL SELECT 1 FROM journal WHERE seq > ? LIMIT 1",
        &[END.into()],
    )?;
    Ok(!rows.is_empty())
}

/// Deletes the rows of [`has_outsiders`]; returns their number.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn delete_outsiders(sql: &impl Sql) -> Result<usize, Fault> {
    let deleted = sql.run(
        "DELETE FROM journal WHERE seq <= 0 OR seq > ? RETURNING 1",
        &[END.into()],
    )?;
    Ok(deleted.len())
}

/// Returns all events about the site itself, or about one kind of subject whose ids begin with `prefix`, oldest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn about_kind(sql: &impl Sql, prefix: &str) -> Result<Vec<SubjectEvent>, Fault> {
    // Events about several subjects, such as the import, may change the site.
    sql.run(
        "SELECT seq, json_extract(row, '$.at'), event FROM journal
         WHERE seq > 0 AND (about IS NULL OR (about >= ?1 AND about < ?1 || '~')) ORDER BY seq",
        &[prefix.into()],
    )?
    .into_iter()
    .map(read_subject)
    .collect()
}

/// Returns all events about components after a sequence number, up to another one, oldest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn about_components(
    sql: &impl Sql,
    after: u64,
    until: u64,
) -> Result<Vec<SubjectEvent>, Fault> {
    sql.run(
        "SELECT seq, json_extract(row, '$.at'), event FROM journal
         WHERE about >= 'cmp_' AND about < 'cmp`' AND seq > ? AND seq <= ? ORDER BY seq",
        &[after.into(), until.into()],
    )?
    .into_iter()
    .map(read_subject)
    .collect()
}

/// Returns all corrections of the clock after a sequence number, up to another one, oldest first. They concern every incident,
/// and are among the few events without a subject.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn corrections(sql: &impl Sql, after: u64, until: u64) -> Result<Vec<SubjectEvent>, Fault> {
    sql.run(
        "SELECT seq, json_extract(row, '$.at'), event FROM journal
         WHERE about IS NULL AND json_extract(event, '$.type') = 'clock.corrected' AND seq > ? AND seq <= ? ORDER BY seq",
        &[after.into(), until.into()],
    )?
    .into_iter()
    .map(read_subject)
    .collect()
}

/// Returns the ids of the next incidents that the journal names, in the order of ids, each with the sequence number of the
/// first row about it.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn incidents(sql: &impl Sql, after: &str, most: u64) -> Result<Vec<(String, u64)>, Fault> {
    let (first, end) = INCIDENTS;
    let rows = sql.run(
        "SELECT about, min(seq) FROM journal WHERE about > ? AND about < ? AND seq > 0 GROUP BY about ORDER BY about LIMIT ?",
        &[after.max(first).into(), end.into(), most.into()],
    )?;
    rows.into_iter()
        .map(|mut row| Ok((row.text("journal")?, row.number("journal")?)))
        .collect()
}

fn read_subject(mut row: Row) -> Result<SubjectEvent, Fault> {
    let seq = row.number("journal")?;
    let at = Timestamp::parse(&row.text("journal")?).ok_or_else(|| Fault::Stored {
        what: "journal",
        detail: format!("the time of row {seq} cannot be read"),
    })?;
    Ok(SubjectEvent {
        seq,
        at,
        event: row.text("journal")?,
    })
}
