//! The outcome of an incident, the label before a notice's title: "Resolved: Messages are delayed · 11:05".

use crate::wire::{enums::Status, feed::Notice};

/// The outcome of an incident, maintenance or announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The incident is resolved.
    Resolved,
    /// The incident is resolved, with remaining problems.
    MostlyResolved,
    /// The maintenance is complete.
    Completed,
    /// The announcement has ended.
    Ended,
    /// The incident was withdrawn.
    Withdrawn,
}

/// Returns the outcome of a notice; `None` while it is open.
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
