//! Bodies of operator writes, as they come in. Fields that are absent keep what stands; see [`Patch`].
//!
//! Unknown fields are refused where a body is read (see `crate::read`), so that a typo is never silently dropped.
//!
//! [`Patch`]: super::patch::Patch

mod component;
mod incident;
mod site;
mod token;
mod update;

pub use component::{ComponentName, NamedComponent, NewComponent};
pub use incident::{Audience, IncidentText, NewIncident, NewTemplate, RestoredWords};
pub use site::NewSite;
pub use token::{InvitationSecret, NewInvitation, NewToken, Redemption};
pub use update::{CorrectedUpdate, NewPostmortem, NewUpdate, Redaction, Withdrawal};
