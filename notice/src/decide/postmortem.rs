//! What was learned.

use super::incident::not_withdrawn;
use crate::{
    check,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event, feed::Postmortem, ids::IncidentId, input::NewPostmortem, time::Timestamp,
    },
};

/// Of something that is over. Correcting one does not publish it again.
pub fn put(
    state: &State,
    id: &IncidentId,
    input: NewPostmortem,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let incident = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    check::postmortem(&input)?;
    not_withdrawn(incident)?;
    if incident.is_open() || incident.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Resolve the incident before you publish a postmortem.".to_owned(),
        ));
    }
    let first_published = incident.postmortem.as_ref();
    let postmortem = Postmortem {
        root_cause: input.root_cause,
        window: input.window,
        remedy: input.remedy,
        prevention: input.prevention,
        published_at: first_published.map_or(now, |standing| standing.published_at),
    };
    if incident.postmortem.as_ref() == Some(&postmortem) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PostmortemPublished {
        incident: id.clone(),
        postmortem,
    }])
}
