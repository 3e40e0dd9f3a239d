//! Plans the messages about events: their occurrences, and the channels that are notified. The
//! console's dry run counts the receivers of a plan.

use super::{
    default_notify,
    event_name::EventName,
    occurrence::{Occurrence, of_event},
    route::{Routes, routes},
};
use crate::{
    state::State,
    wire::{event::Event, ids::ComponentId, time::Timestamp},
};

/// An occurrence with the channels that are notified about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Index of the event that caused the occurrence.
    pub index: usize,
    /// The occurrence itself.
    pub occurrence: Occurrence,
    /// The channels, by the Notify switch of the post.
    pub routes: Routes,
}

/// The events and components that a webhook is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection<'a> {
    /// Whether its format is that of a chat.
    pub is_chat: bool,
    /// Names of events. Empty: all.
    pub events: &'a [EventName],
    /// Ids of components. Empty: all.
    pub components: &'a [ComponentId],
}

impl Planned {
    /// Whether a webhook with these limits is notified.
    pub fn reaches(&self, selection: Selection<'_>) -> bool {
        let is_notified = match selection.is_chat {
            true => self.routes.chat,
            false => self.routes.webhooks,
        };
        let event = self.occurrence.event;
        is_notified
            && (selection.events.is_empty() || selection.events.contains(&event))
            && self.occurrence.concerns(selection.components)
    }
}

/// Plans the messages about consecutive events. `before` is the state before the first event, `at`
/// the time of all events.
pub fn plan(before: &State, events: &[Event], at: Timestamp) -> Vec<Planned> {
    let mut before = before.clone();
    let mut planned = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let mut after = before.clone();
        after.apply(event, at);
        for occurrence in of_event(&before, event, &after) {
            let notify = is_notifying(&occurrence, event, &before, &after);
            planned.push(Planned {
                index,
                routes: routes(&occurrence, notify),
                occurrence,
            });
        }
        before = after;
    }
    planned
}

/// The value of the Notify switch for an occurrence of an event: the operator's choice, else the
/// default. `before` and `after` are the states before and after the event.
pub fn is_notifying(occurrence: &Occurrence, event: &Event, before: &State, after: &State) -> bool {
    let id = occurrence.incident.as_ref();
    let Some(incident) = id.and_then(|id| after.incidents.get(id)) else {
        return false;
    };
    let earlier = before.incidents.get(&incident.id);
    match (event, earlier.filter(|earlier| earlier.has_appeared())) {
        (Event::IncidentUpdated { update, .. }, Some(earlier)) => update
            .notify
            .unwrap_or_else(|| default_notify::of_update(earlier, incident)),
        (Event::IncidentChanged { .. }, Some(_)) => false,
        _ => incident
            .notify
            .unwrap_or_else(|| default_notify::of_publication(incident)),
    }
}
