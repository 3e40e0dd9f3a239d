//! Events: the size of a new one, and the fields of an imported one.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    Complaints, Source,
    incidents::{
        correction_fields, incident_fields, postmortem_fields, template_fields, update_fields,
        withdrawal_fields,
    },
    settings::{component_fields, site_fields},
};
use crate::{
    limits,
    rejection::Rejection,
    state::State,
    wire::{
        event::{Event, IncidentChange},
        feed::Postmortem,
        incident::{Incident, Update},
        input::{
            CorrectedUpdate, IncidentText, NewComponent, NewIncident, NewPostmortem, NewSite,
            NewUpdate, Withdrawal,
        },
        language::Language,
        patch::Patch,
        words::Kind,
    },
};

/// Whether a new event fits into a row of the journal.
///
/// # Errors
/// [`Rejection::Fields`] with the largest field, when its JSON is larger than [`limits::EVENT`].
pub fn size(event: &Event) -> Result<(), Rejection> {
    // An event that cannot be serialised is refused where it is stored.
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

/// A JSON pointer to the largest field of what an event stores, named as in the request that it came from.
fn largest_field(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    let stored = json.as_object().into_iter().flatten();
    let fields = stored.flat_map(|(name, value)| match value {
        Json::Object(fields) if name != "text" => fields.iter().collect(),
        value => vec![(name, value)],
    });
    fields
        .max_by_key(|(_, value)| value.to_string().len())
        // A request calls the texts of its update so too.
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

/// Whether an imported event holds what a request may write: lengths, counts, ranges, URL schemes. `after` is the state
/// that it leads to. Rules that are newer than the journal are left out, see `Source::Journal`; so is the number of
/// updates, which planned work that begins and ends by itself may exceed.
///
/// # Errors
/// [`Rejection::Fields`], with pointers as in a request.
pub fn event(event: &Event, after: &State) -> Result<(), Rejection> {
    let mut complaints = Complaints {
        source: Source::Journal,
        ..Complaints::default()
    };
    match event {
        Event::SiteCreated { site } | Event::SiteChanged { site } => {
            site_fields(&mut complaints, &NewSite::of(site));
        }
        Event::ComponentCreated { component } | Event::ComponentChanged { component } => {
            component_fields(&mut complaints, &NewComponent::of(component));
            complaints.count("/components", after.components.len(), limits::COMPONENTS);
        }
        Event::TemplateCreated { template } | Event::TemplateChanged { template } => {
            template_fields(&mut complaints, &template.words);
            complaints.count("/templates", after.templates.len(), limits::TEMPLATES);
        }
        Event::IncidentCreated { incident } | Event::IncidentChanged { incident } => {
            stored_incident(&mut complaints, incident);
        }
        Event::IncidentUpdated {
            incident,
            update,
            change,
        } => {
            // Of one that is not there, nothing is kept.
            if let Some(incident) = after.incidents.get(incident) {
                posted_update(&mut complaints, incident.kind, update, change);
            }
        }
        Event::IncidentWithdrawn { reason, .. } => withdrawn(&mut complaints, reason),
        Event::UpdateCorrected { body, text, .. } => said(&mut complaints, body, text),
        Event::PostmortemPublished { postmortem, .. } => learned(&mut complaints, postmortem),
        Event::SiteRestored { head, .. } => hash(&mut complaints, "/head", head),
        Event::SiteRedacted { rows } => {
            for (index, row) in rows.iter().enumerate() {
                hash(
                    &mut complaints,
                    &format!("/rows/{index}/digest"),
                    &row.digest,
                );
            }
        }
        Event::JournalRepaired { .. }
        | Event::ComponentDeleted { .. }
        | Event::TemplateDeleted { .. }
        | Event::IncidentPublished { .. }
        | Event::IncidentDeleted { .. }
        | Event::NoticeAnnounced { .. }
        | Event::NoticeImminent { .. }
        | Event::NoticeExpired { .. }
        | Event::PromiseDue { .. }
        | Event::PromiseOverdue { .. }
        | Event::PromiseEscalated { .. } => {}
    }
    complaints.settle()
}

/// These texts are no redaction's to erase, so they hold nothing else.
fn hash(complaints: &mut Complaints, pointer: &str, text: &str) {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        complaints.add(pointer, "Must be a SHA-256 digest in hex.");
    }
}

fn stored_incident(complaints: &mut Complaints, incident: &Incident) {
    incident_fields(complaints, &NewIncident::of(incident));
    for update in &incident.updates {
        said(complaints, &update.body, &update.text);
    }
    if let Some(reason) = &incident.withdrawn {
        withdrawn(complaints, reason);
    }
    if let Some(postmortem) = &incident.postmortem {
        learned(complaints, postmortem);
    }
}

fn posted_update(
    complaints: &mut Complaints,
    kind: Kind,
    update: &Update,
    change: &IncidentChange,
) {
    let input = NewUpdate {
        body: update.body.clone(),
        status: Some(update.status),
        impact: change.impact,
        // These are all that the incident touches by now, not those that the update named.
        components: Vec::new(),
        advice: change.advice.clone(),
        works: change.works.clone(),
        broken: change.broken.clone(),
        next_update_at: update.next_update_at,
        estimated_end_at: Patch::Keep,
        confidence: Patch::Keep,
        renotify: None,
        restored: change.restored.value().cloned(),
        text: with_bodies(change.text.clone().unwrap_or_default(), &update.text),
    };
    update_fields(complaints, &input, kind);
}

/// An incident's texts with an update's bodies among them, as a request has them.
fn with_bodies(
    mut text: BTreeMap<Language, IncidentText>,
    bodies: &BTreeMap<Language, String>,
) -> BTreeMap<Language, IncidentText> {
    for (language, body) in bodies {
        text.entry(language.clone()).or_default().body = Some(body.clone());
    }
    text
}

fn said(complaints: &mut Complaints, body: &str, text: &BTreeMap<Language, String>) {
    let input = CorrectedUpdate {
        body: body.to_owned(),
        text: with_bodies(BTreeMap::new(), text),
    };
    correction_fields(complaints, &input);
}

fn withdrawn(complaints: &mut Complaints, reason: &str) {
    let input = Withdrawal {
        reason: reason.to_owned(),
    };
    withdrawal_fields(complaints, &input);
}

fn learned(complaints: &mut Complaints, postmortem: &Postmortem) {
    let input = NewPostmortem {
        root_cause: postmortem.root_cause.clone(),
        window: postmortem.window,
        remedy: postmortem.remedy.clone(),
        prevention: postmortem.prevention.clone(),
    };
    postmortem_fields(complaints, &input);
}
