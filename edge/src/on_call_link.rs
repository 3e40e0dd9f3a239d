//! Forwards the links in messages to on-call targets to the site's object.

use notice::wire::ids::Slug;
use worker::Env;

use crate::{
    answer::Answer,
    cache::{pages, site_list},
    http::link_call::{LinkAction, LinkCall},
    pages::texts::Texts,
    refusal::Refusal,
    rpc::site_client::{self, Body, SiteRequest},
    runtime::{request_context::RequestContext, settings},
};

/// Answers a link. `path` is its address, which has its secret.
///
/// # Errors
/// `Fault` if the site's object or the directory fails.
pub async fn answer(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    call: LinkCall,
    path: &str,
) -> Result<Answer, Refusal> {
    if call.action == LinkAction::Press
        && let Some(problem) = settings::problem(env)
    {
        return Ok(problem);
    }
    if !site_list::exists(context, env, site).await? {
        return Ok(pages::not_found(&Texts::language_for(None), None));
    }
    let request = SiteRequest::OnCallLink(call);
    let reply = site_client::operate(env, site, &request, Body::Bytes(&[])).await?;
    let answer = reply.answer;
    Ok(match answer.status {
        303 if answer.header("location").is_none() => answer.with("location", path),
        _ => answer,
    })
}
