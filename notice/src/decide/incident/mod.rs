//! Creates, changes, deletes and withdraws incidents of every kind.

mod change;
mod create;
mod times;

pub use change::{change, changed_translations};
pub use create::create;

use crate::{
    body::check,
    rejection::Rejection,
    state::State,
    wire::{
        enums::{Impact, Kind},
        event::Event,
        ids::IncidentId,
        incident::Incident,
        input::{NewIncident, Withdrawal},
    },
};

/// Deletes a draft. Published incidents can only be withdrawn.
pub fn delete(state: &State, id: IncidentId) -> Result<Vec<Event>, Rejection> {
    let current = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    if !current.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Only drafts can be deleted; withdraw an incident that was published by mistake."
                .to_owned(),
        ));
    }
    Ok(vec![Event::IncidentDeleted { incident: id }])
}

/// Withdraws a published incident. Users who saw it see the reason once.
pub fn withdraw(state: &State, id: IncidentId, input: Withdrawal) -> Result<Vec<Event>, Rejection> {
    let current = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    check::withdrawal(&input)?;
    check_not_withdrawn(current)?;
    if current.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Drafts cannot be withdrawn; delete this one instead.".to_owned(),
        ));
    }
    Ok(vec![Event::IncidentWithdrawn {
        incident: id,
        reason: input.reason,
    }])
}

/// Rejects commands about a withdrawn incident.
pub fn check_not_withdrawn(incident: &Incident) -> Result<(), Rejection> {
    if incident.withdrawn.is_some() {
        return Err(Rejection::IllegalTransition(
            "This incident was withdrawn; publish a new one.".to_owned(),
        ));
    }
    Ok(())
}

/// The rejection of all-clear texts for an open incident.
pub fn restored_while_open() -> Rejection {
    Rejection::field(
        "/restored",
        "Only allowed with the status resolved or completed.",
    )
}

fn effective_impact(input: &NewIncident) -> Impact {
    match input.kind {
        Kind::Incident | Kind::Unknown => input.impact.unwrap_or(Impact::None),
        Kind::Maintenance => Impact::Maintenance,
        Kind::Announcement => Impact::None,
    }
}
