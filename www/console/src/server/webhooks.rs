//! The API's documents about webhooks.

use notice::{
    notify::{EventName, Selection},
    wire::{
        ids::{ComponentId, DeliveryId, IncidentId, WebhookId},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

/// The format of a webhook's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Signed JSON for programs.
    #[default]
    Standard,
    Slack,
    Teams,
    Discord,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Standard, Self::Slack, Self::Teams, Self::Discord];

    /// Returns whether people read the messages in a chat.
    pub fn is_chat(self) -> bool {
        self != Self::Standard
    }
}

/// A webhook as the API returns it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    /// `None` for editors: the URLs of chats are secrets.
    pub url: Option<String>,
    pub host: String,
    /// Empty: all events.
    pub events: Vec<EventName>,
    /// Empty: all components.
    pub components: Vec<ComponentId>,
    pub format: Format,
    pub enabled: bool,
    /// Why it is disabled: `operator`, `gone` (the endpoint answered 410) or `failing` (for five days).
    #[serde(default)]
    pub disabled_because: Option<String>,
    /// Time of the first failure after the last success.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// End of the time in which the former secret signs too.
    #[serde(default)]
    pub former_secret_until: Option<Timestamp>,
}

impl Webhook {
    /// Returns the events and components that it is limited to.
    pub fn selection(&self) -> Selection<'_> {
        Selection {
            is_chat: self.format.is_chat(),
            events: &self.events,
            components: &self.components,
        }
    }
}

/// The answer to creating a webhook or rotating its secret. The secret is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WebhookSecret {
    pub id: WebhookId,
    /// `None` in the answer to a repeated request.
    pub secret: Option<String>,
    /// End of the time in which the former secret signs too.
    #[serde(default)]
    pub former_secret_until: Option<Timestamp>,
}

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    Dead,
}

/// A message to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Delivery {
    pub id: DeliveryId,
    /// The id of the message, which receivers get as `webhook-id`.
    pub message: String,
    /// `None` if the message is not kept any more.
    #[serde(default)]
    pub event: Option<EventName>,
    #[serde(default)]
    pub incident: Option<IncidentId>,
    /// Time of the event.
    #[serde(default)]
    pub at: Option<Timestamp>,
    pub state: DeliveryState,
    /// Number of attempts since it was last queued.
    pub attempts: u32,
    /// `None` for the first attempt, which is made as soon as possible.
    #[serde(default)]
    pub next_attempt_at: Option<Timestamp>,
    #[serde(default)]
    pub last_attempt: Option<Attempt>,
}

/// One request of a delivery, and its answer. Bodies are cut after 4 KB.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// Time until the answer or the failure, in milliseconds.
    pub duration_ms: u64,
    pub request: String,
    /// `None` without an answer.
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub answer: Option<String>,
    /// The reason why there was no answer, as a sentence.
    #[serde(default)]
    pub error: Option<String>,
}

/// The answer to a test or a repeated delivery.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Queued {
    pub message: String,
}

/// The answer to repeating all deliveries since a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Requeued {
    /// Number of deliveries.
    pub deliveries: usize,
}
