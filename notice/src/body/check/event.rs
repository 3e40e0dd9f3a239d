//! Checks of events: the size of new ones, and the fields of imported ones.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    FieldErrors, Rules, Source,
    incidents::{
        correction_fields, incident_fields, postmortem_fields, template_fields, update_fields,
        withdrawal_fields,
    },
    settings::{component_fields, stored_site},
};
use crate::{
    limits,
    rejection::Rejection,
    state::State,
    wire::{
        enums::Kind,
        event::{Event, IncidentChange},
        feed::Postmortem,
        incident::{Incident, Update},
        input::{
            CorrectedUpdate, IncidentText, NewComponent, NewIncident, NewPostmortem, NewSite,
            NewUpdate, Withdrawal,
        },
        language::Language,
        patch::Patch,
        site::Site,
    },
};

/// Checks that a new event fits into a journal row.
///
/// # Errors
/// [`Rejection::Fields`] with the largest field, if the event's JSON is larger than [`limits::EVENT`].
pub fn size(event: &Event) -> Result<(), Rejection> {
    // Storing an event that cannot be serialised fails anyway.
    let bytes = serde_json::to_string(event).map_or(0, |text| text.len());
    if bytes <= limits::EVENT {
        return Ok(());
    }
    Err(Rejection::field(
        largest_field(event),
        format!(
            "Is too long together with the other texts: {bytes} bytes, but at most {} fit; \
             shorten the texts, or translate them into fewer languages.",
            limits::EVENT
        ),
    ))
}

/// Returns a JSON pointer to the largest field of an event, with the field's name in the request.
fn largest_field(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    let stored = json.as_object().into_iter().flatten();
    let fields = stored.flat_map(|(name, value)| match value {
        Json::Object(fields) if name != "text" => fields.iter().collect(),
        value => vec![(name, value)],
    });
    fields
        .max_by_key(|(_, value)| value.to_string().len())
        // An event has translations of updates in `updates`; a request has them in `text`.
        .map(|(name, _)| {
            if name == "updates" {
                "text"
            } else {
                name.as_str()
            }
        })
        .map(|name| format!("/{name}"))
        .unwrap_or_default()
}

/// Checks an imported event against the rules of requests. `before` is the site before the event,
/// `after` the state after the event. Does not check the number of updates, because automatic
/// updates of a maintenance may exceed the limit.
///
/// # Errors
/// [`Rejection::Fields`], with pointers as in a request.
pub fn event(
    event: &Event,
    before: Option<&Site>,
    after: &State,
    rules: Rules,
) -> Result<(), Rejection> {
    let mut errors = FieldErrors {
        source: Source::Journal(rules),
        ..FieldErrors::default()
    };
    match event {
        Event::SiteCreated { site } | Event::SiteChanged { site } => {
            stored_site(&mut errors, &NewSite::of(site), before);
        }
        Event::ComponentCreated { component } | Event::ComponentChanged { component } => {
            component_fields(&mut errors, &NewComponent::of(component));
            errors.count("/components", after.components.len(), limits::COMPONENTS);
        }
        Event::TemplateCreated { template } | Event::TemplateChanged { template } => {
            template_fields(&mut errors, &template.content);
            errors.count("/templates", after.templates.len(), limits::TEMPLATES);
        }
        Event::IncidentCreated { incident } => {
            stored_incident(&mut errors, incident);
            other_texts(&mut errors, incident);
            if rules != Rules::Earlier {
                known_components(&mut errors, incident, after);
            }
        }
        Event::IncidentChanged { incident } => {
            stored_incident(&mut errors, incident);
            // These texts are from earlier events, which followed the rules of their time.
            errors.source = Source::Journal(Rules::Earlier);
            other_texts(&mut errors, incident);
        }
        Event::IncidentUpdated {
            incident,
            update,
            change,
        } => {
            // An update of an incident that does not exist has no effect.
            if let Some(incident) = after.incidents.get(incident) {
                posted_update(&mut errors, incident.kind, update, change);
            }
        }
        Event::IncidentWithdrawn { reason, .. } => withdrawal_reason(&mut errors, reason),
        Event::UpdateCorrected { body, text, .. } => correction_texts(&mut errors, body, text),
        Event::PostmortemPublished { postmortem, .. } => postmortem_texts(&mut errors, postmortem),
        Event::SiteRestored { head, .. } => digest(&mut errors, "/head", head),
        Event::SiteRedacted { rows } => {
            for (index, row) in rows.iter().enumerate() {
                digest(&mut errors, &format!("/rows/{index}/digest"), &row.digest);
            }
        }
        Event::WebhookDisabled { host, .. } => errors.line("/host", host, limits::VALUE),
        Event::PromiseAcknowledged { name, .. } => errors.line("/name", name, limits::VALUE),
        Event::OnCallNotified { message } => {
            errors.line("/message/name", &message.name, limits::VALUE);
        }
        Event::OnCallFailed { message, reason } => {
            errors.line("/message/name", &message.name, limits::VALUE);
            errors.line("/reason", reason, limits::VALUE);
        }
        Event::JournalRepaired { .. }
        | Event::ClockCorrected { .. }
        | Event::ComponentDeleted { .. }
        | Event::TemplateDeleted { .. }
        | Event::IncidentPublished { .. }
        | Event::IncidentDeleted { .. }
        | Event::NoticeAnnounced { .. }
        | Event::NoticeImminent { .. }
        | Event::NoticeExpired { .. }
        | Event::ScheduleMissed { .. }
        | Event::PromiseDue { .. }
        | Event::PromiseOverdue { .. }
        | Event::PromiseEscalated { .. } => {}
    }
    errors.into_result()
}

