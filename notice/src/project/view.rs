//! Incidents as operators read them.

use serde::{Deserialize, Serialize};

use super::restored;
use crate::{
    promise,
    state::State,
    wire::{
        feed::{AffectedComponent, Contact, Postmortem, Restored},
        ids::{IncidentId, UpdateId},
        incident::{AudienceDefaults, Incident, IncidentComponent, Update},
        input::{Audience, IncidentText, RestoredWords},
        language::Language,
        time::Timestamp,
        words::{Confidence, Impact, InApp, Kind, Status},
    },
};
use std::collections::BTreeMap;

/// One incident with every update. The server writes it and the console reads it, so both know one vocabulary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentView {
    /// Its id.
    pub id: IncidentId,
    /// Which lifecycle it follows.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// How bad it is.
    pub impact: Impact,
    /// How bad it has been at its worst: by this the all-clear is shown.
    pub worst_impact: Impact,
    /// How loud it is.
    pub in_app: InApp,
    /// How loud the operator wants it; `null`: by impact.
    pub in_app_chosen: Option<InApp>,
    /// It can be minimised, not hidden.
    pub hold: bool,
    /// Shown only to those who rehearse.
    pub drill: bool,
    /// Hiding lasts until this rises.
    pub attention: u32,
    /// What is wrong, in a line.
    pub title: String,
    /// What to do now.
    pub advice: Option<String>,
    /// What still works.
    pub works: Vec<String>,
    /// What does not.
    pub broken: Vec<String>,
    /// What it touches, and how that does now.
    pub components: Vec<AffectedComponent>,
    /// What it touches as it says, which of planned work is what is to come.
    pub touches: Vec<IncidentComponent>,
    /// What it touched, and how, when it ended: as broken as that when it begins again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_end: Vec<IncidentComponent>,
    /// Whom it is for.
    pub audience: Option<Audience>,
    /// What holds where the audience leaves it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_defaults: Option<AudienceDefaults>,
    /// Whom to reach; `null`: the site's contacts.
    pub contacts: Option<Vec<Contact>>,
    /// Incidents that belong with it.
    pub related: Vec<IncidentId>,
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
    /// The time to announce it has come.
    pub announced: bool,
    /// Planned work is about to begin.
    pub imminent: bool,
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
    pub withdrawn: Option<String>,
    /// What was learned.
    pub postmortem: Option<Postmortem>,
    /// The same in other languages.
    pub text: BTreeMap<Language, IncidentText>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// Every update, newest first.
    pub updates: Vec<UpdateView>,
    /// Its public page.
    pub url: String,
}

/// One update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateView {
    /// Its id.
    pub id: UpdateId,
    /// Of which incident.
    pub incident_id: IncidentId,
    /// Where the incident stood from then on.
    pub status: Status,
    /// What was said, whole.
    pub body: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
    /// When.
    pub at: Timestamp,
    /// The promise it made.
    pub next_update_at: Option<Timestamp>,
    /// When its words were last corrected.
    pub corrected_at: Option<Timestamp>,
}

