//! What the Worker asks the directory about root's writes: its Idempotency-Keys, and how many it may make a minute.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::budget::{Budget, Left};
use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        root_keys::{self, Standing},
        sql::Sql,
    },
};

/// The one who is counted.
const ROOT: &str = "root";

/// A call about one write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum KeyCall {
    /// It comes. Answered with [`Admitted`], or refused as one too many.
    Begin {
        /// Its key, if it has one.
        key: Option<String>,
        /// Digest of the request.
        fingerprint: String,
        /// Writes a minute; 0: as many as root likes.
        write_limit: u32,
    },
    /// It came before, perhaps, from a token that is gone with its site. Answered with an `Option<Answer>`.
    Look {
        /// Its key.
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

/// What is known of a write that may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// How its key stands.
    pub standing: Standing,
    /// What is left of the minute's writes; `None` where this was not counted.
    pub left: Option<Left>,
}

/// Carries it out. What was begun before has been counted before, so that a repeat is answered before limits.
///
/// # Errors
/// When the database fails.
pub fn answer(
    sql: &impl Sql,
    budget: &RefCell<Budget>,
    call: &KeyCall,
    now_ms: u64,
) -> Result<Answer, Fault> {
    match call {
        KeyCall::Begin {
            key,
            fingerprint,
            write_limit,
        } => {
            let standing = match key {
                Some(key) => root_keys::begin(sql, key, fingerprint, now_ms)?,
                None => Standing::New,
            };
            let left = match standing {
                Standing::New => budget.borrow_mut().spend(ROOT, *write_limit, now_ms),
                _ => Ok(None),
            };
            return match left {
                Ok(left) => Ok(Answer::json(200, &Admitted { standing, left })?),
                Err(refused) => {
                    if let Some(key) = key {
                        root_keys::release(sql, key)?;
                    }
                    Ok(Answer::rejection(&refused))
                }
            };
        }
        KeyCall::Look { key, fingerprint } => {
            let known = root_keys::answered(sql, key, fingerprint, now_ms)?;
            return Ok(Answer::json(200, &known)?);
        }
        KeyCall::Finish { key, answer } => root_keys::finish(sql, key, answer)?,
        KeyCall::Release { key } => root_keys::release(sql, key)?,
    }
    Ok(Answer::nothing())
}
