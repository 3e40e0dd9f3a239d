//! The messages between a site's courier and the site's object: the courier reports results, the
//! object returns deliveries to attempt. An endpoint hangs if it does not answer an attempt within
//! the deadline.

use notice::wire::ids::{MessageId, WebhookId};
use serde::{Deserialize, Serialize};

use crate::messages::{
    mail::{Mail, outcome::MailAnswer},
    outgoing_request::OutgoingRequest,
};

/// The courier's request: the results since its last request, and the number of further attempts
/// that it can take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    pub reports: Vec<Report>,
    /// Receivers with an attempt in progress or in the courier's queue.
    pub busy: Vec<Receiver>,
    /// Number of further attempts to webhooks that the courier can take.
    pub room: u32,
    /// Number of further attempts to endpoints that hung at the last attempt. Included in `room`.
    pub room_for_hanging: u32,
    /// Number of further attempts to on-call targets that the courier can take.
    pub room_for_on_call: u32,
}

/// The receiver of an attempt. Each receiver has at most one attempt at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    Webhook(WebhookId),
    /// An on-call target, by the digest of its kind and value.
    OnCall(String),
}

impl Receiver {
    pub fn webhook(&self) -> Option<&WebhookId> {
        match self {
            Self::Webhook(id) => Some(id),
            Self::OnCall(_) => None,
        }
    }

    pub fn on_call(&self) -> Option<&str> {
        match self {
            Self::Webhook(_) => None,
            Self::OnCall(digest) => Some(digest),
        }
    }
}

/// The answer to [`Exchange`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Work {
    pub assignments: Vec<Assignment>,
    /// Time until the next attempt is due, in milliseconds; 0 if one is due now. `None` if none is waiting.
    pub next_due_in_ms: Option<u64>,
}

/// An attempt to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    pub target: Target,
    /// Whether the endpoint hung at the last attempt.
    pub is_hanging: bool,
    pub payload: Payload,
}

/// The payload of an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    Request(OutgoingRequest),
    /// A mail, which the courier sends by the transport of the deployment.
    Mail(Box<Mail>),
}

impl Payload {
    /// The request; `None` for a mail.
    pub fn request(&self) -> Option<&OutgoingRequest> {
        match self {
            Self::Request(request) => Some(request),
            Self::Mail(_) => None,
        }
    }

    /// The body of the request, or the text of the mail.
    pub fn body(&self) -> &str {
        match self {
            Self::Request(request) => &request.body,
            Self::Mail(mail) => &mail.text,
        }
    }
}

/// The deliveries that an attempt belongs to: one, or several that a chat gets as one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub receiver: Receiver,
    /// The URL of a webhook, which may be changed during the attempt. Empty for an on-call target.
    #[serde(default)]
    pub url: String,
    /// Oldest first.
    pub deliveries: Vec<Part>,
}

/// One of the deliveries that an attempt belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub delivery: u64,
    /// Distinguishes the delivery from a later one with the same number.
    pub message: MessageId,
    /// Number of attempts before this one, so that a report that arrives twice counts once.
    pub attempts: u32,
}

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub target: Target,
    /// The body that was sent, truncated to 4 KB.
    pub request: String,
    /// Time until the answer or the failure, in milliseconds.
    pub duration_ms: u64,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered {
        status: u16,
        /// The header `Retry-After`, if the answer has one.
        retry_after: Option<String>,
        /// The body of the answer, truncated to 4 KB.
        body: String,
    },
    /// A mail server or provider answered.
    Mailed(MailAnswer),
    /// There was no answer in time.
    TimedOut,
    /// There was no answer. Has the reason as a sentence.
    Failed(String),
}
