//! Deletes a site and its entry in the directory.

use worker::Env;

use super::{
    outcome::{invalidate, log_and_answer, log_unknown_outcome, may_have_happened, unknown_site},
    root_writes::{self, WriteStart},
};
use crate::{
    answer::Answer,
    cache::{self, site_list},
    http::site_call::{JournalCall, SiteCall},
    refusal::Refusal,
    rpc::site_client::{self as rpc, Body, Envelope, SiteRequest},
    runtime::request_context::RequestContext,
};

/// Deletes a site. The directory stores the answer for replays, because a deleted site cannot.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the directory cannot be read. A fault of the write
/// itself is logged and becomes the answer.
pub async fn delete(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
) -> Result<Answer, Refusal> {
    let (is_repeat, remaining) = match root_writes::begin(env, envelope, &[]).await? {
        WriteStart::Proceed {
            is_repeat,
            remaining,
        } => (is_repeat, remaining),
        WriteStart::Answered(answer) => return Ok(answer),
    };
    let answer = delete_site(context, env, envelope, is_repeat).await?;
    Ok(root_writes::with_rate_limit(answer, remaining))
}

async fn delete_site(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    is_repeat: bool,
) -> Result<Answer, Refusal> {
    let site = &envelope.site;
    if !site_list::exists(context, env, site).await? {
        if is_repeat {
            return Ok(finish(context, env, envelope, is_repeat).await);
        }
        root_writes::release(context, env, envelope).await;
        return match root_writes::find_deletion_answer(env, envelope).await? {
            Some(answer) => Ok(answer.with("idempotent-replayed", "true")),
            None => Err(unknown_site(&envelope.credential).into()),
        };
    }
    let site_request =
        SiteRequest::Operate(SiteCall::Journal(JournalCall::Delete), envelope.clone());
    let reply = rpc::operate(env, site, &site_request, Body::Bytes(&[])).await;
    if may_have_happened(&reply) {
        invalidate(context, env, site, &reply);
    }
    let answer = match reply {
        Ok(reply) => reply.answer,
        Err(fault) => {
            if fault.has_written_nothing() {
                root_writes::release(context, env, envelope).await;
            }
            return Ok(log_and_answer(context, &fault));
        }
    };
    if answer.status == 204 {
        root_writes::store_deletion_answer(context, env, envelope, Answer::no_content()).await;
    }
    // A 401 can be the answer to a repeated deletion: the token was deleted with its site, and the
    // slug belongs to a new site or is still in the directory. Then the directory has stored the
    // answer to the first request.
    if answer.status == 401
        && let Some(answer) = root_writes::find_deletion_answer(env, envelope).await?
    {
        return Ok(answer.with("idempotent-replayed", "true"));
    }
    // The site was deleted by this request, or by an earlier one that failed before it called the
    // directory.
    if matches!(answer.status, 204 | 404) {
        if let Err(fault) = site_list::remove(env, site).await {
            return Ok(log_unknown_outcome(context, &fault));
        }
        cache::evict(site);
        if answer.status == 204 || is_repeat {
            return Ok(finish(context, env, envelope, is_repeat).await);
        }
    }
    root_writes::release(context, env, envelope).await;
    Ok(answer)
}

/// Stores the answer of a deletion under its idempotency key, and returns it.
async fn finish(
    context: &RequestContext,
    env: &Env,
    envelope: &Envelope,
    is_repeat: bool,
) -> Answer {
    root_writes::finish(context, env, envelope, Answer::no_content()).await;
    match is_repeat {
        true => Answer::no_content().with("idempotent-replayed", "true"),
        false => Answer::no_content(),
    }
}
