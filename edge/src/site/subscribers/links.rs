//! The links in mails to subscribers: their pages, and what their buttons do. A GET changes nothing.

use notice::{
    journal::sha256_hex,
    notify::subscription::kept_until,
    project::language::lookup,
    state::State as SiteState,
    wire::{ids::IncidentId, language::Language, site::Site, time::Timestamp},
};
use serde_json::json;

use super::{
    answer::{home, page, redirect, see_form},
    ask::component_ids,
    assign::{in_language, title},
    contact::Contact,
};
use crate::{
    answer::{Answer, NO_STORE},
    fault::Fault,
    http::{
        subscriber_call::{SubscriberCall, SubscriberPath},
        subscription_form::SubscriptionForm,
    },
    pages::{
        subscribe::{self, Subscription},
        subscriber_page::{SubscriberPage, button, lead},
        texts::{Texts, fill_text},
    },
    runtime::random,
    sealing::Sealer,
    site::change::timestamp,
    storage::{
        projections::{self, ExtraIncidents},
        sql::Sql,
        subscribers::{self, IncidentSubscription, Subscriber},
        subscription_requests::{self, Choice, State, SubscriptionRequest},
    },
};

/// A link's request with what all pages need.
struct View<'a> {
    call: &'a SubscriberCall,
    state: &'a SiteState,
    site: &'a Site,
    sealer: &'a Sealer,
    now: Timestamp,
}

/// Answers a link: shows its page, or does what its button says. Without the keys of the addresses, a subscription can only be ended.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn answer(
    sql: &impl Sql,
    call: &SubscriberCall,
    sealer: Option<&Sealer>,
    now_ms: u64,
) -> Result<Answer, Fault> {
    let state = projections::load(sql, ExtraIncidents::None)?.state;
    let Some(site) = &state.site else {
        return Ok(unknown(None, &Language::english()));
    };
    let own = site.primary_language();
    if call.path == SubscriberPath::Unsubscribe {
        return unsubscribe(sql, call, site);
    }
    let Some(sealer) = sealer else {
        return Ok(unknown(Some(site), &own));
    };
    let view = View {
        call,
        state: &state,
        site,
        sealer,
        now: timestamp(now_ms),
    };
    if call.path == SubscriberPath::Confirm {
        return confirm(sql, &view);
    }
    let Some(subscriber) = subscribers::find_by_link(sql, &call.digest())? else {
        return Ok(unknown(Some(site), &own));
    };
    match (&call.form, call.path) {
        (None, SubscriberPath::Export) => export(sql, &view, &subscriber),
        (Some(form), SubscriberPath::Subscription) => change(sql, &view, subscriber, form),
        _ => show(sql, &view, &subscriber),
    }
}

/// The page of a link that the site does not know.
pub fn unknown(site: Option<&Site>, language: &Language) -> Answer {
    let texts = Texts::in_language(language);
    message(
        404,
        site,
        language,
        (texts.link_invalid, texts.link_unknown),
    )
}

fn message(
    status: u16,
    site: Option<&Site>,
    language: &Language,
    (title, text): (&str, &str),
) -> Answer {
    let home = site.map(|site| (home(site, language), site.name.as_str()));
    let shown = SubscriberPage {
        language,
        title,
        content: lead(text),
        home: home.as_ref().map(|(url, name)| (url.as_str(), *name)),
    };
    page(status, shown.render())
}

/// A page with a text and one button.
fn question(site: &Site, language: &Language, (title, text, label): (&str, &str, &str)) -> Answer {
    let home = home(site, language);
    let shown = SubscriberPage {
        language,
        title,
        content: maud::html! { (lead(text)) (button(label)) },
        home: Some((&home, &site.name)),
    };
    page(200, shown.render())
}

