//! Idempotency and the rate limit of the root token. The directory handles both, because the site that a request
//! creates or deletes cannot store its own keys. Other tokens belong to one site, whose object handles their keys,
//! except for a token that deletes its own site ([`store_deletion_answer`]).

use notice::rejection::Rejection;
use worker::Env;

use super::outcome::may_have_happened;
use crate::{
    answer::Answer,
    fault::Fault,
    http::{credential::Credential, rate_limit::Remaining},
    refusal::Refusal,
    rpc::{
        directory_client::{self, Admission, RootKeyCall},
        site_client::{self as rpc, Body, Envelope, Reply, SiteRequest},
    },
    runtime::request_context::RequestContext,
    site::idempotency::fingerprint,
    storage::root_key_table::KeyState,
};

/// The directory's decision about a write, before it is sent to the site's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteStart {
    /// The write can be sent.
    Proceed {
        /// Whether the same request was started before under the same key, and its outcome is
        /// unknown.
        is_repeat: bool,
        /// The remaining writes, if the directory counts them.
        remaining: Option<Remaining>,
    },
    /// The directory has answered: the write is a replay, or over the rate limit.
    Answered(Answer),
}

/// The outcome of sending a write to the site's object.
#[derive(Debug)]
pub enum SendOutcome {
    /// The write was not sent.
    AnsweredByDirectory(Answer),
    AnsweredBySite(Reply),
    /// The object failed or timed out.
    Failed(Fault),
}

/// Sends a write to the site's object, after the directory has admitted it. `bytes` is the part of the body that the
/// fingerprint covers.
///
/// # Errors
/// `Rejection` if the request is invalid, `Fault` if the directory fails before the write is sent.
pub async fn send(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    request: &SiteRequest,
    (body, bytes): (Body<'_>, &[u8]),
) -> Result<SendOutcome, Refusal> {
    let remaining = match begin(env, envelope, bytes).await? {
        WriteStart::Proceed { remaining, .. } => remaining,
        WriteStart::Answered(answer) => return Ok(SendOutcome::AnsweredByDirectory(answer)),
    };
    let is_stream = matches!(body, Body::Stream(_));
    let reply = rpc::operate(env, &envelope.site, request, body).await;
    // The site stores its answers itself; the directory only reserves the key. The key of a stream
    // stays reserved even if the write was rejected: the directory does not know the body, and the
    // site may have rejected it because the key was used for another body, which is stored.
    if !is_stream && !may_have_happened(&reply) {
        release(context, env, envelope).await;
    }
    Ok(match reply {
        Ok(reply) => SendOutcome::AnsweredBySite(Reply {
            answer: with_rate_limit(reply.answer, remaining),
            ..reply
        }),
        Err(fault) => SendOutcome::Failed(fault),
    })
}

/// Adds the `RateLimit` headers, if the directory counts the write.
pub fn with_rate_limit(answer: Answer, remaining: Option<Remaining>) -> Answer {
    match remaining {
        Some(remaining) => remaining.add_to(answer),
        None => answer,
    }
}

/// Starts a write in the directory, if it is made with the root token.
///
/// # Errors
/// [`Rejection::IdempotencyMismatch`] if the key was used for another request, `Fault` if the directory fails.
pub async fn begin(env: &Env, envelope: &Envelope, body: &[u8]) -> Result<WriteStart, Refusal> {
    let proceed = |is_repeat, remaining| {
        Ok(WriteStart::Proceed {
            is_repeat,
            remaining,
        })
    };
    let has_key_or_limit = envelope.key.is_some() || envelope.write_limit > 0;
    if envelope.credential != Credential::Root || !has_key_or_limit {
        return proceed(false, None);
    }
    let call = RootKeyCall::Begin {
        key: envelope.key.clone(),
        fingerprint: fingerprint(envelope, body),
        write_limit: envelope.write_limit,
    };
    match directory_client::root_key(env, call).await? {
        Admission::RateLimited(answer) => Ok(WriteStart::Answered(answer)),
        Admission::Allowed {
            key_state,
            remaining,
        } => match key_state {
            KeyState::New => proceed(false, remaining),
            KeyState::Pending => proceed(true, remaining),
            KeyState::Answered(answer) => Ok(WriteStart::Answered(
                answer.with("idempotent-replayed", "true"),
            )),
            KeyState::Mismatch => Err(Rejection::IdempotencyMismatch.into()),
        },
    }
}

/// Stores the answer for replays, if the write was made with the root token. If that fails, a
/// repeated request is sent to the site again.
pub async fn finish(context: &RequestContext, env: &Env, envelope: &Envelope, answer: Answer) {
    if let Some(key) = root_key(envelope) {
        send_to_directory(context, env, RootKeyCall::Finish { key, answer }).await;
    }
}

/// Stores the answer to the deletion of a site by one of its own tokens. If that fails, a repeated
/// request gets the answer for an unknown token.
pub async fn store_deletion_answer(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    answer: Answer,
) {
    let Some(key) = deletion_key(envelope) else {
        return;
    };
    let call = RootKeyCall::Begin {
        key: Some(key.clone()),
        fingerprint: fingerprint(envelope, &[]),
        write_limit: 0,
    };
    if let Err(fault) = directory_client::root_key::<Admission>(env, call).await {
        context.log(&fault);
    }
    send_to_directory(context, env, RootKeyCall::Finish { key, answer }).await;
}

/// Finds the answer that [`store_deletion_answer`] has stored, if the request repeats that
/// deletion.
///
/// # Errors
/// `Fault` if the directory fails or misses its deadline.
pub async fn find_deletion_answer(env: &Env, envelope: &Envelope) -> Result<Option<Answer>, Fault> {
    let Some(key) = deletion_key(envelope) else {
        return Ok(None);
    };
    let fingerprint = fingerprint(envelope, &[]);
    directory_client::root_key(env, RootKeyCall::FindAnswer { key, fingerprint }).await
}

/// The key in the directory for a deletion by a site's own token. Contains the token's digest, so
/// that keys of different tokens differ.
fn deletion_key(envelope: &Envelope) -> Option<String> {
    match (&envelope.credential, &envelope.key) {
        (Credential::Token { digest }, Some(key)) => Some(format!("{digest} {key}")),
        (Credential::Root | Credential::Nobody, _) | (Credential::Token { .. }, None) => None,
    }
}

/// Frees the key of a write that was not stored, so that a corrected request can use it.
pub async fn release(context: &RequestContext, env: &Env, envelope: &Envelope) {
    if let Some(key) = root_key(envelope) {
        send_to_directory(context, env, RootKeyCall::Release { key }).await;
    }
}

/// The idempotency key of a request with the root token; `None` for other requests.
fn root_key(envelope: &Envelope) -> Option<String> {
    match envelope.credential {
        Credential::Root => envelope.key.clone(),
        Credential::Token { .. } | Credential::Nobody => None,
    }
}

/// Sends a call and only logs a failure, which must not turn the write's answer into an error.
async fn send_to_directory(context: &RequestContext, env: &Env, call: RootKeyCall) {
    if let Err(fault) = directory_client::root_key::<()>(env, call).await {
        context.log(&fault);
    }
}
