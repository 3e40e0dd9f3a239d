//! Idempotency keys that no site can store, because the request creates or deletes the site: those
//! of the root token, and those of tokens that deleted their own site.

use serde::{Deserialize, Serialize};

use super::{idempotency::RETENTION_MS, sql::Sql};
use crate::{answer::Answer, fault::Fault};

/// The state of a key when a request arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyState {
    /// The key was unused. It now belongs to this request.
    New,
    /// The same request has started before, and its outcome is unknown.
    Pending,
    /// The same request was answered before, with this answer.
    Answered(Answer),
    /// The key belongs to another request.
    Mismatch,
}

/// Starts a request under a key, and deletes expired keys.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn begin(sql: &impl Sql, key: &str, fingerprint: &str, now_ms: u64) -> Result<KeyState, Fault> {
    sql.run(
        "DELETE FROM root_key WHERE at_ms <= ?",
        &[now_ms.saturating_sub(RETENTION_MS).into()],
    )?;
    let rows = sql.run(
        "SELECT fingerprint, coalesce(answer, '') FROM root_key WHERE key = ?",
        &[key.into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        sql.run(
            "INSERT INTO root_key (key, fingerprint, at_ms) VALUES (?, ?, ?)",
            &[key.into(), fingerprint.into(), now_ms.into()],
        )?;
        return Ok(KeyState::New);
    };
    if row.text("root_key")? != fingerprint {
        return Ok(KeyState::Mismatch);
    }
    let answer = row.text("root_key")?;
    if answer.is_empty() {
        return Ok(KeyState::Pending);
    }
    Ok(KeyState::Answered(serde_json::from_str(&answer)?))
}

/// Finds the stored answer to the same request under a key, without starting a request.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn find_answer(
    sql: &impl Sql,
    key: &str,
    fingerprint: &str,
    now_ms: u64,
) -> Result<Option<Answer>, Fault> {
    let rows = sql.run(
        "SELECT answer FROM root_key WHERE key = ? AND fingerprint = ? AND at_ms > ? AND answer IS NOT NULL",
        &[
            key.into(),
            fingerprint.into(),
            now_ms.saturating_sub(RETENTION_MS).into(),
        ],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_str(&row.text("root_key")?)?))
}

/// Stores the answer for replays.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn finish(sql: &impl Sql, key: &str, answer: &Answer) -> Result<(), Fault> {
    sql.run(
        "UPDATE root_key SET answer = ? WHERE key = ?",
        &[serde_json::to_string(answer)?.into(), key.into()],
    )?;
    Ok(())
}

/// Frees a key that has no answer.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn release(sql: &impl Sql, key: &str) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM root_key WHERE key = ? AND answer IS NULL",
        &[key.into()],
    )?;
    Ok(())
}
