//! Answers to repeat, so that a request sent twice happens once.

use notice::journal::sha256_hex;

use super::sql::Sql;
use crate::{answer::Answer, fault::Fault};

/// How long an answer is kept, in milliseconds: 24 hours.
pub const KEPT_MS: u64 = 24 * 60 * 60 * 1000;

/// The largest body that is kept, in bytes: a row of a Durable Object holds 2 MB, and JSON within JSON grows.
pub const LARGEST: usize = 1024 * 1024;

/// What was answered to a key.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Digest of the request: method, path and body.
    pub fingerprint: String,
    /// The answer; without its body where that is larger than [`LARGEST`].
    pub answer: Answer,
}

/// What was answered to this caller's key, if it is younger than a day.
///
/// # Errors
/// When the database cannot be read.
pub fn find(sql: &impl Sql, scope: &str, key: &str, now_ms: u64) -> Result<Option<Kept>, Fault> {
    let rows = sql.run(
        // Earlier versions kept the keys themselves.
        "SELECT fingerprint, answer FROM idempotency WHERE scope = ? AND key IN (?, ?) AND at_ms > ?",
        &[
            scope.into(),
            stored_key(key).into(),
            key.into(),
            now_ms.saturating_sub(KEPT_MS).into(),
        ],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Kept {
        fingerprint: row.text("idempotency")?,
        answer: serde_json::from_str(&row.text("idempotency")?)?,
    }))
}

/// The digest that is stored instead of a key, since callers may put a person's name into one.
fn stored_key(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

/// Lets words be taken out of every answer that is kept, and out of the keys, so that a repeat is still known as one.
///
/// # Errors
/// When the database refuses it. Call it inside a transaction.
pub fn redact(sql: &impl Sql, erase: impl Fn(&mut Answer)) -> Result<(), Fault> {
    for mut row in sql.run("SELECT rowid, key, answer FROM idempotency", &[])? {
        let id = row.number("idempotency")?;
        let (key, stored) = (row.text("idempotency")?, row.text("idempotency")?);
        let mut answer: Answer = serde_json::from_str(&stored)?;
        erase(&mut answer);
        let is_digest = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let key = if is_digest { key } else { stored_key(&key) };
        sql.run(
            "UPDATE idempotency SET key = ?, answer = ? WHERE rowid = ?",
            &[
                key.into(),
                serde_json::to_string(&answer)?.into(),
                id.into(),
            ],
        )?;
    }
    Ok(())
}

/// Keeps an answer, and lets go of those older than a day.
///
/// # Errors
/// When the database refuses it. Call it inside the transaction of what it answers.
pub fn keep(sql: &impl Sql, scope: &str, key: &str, kept: &Kept, now_ms: u64) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM idempotency WHERE at_ms <= ?",
        &[now_ms.saturating_sub(KEPT_MS).into()],
    )?;
    sql.run(
        "INSERT INTO idempotency (scope, key, fingerprint, answer, at_ms) VALUES (?, ?, ?, ?, ?)",
        &[
            scope.into(),
            stored_key(key).into(),
            kept.fingerprint.as_str().into(),
            serde_json::to_string(&kept.answer)?.into(),
            now_ms.into(),
        ],
    )?;
    Ok(())
}
