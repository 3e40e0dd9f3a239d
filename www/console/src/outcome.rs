//! What a form would lead to: decided here by the very rules that the server decides by.

use notice::{
    decide::{change_incident, create_incident, post_update},
    merge::MergePatch,
    project::view::IncidentView,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::{IncidentId, UpdateId},
        input::{NewIncident, NewUpdate},
        time::Timestamp,
        words::{Impact, Kind},
    },
};
use serde_json::Value;

use crate::desk::Facts;

/// A site with its components and, if one is named, one incident.
pub fn state_of(facts: &Facts, incident: Option<&IncidentView>, now: Timestamp) -> State {
    let mut state = State::default();
    let mut apply = |event: Event| state.apply(&event, now);
    apply(Event::SiteCreated {
        site: facts.site.clone(),
    });
    for component in &facts.components {
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

fn after(state: &State, events: &[Event], now: Timestamp) -> State {
    let mut state = state.clone();
    for event in events {
        state.apply(event, now);
    }
    state
}

/// The id of what is not published yet.
fn new_id() -> Option<(IncidentId, UpdateId)> {
    Some((
        IncidentId::parse("inc_preview")?,
        UpdateId::parse("upd_preview")?,
    ))
}

/// The site after something is published.
///
/// # Errors
/// What the server would object to.
pub fn published(state: &State, input: NewIncident, now: Timestamp) -> Result<State, Rejection> {
    let (id, update) = new_id().ok_or(Rejection::NotFound)?;
    let input = NewIncident {
        related: Vec::new(),
        ..input
    };
    let events = create_incident(state, id, update, input, now)?;
    Ok(after(state, &events, now))
}

/// The site after an update, and whether those who hid the notice see it again.
///
/// # Errors
/// What the server would object to.
pub fn updated(
    state: &State,
    incident: &IncidentId,
    input: NewUpdate,
    now: Timestamp,
) -> Result<(State, bool), Rejection> {
    let (_, id) = new_id().ok_or(Rejection::NotFound)?;
    let events = post_update(state, incident, id, input, now)?;
    let next = after(state, &events, now);
    let raised = attention(&next, incident) > attention(state, incident);
    Ok((next, raised))
}

/// The site after a change of an incident's fields, and whether those who hid the notice see it again.
///
/// # Errors
/// What the server would object to, but for what belongs with it: only the server knows every incident.
pub fn changed(
    state: &State,
    incident: &IncidentId,
    mut patch: Value,
    now: Timestamp,
) -> Result<(State, bool), Rejection> {
    if let Some(fields) = patch.as_object_mut() {
        fields.remove("related");
    }
    let patch = MergePatch::read(patch.to_string().as_bytes())?;
    let next = after(state, &change_incident(state, incident, patch, now)?, now);
    let raised = attention(&next, incident) > attention(state, incident);
    Ok((next, raised))
}

fn attention(state: &State, incident: &IncidentId) -> Option<u32> {
    let incident = state.incidents.get(incident)?;
    Some(incident.attention)
}

/// What is missing yet stands as dots, so that the card can be seen while it is being written.
pub fn sketch(input: NewIncident, now: Timestamp) -> NewIncident {
    let dots = |text: String| {
        if text.is_empty() {
            "…".to_owned()
        } else {
            text
        }
    };
    let planned = |given: Option<Timestamp>, hours: i64| {
        let later = || now.plus_seconds(hours * 3600);
        let given = given.filter(|at| *at > now);
        (input.kind == Kind::Maintenance).then(|| given.unwrap_or_else(later))
    };
    // What is not said yet: a day from now, for an hour.
    let scheduled_for = planned(input.scheduled_for, 24);
    let scheduled_until =
        planned(input.scheduled_until, 25).max(scheduled_for.map(|from| from.plus_seconds(60)));
    NewIncident {
        title: dots(input.title),
        body: Some(dots(input.body.unwrap_or_default())),
        impact: match input.kind {
            Kind::Incident => Some(input.impact.unwrap_or(Impact::Minor)),
            _ => input.impact,
        },
        draft: false,
        publish_at: None,
        // From now on: it is shown as users will find it.
        announce_from: (input.kind != Kind::Incident).then_some(now),
        announce_until: input.announce_until.filter(|at| *at > now),
        scheduled_for,
        scheduled_until,
        ..input
    }
}
