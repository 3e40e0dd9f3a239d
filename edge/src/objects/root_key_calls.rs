//! Idempotency keys that no site can store: those of the root token, and those of tokens that deleted their own site. Also
//! the root token's rate limit.

use std::cell::RefCell;

use crate::{
    answer::Answer,
    fault::Fault,
    http::rate_limit::RateLimiter,
    rpc::directory_client::{Admission, RootKeyCall},
    storage::{
        root_key_table::{self, KeyState},
        sql::Sql,
    },
};

/// The root token's key in the rate limiter.
const ROOT: &str = "root";

/// Answers a call. Only a write with a new key, or without a key, counts against the rate limit.
///
/// # Errors
/// `Fault` if the database fails.
pub fn answer(
    sql: &impl Sql,
    rate_limiter: &RefCell<RateLimiter>,
    call: &RootKeyCall,
    now_ms: u64,
) -> Result<Answer, Fault> {
    match call {
        RootKeyCall::Begin {
            key,
            fingerprint,
            write_limit,
        } => {
            let admission = begin(
                sql,
                rate_limiter,
                key.as_deref(),
                fingerprint,
                *write_limit,
                now_ms,
            )?;
            Ok(Answer::json(200, &admission)?)
        }
        RootKeyCall::FindAnswer { key, fingerprint } => {
            let answer = root_key_table::find_answer(sql, key, fingerprint, now_ms)?;
            Ok(Answer::json(200, &answer)?)
        }
        RootKeyCall::Finish { key, answer } => {
            root_key_table::finish(sql, key, answer)?;
            Ok(Answer::json(200, &())?)
        }
        RootKeyCall::Release { key } => {
            root_key_table::release(sql, key)?;
            Ok(Answer::json(200, &())?)
        }
    }
}

fn begin(
    sql: &impl Sql,
    rate_limiter: &RefCell<RateLimiter>,
    key: Option<&str>,
    fingerprint: &str,
    write_limit: u32,
    now_ms: u64,
) -> Result<Admission, Fault> {
    let key_state = match key {
        Some(key) => root_key_table::begin(sql, key, fingerprint, now_ms)?,
        None => KeyState::New,
    };
    let remaining = match key_state {
        KeyState::New => rate_limiter
            .borrow_mut()
            .count_write(ROOT, write_limit, now_ms),
        KeyState::Pending | KeyState::Answered(_) | KeyState::Mismatch => Ok(None),
    };
    match remaining {
        Ok(remaining) => Ok(Admission::Allowed {
            key_state,
            remaining,
        }),
        Err(rejection) => {
            if let Some(key) = key {
                root_key_table::release(sql, key)?;
            }
            Ok(Admission::RateLimited(Answer::rejection(&rejection)))
        }
    }
}
