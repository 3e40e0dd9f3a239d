//! An operator's request to one site: who may, has it happened already, what follows, keep it, answer.

use std::cell::RefCell;

use notice::{journal::sha256_hex, rejection::Rejection};

use super::{
    access::{Caller, allow, authenticate},
    archive,
    budget::Budget,
    change::moment,
    credentials, delete,
    envelope::Envelope,
    import, invitations, reads, redact, repair, writes,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::Credential,
        route::{Route, SiteCall, parse},
    },
    reads::conditional::matches_etag,
    storage::{
        idempotency::{self, Kept},
        sql::Sql,
    },
};

/// An operator's request, whole.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// What the Worker read of it.
    pub envelope: &'a Envelope,
    /// Its body's bytes.
    pub body: &'a [u8],
    /// Milliseconds since 1970.
    pub now_ms: u64,
    /// What each token has written in this minute.
    pub budget: &'a RefCell<Budget>,
    /// Host names in an import that other sites have by now.
    pub taken: &'a [String],
}

/// Why there is no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The caller's mistake.
    #[error(transparent)]
    Rejection(#[from] Rejection),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// A write that has not been carried out yet: what to do in the transaction, and what is answered then.
pub struct Write<'a> {
    /// What the caller is told.
    pub answer: Answer,
    /// What a repeat is told, where it differs: secrets are shown once.
    pub replay: Option<Answer>,
    /// What is written.
    pub work: Box<dyn FnOnce() -> Result<(), Fault> + 'a>,
}

