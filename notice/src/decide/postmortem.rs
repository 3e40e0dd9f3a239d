//! Publishes postmortems.

use super::incident::check_not_withdrawn;
use crate::{
    body::check,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event, feed::Postmortem, ids::IncidentId, input::NewPostmortem, time::Timestamp,
    },
};

/// Publishes the postmortem of an incident that is over, or corrects it. A correction keeps the time of publication.
pub fn put(
    state: &State,
    id: &IncidentId,
    input: NewPostmortem,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    check::postmortem(&input)?;
    check_not_withdrawn(incident)?;
    if incident.is_open() || incident.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Resolve the incident before you publish a postmortem.".to_owned(),
        ));
    }
    let current = incident.postmortem.as_ref();
    let postmortem = Postmortem {
        root_cause: input.root_cause,
        window: input.window,
        remedy: input.remedy,
        prevention: input.prevention,
        published_at: current.map_or(now, |current| current.published_at),
    };
    if incident.postmortem.as_ref() == Some(&postmortem) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PostmortemPublished {
        incident: id.clone(),
        postmortem,
    }])
}
