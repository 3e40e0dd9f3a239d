//! Idempotent replay: the answer of a write is stored under its key, and returned when the request
//! is repeated.

use notice::{journal::Hasher, rejection::Rejection};

use super::{access::Caller, call::Call};
use crate::{
    answer::Answer,
    refusal::Refusal,
    rpc::site_client::Envelope,
    storage::{idempotency, sql::Sql},
};

/// A digest of method, path and body. A request with the same key and the same fingerprint is a
/// repeat.
pub fn fingerprint(envelope: &Envelope, body: &[u8]) -> String {
    let mut hasher = fingerprint_before_body(envelope);
    hasher.update(body);
    hasher.finish()
}

/// The hasher of a request's fingerprint, to which the caller adds the body.
pub fn fingerprint_before_body(envelope: &Envelope) -> Hasher {
    let mut hasher = Hasher::default();
    hasher.update(format!("{}\n{}\n", envelope.method, envelope.path).as_bytes());
    hasher
}

/// Returns the stored answer to the request's key, if any.
///
/// # Errors
/// [`Rejection::IdempotencyMismatch`] if the key was used for another request, `Fault` if the database fails.
pub fn replay(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    fingerprint: &str,
) -> Result<Option<Answer>, Refusal> {
    let Some(key) = &call.envelope.key else {
        return Ok(None);
    };
    match idempotency::find(sql, &caller.actor, key, call.now_ms)? {
        None => Ok(None),
        Some(stored) if stored.fingerprint == fingerprint => {
            Ok(Some(stored.answer.with("idempotent-replayed", "true")))
        }
        Some(_) => Err(Rejection::IdempotencyMismatch.into()),
    }
}
