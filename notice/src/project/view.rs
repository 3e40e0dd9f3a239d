//! Incidents as operators read them.

use serde::Serialize;

use super::restored;
use crate::{
    promise,
    state::State,
    wire::{
        feed::{AffectedComponent, Contact, Postmortem, Restored},
        ids::{IncidentId, UpdateId},
        incident::{Incident, Update},
        input::{Audience, IncidentText},
        language::Language,
        time::Timestamp,
        words::{Confidence, Impact, InApp, Kind, Status},
    },
};
use std::collections::BTreeMap;

/// One incident with every update.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentView<'a> {
    /// Its id.
    pub id: &'a IncidentId,
    /// Which lifecycle it follows.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// How bad it is.
    pub impact: Impact,
    /// How loud it is.
    pub in_app: InApp,
    /// It can be minimised, not hidden.
    pub hold: bool,
    /// Shown only to those who rehearse.
    pub drill: bool,
    /// Hiding lasts until this rises.
    pub attention: u32,
    /// What is wrong, in a line.
    pub title: &'a str,
    /// What to do now.
    pub advice: Option<&'a str>,
    /// What still works.
    pub works: &'a [String],
    /// What does not.
    pub broken: &'a [String],
    /// What it touches.
    pub components: Vec<AffectedComponent>,
    /// Whom it is for.
    pub audience: Option<&'a Audience>,
    /// Whom to reach; `null`: the site's contacts.
    pub contacts: Option<&'a [Contact]>,
    /// Incidents that belong with it.
    pub related: &'a [IncidentId],
    /// It is held back.
    pub draft: bool,
    /// When it will be published by itself.
    pub publish_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Planned work: when it begins.
    pub scheduled_for: Option<Timestamp>,
    /// Planned work: when it is to end.
    pub scheduled_until: Option<Timestamp>,
    /// When users first hear of it.
    pub announce_from: Option<Timestamp>,
    /// An announcement: when it ends.
    pub announce_until: Option<Timestamp>,
    /// Planned work begins by itself.
    pub auto_start: bool,
    /// Planned work ends by itself.
    pub auto_complete: bool,
    /// The promise that stands.
    pub next_update_at: Option<Timestamp>,
    /// When the next word is owed, by promise or cadence.
    pub owed_at: Option<Timestamp>,
    /// How often an update is owed, in seconds; `null`: by tier.
    pub cadence_s: Option<u32>,
    /// When it is expected to end.
    pub estimated_end_at: Option<Timestamp>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// The all-clear, when it is over.
    pub restored: Option<Restored>,
    /// Why it was a mistake, when it was.
    pub withdrawn: Option<&'a str>,
    /// What was learned.
    pub postmortem: Option<&'a Postmortem>,
    /// The same in other languages.
    pub text: &'a BTreeMap<Language, IncidentText>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// Every update, newest first.
    pub updates: Vec<UpdateView<'a>>,
    /// Its public page.
    pub url: String,
}

/// One update.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateView<'a> {
    /// Its id.
    pub id: &'a UpdateId,
    /// Of which incident.
    pub incident_id: &'a IncidentId,
    /// Where the incident stood from then on.
    pub status: Status,
    /// What was said, whole.
    pub body: &'a str,
    /// The same in other languages.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub text: &'a BTreeMap<Language, String>,
    /// When.
    pub at: Timestamp,
    /// The promise it made.
    pub next_update_at: Option<Timestamp>,
    /// When its words were last corrected.
    pub corrected_at: Option<Timestamp>,
}

/// An incident with every update; `None` when the state does not hold it.
pub fn incident<'a>(
    state: &'a State,
    id: &IncidentId,
    public_url: &str,
) -> Option<IncidentView<'a>> {
    let site = state.site.as_ref()?;
    let incident = state.incidents.get(id)?;
    Some(IncidentView {
        id: &incident.id,
        kind: incident.kind,
        status: incident.status,
        impact: incident.impact,
        in_app: incident.loudness(),
        hold: incident.hold,
        drill: incident.drill,
        attention: incident.attention,
        title: &incident.title,
        advice: incident.advice.as_deref(),
        works: &incident.works,
        broken: &incident.broken,
        components: super::feed::affected(state, incident),
        audience: incident.audience.as_ref(),
        contacts: incident.contacts.as_deref(),
        related: &incident.related,
        draft: incident.is_draft(),
        publish_at: incident.publish_at,
        published_at: incident.published_at,
        started_at: incident.started_at,
        ended_at: incident.ended_at,
        scheduled_for: incident.scheduled_for,
        scheduled_until: incident.scheduled_until,
        announce_from: incident.announce_from,
        announce_until: incident.announce_until,
        auto_start: incident.auto_start,
        auto_complete: incident.auto_complete,
        next_update_at: incident.next_update_at,
        owed_at: promise::owed_at(state, incident),
        cadence_s: incident.cadence_s,
        estimated_end_at: incident.estimated_end_at,
        confidence: incident.confidence,
        restored: restored::of(incident, site.restored, &site.own_language()),
        withdrawn: incident.withdrawn.as_deref(),
        postmortem: incident.postmortem.as_ref(),
        text: &incident.text,
        created_at: incident.created_at,
        updated_at: incident.updated_at,
        updates: incident
            .updates
            .iter()
            .rev()
            .map(|entry| update(incident, entry))
            .collect(),
        url: format!("{public_url}/s/{}/incidents/{}", site.slug, incident.id),
    })
}

/// One update as operators read it.
pub fn update<'a>(incident: &'a Incident, update: &'a Update) -> UpdateView<'a> {
    UpdateView {
        id: &update.id,
        incident_id: &incident.id,
        status: update.status,
        body: &update.body,
        text: &update.text,
        at: update.at,
        next_update_at: update.next_update_at,
        corrected_at: update.corrected_at,
    }
}