/// An incident with every update; `None` when the state does not hold it.
pub fn incident(state: &State, id: &IncidentId, public_url: &str) -> Option<IncidentView> {
    let site = state.site.as_ref()?;
    let incident = state.incidents.get(id)?;
    let url = format!("{public_url}/s/{}/incidents/{}", site.slug, incident.id);
    let loudness = incident.loudness();
    let is_draft = incident.is_draft();
    let updates = incident.updates.iter().rev();
    let updates = updates.map(|entry| update(incident, entry)).collect();
    let components = super::feed::affected(state, incident);
    let owed_at = promise::owed_at(state, incident);
    let restored = restored::of(incident, site.restored, &site.own_language());
    let incident = incident.clone();
    Some(IncidentView {
        id: incident.id,
        kind: incident.kind,
        status: incident.status,
        impact: incident.impact,
        worst_impact: incident.worst_impact,
        in_app: loudness,
        in_app_chosen: incident.in_app,
        hold: incident.hold,
        drill: incident.drill,
        attention: incident.attention,
        title: incident.title,
        advice: incident.advice,
        works: incident.works,
        broken: incident.broken,
        components,
        touches: incident.components,
        before_end: incident.before_end,
        audience: incident.audience,
        audience_defaults: incident.audience_defaults,
        contacts: incident.contacts,
        related: incident.related,
        draft: is_draft,
        publish_at: incident.publish_at,
        published_at: incident.published_at,
        started_at: incident.started_at,
        ended_at: incident.ended_at,
        scheduled_for: incident.scheduled_for,
        scheduled_until: incident.scheduled_until,
        announce_from: incident.announce_from,
        announce_until: incident.announce_until,
        announced: incident.announced,
        imminent: incident.imminent,
        auto_start: incident.auto_start,
        auto_complete: incident.auto_complete,
        next_update_at: incident.next_update_at,
        owed_at,
        cadence_s: incident.cadence_s,
        estimated_end_at: incident.estimated_end_at,
        confidence: incident.confidence,
        restored,
        withdrawn: incident.withdrawn,
        postmortem: incident.postmortem,
        text: incident.text,
        created_at: incident.created_at,
        updated_at: incident.updated_at,
        updates,
        url,
    })
}

/// One update as operators read it.
pub fn update(incident: &Incident, update: &Update) -> UpdateView {
    let update = update.clone();
    UpdateView {
        id: update.id,
        incident_id: incident.id.clone(),
        status: update.status,
        body: update.body,
        text: update.text,
        at: update.at,
        next_update_at: update.next_update_at,
        corrected_at: update.corrected_at,
    }
}

impl IncidentView {
    /// Whether it goes on, or is yet to begin.
    pub fn is_open(&self) -> bool {
        !self.status.is_over() && self.withdrawn.is_none()
    }

    /// Its newest update.
    pub fn newest(&self) -> Option<&UpdateView> {
        self.updates.first()
    }

    /// The incident that it shows, so that whoever reads it can ask the rules what would follow from a change. Two
    /// things only are not told, and change nothing that users see while it is in force: how far operators have been
    /// reminded, and that an all-clear has left the feed.
    pub fn to_incident(&self) -> Incident {
        let shown = self.clone();
        let restored = shown.restored.map(|restored| RestoredWords {
            back: restored.back,
            check: restored.check,
            still: restored.still,
        });
        let updates = shown.updates.into_iter().rev().map(|update| Update {
            id: update.id,
            status: update.status,
            body: update.body,
            text: update.text,
            at: update.at,
            next_update_at: update.next_update_at,
            corrected_at: update.corrected_at,
        });
        Incident {
            id: shown.id,
            kind: shown.kind,
            status: shown.status,
            impact: shown.impact,
            worst_impact: shown.worst_impact,
            in_app: shown.in_app_chosen,
            hold: shown.hold,
            drill: shown.drill,
            attention: shown.attention,
            title: shown.title,
            advice: shown.advice,
            works: shown.works,
            broken: shown.broken,
            components: shown.touches,
            audience: shown.audience,
            audience_defaults: shown.audience_defaults,
            contacts: shown.contacts,
            related: shown.related,
            published_at: shown.published_at,
            publish_at: shown.publish_at,
            started_at: shown.started_at,
            ended_at: shown.ended_at,
            scheduled_for: shown.scheduled_for,
            scheduled_until: shown.scheduled_until,
            announce_from: shown.announce_from,
            announce_until: shown.announce_until,
            auto_start: shown.auto_start,
            auto_complete: shown.auto_complete,
            announced: shown.announced,
            imminent: shown.imminent,
            next_update_at: shown.next_update_at,
            estimated_end_at: shown.estimated_end_at,
            confidence: shown.confidence,
            cadence_s: shown.cadence_s,
            reminded: None,
            before_end: shown.before_end,
            restored: restored.filter(|words| *words != RestoredWords::default()),
            withdrawn: shown.withdrawn,
            postmortem: shown.postmortem,
            text: shown.text,
            expired: false,
            created_at: shown.created_at,
            updated_at: shown.updated_at,
            updates: updates.collect(),
        }
    }
}
