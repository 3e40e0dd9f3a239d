//! What follows from a command: the events that would happen, or why none may.

mod component;
mod incident;
mod passing_time;
mod site;
mod update;

pub use passing_time::next_due;

use crate::{
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, UpdateId},
        input::{NewComponent, NewIncident, NewSite, NewUpdate},
        time::Timestamp,
    },
};

/// What somebody, or the alarm, wants to happen. Ids are made by the caller, who owns randomness.
#[derive(Clone, Debug)]
pub enum Command {
    /// Make the site.
    CreateSite {
        /// As asked for.
        input: NewSite,
    },
    /// Add a component.
    CreateComponent {
        /// Its id.
        id: ComponentId,
        /// As asked for.
        input: NewComponent,
    },
    /// Publish an incident.
    CreateIncident {
        /// Its id.
        id: IncidentId,
        /// Its first update's id.
        update: UpdateId,
        /// As asked for.
        input: Box<NewIncident>,
    },
    /// Say something new of an incident.
    PostUpdate {
        /// Of which.
        incident: IncidentId,
        /// The update's id.
        id: UpdateId,
        /// As asked for.
        input: Box<NewUpdate>,
    },
    /// Let everything happen that is due by now.
    PassTime,
}

/// The events that follow from a command, in order. Reads nothing but its arguments.
///
/// # Errors
/// The [`Rejection`] that tells the caller what to change; then nothing follows.
pub fn decide(state: &State, command: Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    match command {
        Command::CreateSite { input } => site::create(state, input, now),
        Command::CreateComponent { id, input } => component::create(state, id, input, now),
        Command::CreateIncident { id, update, input } => {
            incident::create(state, id, update, *input, now)
        }
        Command::PostUpdate {
            incident,
            id,
            input,
        } => update::post(state, &incident, id, *input, now),
        Command::PassTime => Ok(passing_time::pass(state, now)),
    }
}