fn confirm(sql: &impl Sql, view: &View<'_>) -> Result<Answer, Fault> {
    let own = view.site.primary_language();
    let Some(request) = subscription_requests::find_by_link(sql, &view.call.digest())? else {
        return Ok(unknown(Some(view.site), &own));
    };
    let is_open = request.state == State::Open && request.expires_at > view.now;
    let Some(choice) = request.choice.as_ref().filter(|_| is_open) else {
        let texts = Texts::in_language(&own);
        let text = match request.state {
            State::Used => texts.link_used,
            State::Open | State::Expired => texts.link_expired,
        };
        return Ok(message(
            410,
            Some(view.site),
            &own,
            (texts.link_invalid, text),
        ));
    };
    let texts = Texts::in_language(&choice.language);
    if view.call.form.is_none() {
        let incident = match &choice.incident {
            Some(incident) => title(sql, &incident.id, &choice.language)?,
            None => None,
        };
        let about = incident.as_deref().unwrap_or(&view.site.name);
        let text = fill_text(texts.confirm_what, &[about]);
        let words = (texts.confirm, text.as_str(), texts.confirm);
        return Ok(question(view.site, &choice.language, words));
    }
    let secret = sql.transaction(|| confirmed(sql, view, &request, choice))?;
    Ok(redirect(&format!(
        "/s/{}/subscription/{secret}",
        view.site.slug
    )))
}

/// Stores a confirmed request. Returns the secret of the subscriber's links. Call this inside a transaction.
fn confirmed(
    sql: &impl Sql,
    view: &View<'_>,
    request: &SubscriptionRequest,
    choice: &Choice,
) -> Result<String, Fault> {
    let slug = &view.site.slug;
    let asked = Contact::open(view.sealer, slug, &request.look_up, &request.sealed)?;
    let look_ups = view.sealer.look_ups(slug, &asked.address);
    let (id, secret) = match subscribers::find_by_address(sql, &look_ups)? {
        Some(mut known) => {
            let contact = Contact::open(view.sealer, slug, &known.look_up, &known.sealed)?;
            known.language = choice.language.clone();
            if let Some(site) = &choice.site {
                known.site = site.clone();
            }
            subscribers::save(sql, &known)?;
            (known.id, contact.secret)
        }
        None => {
            let contact = Contact {
                address: asked.address.clone(),
                secret: random::secret()?,
            };
            let look_up = view.sealer.look_up(slug, &contact.address);
            let new = Subscriber {
                id: 0,
                digest: sha256_hex(contact.secret.as_bytes()),
                sealed: contact.seal(view.sealer, slug, &look_up)?,
                look_up,
                language: choice.language.clone(),
                site: choice.site.clone().unwrap_or_default(),
                confirmed_at: view.now,
            };
            (subscribers::add(sql, &new)?, contact.secret)
        }
    };
    if let Some(followed) = &choice.incident {
        let subscription = IncidentSubscription {
            incident: followed.id.clone(),
            explanation: followed.explanation,
            until: end_of(sql, &followed.id, followed.explanation)?,
        };
        subscribers::follow(sql, id, &subscription)?;
    }
    subscription_requests::end(sql, request.id, State::Used)?;
    Ok(secret)
}

/// The end of a subscription to an incident that ended while its request waited. `None` if the incident goes on.
fn end_of(sql: &impl Sql, id: &IncidentId, explanation: bool) -> Result<Option<Timestamp>, Fault> {
    let ids = std::slice::from_ref(id);
    let state = projections::load(sql, ExtraIncidents::Ids(ids))?.state;
    let incident = state.incidents.get(id);
    let ended_at = incident.and_then(|incident| incident.ended_at);
    Ok(ended_at.map(|at| kept_until(at, explanation)))
}

