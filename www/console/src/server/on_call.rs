//! The API's documents about on-call targets.

use notice::wire::{ids::IncidentId, time::Timestamp};
use serde::Deserialize;

/// The messages to on-call targets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnCall {
    /// The newest escalations of overdue updates.
    #[serde(default)]
    pub escalations: Vec<Escalation>,
}

/// The pages about one overdue update.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Escalation {
    pub incident: IncidentId,
    /// Time at which the update was due.
    pub owed_at: Timestamp,
    /// `paging`, `exhausted`, `acknowledged` or `kept`.
    pub state: String,
    /// Time of the next page, while there is one.
    #[serde(default)]
    pub next_page_at: Option<Timestamp>,
    /// The pages so far, oldest first.
    #[serde(default)]
    pub pages: Vec<Page>,
}

/// A page to one target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Page {
    /// Kind of the target.
    pub kind: String,
    /// Name of the target.
    pub name: String,
    pub at: Timestamp,
    /// Whether it could not be delivered.
    #[serde(default)]
    pub failed: bool,
}
