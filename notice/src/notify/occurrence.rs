//! Derives occurrences, about which webhooks, chats and on-call targets are notified, from journal events.

use serde::{Deserialize, Serialize};

use super::event_name::EventName;
use crate::{
    state::State,
    wire::{
        component::Component,
        enums::{ComponentStatus, Kind, Status},
        event::Event,
        ids::{ComponentId, IncidentId, Slug},
        incident::{Incident, Reminded},
        time::Timestamp,
    },
};

/// Something that happened to a site and that others are notified about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The name in webhooks.
    pub event: EventName,
    /// The incident that the occurrence is about, or that caused the occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// Whether that incident is a drill.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drill: bool,
    /// The components that the occurrence is about; empty if it is not about components.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ComponentId>,
    /// Facts that the incident does not have.
    #[serde(default, skip_serializing_if = "Detail::is_none")]
    pub detail: Detail,
}

/// Facts about an occurrence that are not part of its incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The incident has all facts.
    #[default]
    None,
    /// The component whose status changed.
    Component(StatusChange),
    /// The update that is due.
    Promise(Reminded),
    /// The post that waits for an operator.
    HeldPost {
        /// Time at which it was due to appear.
        due_at: Timestamp,
    },
    /// The webhook that was disabled.
    Webhook {
        /// Id of the webhook.
        id: String,
        /// Host of its URL. The rest of the URL may be secret.
        host: String,
        /// Reason, as a sentence.
        reason: String,
    },
    /// The session that was not used.
    Session {
        /// Id of the session's token.
        id: String,
        /// Name of the device; may be empty.
        name: String,
        /// Day of the last use, or of the sign-in if there was none.
        used_at: Timestamp,
    },
}

impl Detail {
    /// Whether the incident has all facts.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// A change of a component's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Id of the component.
    pub id: ComponentId,
    /// Slug of the component.
    pub slug: Slug,
    /// Name shown to users.
    pub name: String,
    /// Status since the change.
    pub status: ComponentStatus,
    /// Status before the change.
    pub previous_status: ComponentStatus,
}

impl Occurrence {
    /// Whether a webhook that is limited to these components is notified. An empty list is no
    /// limit, and every webhook is notified of an occurrence that is not about components.
    pub fn concerns(&self, components: &[ComponentId]) -> bool {
        components.is_empty()
            || self.components.is_empty()
            || self.components.iter().any(|id| components.contains(id))
    }
}

/// The occurrence of a verification that found a difference.
pub fn verify_failed() -> Occurrence {
    of_site(EventName::SiteVerifyFailed, Detail::None)
}

/// The occurrence of a webhook that was disabled. `reason` is a sentence.
pub fn webhook_disabled(id: String, host: String, reason: String) -> Occurrence {
    let detail = Detail::Webhook { id, host, reason };
    of_site(EventName::WebhookDisabled, detail)
}

/// The occurrence of a session that has not been used for long. `used_at` is the day of its last use.
pub fn session_unused(id: String, name: String, used_at: Timestamp) -> Occurrence {
    let detail = Detail::Session { id, name, used_at };
    of_site(EventName::SessionUnused, detail)
}

fn of_site(event: EventName, detail: Detail) -> Occurrence {
    Occurrence {
        event,
        incident: None,
        drill: false,
        components: Vec::new(),
        detail,
    }
}

/// Returns the occurrences of consecutive events, each with the index of its event. The caller must
/// project an occurrence from the state after that event. `before` is the state before the first
/// event, `at` the time of all events.
pub fn of_events(before: &State, events: &[Event], at: Timestamp) -> Vec<(usize, Occurrence)> {
    let mut before = before.clone();
    let mut found = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let mut after = before.clone();
        after.apply(event, at);
        let occurrences = of_event(&before, event, &after);
        found.extend(occurrences.into_iter().map(|one| (index, one)));
        before = after;
    }
    found
}

/// Returns the occurrences of one event: first that of its incident, then one for each component
/// whose status the event changed.
pub fn of_event(before: &State, event: &Event, after: &State) -> Vec<Occurrence> {
    let Some(id) = event.incident() else {
        return Vec::new();
    };
    let Some(incident) = after.incidents.get(id) else {
        return Vec::new();
    };
    let named = of_incident(before.incidents.get(id), event, incident);
    let own = named.map(|(name, detail)| Occurrence {
        event: name,
        incident: Some(id.clone()),
        drill: incident.drill,
        components: component_ids(incident),
        detail,
    });
    let changed = status_changes(before, after).map(|change| Occurrence {
        event: EventName::ComponentStatusChanged,
        incident: Some(id.clone()),
        drill: incident.drill,
        components: vec![change.id.clone()],
        detail: Detail::Component(change),
    });
    own.into_iter().chain(changed).collect()
}

fn component_ids(incident: &Incident) -> Vec<ComponentId> {
    let ids = incident.components.iter().map(|affected| &affected.id);
    ids.cloned().collect()
}

