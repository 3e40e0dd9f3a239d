//! Publishing, changing and taking back incidents of every kind.

mod change;
mod create;
mod times;

pub use change::{anew, change};
pub use create::create;

use crate::{
    check,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::IncidentId,
        incident::Incident,
        input::{NewIncident, Withdrawal},
        words::{Impact, Kind},
    },
};

/// Only what nobody has seen.
pub fn delete(state: &State, id: IncidentId) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    if !standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Only drafts can be deleted; withdraw an incident that was published by mistake."
                .to_owned(),
        ));
    }
    Ok(vec![Event::IncidentDeleted { incident: id }])
}

/// Those who saw it read why, once.
pub fn withdraw(state: &State, id: IncidentId, input: Withdrawal) -> Result<Vec<Event>, Rejection> {
    let standing = state.incidents.get(&id).ok_or(Rejection::NotFound)?;
    check::withdrawal(&input)?;
    not_withdrawn(standing)?;
    if standing.is_draft() {
        return Err(Rejection::IllegalTransition(
            "Drafts cannot be withdrawn; delete this one instead.".to_owned(),
        ));
    }
    Ok(vec![Event::IncidentWithdrawn {
        incident: id,
        reason: input.reason,
    }])
}

/// What was taken back is not spoken of again.
pub fn not_withdrawn(incident: &Incident) -> Result<(), Rejection> {
    if incident.withdrawn.is_some() {
        return Err(Rejection::IllegalTransition(
            "This incident was withdrawn; publish a new one.".to_owned(),
        ));
    }
    Ok(())
}

/// The refusal of all-clear words for what goes on.
pub fn belongs_to_the_end() -> Rejection {
    Rejection::field(
        "/restored",
        "Only allowed with the status resolved or completed.",
    )
}

fn impact_of(input: &NewIncident) -> Impact {
    match input.kind {
        Kind::Incident | Kind::Unknown => input.impact.unwrap_or(Impact::None),
        Kind::Maintenance => Impact::Maintenance,
        Kind::Announcement => Impact::None,
    }
}
