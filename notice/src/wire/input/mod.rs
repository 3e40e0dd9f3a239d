//! Request bodies of operator writes. In bodies of updates, an absent field keeps the current value; see [`Patch`].
//!
//! `crate::body::read` rejects unknown fields, so that a typing error is not silently ignored.
//!
//! [`Patch`]: super::patch::Patch

mod component;
mod incident;
mod site;
mod token;
mod update;

pub use component::{ComponentName, NamedComponent, NewComponent};
pub use incident::{Audience, IncidentText, NewIncident, NewTemplate, RestoredTexts};
pub use site::NewSite;
pub use token::{InvitationSecret, NewInvitation, NewToken, Redemption};
pub use update::{CorrectedUpdate, NewPostmortem, NewUpdate, Redaction, Withdrawal};
