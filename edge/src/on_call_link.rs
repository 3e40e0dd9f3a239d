//! Forwards the links in messages to on-call targets to the site's object, by the rules of [`LoginGate`].

use std::cell::RefCell;

use notice::wire::ids::Slug;
use worker::{Env, Request};

use crate::{
    answer::Answer,
    cache::{pages, site_list},
    gate_turn,
    http::{
        link_call::{LinkAction, LinkCall},
        login_gate::{Admission, LoginGate},
        network::Network,
    },
    pages::texts::Texts,
    refusal::Refusal,
    rpc::site_client::{self, Body, SiteRequest},
    runtime::{address, request_context::RequestContext, server_clock, settings},
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
    let secret = call.fingerprint(site);
    let now_ms = server_clock::now_ms(env);
    let admission = GATE.with_borrow_mut(|gate| gate.admit(&network, Some(secret), now_ms));
    let turn = match admission {
        Admission::Known | Admission::Free => None,
        Admission::Refused => return Ok(links::unknown_link()),
        Admission::Wait => match gate_turn::wait(&GATE, env, &network).await {
            Some((turn, _)) => Some(turn),
            None => return Ok(links::busy()),
        },
    };
    let called = SiteRequest::OnCallLink(call);
    let result = site_client::operate(env, site, &called, Body::Bytes(&[])).await;
    drop(turn);
    let verdict = LinkCall::verdict(result.as_ref().ok().map(|reply| reply.answer.status));
    let now_ms = server_clock::now_ms(env);
    GATE.with_borrow_mut(|gate| {
        gate.settle(&network, Some(secret), admission, verdict, now_ms);
    });
    let answer = result?.answer;
    Ok(match answer.status {
        // The object does not know the link's path, which contains the secret: it gets only the digest.
        303 if answer.header("location").is_none() => answer.with("location", &request.path()),
        _ => answer,
    })
}
