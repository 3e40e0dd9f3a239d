//! Incidents as the operator API returns them.

use serde::{Deserialize, Serialize};

use super::restored;
use crate::{
    state::{State, promise},
    wire::{
        enums::{Confidence, Impact, InApp, Kind, Status},
        feed::{AffectedComponent, Contact, Postmortem, Restored},
        ids::{IncidentId, UpdateId},
        incident::{Acknowledgement, AudienceDefaults, Incident, IncidentComponent, Update},
        input::{Audience, IncidentText, RestoredTexts},
        language::Language,
        time::Timestamp,
    },
};
use std::collections::BTreeMap;

/// An incident with all its updates. The server serialises it, and the console deserialises it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentView {
    /// Unique id, with its prefix `inc_`.
    pub id: IncidentId,
    /// The kind, which decides the lifecycle.
    pub kind: Kind,
    /// Current status within the kind's lifecycle.
    pub status: Status,
    /// Current impact on users.
    pub impact: Impact,
    /// Worst impact so far. The all-clear is shown according to it.
    pub worst_impact: Impact,
    /// Effective presentation inside the app.
    pub in_app: InApp,
    /// Presentation chosen by the operator. `null`: derived from kind and impact.
    pub in_app_chosen: Option<InApp>,
    /// Whether users can minimise the card but not hide it, which is for incidents in which users lose work.
    pub hold: bool,
    /// Whether this is a drill, shown only on pages opened with `#allclear-drill`.
    pub drill: bool,
    /// Attention counter. A reader's hiding lasts until it rises.
    pub attention: u32,
    /// One-line summary of the problem.
    pub title: String,
    /// Advice for users in Markdown.
    pub advice: Option<String>,
    /// List of functions that still work.
    pub works: Vec<String>,
    /// List of functions that do not work.
    pub broken: Vec<String>,
    /// Affected components with their current statuses. Before a maintenance starts, these are not those in `touches`.
    pub components: Vec<AffectedComponent>,
    /// Affected components with the statuses that the incident gives them.
    pub touches: Vec<IncidentComponent>,
    /// Affected components and their statuses just before the end. Reopening restores them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_end: Vec<IncidentComponent>,
    /// Pages and users that the incident is for.
    pub audience: Option<Audience>,
    /// Defaults of the audience fields that the operator left open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_defaults: Option<AudienceDefaults>,
    /// Contacts for users. `null`: the site's contacts.
    pub contacts: Option<Vec<Contact>>,
    /// Ids of related incidents of the same site.
    pub related: Vec<IncidentId>,
    /// Whether the incident is not published.
    pub draft: bool,
    /// Time at which the draft is published automatically.
    pub publish_at: Option<Timestamp>,
    /// Time of publication. `null`: this is a draft.
    pub published_at: Option<Timestamp>,
    /// Start; before a maintenance has started, its planned start.
    pub started_at: Timestamp,
    /// End, once the incident is over.
    pub ended_at: Option<Timestamp>,
    /// Planned start of a maintenance.
    pub scheduled_for: Option<Timestamp>,
    /// Planned end of a maintenance.
    pub scheduled_until: Option<Timestamp>,
    /// Time from which users see a maintenance or announcement.
    pub announce_from: Option<Timestamp>,
    /// End of an announcement.
    pub announce_until: Option<Timestamp>,
    /// Whether `announce_from` has passed.
    pub announced: bool,
    /// Time at which the incident was due to appear, if it could not appear within 48 h. It waits
    /// for an operator, who publishes or discards it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Timestamp>,
    /// Whether a maintenance starts within 15 minutes.
    pub imminent: bool,
    /// Whether a maintenance starts automatically.
    pub auto_start: bool,
    /// Whether a maintenance completes automatically.
    pub auto_complete: bool,
    /// Promised time of the next update.
    pub next_update_at: Option<Timestamp>,
    /// Time at which the next update is due, by promise or cadence.
    pub owed_at: Option<Timestamp>,
    /// The last acknowledgement of an overdue update by an on-call target.
    #[serde(default)]
    pub acknowledged: Option<Acknowledgement>,
    /// Interval between updates in seconds. `null`: by the tier of the components.
    pub cadence_s: Option<u32>,
    /// Estimated end, as set by the operator.
    pub estimated_end_at: Option<Timestamp>,
    /// Confidence in the estimated end.
    pub confidence: Option<Confidence>,
    /// Whether chat and subscribers are notified of the publication. `null`: by kind and severity.
    #[serde(default)]
    pub notify: Option<bool>,
    /// The all-clear, once the incident is over.
    pub restored: Option<Restored>,
    /// Reason of the withdrawal, if the incident was published by mistake.
    pub withdrawn: Option<String>,
    /// The postmortem, once it is published.
    pub postmortem: Option<Postmortem>,
    /// Translations of all texts.
    pub text: BTreeMap<Language, IncidentText>,
    /// Time of creation, by the server's clock.
    pub created_at: Timestamp,
    /// Time of the last change, updates included.
    pub updated_at: Timestamp,
    /// All updates, newest first.
    pub updates: Vec<UpdateView>,
    /// URL of the public page.
    pub url: String,
}

