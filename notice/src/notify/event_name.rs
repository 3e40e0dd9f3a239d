//! The names of events in webhooks.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

macro_rules! event_names {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The name of an event in webhooks. Receivers select by it, so names are added, never renamed. The journal has
        /// names of its own ([`crate::wire::event::Event::name`]): its `incident.updated` can be `maintenance.started` here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventName {
            $($(#[$doc])* $variant,)+
        }

        impl EventName {
            /// All names, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

event_names! {
    /// An incident of kind `incident` was published.
    IncidentPublished = "incident.published",
    /// An update was posted to an incident of any kind, or a field that users act on was changed without an update.
    IncidentUpdated = "incident.updated",
    /// An incident of kind `incident` was resolved.
    IncidentResolved = "incident.resolved",
    /// A resolved incident of kind `incident` was reopened.
    IncidentReopened = "incident.reopened",
    /// An incident of any kind was withdrawn, because it had been published by mistake.
    IncidentWithdrawn = "incident.withdrawn",
    /// A maintenance was announced to users.
    MaintenanceAnnounced = "maintenance.announced",
    /// A maintenance has started.
    MaintenanceStarted = "maintenance.started",
    /// A maintenance is over.
    MaintenanceCompleted = "maintenance.completed",
    /// An announcement was shown to users.
    AnnouncementPublished = "announcement.published",
    /// An announcement is over.
    AnnouncementEnded = "announcement.ended",
    /// The status of a component changed.
    ComponentStatusChanged = "component.status_changed",
    /// An update is due soon.
    PromiseDue = "promise.due",
    /// An update is overdue.
    PromiseOverdue = "promise.overdue",
    /// An overdue update is escalated to the next on-call target.
    PromiseEscalated = "promise.escalated",
    /// The postmortem of an incident was published.
    PostmortemPublished = "postmortem.published",
    /// A verification found a difference between the journal and the stored documents.
    SiteVerifyFailed = "site.verify_failed",
    /// A scheduled post was too late to appear automatically, and waits for an operator.
    SitePostHeld = "site.post_held",
    /// A webhook was disabled, because its endpoint failed for five days or answered 410.
    WebhookDisabled = "webhook.disabled",
    /// A session has not been used for 60 days.
    SessionUnused = "session.unused",
}

/// A text that is not the name of an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Must be the name of an event, one of {}.", EventName::ALL.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "))]
pub struct UnknownEventName;

impl FromStr for EventName {
    type Err = UnknownEventName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.iter().copied();
        all.find(|name| name.as_str() == text)
            .ok_or(UnknownEventName)
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for EventName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
