//! Stores a request for mail. A known address is treated like an unknown one, so that nobody learns who has subscribed.

use notice::{
    body::check::is_email,
    journal::sha256_hex,
    limits,
    notify::subscription::{
        CONFIRMATION_RANK, CONFIRMED_WITHIN_S, SiteSubscription, can_subscribe,
    },
    project::language::lookup,
    state::State,
    wire::{
        component::Component,
        ids::{ComponentId, MessageId},
        incident::Incident,
        input::ComponentName,
        language::Language,
        site::Site,
    },
};

use super::contact::Contact;
use crate::{
    fault::Fault,
    http::subscription_form::SubscriptionForm,
    messages::mail::is_address,
    pages::is_public,
    runtime::random,
    sealing::Sealer,
    site::change::timestamp,
    storage::{
        mailings,
        projections::{self, ExtraIncidents},
        sql::Sql,
        subscription_requests::{self, Choice, FollowedIncident, NewRequest},
    },
};

/// Time in which requests for one address are counted, in seconds: 1 h.
const COUNTED_S: i64 = 3600;
/// Maximum number of requests of a site that wait for their confirmation.
const MAX_OPEN: u64 = 50_000;

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was accepted. A mail is sent, unless the address got some already.
    Accepted,
    /// This is no e-mail address.
    InvalidEmail,
    /// It asks for nothing.
    Nothing,
    /// The incident does not exist, is not public, or is over.
    IncidentOver,
    /// The site has no such component.
    UnknownComponent,
    /// Too many requests of the site wait for their confirmation.
    TooMany,
}

/// Stores a request, and queues the mail with the link that confirms it.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn ask(
    sql: &impl Sql,
    form: &SubscriptionForm,
    sealer: &Sealer,
    now_ms: u64,
) -> Result<Asked, Fault> {
    let address = form.email.trim();
    if !is_email(address) || !is_address(address) || address.len() > MAX_ADDRESS {
        return Ok(Asked::InvalidEmail);
    }
    let ids: Vec<_> = form.incident.iter().cloned().collect();
    let state = projections::load(sql, ExtraIncidents::Ids(&ids))?.state;
    let Some(site) = &state.site else {
        return Ok(Asked::Nothing);
    };
    let now = timestamp(now_ms);
    let choice = match choice(form, &state, site, now_ms) {
        Ok(choice) => choice,
        Err(asked) => return Ok(asked),
    };
    let look_ups = sealer.look_ups(&site.slug, address);
    let since = now.plus_seconds(-COUNTED_S);
    let count = subscription_requests::count_since(sql, &look_ups, since)?;
    if count >= limits::SUBSCRIPTIONS_PER_ADDRESS || form.is_by_bot {
        return Ok(Asked::Accepted);
    }
    if subscription_requests::count_open(sql)? >= MAX_OPEN {
        return Ok(Asked::TooMany);
    }
    let contact = Contact {
        address: address.to_owned(),
        secret: random::secret()?,
    };
    let look_up = sealer.look_up(&site.slug, address);
    let sealed = contact.seal(sealer, &site.slug, &look_up)?;
    let message = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    sql.transaction(|| {
        let request = NewRequest {
            digest: &sha256_hex(contact.secret.as_bytes()),
            look_up: &look_up,
            sealed: &sealed,
            choice: &choice,
            created_at: now,
            expires_at: now.plus_seconds(CONFIRMED_WITHIN_S),
        };
        let id = subscription_requests::add(sql, &request)?;
        mailings::add_confirmation(sql, &message, id, CONFIRMATION_RANK, now)
    })?;
    Ok(Asked::Accepted)
}

/// Maximum length of an address, in bytes (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

fn choice(
    form: &SubscriptionForm,
    state: &State,
    site: &Site,
    now_ms: u64,
) -> Result<Choice, Asked> {
    let incident = match &form.incident {
        Some(id) => {
            let found = state.incidents.get(id);
            let explanation = form.explanation;
            let can = |incident: &&Incident| {
                is_public(incident) && can_subscribe(incident, explanation, timestamp(now_ms))
            };
            found.filter(can).ok_or(Asked::IncidentOver)?;
            Some(FollowedIncident {
                id: id.clone(),
                explanation,
            })
        }
        None => None,
    };
    let subscription = SiteSubscription {
        updates: form.updates,
        maintenance: form.maintenance,
        components: component_ids(form, &state.components).ok_or(Asked::UnknownComponent)?,
    };
    let chosen = Choice {
        language: language(form, site),
        site: (!subscription.is_empty()).then_some(subscription),
        incident,
    };
    match (&chosen.site, &chosen.incident) {
        (None, None) => Err(Asked::Nothing),
        _ => Ok(chosen),
    }
}

/// The ids of a form's components, by id or slug. `None` if the site lacks one.
pub fn component_ids(
    form: &SubscriptionForm,
    components: &[Component],
) -> Option<Vec<ComponentId>> {
    if form.has_malformed_component {
        return None;
    }
    let find = |name: &ComponentName| {
        let mut components = components.iter();
        let found = components.find(|component| match name {
            ComponentName::Id(id) => component.id == *id,
            ComponentName::Slug(slug) => component.slug == *slug,
        });
        found.map(|component| component.id.clone())
    };
    form.components.iter().map(find).collect()
}

/// The best of the site's languages for the reader.
pub fn language(form: &SubscriptionForm, site: &Site) -> Language {
    let tag = form.language.as_ref();
    tag.and_then(|tag| lookup(tag, &site.languages))
        .cloned()
        .unwrap_or_else(|| site.primary_language())
}
