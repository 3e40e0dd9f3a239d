//! Dry runs: the site's state after a form, computed with the same rules as on the server.

use notice::{
    body::merge::MergePatch,
    decide::{change_incident, create_incident, post_update, withdraw_incident},
    project::view::IncidentView,
    rejection::Rejection,
    state::State,
    wire::{
        enums::{Impact, Kind},
        event::Event,
        ids::{IncidentId, UpdateId},
        input::{NewIncident, NewUpdate, Withdrawal},
        time::Timestamp,
    },
};
use serde_json::Value;

use crate::context::Snapshot;

/// Builds the state of a site with its components and at most one incident.
pub fn state_of(snapshot: &Snapshot, incident: Option<&IncidentView>, now: Timestamp) -> State {
    let mut state = State::default();
    let mut apply = |event: Event| state.apply(&event, now);
    apply(Event::SiteCreated {
        site: snapshot.site.clone(),
    });
    for component in &snapshot.components {
        apply(Event::ComponentCreated {
            component: component.clone(),
        });
    }
    if let Some(incident) = incident {
        apply(Event::IncidentCreated {
            incident: Box::new(incident.to_incident()),
        });
    }
    state
}

/// Builds the state of a site with all incidents of the snapshot. `incident` replaces the snapshot's version of it.
pub fn whole_state(snapshot: &Snapshot, incident: Option<&IncidentView>, now: Timestamp) -> State {
    let known = snapshot.incidents.iter().chain(incident);
    let known = known.map(|incident| (incident.id.clone(), incident.to_incident()));
    let mut state = State {
        components: snapshot.components.clone(),
        incidents: known.collect(),
        ..State::default()
    };
    // Derives the statuses of components from the incidents.
    state.apply(
        &Event::SiteCreated {
            site: snapshot.site.clone(),
        },
        now,
    );
    state
}

fn after(state: &State, events: &[Event], now: Timestamp) -> State {
    let mut state = state.clone();
    for event in events {
        state.apply(event, now);
    }
    state
}

/// Returns placeholder ids for an incident and an update that do not exist yet.
fn new_id() -> Option<(IncidentId, UpdateId)> {
    Some((
        IncidentId::parse("inc_preview")?,
        UpdateId::parse("upd_preview")?,
    ))
}

/// Returns the events of publishing.
///
/// # Errors
/// The rejection that the server would answer with.
pub fn events_of_publication(
    state: &State,
    input: NewIncident,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let (id, update) = new_id().ok_or(Rejection::NotFound)?;
    let input = NewIncident {
        related: Vec::new(),
        ..input
    };
    create_incident(state, id, update, input, now)
}

/// Returns the events of an update.
///
/// # Errors
/// The rejection that the server would answer with.
pub fn events_of_update(
    state: &State,
    incident: &IncidentId,
    input: NewUpdate,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let (_, id) = new_id().ok_or(Rejection::NotFound)?;
    post_update(state, incident, id, input, now)
}

/// Returns the events of a change of an incident's fields.
///
/// # Errors
/// The rejection that the server would answer with. Related incidents are not checked: only the server knows all of them.
pub fn events_of_change(
    state: &State,
    incident: &IncidentId,
    mut patch: Value,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    if let Some(fields) = patch.as_object_mut() {
        fields.remove("related");
    }
    let patch = MergePatch::read(patch.to_string().as_bytes())?;
    change_incident(state, incident, patch, now)
}

/// Returns the events of a withdrawal, for whatever reason.
///
/// # Errors
/// The rejection that the server would answer with.
pub fn events_of_withdrawal(state: &State, incident: &IncidentId) -> Result<Vec<Event>, Rejection> {
    let reason = "…".to_owned();
    withdraw_incident(state, incident.clone(), Withdrawal { reason })
}

/// Returns the state after publishing.
///
/// # Errors
/// The rejection that the server would answer with.
pub fn publish(state: &State, input: NewIncident, now: Timestamp) -> Result<State, Rejection> {
    let events = events_of_publication(state, input, now)?;
    Ok(after(state, &events, now))
}

/// Returns the state after an update, and whether the notice is shown again to people who hid it.
///
/// # Errors
/// The rejection that the server would answer with.
pub fn update(
    state: &State,
    incident: &IncidentId,
    input: NewUpdate,
    now: Timestamp,
) -> Result<(State, bool), Rejection> {
    let next = after(state, &events_of_update(state, incident, input, now)?, now);
    let is_shown_again = attention(&next, incident) > attention(state, incident);
    Ok((next, is_shown_again))
}

/// Returns the state after a change of an incident's fields, and whether the notice is shown again to people who hid it.
///
/// # Errors
/// As [`events_of_change`].
pub fn change(
    state: &State,
    incident: &IncidentId,
    patch: Value,
    now: Timestamp,
) -> Result<(State, bool), Rejection> {
    let next = after(state, &events_of_change(state, incident, patch, now)?, now);
    let is_shown_again = attention(&next, incident) > attention(state, incident);
    Ok((next, is_shown_again))
}

fn attention(state: &State, incident: &IncidentId) -> Option<u32> {
    let incident = state.incidents.get(incident)?;
    Some(incident.attention)
}

/// Fills in missing fields of a request, so that the preview shows the card while it is being written: texts become an ellipsis,
/// the schedule a time tomorrow.
pub fn complete_for_preview(input: NewIncident, now: Timestamp) -> NewIncident {
    let or_ellipsis = |text: String| {
        if text.is_empty() {
            "…".to_owned()
        } else {
            text
        }
    };
    let scheduled = |given: Option<Timestamp>, hours: i64| {
        let later = || now.plus_seconds(hours * 3600);
        let given = given.filter(|at| *at > now);
        (input.kind == Kind::Maintenance).then(|| given.unwrap_or_else(later))
    };
    // The default schedule: tomorrow, for an hour.
    let scheduled_for = scheduled(input.scheduled_for, 24);
    let scheduled_until =
        scheduled(input.scheduled_until, 25).max(scheduled_for.map(|from| from.plus_seconds(60)));
    NewIncident {
        title: or_ellipsis(input.title),
        body: Some(or_ellipsis(input.body.unwrap_or_default())),
        impact: match input.kind {
            Kind::Incident => Some(input.impact.unwrap_or(Impact::Minor)),
            _ => input.impact,
        },
        draft: false,
        publish_at: None,
        // Visible now, so that the preview shows it.
        announce_from: (input.kind != Kind::Incident).then_some(now),
        announce_until: input.announce_until.filter(|at| *at > now),
        scheduled_for,
        scheduled_until,
        ..input
    }
}
