//! Idempotency-Keys where no site can keep them, since it is made, or deleted, by the request: those of the deployment's
//! own token, and those with which owners' tokens ended their site.

use serde::{Deserialize, Serialize};

use super::{idempotency::KEPT_MS, sql::Sql};
use crate::{answer::Answer, fault::Fault};

/// How a key stands when a request comes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Nobody has used it. From now on it is this request's.
    New,
    /// The same request has begun before, and nobody knows how it ended.
    Begun,
    /// The same request has been answered so.
    Done(Answer),
    /// It is another request's.
    Another,
}

/// Begins a request under a key, and lets go of the keys of the day before.
///
/// # Errors
/// When the database refuses it.
pub fn begin(sql: &impl Sql, key: &str, fingerprint: &str, now_ms: u64) -> Result<Standing, Fault> {
    sql.run(
        "DELETE FROM root_key WHERE at_ms <= ?",
        &[now_ms.saturating_sub(KEPT_MS).into()],
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
        return Ok(Standing::New);
    };
    if row.text("root_key")? != fingerprint {
        return Ok(Standing::Another);
    }
    let answer = row.text("root_key")?;
    if answer.is_empty() {
        return Ok(Standing::Begun);
    }
    Ok(Standing::Done(serde_json::from_str(&answer)?))
}

/// What the same request has been answered under a key; nothing is begun by asking.
///
/// # Errors
/// When the database refuses it.
pub fn answered(
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
            now_ms.saturating_sub(KEPT_MS).into(),
        ],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_str(&row.text("root_key")?)?))
}

/// It happened: what a repeat is told.
///
/// # Errors
/// When the database refuses it.
pub fn finish(sql: &impl Sql, key: &str, answer: &Answer) -> Result<(), Fault> {
    sql.run(
        "UPDATE root_key SET answer = ? WHERE key = ?",
        &[serde_json::to_string(answer)?.into(), key.into()],
    )?;
    Ok(())
}

/// It did not happen: the key may be used for something else.
///
/// # Errors
/// When the database refuses it.
pub fn release(sql: &impl Sql, key: &str) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM root_key WHERE key = ? AND answer IS NULL",
        &[key.into()],
    )?;
    Ok(())
}
