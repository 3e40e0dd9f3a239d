//! The views. Each route has one; `frame` chooses it.

pub mod account;
mod fields;
pub mod frame;
mod incident;
mod incidents;
mod load;
mod publish;
pub mod sign_in;
mod site;
pub mod sites;

use notice::wire::ids::IncidentId;

use crate::context::Context;

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
