//! The end of a site, and of its place in the directory.

use notice::wire::ids::Slug;
use worker::Env;

use super::{
    failed, may_have_happened,
    once::{self, Beginning},
    outdate,
    request::forward,
    unknown,
};
use crate::{
    answer::Answer,
    object::{envelope::Envelope, operate::Refusal},
    reads::{chain, directory, pages},
    runtime::host::Host,
};

/// Deletes a site, once for each key: the site itself cannot say any more what deleted it.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn delete(
    host: &Host,
    env: &Env,
    site: &Slug,
    envelope: &Envelope,
) -> Result<Answer, Refusal> {
    let (again, left) = match once::begin(env, envelope, &[]).await? {
        Beginning::Go { again, left } => (again, left),
        Beginning::Answered(answer) => return Ok(answer),
    };
    let answer = carry_out(host, env, site, envelope, again).await?;
    Ok(once::counted(answer, left))
}

async fn carry_out(
    host: &Host,
    env: &Env,
    site: &Slug,
    envelope: &Envelope,
    again: bool,
) -> Result<Answer, Refusal> {
    if !directory::exists(host, env, site).await? {
        if again {
            return Ok(done(env, envelope, again).await);
        }
        once::release(env, envelope).await;
        return match once::told_last(env, envelope).await? {
            Some(answer) => Ok(answer.with("idempotent-replayed", "true")),
            None => Err(unknown(&envelope.credential).into()),
        };
    }
    let answer = forward(env, site, "/operate", envelope, &[]).await;
    if may_have_happened(&answer) {
        outdate(host, env, site, &answer);
    }
    let answer = match answer {
        Ok(answer) => answer,
        Err(fault) => {
            if fault.has_written_nothing() {
                once::release(env, envelope).await;
            }
            return Ok(failed(site, &fault));
        }
    };
    if answer.status == 204 {
        once::last(env, envelope, Answer::nothing()).await;
    }
    // The token's site is gone, and this is another of the same name, or not yet out of the directory.
    if answer.status == 401
        && let Some(answer) = once::told_last(env, envelope).await?
    {
        return Ok(answer.with("idempotent-replayed", "true"));
    }
    // Gone now, or gone already in a request that died before it reached the directory.
    if matches!(answer.status, 204 | 404) {
        if let Err(fault) = directory::remove(env, site).await {
            return Ok(super::outcome_unknown(site, &fault));
        }
        chain::forget(site);
        pages::forget(site);
        if answer.status == 204 || again {
            return Ok(done(env, envelope, again).await);
        }
    }
    once::release(env, envelope).await;
    Ok(answer)
}

async fn done(env: &Env, envelope: &Envelope, again: bool) -> Answer {
    once::finish(env, envelope, Answer::nothing()).await;
    match again {
        true => Answer::nothing().with("idempotent-replayed", "true"),
        false => Answer::nothing(),
    }
}
