//! What time alone changes.

use crate::{
    project::restored::expires_at,
    state::State,
    wire::{event::Event, incident::Incident, time::Timestamp},
};

/// Everything that is due by `now`, in the order of its due times.
pub fn pass(state: &State, now: Timestamp) -> Vec<Event> {
    let mut due: Vec<(Timestamp, Event)> = state
        .incidents
        .values()
        .filter_map(|incident| {
            let at = expiry(incident)?;
            let event = Event::NoticeExpired {
                incident: incident.id.clone(),
            };
            (at <= now).then_some((at, event))
        })
        .collect();
    due.sort_by_key(|(at, _)| *at);
    due.into_iter().map(|(_, event)| event).collect()
}

/// When time will next change something, if it will.
pub fn next_due(state: &State) -> Option<Timestamp> {
    state.incidents.values().filter_map(expiry).min()
}

/// When the all-clear of an incident that is over leaves the feed.
fn expiry(incident: &Incident) -> Option<Timestamp> {
    (!incident.expired)
        .then_some(incident.ended_at)
        .flatten()
        .map(expires_at)
}
