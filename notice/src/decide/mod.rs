//! Decides commands: returns the events that follow from a command, or the reason why it is rejected.

pub mod attention;
mod component;
mod fields;
mod incident;
mod passing_time;
mod postmortem;
mod site;
mod template;
mod undeclared;
mod update;

// Some rules are also exported one by one, so that the console's wasm contains only the rules that it uses.
pub use incident::{
    change as change_incident, create as create_incident, withdraw as withdraw_incident,
};
pub use passing_time::{Passed, next_due, pass_time};
pub use update::post as post_update;

use crate::{
    body::{
        check::{self, endpoint_url::Network},
        merge::MergePatch,
    },
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

/// A command of an operator or of the alarm. Callers generate the ids, because this crate has no randomness.
#[derive(Clone, Debug)]
pub enum Command {
    /// Creates the site. Rejected if the state has one.
    CreateSite {
        /// Body of the request, not checked yet.
        input: Box<NewSite>,
        /// The addresses that on-call targets may have.
        network: Network,
    },
    /// Changes the site's settings.
    ChangeSite {
        /// Changes of the settings, not applied yet.
        patch: MergePatch,
        /// The addresses that new on-call targets may have.
        network: Network,
    },
    /// Adds a component to the site.
    CreateComponent {
        /// Id of the new component.
        id: ComponentId,
        /// Body of the request, not checked yet.
        input: NewComponent,
    },
    /// Changes fields of a component.
    ChangeComponent {
        /// The component's id or slug.
        name: ComponentName,
        /// Changes of the component, not applied yet.
        patch: MergePatch,
    },
    /// Deletes a component that no open incident uses.
    DeleteComponent {
        /// The component's id or slug.
        name: ComponentName,
    },
    /// Adds a template to the site.
    CreateTemplate {
        /// Id of the new template.
        id: TemplateId,
        /// Body of the request, not checked yet.
        input: Box<NewTemplate>,
    },
    /// Changes fields of a template.
    ChangeTemplate {
        /// Id of the template to change.
        id: TemplateId,
        /// Changes of the template, not applied yet.
        patch: MergePatch,
    },
    /// Removes a template from the site.
    DeleteTemplate {
        /// Id of the template to delete.
        id: TemplateId,
    },
    /// Publishes an incident, or saves a draft.
    CreateIncident {
        /// Id of the new incident.
        id: IncidentId,
        /// Id of its first update.
        update: UpdateId,
        /// Body of the request, not checked yet.
        input: Box<NewIncident>,
    },
    /// Changes an incident; `draft: false` publishes a draft.
    ChangeIncident {
        /// Id of the incident to change.
        id: IncidentId,
        /// Changes of the incident, not applied yet.
        patch: MergePatch,
    },
    /// Deletes a draft. Rejected if the incident is published.
    DeleteIncident {
        /// Id of the draft to delete.
        id: IncidentId,
    },
    /// Withdraws an incident that was published by mistake.
    WithdrawIncident {
        /// Id of the incident to withdraw.
        id: IncidentId,
        /// The request body, with the reason.
        input: Withdrawal,
    },
    /// Posts an update of a published incident.
    PostUpdate {
        /// Id of the incident to update.
        incident: IncidentId,
        /// Id of the new update.
        id: UpdateId,
        /// Body of the request, not checked yet.
        input: Box<NewUpdate>,
    },
    /// Corrects the text of an update.
    CorrectUpdate {
        /// Id of the update's incident.
        incident: IncidentId,
        /// Id of the update to correct.
        id: UpdateId,
        /// Changes of the texts, not applied yet.
        patch: MergePatch,
    },
    /// Publishes or corrects a postmortem.
    PutPostmortem {
        /// Id of an incident that is over.
        incident: IncidentId,
        /// Body of the request, not checked yet.
        input: NewPostmortem,
    },
    /// Executes all scheduled transitions that are due by now.
    PassTime,
}

/// Returns the events that follow from a command, in order. A pure function of its arguments.
///
/// # Errors
/// A [`Rejection`] if the command is invalid or not allowed in this state.
pub fn decide(state: &State, command: Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let events = match command {
        Command::CreateSite { input, network } => site::create(state, *input, network, now),
        Command::ChangeSite { patch, network } => site::change(state, patch, network),
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
        // Returns before the size check, because a transition must also happen to an incident that was
        // stored before the limit existed.
        Command::PassTime => return Ok(pass_time(state, now).events),
    }?;
    for event in &events {
        check::size(event)?;
    }
    Ok(events)
}
