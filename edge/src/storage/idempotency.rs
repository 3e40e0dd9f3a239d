//! Stored answers for idempotent replay, by caller and `Idempotency-Key`.

use notice::journal::sha256_hex;

use super::{
    overwrite::{self, Cell},
    sql::{Row, Sql, Value},
};
use crate::{answer::Answer, fault::Fault};

/// Retention of an answer, in milliseconds: 24 h.
pub const RETENTION_MS: u64 = 24 * 60 * 60 * 1000;

/// Maximum size of a stored body, in bytes: a row of a Durable Object holds 2 MB, and a body grows
/// when it is escaped as a JSON string.
pub const MAX_BODY: usize = 1024 * 1024;

#[derive(Clone, Debug)]
pub struct StoredAnswer {
    /// Digest of the request: method, path and body.
    pub fingerprint: String,
    /// The answer; without its body if that exceeds [`MAX_BODY`].
    pub answer: Answer,
}

/// Finds the stored answer to a key of the caller `scope`, unless the answer has expired.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(
    sql: &impl Sql,
    scope: &str,
    key: &str,
    now_ms: u64,
) -> Result<Option<StoredAnswer>, Fault> {
    let rows = sql.run(
        // Earlier builds stored the keys themselves.
        "SELECT fingerprint, answer FROM idempotency WHERE scope = ? AND key IN (?, ?) AND at_ms > ?",
        &[
            scope.into(),
            stored_key(key).into(),
            key.into(),
            now_ms.saturating_sub(RETENTION_MS).into(),
        ],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(StoredAnswer {
        fingerprint: row.text("idempotency")?,
        answer: serde_json::from_str(&row.text("idempotency")?)?,
    }))
}

/// The digest that is stored instead of a key, since callers may put a person's name into one.
fn stored_key(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

/// Number of answers that are redacted at a time.
const ANSWERS: u64 = 8;

/// Redacts the next stored answers after the row `after`, and replaces keys by their digests, which
/// still identify repeated requests. Returns the number of the last row, or `after` if there are no
/// more rows.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn redact(sql: &impl Sql, after: u64, erase: impl Fn(&mut Answer)) -> Result<u64, Fault> {
    let rows = sql.run(
        "SELECT rowid, key, answer FROM idempotency WHERE rowid > ? ORDER BY rowid LIMIT ?",
        &[after.into(), ANSWERS.into()],
    )?;
    let mut last = after;
    sql.transaction(|| {
        for mut row in rows {
            last = row.number("idempotency")?;
            let values: &[Value] = &[last.into()];
            let Some((key, stored, mut answer)) = read(&mut row) else {
                // A damaged answer may contain the text.
                sql.run("DELETE FROM idempotency WHERE rowid = ?", values)?;
                continue;
            };
            erase(&mut answer);
            let cell = |column| Cell {
                table: "idempotency",
                column,
                condition: "rowid = ?",
                values,
            };
            let is_digest = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_digest {
                overwrite::replace(sql, cell("key"), &key, &stored_key(&key))?;
            }
            let redacted = serde_json::to_string(&answer)?;
            if redacted != stored {
                overwrite::replace(sql, cell("answer"), &stored, &redacted)?;
            }
        }
        Ok(last)
    })
}

/// The key of a row, its answer as text, and its answer parsed; `None` if the row is damaged.
fn read(row: &mut Row) -> Option<(String, String, Answer)> {
    let key = row.text("idempotency").ok()?;
    let stored = row.text("idempotency").ok()?;
    let answer = serde_json::from_str(&stored).ok()?;
    Some((key, stored, answer))
}

/// Stores an answer under a key of the caller `scope`, and deletes expired answers.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside the write's transaction.
pub fn store(
    sql: &impl Sql,
    scope: &str,
    key: &str,
    stored: &StoredAnswer,
    now_ms: u64,
) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM idempotency WHERE at_ms <= ?",
        &[now_ms.saturating_sub(RETENTION_MS).into()],
    )?;
    sql.run(
        "INSERT INTO idempotency (scope, key, fingerprint, answer, at_ms) VALUES (?, ?, ?, ?, ?)",
        &[
            scope.into(),
            stored_key(key).into(),
            stored.fingerprint.as_str().into(),
            serde_json::to_string(&stored.answer)?.into(),
            now_ms.into(),
        ],
    )?;
    Ok(())
}