fn of_incident(
    before: Option<&Incident>,
    event: &Event,
    after: &Incident,
) -> Option<(EventName, Detail)> {
    if let Event::ScheduleMissed { due_at, .. } = event {
        let detail = Detail::HeldPost { due_at: *due_at };
        return Some((EventName::SitePostHeld, detail));
    }
    if !after.has_appeared() {
        return None;
    }
    let reminded = |reminded: &Reminded| Detail::Promise(*reminded);
    Some(match event {
        Event::PromiseDue { reminded: due, .. } => (EventName::PromiseDue, reminded(due)),
        Event::PromiseOverdue { reminded: due, .. } => (EventName::PromiseOverdue, reminded(due)),
        Event::PromiseEscalated { reminded: due, .. } => {
            (EventName::PromiseEscalated, reminded(due))
        }
        _ => {
            let name = match before.filter(|before| before.has_appeared()) {
                Some(before) => name_of_change(before, event, after),
                None => name_of_appearance(after),
            };
            (name?, Detail::None)
        }
    })
}

/// The event name of an incident's first appearance to users. `None` if the incident was over by then.
fn name_of_appearance(incident: &Incident) -> Option<EventName> {
    if !incident.is_open() {
        return None;
    }
    Some(match (incident.kind, incident.status) {
        (Kind::Maintenance, Status::Scheduled) => EventName::MaintenanceAnnounced,
        (Kind::Maintenance, _) => EventName::MaintenanceStarted,
        (Kind::Announcement, _) => EventName::AnnouncementPublished,
        (Kind::Incident | Kind::Unknown, _) => EventName::IncidentPublished,
    })
}

/// The event name of a change of an incident that users have seen. `None` if nobody is notified of the change.
fn name_of_change(before: &Incident, event: &Event, after: &Incident) -> Option<EventName> {
    let name = match event {
        Event::IncidentUpdated { .. } => name_of_update(before, after),
        Event::IncidentChanged { .. } if is_public_change(before, after) => {
            EventName::IncidentUpdated
        }
        Event::IncidentWithdrawn { .. } => EventName::IncidentWithdrawn,
        Event::PostmortemPublished { .. } if before.postmortem.is_none() => {
            EventName::PostmortemPublished
        }
        _ => return None,
    };
    let is_reopened = name == EventName::IncidentReopened;
    (is_reopened || !ended_before_publication(before)).then_some(name)
}

fn name_of_update(before: &Incident, after: &Incident) -> EventName {
    match (
        before.status.is_over(),
        after.status.is_over(),
        before.status,
        after.kind,
    ) {
        (true, false, ..) => EventName::IncidentReopened,
        (false, true, _, Kind::Maintenance) => EventName::MaintenanceCompleted,
        (false, true, _, Kind::Announcement) => EventName::AnnouncementEnded,
        (false, true, ..) => EventName::IncidentResolved,
        (_, _, Status::Scheduled, _) if after.status != Status::Scheduled => {
            EventName::MaintenanceStarted
        }
        _ => EventName::IncidentUpdated,
    }
}

/// Whether a change without an update concerns what users act on: severity, components, advice, promise, estimate or
/// schedule. All other changes, and all after the end, are corrections.
fn is_public_change(before: &Incident, after: &Incident) -> bool {
    let facts = |incident: &Incident| {
        let components: Vec<(ComponentId, ComponentStatus)> = incident
            .components
            .iter()
            .map(|affected| (affected.id.clone(), affected.status))
            .collect();
        let times = [
            incident.next_update_at,
            incident.estimated_end_at,
            incident.scheduled_for,
            incident.scheduled_until,
            incident.announce_until,
        ];
        (
            incident.impact,
            components,
            incident.advice.clone(),
            [incident.works.clone(), incident.broken.clone()],
            times,
            incident.confidence,
        )
    };
    after.is_open() && facts(before) != facts(after)
}

/// Whether an incident was over when it was published. Nobody is notified of such an incident and
/// its later changes, except for a reopening.
pub fn ended_before_publication(incident: &Incident) -> bool {
    let Some(published_at) = incident.published_at else {
        return false;
    };
    match incident.updates.first() {
        Some(first) => first.status.is_over() && first.at <= published_at,
        None => incident.ended_at.is_some_and(|at| at <= published_at),
    }
}

fn status_changes<'a>(
    before: &'a State,
    after: &'a State,
) -> impl Iterator<Item = StatusChange> + 'a {
    let previous = |id: &ComponentId| before.components.iter().find(|one| one.id == *id);
    let changed = move |component: &'a Component| {
        let previous_status = previous(&component.id)?.status;
        (previous_status != component.status).then(|| StatusChange {
            id: component.id.clone(),
            slug: component.slug.clone(),
            name: component.name.clone(),
            status: component.status,
            previous_status,
        })
    };
    after.components.iter().filter_map(changed)
}
