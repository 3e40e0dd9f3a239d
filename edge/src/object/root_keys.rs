//! What the Worker asks the directory about root's Idempotency-Keys.

use serde::{Deserialize, Serialize};

use crate::{
    answer::Answer,
    fault::Fault,
    storage::{root_keys, sql::Sql},
};

/// A call about one key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum KeyCall {
    /// A request comes with it. Answered with its [`root_keys::Standing`].
    Begin {
        /// The key.
        key: String,
        /// Digest of the request.
        fingerprint: String,
    },
    /// That request has happened.
    Finish {
        /// The key.
        key: String,
        /// What a repeat is told.
        answer: Answer,
    },
    /// It has not.
    Release {
        /// The key.
        key: String,
    },
}

/// Carries it out.
///
/// # Errors
/// When the database fails.
pub fn answer(sql: &impl Sql, call: &KeyCall, now_ms: u64) -> Result<Answer, Fault> {
    match call {
        KeyCall::Begin { key, fingerprint } => {
            let standing = root_keys::begin(sql, key, fingerprint, now_ms)?;
            return Ok(Answer::json(200, &standing)?);
        }
        KeyCall::Finish { key, answer } => root_keys::finish(sql, key, answer)?,
        KeyCall::Release { key } => root_keys::release(sql, key)?,
    }
    Ok(Answer::nothing())
}
