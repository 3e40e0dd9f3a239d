//! Forwards operators' requests to the site's object: authenticates, limits, invalidates caches.

mod deletion;
mod hostnames;
mod login;
mod outcome;
mod request;
mod root_writes;
mod sites;

use notice::{limits, wire::ids::Slug};
use worker::{Env, Request, ResponseBody};

use self::{
    login::GatePass,
    outcome::{invalidate, log_and_answer, may_have_happened, unknown_site},
    request::{authenticate, check_media_type, envelope},
    root_writes::SendOutcome,
};
use crate::{
    answer::Answer,
    cache::site_list,
    http::{
        credential::Credential,
        route::SitesCall,
        site_call::{JournalCall, ReadCall, SiteCall},
    },
    refusal::Refusal,
    rpc::site_client::{self as rpc, Body, SiteRequest},
    runtime::{body, request_context::RequestContext, respond::read_answer, settings},
    site::export::SIZE,
};

/// Answers a request about all sites.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub async fn sites(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    call: SitesCall,
) -> Result<Answer, Refusal> {
    sites::answer(context, env, request, call).await
}

/// Answers a request about one site. If the answer is a file, its body is put into `file`.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails before a write is sent. A later
/// fault of a write is logged, and the answer is 503.
pub async fn site(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    (site, call): (&Slug, &SiteCall),
    file: &mut Option<ResponseBody>,
) -> Result<Answer, Refusal> {
    let credential = match call {
        // A guest's invitation is in the body.
        SiteCall::Guest(_) => Credential::Nobody,
        SiteCall::Read(_)
        | SiteCall::Write(_)
        | SiteCall::Credential(_)
        | SiteCall::Webhook(_)
        | SiteCall::TestOnCall
        | SiteCall::ConfirmHostname(_)
        | SiteCall::Journal(_) => authenticate(env, request, Some(site))?,
    };
    let mut pass = GatePass::begin(context, env, request, site, call, &credential).await?;
    let result = if *call == SiteCall::Read(ReadCall::Export) {
        export(context, env, request, site, credential, file).await
    } else {
        answer_site_call(context, env, request, &mut pass, (site, call, credential)).await
    };
    pass.end(env, call, &result);
    result
}

async fn answer_site_call(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    pass: &mut GatePass,
    (site, call, credential): (&Slug, &SiteCall, Credential),
) -> Result<Answer, Refusal> {
    if call.is_write()
        && let Some(problem) = settings::problem(env)
    {
        return Ok(problem);
    }
    if *call == SiteCall::Journal(JournalCall::Delete) {
        let envelope = envelope(env, request, site, credential)?;
        return deletion::delete(context, env, &envelope).await;
    }
    if !site_list::exists(context, env, site).await? {
        return Err(unknown_site(&credential).into());
    }
    let types = call.media_types();
    if !types.is_empty() {
        check_media_type(request, types)?;
    }
    let envelope = envelope(env, request, site, credential)?;
    let site_request = SiteRequest::Operate(call.clone(), envelope.clone());
    if !call.is_write() {
        let bytes = read_body(request, types).await?;
        pass.wait_if_guest(env, call).await?;
        let reply = rpc::operate(env, site, &site_request, Body::Bytes(&bytes)).await?;
        let answer = reply.answer;
        return if *call == SiteCall::Read(ReadCall::Hostnames) && answer.status == 200 {
            hostnames::list(context, env, &envelope, &answer).await
        } else {
            Ok(answer)
        };
    }
    let sent = if call.has_large_body() {
        // An import's file is streamed, so only the site's object can include it in the fingerprint of the
        // `Idempotency-Key`. The directory's fingerprint has only method and path.
        let body = (Body::Stream(request), &[] as &[u8]);
        root_writes::send(context, env, &envelope, &site_request, body).await?
    } else {
        let bytes = read_body(request, types).await?;
        pass.wait_if_guest(env, call).await?;
        let body = (Body::Bytes(&bytes), bytes.as_slice());
        root_writes::send(context, env, &envelope, &site_request, body).await?
    };
    let reply = match sent {
        SendOutcome::AnsweredByDirectory(answer) => return Ok(answer),
        SendOutcome::AnsweredBySite(reply) => Ok(reply),
        SendOutcome::Failed(fault) => Err(fault),
    };
    if let (SiteCall::ConfirmHostname(_), Ok(reply)) = (call, &reply)
        && reply.answer.status == 200
    {
        return hostnames::confirm(context, env, &envelope, reply.answer.clone()).await;
    }
    if may_have_happened(&reply) {
        invalidate(context, env, site, &reply);
        let changed_hostnames = reply
            .as_ref()
            .map_or(true, |reply| reply.effects.changed_hostnames);
        if changed_hostnames {
            site_list::invalidate();
        }
    }
    match reply {
        Ok(reply) => Ok(reply.answer),
        Err(fault) => Ok(log_and_answer(context, &fault)),
    }
}

/// Begins an export. `file` becomes the stream of its rows, which the site's object reads while
/// they are sent.
async fn export(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    site: &Slug,
    credential: Credential,
    file: &mut Option<ResponseBody>,
) -> Result<Answer, Refusal> {
    if !site_list::exists(context, env, site).await? {
        return Err(unknown_site(&credential).into());
    }
    let envelope = envelope(env, request, site, credential)?;
    let call = SiteCall::Read(ReadCall::Export);
    let response = rpc::open(env, site, &SiteRequest::Operate(call, envelope)).await?;
    if response.status_code() != 200 {
        return Ok(read_answer(response).await?);
    }
    *file = Some(response.body().clone());
    let answer = Answer {
        status: 200,
        headers: response.headers().entries().collect(),
        body: String::new(),
    };
    // An answer to HEAD.
    Ok(match answer.without(SIZE) {
        (answer, Some(size)) => answer.with("content-length", &size),
        (answer, None) => answer,
    })
}

/// Reads the body; empty if the call takes no body.
async fn read_body(request: &mut Request, types: &[&str]) -> Result<Vec<u8>, Refusal> {
    match types {
        [] => Ok(Vec::new()),
        _ => body::read(request, limits::REQUEST).await,
    }
}