fn show(sql: &impl Sql, view: &View<'_>, subscriber: &Subscriber) -> Result<Answer, Fault> {
    let site = view.site;
    let slug = &site.slug;
    let contact = Contact::open(view.sealer, slug, &subscriber.look_up, &subscriber.sealed)?;
    let language = &subscriber.language;
    let mut incidents = Vec::new();
    for followed in subscribers::incidents(sql, subscriber.id)? {
        if let Some(title) = title(sql, &followed.incident, language)? {
            let url = format!("/s/{slug}/incidents/{}", followed.incident);
            let url = in_language(url, language, site);
            incidents.push((followed.incident, title, url));
        }
    }
    let shown = Subscription {
        language,
        site: &site.name,
        address: &contact.address,
        choice: &subscriber.site,
        incidents: &incidents,
        components: &view.state.components,
        languages: &site.languages,
        url: &format!("/s/{slug}/subscription/{}", contact.secret),
        unsubscribe_url: &format!("/s/{slug}/unsubscribe/{}", contact.secret),
        home: &home(site, language),
    };
    Ok(page(200, subscribe::subscription(&shown)))
}

/// Changes a subscription as its form says. One that is empty then is deleted.
fn change(
    sql: &impl Sql,
    view: &View<'_>,
    mut subscriber: Subscriber,
    form: &SubscriptionForm,
) -> Result<Answer, Fault> {
    subscriber.site.updates = form.updates;
    subscriber.site.maintenance = form.maintenance;
    // A component may have been deleted since the page was opened.
    if let Some(components) = component_ids(form, &view.state.components) {
        subscriber.site.components = components;
    }
    let tag = form.language.as_ref();
    if let Some(language) = tag.and_then(|tag| lookup(tag, &view.site.languages)) {
        subscriber.language = language.clone();
    }
    let followed = subscribers::incidents(sql, subscriber.id)?;
    let (kept, ended): (Vec<_>, Vec<_>) = followed
        .into_iter()
        .partition(|one| form.followed.contains(&one.incident));
    let is_over = subscriber.site.is_empty() && kept.is_empty();
    sql.transaction(|| {
        if is_over {
            return subscribers::delete(sql, subscriber.id);
        }
        for one in &ended {
            subscribers::unfollow(sql, subscriber.id, &one.incident)?;
        }
        subscribers::save(sql, &subscriber)
    })?;
    Ok(match is_over {
        true => ended_page(view.site, &subscriber.language),
        false => see_form(),
    })
}

/// The stored data of a subscriber, as a file.
fn export(sql: &impl Sql, view: &View<'_>, subscriber: &Subscriber) -> Result<Answer, Fault> {
    let site = view.site;
    let contact = Contact::open(
        view.sealer,
        &site.slug,
        &subscriber.look_up,
        &subscriber.sealed,
    )?;
    let incidents: Vec<_> = subscribers::incidents(sql, subscriber.id)?
        .into_iter()
        .map(|one| {
            json!({ "id": one.incident, "explanation": one.explanation, "kept_until": one.until })
        })
        .collect();
    let data = json!({
        "site": site.slug,
        "address": contact.address,
        "language": subscriber.language,
        "confirmed_at": subscriber.confirmed_at,
        "updates": subscriber.site.updates,
        "maintenance": subscriber.site.maintenance,
        "components": subscriber.site.components,
        "incidents": incidents,
    });
    Ok(Answer::json(200, &data)?
        .with(
            "content-disposition",
            "attachment; filename=\"subscription.json\"",
        )
        .with("referrer-policy", "no-referrer")
        .with("cache-control", NO_STORE))
}

fn unsubscribe(sql: &impl Sql, call: &SubscriberCall, site: &Site) -> Result<Answer, Fault> {
    let Some(subscriber) = subscribers::find_by_link(sql, &call.digest())? else {
        return Ok(unknown(Some(site), &site.primary_language()));
    };
    let language = &subscriber.language;
    if call.form.is_none() {
        let texts = Texts::in_language(language);
        let text = fill_text(texts.unsubscribe_what, &[&site.name]);
        let words = (texts.unsubscribe, text.as_str(), texts.unsubscribe);
        return Ok(question(site, language, words));
    }
    sql.transaction(|| subscribers::delete(sql, subscriber.id))?;
    Ok(ended_page(site, language))
}

fn ended_page(site: &Site, language: &Language) -> Answer {
    let texts = Texts::in_language(language);
    let words = (texts.unsubscribed, texts.unsubscribed_what);
    message(200, Some(site), language, words)
}