/// Answers an operator's request. A refusal by rule is an answer too.
///
/// # Errors
/// [`Fault`] when something of ours failed; then nothing has been written.
pub fn operate(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Fault> {
    settle(answer(sql, call))
}

/// A rejection is an answer; a fault is not.
///
/// # Errors
/// The fault.
pub fn settle(answered: Result<Answer, Refusal>) -> Result<Answer, Fault> {
    match answered {
        Ok(answer) => Ok(answer),
        Err(Refusal::Rejection(rejection)) => Ok(Answer::rejection(&rejection)),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}

/// Who asks for what, where they may.
///
/// # Errors
/// The caller's mistake or ours.
pub fn admit(sql: &impl Sql, call: &Call<'_>) -> Result<(Caller, SiteCall), Refusal> {
    let Route::Operator(_, site_call) = parse(&call.envelope.method, &call.envelope.path)? else {
        return Err(Rejection::NotFound.into());
    };
    let caller = authenticate(sql, &call.envelope.credential, moment(call.now_ms))?;
    allow(&caller, &site_call)?;
    Ok((caller, site_call))
}

fn answer(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let Route::Operator(_, site_call) = parse(&call.envelope.method, &call.envelope.path)? else {
        return Err(Rejection::NotFound.into());
    };
    match site_call {
        SiteCall::ReadInvitation => return invitations::read_by_secret(sql, call),
        SiteCall::Redeem => return credentials::redeem(sql, call),
        _ => {}
    }
    let caller = authenticate(sql, &call.envelope.credential, moment(call.now_ms))?;
    if !site_call.is_write() {
        allow(&caller, &site_call)?;
        return match site_call {
            SiteCall::Export => archive::export(sql, call),
            SiteCall::ReadOwnToken => credentials::own(sql, &caller),
            call_for_one => reads::read(sql, call, &call_for_one),
        };
    }
    // A repeat is answered as the first was, before limits and conditions can refuse it.
    let fingerprint = fingerprint(call.envelope, call.body);
    if let Some(mut replay) = replay(sql, call, &caller, &fingerprint)? {
        if replay.status == 200 && replay.body.is_empty() {
            replay.body = reads::again(sql, call, &site_call)?;
        }
        return Ok(replay);
    }
    allow(&caller, &site_call)?;
    let left = match call.envelope.credential {
        // Counted by the directory, over all sites.
        Credential::Root => None,
        Credential::Token { .. } | Credential::Nobody => {
            call.budget
                .borrow_mut()
                .spend(&caller.actor, call.envelope.write_limit, call.now_ms)?
        }
    };
    let write = match &site_call {
        SiteCall::CreateToken
        | SiteCall::RevokeToken(_)
        | SiteCall::RevokeOwnToken
        | SiteCall::RotateToken(_)
        | SiteCall::Invite => credentials::write(sql, call, &caller, &site_call)?,
        SiteCall::RevokeInvitation(id) => invitations::revoke(sql, call, &caller, id)?,
        SiteCall::Delete => delete::delete(sql, call.now_ms),
        SiteCall::Import => import::import(sql, call, &caller)?,
        SiteCall::Redact => redact::redact(sql, call, &caller)?,
        SiteCall::Repair => repair::repair(sql, call, &caller)?,
        _ => writes::write(sql, call, &caller, &site_call)?,
    };
    let answer = carry_out(sql, call, &caller, fingerprint, write, &site_call)?;
    Ok(match left {
        Some(left) => left.on(answer),
        None => answer,
    })
}

fn carry_out(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    fingerprint: String,
    write: Write<'_>,
    site_call: &SiteCall,
) -> Result<Answer, Refusal> {
    let mut kept = Kept {
        fingerprint,
        answer: write.replay.unwrap_or_else(|| write.answer.clone()),
    };
    // Too large for one row: a repeat reads it anew.
    if kept.answer.body.len() > idempotency::LARGEST {
        kept.answer.body.clear();
    }
    sql.transaction(|| {
        (write.work)()?;
        match &call.envelope.key {
            // With the site its table is gone.
            Some(key) if *site_call != SiteCall::Delete => {
                idempotency::keep(sql, &caller.actor, key, &kept, call.now_ms)
            }
            _ => Ok(()),
        }
    })?;
    Ok(write.answer)
}

/// Digest of what makes two requests the same: method, path and body.
pub fn fingerprint(envelope: &Envelope, body: &[u8]) -> String {
    let mut bytes = format!("{}\n{}\n", envelope.method, envelope.path).into_bytes();
    bytes.extend_from_slice(body);
    sha256_hex(&bytes)
}

/// The answer that was given to this key before, if it was.
///
/// # Errors
/// [`Rejection::IdempotencyMismatch`] when the key was used for another request, or ours.
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
        Some(kept) if kept.fingerprint == fingerprint => {
            Ok(Some(kept.answer.with("idempotent-replayed", "true")))
        }
        Some(_) => Err(Rejection::IdempotencyMismatch.into()),
    }
}

/// Whether the caller has read what they are about to change.
///
/// # Errors
/// [`Rejection::PreconditionRequired`] without `If-Match`, [`Rejection::PreconditionFailed`] when it names none of the
/// present entity tags.
pub fn precondition(call: &Call<'_>, present: &[String]) -> Result<(), Rejection> {
    let given = call
        .envelope
        .if_match
        .as_deref()
        .ok_or(Rejection::PreconditionRequired)?;
    if present.iter().any(|etag| matches_etag(given, etag)) {
        Ok(())
    } else {
        Err(Rejection::PreconditionFailed)
    }
}

/// An id that was just made.
///
/// # Errors
/// When it does not parse, which would be our mistake.
pub fn made<T>(id: Option<T>) -> Result<T, Fault> {
    id.ok_or_else(|| Fault::Random("an id of our own making does not parse".to_owned()))
}

/// The answer with the entity tag of its body.
pub fn with_etag(answer: Answer) -> Answer {
    let etag = etag(&answer.body);
    answer.with("etag", &etag)
}

/// The entity tag of an exact body: half of its SHA-256, quoted.
pub fn etag(body: &str) -> String {
    let hex = sha256_hex(body.as_bytes());
    format!("\"{}\"", hex.get(..32).unwrap_or(&hex))
}
