//! Forwards readers' requests for mail, and the links in their mails, to the site's object.

use std::cell::RefCell;

use notice::{
    limits,
    rejection::Rejection,
    wire::{ids::Slug, language::Language},
};
use worker::{Env, Request};

use crate::{
    answer::Answer,
    cache::{pages, site_list},
    gated_link::{self, Gated},
    http::{
        login_gate::LoginGate,
        network::Network,
        subscriber_call::{AskAnswer, AskCall, SubscriberCall},
        subscription_form::SubscriptionForm,
    },
    operator::check_media_type,
    refusal::Refusal,
    rpc::site_client::{self, Body, SiteRequest},
    runtime::{address, body, request_context::RequestContext, settings},
    site::subscribers::links,
};

thread_local! {
    static GATE: RefCell<LoginGate> = RefCell::new(LoginGate::default());
}

/// The media type of forms.
const FORM: &[&str] = &["application/x-www-form-urlencoded"];

/// Answers a request for mail.
///
/// # Errors
/// `Rejection` for another media type, an unknown site, or a deployment without mail; `Fault` if the site's object or the directory fails.
pub async fn ask(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    answer: AskAnswer,
) -> Result<Answer, Refusal> {
    if let Some(problem) = settings::problem(env) {
        return Ok(problem);
    }
    if !settings::has_subscriptions(env) || !site_list::exists(context, env, site).await? {
        return Err(Rejection::NotFound.into());
    }
    check_media_type(request, FORM)?;
    let bytes = body::read(request, limits::SUBSCRIPTION).await?;
    let call = AskCall {
        form: SubscriptionForm::parse(&bytes),
        answer,
        network: Network::of(&address::client_address(env, request)),
    };
    let called = SiteRequest::Ask(call);
    let reply = site_client::operate(env, site, &called, Body::Bytes(&[])).await?;
    Ok(match answer {
        AskAnswer::Json => reply.answer.for_all_origins(),
        AskAnswer::Page(_) => reply.answer,
    })
}

/// Answers a link in a mail.
///
/// # Errors
/// `Rejection` for a form that is too large, `Fault` if the site's object or the directory fails.
pub async fn link(
    context: &RequestContext,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    mut call: SubscriberCall,
) -> Result<Answer, Refusal> {
    let language = Language::english();
    if !site_list::exists(context, env, site).await? {
        return Ok(pages::not_found(&language, None));
    }
    // The raw method, as in `handle`.
    if request.inner().method() == "POST" {
        if let Some(problem) = settings::problem(env) {
            return Ok(problem);
        }
        // Mail programs send `List-Unsubscribe=One-Click`, browsers an empty body or a form.
        let bytes = body::read(request, limits::SUBSCRIPTION).await?;
        call.form = Some(SubscriptionForm::parse(&bytes));
    }
    let network = Network::of(&address::client_address(env, request));
    let secret = (&network, call.fingerprint(site));
    let called = SiteRequest::SubscriberLink(call);
    Ok(
        match gated_link::call(env, &GATE, secret, site, &called).await? {
            Gated::Answered(answer) => match answer.status {
                // The object does not add the address, which has the secret.
                303 if answer.header("location").is_none() => {
                    answer.with("location", &request.path())
                }
                _ => answer,
            },
            Gated::Refused => links::unknown(None, &language),
            Gated::Busy => pages::unavailable(&language),
        },
    )
}
