//! The message to an on-call target.

use notice::notify::route::Urgency;

use super::message::Message;

/// A message to one on-call target.
#[derive(Clone, Debug)]
pub struct Reminder<'a> {
    pub message: &'a Message,
    pub urgency: Urgency,
    pub action: Action,
    /// What the message is about, the same for all reminders of one promise. Alerting services merge by it.
    pub key: &'a str,
    /// The page whose button acknowledges. `None` if there is nothing to acknowledge.
    pub acknowledge_url: Option<&'a str>,
    /// The page whose button opens a session as an editor, if an owner allows it for this target.
    pub session_url: Option<&'a str>,
}

/// What a reminder asks of a service that keeps alerts open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Tell somebody.
    Trigger,
    /// Close the alert: somebody has acknowledged, or the promise is kept.
    Resolve,
}
