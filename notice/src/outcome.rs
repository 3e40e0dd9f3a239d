//! How a notice ended, which its label says before its title: "Resolved: Messages are delayed · 11:05".

use crate::wire::{feed::Notice, words::Status};

/// The end of an incident, maintenance or announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The incident is resolved.
    Resolved,
    /// The incident is resolved, but something is not right yet.
    MostlyResolved,
    /// The maintenance is complete.
    Completed,
    /// The announcement has ended.
    Ended,
    /// It was published by mistake.
    Withdrawn,
}

/// The outcome of a notice; `None` while it is open.
pub fn outcome(notice: &Notice) -> Option<Outcome> {
    let restored = notice.restored.as_ref()?;
    Some(match notice.status {
        _ if restored.withdrawn.is_some() => Outcome::Withdrawn,
        Status::Completed => Outcome::Completed,
        Status::Ended => Outcome::Ended,
        _ if restored.still.is_empty() => Outcome::Resolved,
        _ => Outcome::MostlyResolved,
    })
}
