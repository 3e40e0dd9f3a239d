//! The API's documents about on-call targets.

use notice::wire::{ids::IncidentId, time::Timestamp};
use serde::Deserialize;

/// The messages to on-call targets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnCall {
    /// Whether targets of kind `email` can be reached.
    #[serde(default)]
    pub sends_mail: bool,
    /// The newest escalations of overdue updates.
    #[serde(default)]
    pub escalations: Vec<Escalation>,
    /// The newest test of all targets.
    #[serde(default)]
    pub last_test: Option<Test>,
}

/// A test, with its message to each target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Test {
    /// Id of the message, as in the answer to the request that sends it.
    pub message: String,
    #[serde(default)]
    pub deliveries: Vec<TestDelivery>,
}

/// The test message to one target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TestDelivery {
    /// Kind of the target.
    pub kind: String,
    /// Name of the target.
    pub name: String,
    /// `pending`, `delivered`, `dead` or `dropped`.
    pub state: String,
    #[serde(default)]
    pub last_attempt: Option<TestAttempt>,
}

/// The last attempt to send a test message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TestAttempt {
    /// The status of the answer; `None` without one.
    #[serde(default)]
    pub status: Option<u16>,
    /// The reason why there was no answer, as a sentence.
    #[serde(default)]
    pub error: Option<String>,
}

/// The answer to the request that sends a test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QueuedTest {
    pub message: String,
}

impl TestDelivery {
    /// Whether an attempt has been made, or none will be.
    pub fn has_result(&self) -> bool {
        self.last_attempt.is_some() || self.state != "pending"
    }
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