/// Checks a digest. Redactions do not search digests, so a digest must not be able to hold any other text.
fn digest(errors: &mut FieldErrors, pointer: &str, text: &str) {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        errors.add(pointer, "Must be a SHA-256 digest in hex.");
    }
}

fn stored_incident(errors: &mut FieldErrors, incident: &Incident) {
    incident_fields(errors, &NewIncident::from(incident));
}

/// Checks that the site has the components of a new incident.
fn known_components(errors: &mut FieldErrors, incident: &Incident, after: &State) {
    for (index, affected) in incident.components.iter().enumerate() {
        let mut known = after.components.iter();
        if !known.any(|component| component.id == affected.id) {
            errors.add(
                format!("/components/{index}/id"),
                "There is no component with this id.",
            );
        }
    }
}

/// Checks the texts of an incident that [`stored_incident`] does not check: those of updates, the name of who
/// acknowledged, the reason of a withdrawal, a postmortem.
fn other_texts(errors: &mut FieldErrors, incident: &Incident) {
    for update in &incident.updates {
        correction_texts(errors, &update.body, &update.text);
    }
    if let Some(acknowledged) = &incident.acknowledged {
        errors.line("/acknowledged/name", &acknowledged.name, limits::VALUE);
    }
    if let Some(reason) = &incident.withdrawn {
        withdrawal_reason(errors, reason);
    }
    if let Some(postmortem) = &incident.postmortem {
        postmortem_texts(errors, postmortem);
    }
}

fn posted_update(errors: &mut FieldErrors, kind: Kind, update: &Update, change: &IncidentChange) {
    let input = NewUpdate {
        body: update.body.clone(),
        status: Some(update.status),
        impact: change.impact,
        // `change.components` holds all components of the incident, not those of the request.
        components: Vec::new(),
        advice: change.advice.clone(),
        works: change.works.clone(),
        broken: change.broken.clone(),
        next_update_at: update.next_update_at,
        estimated_end_at: Patch::Keep,
        confidence: Patch::Keep,
        renotify: None,
        notify: None,
        restored: change.restored.value().cloned(),
        text: as_in_request(&update.text),
    };
    update_fields(errors, &input, kind);
    // `change.text` also contains the translations that this update has not changed.
    errors.source = Source::Journal(Rules::Earlier);
    errors.text(&change.text.clone().unwrap_or_default());
}

/// Returns an update's translations in the form that they have in a request.
fn as_in_request(bodies: &BTreeMap<Language, String>) -> BTreeMap<Language, IncidentText> {
    let translation = |body: &String| IncidentText {
        body: Some(body.clone()),
        ..IncidentText::default()
    };
    bodies
        .iter()
        .map(|(language, body)| (language.clone(), translation(body)))
        .collect()
}

fn correction_texts(errors: &mut FieldErrors, body: &str, text: &BTreeMap<Language, String>) {
    let input = CorrectedUpdate {
        body: body.to_owned(),
        text: as_in_request(text),
    };
    correction_fields(errors, &input);
}

fn withdrawal_reason(errors: &mut FieldErrors, reason: &str) {
    let input = Withdrawal {
        reason: reason.to_owned(),
    };
    withdrawal_fields(errors, &input);
}

fn postmortem_texts(errors: &mut FieldErrors, postmortem: &Postmortem) {
    let input = NewPostmortem {
        root_cause: postmortem.root_cause.clone(),
        window: postmortem.window,
        remedy: postmortem.remedy.clone(),
        prevention: postmortem.prevention.clone(),
    };
    postmortem_fields(errors, &input);
}
