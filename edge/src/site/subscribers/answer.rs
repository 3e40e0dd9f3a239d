//! The answers to requests for mail, and the parts of answers to subscribers.

use notice::{
    notify::subscription::Updates,
    rejection::{FieldError, Rejection},
    wire::{language::Language, site::Site},
};
use serde_json::json;

use super::{
    ask::{self, Asked},
    assign::in_language,
};
use crate::{
    answer::{Answer, NO_STORE},
    fault::Fault,
    http::{
        page_call::PageHost,
        subscriber_call::{AskAnswer, AskCall},
        subscription_form::SubscriptionForm,
    },
    pages::{
        subscriber_page::{SubscriberPage, lead},
        texts::Texts,
    },
    sealing::Sealer,
    storage::{projections, sql::Sql},
};

/// Nothing inline, nothing from other origins, no scripts.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Stores a request for mail, and answers it.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn asked(
    sql: &impl Sql,
    call: &AskCall,
    sealer: &Sealer,
    now_ms: u64,
) -> Result<Answer, Fault> {
    let asked = ask::ask(sql, &call.form, sealer, now_ms)?;
    match call.answer {
        AskAnswer::Json => Ok(json_of(asked, &call.form)?),
        AskAnswer::Page(host) => page_of(sql, asked, &call.form, host),
    }
}

/// The answer to a request above the limit.
pub fn too_many(call: &AskCall, sql: &impl Sql, retry_after_s: u64) -> Result<Answer, Fault> {
    let answer = match call.answer {
        AskAnswer::Json => Answer::rejection(&limited(retry_after_s)),
        AskAnswer::Page(host) => page_of(sql, Asked::TooMany, &call.form, host)?,
    };
    Ok(answer.with("retry-after", &retry_after_s.to_string()))
}

fn limited(retry_after_s: u64) -> Rejection {
    Rejection::TooManyRequests {
        retry_after_s,
        limit: notice::limits::SUBSCRIPTIONS_PER_SITE,
    }
}

fn json_of(asked: Asked, form: &SubscriptionForm) -> Result<Answer, serde_json::Error> {
    let invalid = |pointer: &str, detail: &str| {
        Answer::rejection(&Rejection::Fields(vec![FieldError::invalid(
            pointer, detail,
        )]))
    };
    Ok(match asked {
        Asked::Accepted => Answer::json(202, &json!({ "status": "accepted" }))?,
        Asked::InvalidEmail => invalid("/email", "Must be an e-mail address."),
        Asked::Nothing => invalid(
            if form.updates == Updates::None {
                "/updates"
            } else {
                "/incident"
            },
            "Ask for an incident, for updates (all or resolved) or for maintenance.",
        ),
        Asked::IncidentOver => invalid(
            "/incident",
            "Must be the id of an open incident of the site.",
        ),
        Asked::UnknownComponent => invalid(
            "/component",
            "Must be the id or slug of a component of the site.",
        ),
        Asked::TooMany => Answer::rejection(&limited(60)).with("retry-after", "60"),
    })
}

fn page_of(
    sql: &impl Sql,
    asked: Asked,
    form: &SubscriptionForm,
    host: PageHost,
) -> Result<Answer, Fault> {
    let site = projections::load(sql, projections::ExtraIncidents::None)?
        .state
        .site;
    let Some(site) = site else {
        return Ok(Answer::rejection(&Rejection::NotFound));
    };
    let language = ask::language(form, &site);
    let texts = Texts::in_language(&language);
    let (status, text) = match asked {
        Asked::Accepted => (202, texts.check_mail_why),
        Asked::InvalidEmail => (422, texts.invalid_email),
        Asked::Nothing | Asked::UnknownComponent => (422, texts.nothing_chosen),
        Asked::IncidentOver => (422, texts.incident_over),
        Asked::TooMany => (429, texts.too_many),
    };
    let title = match asked {
        Asked::Accepted => texts.check_mail,
        _ => texts.not_subscribed,
    };
    let own = in_language("/".to_owned(), &language, &site);
    let home = match host {
        PageHost::Deployment => home(&site, &language),
        PageHost::Site => own,
    };
    let shown = SubscriberPage {
        language: &language,
        title,
        content: lead(text),
        home: Some((&home, &site.name)),
    };
    Ok(page(status, shown.render()))
}

/// The path of the status page on the deployment's host.
pub fn home(site: &Site, language: &Language) -> String {
    in_language(format!("/s/{}", site.slug), language, site)
}

/// A page. Its address may have a secret.
pub fn page(status: u16, body: String) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body,
    }
    .with("content-type", "text/html; charset=utf-8")
    .with("content-security-policy", CSP)
    .with("referrer-policy", "no-referrer")
    .with("cache-control", NO_STORE)
}

/// Back to the page of the form, so that a reload repeats no POST. The Worker adds the address, which has the secret.
pub fn see_form() -> Answer {
    Answer::no_content()
        .with("referrer-policy", "no-referrer")
        .with("cache-control", NO_STORE)
        .with_status(303)
}

/// To another page after a form.
pub fn redirect(url: &str) -> Answer {
    see_form().with("location", url)
}
