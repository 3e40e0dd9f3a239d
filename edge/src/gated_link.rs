//! Forwards requests with a link's secret to the site's object, by the rules of [`LoginGate`](crate::http::login_gate::LoginGate).

use notice::wire::ids::Slug;
use worker::Env;

use crate::{
    answer::Answer,
    gate_turn::{self, Gate},
    http::{
        link_call::LinkCall,
        login_gate::{Admission, Fingerprint},
        network::Network,
    },
    refusal::Refusal,
    rpc::site_client::{self, Body, SiteRequest},
    runtime::server_clock,
};

/// The outcome of a request with a link's secret.
#[derive(Debug)]
pub enum Gated {
    /// The answer of the site's object.
    Answered(Answer),
    /// The link was unknown a moment ago.
    Refused,
    /// It has waited for too long behind other unknown links of its network.
    Busy,
}

/// Calls the site's object. An unknown link may have to wait, or is refused from memory.
///
/// # Errors
/// `Fault` if the object fails.
pub async fn call(
    env: &Env,
    gate: &'static Gate,
    (network, secret): (&Network, Fingerprint),
    site: &Slug,
    request: &SiteRequest,
) -> Result<Gated, Refusal> {
    let now_ms = server_clock::now_ms(env);
    let admission = gate.with_borrow_mut(|gate| gate.admit(network, Some(secret), now_ms));
    let turn = match admission {
        Admission::Known | Admission::Free => None,
        Admission::Refused => return Ok(Gated::Refused),
        Admission::Wait => match gate_turn::wait(gate, env, network).await {
            Some((turn, _)) => Some(turn),
            None => return Ok(Gated::Busy),
        },
    };
    let result = site_client::operate(env, site, request, Body::Bytes(&[])).await;
    drop(turn);
    let verdict = LinkCall::verdict(result.as_ref().ok().map(|reply| reply.answer.status));
    let now_ms = server_clock::now_ms(env);
    gate.with_borrow_mut(|gate| {
        gate.settle(network, Some(secret), admission, verdict, now_ms);
    });
    Ok(Gated::Answered(result?.answer))
}
