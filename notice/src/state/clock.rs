//! Corrects times that were written while the clock was ahead.

use super::State;
use crate::{
    limits,
    wire::{enums::Status, incident::Incident, time::Timestamp},
};

/// Whether a correction of the clock to `to` changes an incident's times: whether its last change is later.
pub fn was_changed_after(incident: &Incident, to: Timestamp) -> bool {
    incident.updated_at > to
}

/// Sets times that come from the clock and are later than `to` to `to`. Times that operators chose stay.
pub fn correct(state: &mut State, to: Timestamp) {
    let earlier = |at: &mut Timestamp| *at = to.min(*at);
    if let Some(site) = &mut state.site {
        earlier(&mut site.created_at);
    }
    for component in &mut state.components {
        earlier(&mut component.since);
        earlier(&mut component.created_at);
    }
    for template in &mut state.templates {
        earlier(&mut template.created_at);
        earlier(&mut template.updated_at);
    }
    for incident in state.incidents.values_mut() {
        if was_changed_after(incident, to) {
            correct_incident(incident, to);
        }
        // An incident that is at most 48 h late by the corrected clock appears automatically after all.
        incident
            .missed_at
            .take_if(|at| to <= at.plus_seconds(limits::APPEARS_LATE_S));
    }
}

fn correct_incident(incident: &mut Incident, to: Timestamp) {
    let earlier = |at: &mut Timestamp| *at = to.min(*at);
    // Before a maintenance has started, `started_at` is its planned start, which an operator chose.
    if incident.status != Status::Scheduled {
        earlier(&mut incident.started_at);
    }
    earlier(&mut incident.created_at);
    earlier(&mut incident.updated_at);
    incident.published_at.iter_mut().for_each(earlier);
    incident.ended_at.iter_mut().for_each(earlier);
    for component in incident
        .components
        .iter_mut()
        .chain(&mut incident.before_end)
    {
        earlier(&mut component.since);
    }
    for update in &mut incident.updates {
        earlier(&mut update.at);
        update.corrected_at.iter_mut().for_each(earlier);
    }
    if let Some(acknowledged) = &mut incident.acknowledged {
        earlier(&mut acknowledged.at);
    }
    if let Some(postmortem) = &mut incident.postmortem {
        earlier(&mut postmortem.published_at);
    }
}
