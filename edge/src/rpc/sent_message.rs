//! A message to a webhook or on-call target, sent or waiting, as `/dev/outbox` shows it.

use notice::wire::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    /// Time of the last attempt. `None` before the first one.
    pub at: Option<Timestamp>,
    /// The receiver: a webhook's host, or an on-call target's name.
    pub to: String,
    /// The state of the delivery.
    pub state: String,
    /// The answer, or the reason why there is none.
    pub answer: String,
    /// The body of the last attempt.
    pub request: String,
}