/// An update as the operator API returns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateView {
    /// Unique id, with its prefix `upd_`.
    pub id: UpdateId,
    /// Id of the incident.
    pub incident_id: IncidentId,
    /// Status of the incident from this update on.
    pub status: Status,
    /// Full text in Markdown.
    pub body: String,
    /// Translations of the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
    /// Time of publication, by the server's clock.
    pub at: Timestamp,
    /// Time that this update promised for the next one.
    pub next_update_at: Option<Timestamp>,
    /// Whether chat and subscribers were notified. `null`: by severity and what changed.
    #[serde(default)]
    pub notify: Option<bool>,
    /// Time of the last correction of the text.
    pub corrected_at: Option<Timestamp>,
}

/// Projects an incident for operators. `None` if the state does not contain it.
pub fn incident(state: &State, id: &IncidentId, public_url: &str) -> Option<IncidentView> {
    let site = state.site.as_ref()?;
    let incident = state.incidents.get(id)?;
    let url = format!("{public_url}/s/{}/incidents/{}", site.slug, incident.id);
    let in_app = incident.effective_in_app();
    let is_draft = incident.is_draft();
    let updates = incident.updates.iter().rev();
    let updates = updates.map(|entry| update(incident, entry)).collect();
    let components = super::feed::affected(state, incident);
    let owed_at = promise::owed_at(state, incident);
    let restored = restored::project(incident, site.restored, &site.primary_language());
    let incident = incident.clone();
    Some(IncidentView {
        id: incident.id,
        kind: incident.kind,
        status: incident.status,
        impact: incident.impact,
        worst_impact: incident.worst_impact,
        in_app,
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
        missed_at: incident.missed_at,
        imminent: incident.imminent,
        auto_start: incident.auto_start,
        auto_complete: incident.auto_complete,
        next_update_at: incident.next_update_at,
        owed_at,
        acknowledged: incident.acknowledged,
        cadence_s: incident.cadence_s,
        estimated_end_at: incident.estimated_end_at,
        confidence: incident.confidence,
        notify: incident.notify,
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

/// Projects an update for operators.
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
        notify: update.notify,
        corrected_at: update.corrected_at,
    }
}

impl IncidentView {
    /// Whether the incident is not over. True before the start of a maintenance.
    pub fn is_open(&self) -> bool {
        !self.status.is_over() && self.withdrawn.is_none()
    }

    /// The latest update. `None` if there is none.
    pub fn newest(&self) -> Option<&UpdateView> {
        self.updates.first()
    }

    /// Reconstructs the stored incident, so that the console can dry-run commands. The reminder stage and `expired` are
    /// not part of the view; neither affects what users see while the incident is in force.
    pub fn to_incident(&self) -> Incident {
        let view = self.clone();
        let restored = view.restored.map(|restored| RestoredTexts {
            back: restored.back,
            check: restored.check,
            still: restored.still,
        });
        let updates = view.updates.into_iter().rev().map(|update| Update {
            id: update.id,
            status: update.status,
            body: update.body,
            text: update.text,
            at: update.at,
            next_update_at: update.next_update_at,
            notify: update.notify,
            corrected_at: update.corrected_at,
        });
        Incident {
            id: view.id,
            kind: view.kind,
            status: view.status,
            impact: view.impact,
            worst_impact: view.worst_impact,
            in_app: view.in_app_chosen,
            hold: view.hold,
            drill: view.drill,
            attention: view.attention,
            title: view.title,
            advice: view.advice,
            works: view.works,
            broken: view.broken,
            components: view.touches,
            audience: view.audience,
            audience_defaults: view.audience_defaults,
            contacts: view.contacts,
            related: view.related,
            published_at: view.published_at,
            publish_at: view.publish_at,
            started_at: view.started_at,
            ended_at: view.ended_at,
            scheduled_for: view.scheduled_for,
            scheduled_until: view.scheduled_until,
            announce_from: view.announce_from,
            announce_until: view.announce_until,
            auto_start: view.auto_start,
            auto_complete: view.auto_complete,
            announced: view.announced,
            imminent: view.imminent,
            next_update_at: view.next_update_at,
            estimated_end_at: view.estimated_end_at,
            confidence: view.confidence,
            cadence_s: view.cadence_s,
            reminded: None,
            acknowledged: view.acknowledged,
            missed_at: view.missed_at,
            before_end: view.before_end,
            notify: view.notify,
            restored: restored.filter(|texts| *texts != RestoredTexts::default()),
            withdrawn: view.withdrawn,
            postmortem: view.postmortem,
            text: view.text,
            expired: false,
            created_at: view.created_at,
            updated_at: view.updated_at,
            updates: updates.collect(),
        }
    }
}
