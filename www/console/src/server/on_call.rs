//! The API's documents about on-call targets.

use notice::{
    notify::EventName,
    wire::{
        ids::{DeliveryId, IncidentId},
        site::Urgency,
        time::Timestamp,
    },
};
use serde::Deserialize;

/// The messages to on-call targets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnCall {
    /// The targets, in the order of the settings.
    #[serde(default)]
    pub targets: Vec<ListedTarget>,
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

/// A target without its address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedTarget {
    pub kind: String,
    pub name: String,
    /// Time of the last answer to a test.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
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
    /// Returns whether an attempt has been made, or will never be made.
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
    /// Whether the page could not be delivered.
    #[serde(default)]
    pub failed: bool,
}

/// The effect of a message on an alert, in a service that keeps alerts open, such as PagerDuty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Trigger,
    /// Closes the alert.
    Resolve,
}

/// The state of a message to one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    Dead,
    /// The update was posted or acknowledged before, or the target was removed.
    Dropped,
}

/// A message to one target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnCallDelivery {
    pub id: DeliveryId,
    /// Kind of the target.
    pub kind: String,
    /// Name of the target.
    pub name: String,
    pub urgency: Urgency,
    pub action: Action,
    pub test: bool,
    /// `None` for a test, or if the message is not kept any more.
    #[serde(default)]
    pub event: Option<EventName>,
    #[serde(default)]
    pub incident: Option<IncidentId>,
    /// Time of the event.
    #[serde(default)]
    pub at: Option<Timestamp>,
    pub state: DeliveryState,
    pub attempts: u32,
    /// `None` for the first attempt.
    #[serde(default)]
    pub next_attempt_at: Option<Timestamp>,
    /// Time at which the button of a test was pressed.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    #[serde(default)]
    pub last_attempt: Option<Attempt>,
}

/// One request of a delivery. The request itself is not kept, because it has links that sign in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// Time until the answer or the failure, in milliseconds.
    pub duration_ms: u64,
    /// `None` without an answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// The answer's body, cut after 4 KB.
    #[serde(default)]
    pub answer: Option<String>,
    /// The reason why there was no answer, as a sentence.
    #[serde(default)]
    pub error: Option<String>,
}

impl OnCallDelivery {
    /// Returns whether the message is about to be sent. An inform may wait for the end of the on-call quiet hours.
    pub fn is_queued(&self) -> bool {
        self.state == DeliveryState::Pending && self.attempts == 0 && self.urgency == Urgency::Page
    }
}
