//! The channels that are notified about an occurrence.

use super::{event_name::EventName, occurrence::Occurrence};
pub use crate::wire::site::Urgency;

/// The channels that are notified about an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routes {
    /// Webhooks in the format `standard`.
    pub webhooks: bool,
    /// Webhooks in the formats of chats.
    pub chat: bool,
    /// The subscribers who get mail.
    pub mail: Mail,
    /// The urgency of a message to on-call targets. `None`: there is none.
    pub on_call: Option<Urgency>,
}

/// The subscribers who get mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// Nobody.
    Nobody,
    /// Subscribers to this incident, but not those to the site or to components.
    IncidentSubscribers,
    /// Subscribers to the site, to the incident's components and to the incident.
    Subscribers,
    /// Subscribers who asked for the postmortem.
    PostmortemRequested,
}

const NOBODY: Routes = Routes {
    webhooks: false,
    chat: false,
    mail: Mail::Nobody,
    on_call: None,
};

/// Returns the channels that are notified. `notify` is the post's Notify switch; for an occurrence without a post of its own, such as
/// a reminder, that of the incident's publication.
pub fn routes(occurrence: &Occurrence, notify: bool) -> Routes {
    if occurrence.drill && !notify {
        return NOBODY;
    }
    let webhooks = Routes {
        webhooks: true,
        ..NOBODY
    };
    match occurrence.event {
        EventName::IncidentPublished
        | EventName::IncidentUpdated
        | EventName::MaintenanceAnnounced
        | EventName::MaintenanceStarted
        | EventName::AnnouncementPublished => Routes {
            chat: notify,
            mail: if notify {
                Mail::Subscribers
            } else {
                Mail::Nobody
            },
            ..webhooks
        },
        EventName::IncidentResolved
        | EventName::IncidentReopened
        | EventName::IncidentWithdrawn
        | EventName::MaintenanceCompleted
        | EventName::AnnouncementEnded => Routes {
            chat: notify,
            mail: if notify {
                Mail::Subscribers
            } else {
                Mail::IncidentSubscribers
            },
            ..webhooks
        },
        EventName::ComponentStatusChanged => webhooks,
        EventName::PostmortemPublished => Routes {
            mail: Mail::PostmortemRequested,
            ..webhooks
        },
        EventName::PromiseOverdue | EventName::PromiseEscalated => Routes {
            on_call: Some(Urgency::Page),
            ..webhooks
        },
        EventName::PromiseDue
        | EventName::SiteVerifyFailed
        | EventName::SitePostHeld
        | EventName::WebhookDisabled
        | EventName::SessionUnused => Routes {
            on_call: Some(Urgency::Inform),
            ..webhooks
        },
    }
}
