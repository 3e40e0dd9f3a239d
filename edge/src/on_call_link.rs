//! Forwards the links in messages to on-call targets to the site's object.

use std::cell::RefCell;

use notice::wire::ids::Slug;
use worker::{Env, Request};

use crate::{
    answer::Answer,
    cache::{pages, site_list},
    gated_link::{self, Gated},
    http::{
        link_call::{LinkAction, LinkCall},
        login_gate::LoginGate,
        network::Network,
    },
    pages::texts::Texts,
    refusal::Refusal,
    rpc::site_client::SiteRequest,
    runtime::{address, request_context::RequestContext, settings},
    site::on_call::links,
};

thread_local! {
    static GATE: RefCell<LoginGate> = RefCell::new(LoginGate::default());
}

/// Answers a request for a link. A request for an unknown link may have to wait, or is refused from memory.
///
/// # Errors
/// `Fault` if the site's object or the directory fails.
pub async fn answer(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    site: &Slug,
    call: LinkCall,
) -> Result<Answer, Refusal> {
    if call.action == LinkAction::Press
        && let Some(problem) = settings::problem(env)
    {
        return Ok(problem);
    }
    if !site_list::exists(context, env, site).await? {
        return Ok(pages::not_found(&Texts::language_for(None), None));
    }
    let network = Network::of(&address::client_address(env, request));
    let secret = (&network, call.fingerprint(site));
    let called = SiteRequest::OnCallLink(call);
    Ok(
        match gated_link::call(env, &GATE, secret, site, &called).await? {
            Gated::Answered(answer) => match answer.status {
                // The object does not know the link's path, which contains the secret: it gets only the digest.
                303 if answer.header("location").is_none() => {
                    answer.with("location", &request.path())
                }
                _ => answer,
            },
            Gated::Refused => links::unknown_link(),
            Gated::Busy => links::busy(),
        },
    )
}
