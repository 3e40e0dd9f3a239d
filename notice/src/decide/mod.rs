//! What follows from a command: the events that would happen, or why none may.

mod component;
mod fields;
mod incident;
mod passing_time;
mod postmortem;
mod site;
mod template;
mod undeclared;
mod update;

// By themselves as well: a browser that asks only these carries nothing of the others.
pub use component::free_slug as free_component_slug;
pub use incident::{change as change_incident, create as create_incident};
pub use passing_time::next_due;
pub use update::post as post_update;

use crate::{
    check,
    merge::MergePatch,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, TemplateId, UpdateId},
        input::{
            ComponentName, NewComponent, NewIncident, NewPostmortem, NewSite, NewTemplate,
            NewUpdate, Withdrawal,
        },
        time::Timestamp,
    },
};

/// What somebody, or the alarm, wants to happen. Ids are made by the caller, who owns randomness.
#[derive(Clone, Debug)]
pub enum Command {
    /// Make the site.
    CreateSite {
        /// As asked for.
        input: Box<NewSite>,
    },
    /// Change its settings.
    ChangeSite {
        /// What to change.
        patch: MergePatch,
    },
    /// Add a component.
    CreateComponent {
        /// Its id.
        id: ComponentId,
        /// As asked for.
        input: NewComponent,
    },
    /// Change a component.
    ChangeComponent {
        /// Which.
        name: ComponentName,
        /// What to change.
        patch: MergePatch,
    },
    /// Delete a component that no open incident touches.
    DeleteComponent {
        /// Which.
        name: ComponentName,
    },
    /// Add a template.
    CreateTemplate {
        /// Its id.
        id: TemplateId,
        /// As asked for.
        input: Box<NewTemplate>,
    },
    /// Change a template.
    ChangeTemplate {
        /// Which.
        id: TemplateId,
        /// What to change.
        patch: MergePatch,
    },
    /// Delete a template.
    DeleteTemplate {
        /// Which.
        id: TemplateId,
    },
    /// Publish an incident, or draft one.
    CreateIncident {
        /// Its id.
        id: IncidentId,
        /// Its first update's id.
        update: UpdateId,
        /// As asked for.
        input: Box<NewIncident>,
    },
    /// Change an incident's fields; `draft: false` publishes it.
    ChangeIncident {
        /// Which.
        id: IncidentId,
        /// What to change.
        patch: MergePatch,
    },
    /// Delete a draft.
    DeleteIncident {
        /// Which.
        id: IncidentId,
    },
    /// Take back what was published by mistake.
    WithdrawIncident {
        /// Which.
        id: IncidentId,
        /// Why.
        input: Withdrawal,
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
    /// Correct an update's words.
    CorrectUpdate {
        /// Of which incident.
        incident: IncidentId,
        /// Which update.
        id: UpdateId,
        /// What to change.
        patch: MergePatch,
    },
    /// Publish what was learned.
    PutPostmortem {
        /// Of which incident.
        incident: IncidentId,
        /// What was learned.
        input: NewPostmortem,
    },
    /// Let everything happen that is due by now.
    PassTime,
}

/// The events that follow from a command, in order. Reads nothing but its arguments.
///
/// # Errors
/// The [`Rejection`] that tells the caller what to change; then nothing follows.
pub fn decide(state: &State, command: Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let events = match command {
        Command::CreateSite { input } => site::create(state, *input, now),
        Command::ChangeSite { patch } => site::change(state, patch),
        Command::CreateComponent { id, input } => component::create(state, id, input, now),
        Command::ChangeComponent { name, patch } => component::change(state, &name, patch),
        Command::DeleteComponent { name } => component::delete(state, &name),
        Command::CreateTemplate { id, input } => template::create(state, id, *input, now),
        Command::ChangeTemplate { id, patch } => template::change(state, &id, patch, now),
        Command::DeleteTemplate { id } => template::delete(state, id),
        Command::CreateIncident { id, update, input } => {
            incident::create(state, id, update, *input, now)
        }
        Command::ChangeIncident { id, patch } => incident::change(state, &id, patch, now),
        Command::DeleteIncident { id } => incident::delete(state, id),
        Command::WithdrawIncident { id, input } => incident::withdraw(state, id, input),
        Command::PostUpdate {
            incident,
            id,
            input,
        } => update::post(state, &incident, id, *input, now),
        Command::CorrectUpdate {
            incident,
            id,
            patch,
        } => update::correct(state, &incident, &id, patch),
        Command::PutPostmortem { incident, input } => postmortem::put(state, &incident, input, now),
        // No command: what is due happens, also to an incident from before there was a limit.
        Command::PassTime => return Ok(passing_time::pass(state, now)),
    }?;
    for event in &events {
        check::size(event)?;
    }
    Ok(events)
}
