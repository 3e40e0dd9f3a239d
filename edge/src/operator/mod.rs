//! Operators' requests on their way to a site's object.

mod deletion;
mod once;
mod request;
mod sites;

use notice::{limits, rejection::Rejection, wire::ids::Slug};
use worker::{Env, Request};

use self::request::{authenticate, envelope, forward, header, of_type};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::Credential,
        failures::{self, Fingerprint},
        large_bodies,
        route::{SiteCall, SitesCall},
    },
    object::{envelope::Envelope, operate::Refusal},
    reads::{chain, directory, pages, purges},
    runtime::{address, body, clock, host::Host},
};

/// A request about all sites.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn sites(
    host: &Host,
    env: &Env,
    request: &mut Request,
    call: SitesCall,
) -> Result<Answer, Refusal> {
    let shown = header(request, "authorization")?;
    let login = Login::begin(env, request, shown.as_deref())?;
    let answered = sites::answer(host, env, request, call).await;
    login.end(&answered);
    answered
}

/// A request about one site.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn site(
    host: &Host,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    call: &SiteCall,
) -> Result<Answer, Refusal> {
    let shown = match call {
        // The credential is in the body.
        call if call.is_by_invitation() => None,
        _ => header(request, "authorization")?,
    };
    let login = Login::begin(env, request, shown.as_deref())?;
    let answered = one_site(host, env, request, site, call).await;
    login.end(&answered);
    let has_opened = shown.is_some() && answered.as_ref().is_ok_and(|answer| answer.status < 300);
    if has_opened && let Ok(Credential::Token { .. }) = authenticate(env, request, Some(site)) {
        failures::succeeded(login.credential);
    }
    answered
}

/// Somebody's attempt to be let in.
struct Login {
    address: String,
    credential: Fingerprint,
    now_ms: u64,
}

impl Login {
    fn begin(env: &Env, request: &Request, shown: Option<&str>) -> Result<Self, Refusal> {
        let login = Self {
            address: address::of(env, request),
            credential: Fingerprint::of(shown.unwrap_or_default()),
            now_ms: clock::now_ms(env),
        };
        failures::check(&login.address, login.credential, login.now_ms)?;
        Ok(login)
    }

    fn end(&self, answered: &Result<Answer, Refusal>) {
        let failed = match answered {
            Ok(answer) => answer.status == 401,
            Err(Refusal::Rejection(rejection)) => *rejection == Rejection::Unauthorized,
            Err(Refusal::Fault(_)) => false,
        };
        if failed {
            failures::failed(&self.address, self.credential, self.now_ms);
        }
    }
}

/// What the caller of a write hears of a failure of ours.
fn failed(site: &Slug, fault: &Fault) -> Answer {
    worker::console_error!("write to {site}: {fault}");
    told(fault)
}

/// The same where something was written already.
fn outcome_unknown(site: &Slug, fault: &Fault) -> Answer {
    worker::console_error!("write to {site}: {fault}");
    unknown_outcome()
}

fn told(fault: &Fault) -> Answer {
    if fault.has_written_nothing() {
        return Answer::unavailable(
            "unavailable",
            "The server failed before it changed anything; try again.",
        );
    }
    unknown_outcome()
}

fn unknown_outcome() -> Answer {
    Answer::unavailable(
        "outcome_unknown",
        "The server did not answer in time, so this change may or may not have been made. Repeat it with the same Idempotency-Key.",
    )
}

async fn one_site(
    host: &Host,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    call: &SiteCall,
) -> Result<Answer, Refusal> {
    let credential = match call {
        call if call.is_by_invitation() => Credential::Nobody,
        _ => authenticate(env, request, Some(site))?,
    };
    if *call == SiteCall::Delete {
        let envelope = envelope(env, request, credential)?;
        return deletion::delete(host, env, site, &envelope).await;
    }
    if !directory::exists(host, env, site).await? {
        return Err(unknown(&credential).into());
    }
    let types = call.media_types();
    if !types.is_empty() {
        of_type(request, types)?;
    }
    let envelope = envelope(env, request, credential)?;
    let answer = match call {
        SiteCall::Import => import(env, request, site, &envelope).await?,
        _ => {
            let bytes = match types {
                [] => Vec::new(),
                _ => body::read(request, limits::REQUEST).await?,
            };
            match call.is_write() {
                true => once::forward(env, site, &envelope, &bytes).await?,
                false => forward(env, site, "/operate", &envelope, &bytes).await,
            }
        }
    };
    if call.is_write() && may_have_happened(&answer) {
        outdate(host, env, site, &answer);
        if matches!(call, SiteCall::Change | SiteCall::Import) {
            directory::outdate();
        }
    }
    match answer {
        Err(fault) if call.is_write() => Ok(failed(site, &fault)),
        answer => Ok(answer?),
    }
}

/// The one large body: it is read only for a caller who may send it, and not while too many others are.
async fn import(
    env: &Env,
    request: &mut Request,
    site: &Slug,
    envelope: &Envelope,
) -> Result<Result<Answer, Fault>, Refusal> {
    let admitted = forward(env, site, "/admit", envelope, &[]).await;
    if !matches!(&admitted, Ok(answer) if answer.status == 204) {
        body::discard(request, limits::IMPORT).await?;
        return Ok(admitted);
    }
    let Some(_place) = large_bodies::place(clock::now_ms(env)) else {
        body::discard(request, limits::IMPORT).await?;
        return Ok(Ok(Answer::unavailable(
            "unavailable",
            "The server is busy with other imports; try again in a moment.",
        )));
    };
    let bytes = body::read(request, limits::IMPORT).await?;
    once::forward(env, site, envelope, &bytes).await
}

/// Nothing is revealed of which sites there are.
fn unknown(credential: &Credential) -> Rejection {
    match credential {
        Credential::Root => Rejection::NotFound,
        Credential::Token { .. } | Credential::Nobody => Rejection::Unauthorized,
    }
}

/// What was refused has changed nothing: nobody can drive readers to the object with it.
fn may_have_happened(answer: &Result<Answer, Fault>) -> bool {
    match answer {
        Ok(answer) => answer.status < 300,
        Err(fault) => !fault.has_written_nothing(),
    }
}

/// Readers of this site ask anew; at once, if its object has answered the write.
fn outdate(host: &Host, env: &Env, site: &Slug, answer: &Result<Answer, Fault>) {
    chain::outdate(site);
    pages::outdate(site);
    if answer.is_ok() {
        chain::resume(site);
        pages::resume(site);
    }
    purges::purge(host, env, &chain::cache_tag(site));
}

#[cfg(test)]
mod tests {
    use super::{may_have_happened, told};
    use crate::fault::Fault;

    #[test]
    fn only_what_is_in_doubt_is_called_so() {
        for (fault, code) in [
            (Fault::Failed("the site"), "unavailable"),
            (Fault::Late("the site"), "outcome_unknown"),
            (Fault::Sql("disk full".to_owned()), "outcome_unknown"),
        ] {
            let answer = told(&fault);
            assert_eq!(answer.status, 503);
            assert!(answer.header("retry-after").is_some());
            assert!(
                answer.body.contains(&format!("\"code\":\"{code}\"")),
                "{fault}"
            );
            let in_doubt = code == "outcome_unknown";
            assert_eq!(may_have_happened(&Err(fault)), in_doubt);
        }
    }
}
