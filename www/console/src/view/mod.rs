//! The views. Each route has one; `frame` chooses it.

pub mod account;
mod fields;
pub mod frame;
mod incident;
mod incidents;
mod load;
mod pages;
mod publish;
pub mod sign_in;
mod site;
pub mod sites;

use notice::wire::ids::IncidentId;

use yew::{Html, html};

use crate::{
    context::Context,
    route::{Route, Task},
};

/// The properties of a view of the site.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct ContextProps {
    pub context: Context,
}

/// The properties of a view of one incident.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct IncidentProps {
    pub context: Context,
    pub id: IncidentId,
}

/// Renders a link to an incident, labelled with its title if the snapshot has it.
fn incident_link(context: &Context, id: &IncidentId) -> Html {
    let title = context.incident(id).map(|incident| incident.title.clone());
    let href = context.href(&Route::Incident(id.clone(), Task::Read));
    html! { <a {href}>{ title.unwrap_or_else(|| "View incident".to_owned()) }</a> }
}
