//! The rules of subscriptions by mail: who gets a mail about an occurrence, in which order mails are sent, and how long a subscription
//! to an incident is kept.

use serde::{Deserialize, Serialize};

use super::{event_name::EventName, merging::WINDOW_S, occurrence::Occurrence, route::Mail};
use crate::wire::{enums::Impact, ids::ComponentId, incident::Incident, time::Timestamp};

/// Time in which a request must be confirmed, in seconds: 48 h.
pub const CONFIRMED_WITHIN_S: i64 = 48 * 3600;
/// Time for which a subscription to an incident is kept after its end, in seconds: 24 h. Subscribers get a mail
/// if the incident reopens.
const KEPT_AFTER_END_S: i64 = 86_400;
/// Time for which a subscription with the explanation waits for the postmortem, in seconds: 30 days.
const KEPT_FOR_EXPLANATION_S: i64 = 30 * 86_400;
/// The updates of a site that a subscriber gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Updates {
    /// No updates of the site.
    #[default]
    None,
    /// All updates with Notify.
    All,
    /// The ends of incidents only, and their reopening.
    Resolved,
}

impl Updates {
    /// The name in forms and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::All => "all",
            Self::Resolved => "resolved",
        }
    }

    /// Parses a name of forms and storage.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = [Self::None, Self::All, Self::Resolved].into_iter();
        all.find(|updates| updates.as_str() == name)
    }
}

/// The part of a subscription that is about the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSubscription {
    /// Updates of incidents, and announcements.
    pub updates: Updates,
    /// Whether maintenance is included: announced, started, completed.
    pub maintenance: bool,
    /// Ids of the components that it is limited to. Empty: all.
    pub components: Vec<ComponentId>,
}

impl SiteSubscription {
    /// Whether it includes nothing.
    pub fn is_empty(&self) -> bool {
        self.updates == Updates::None && !self.maintenance
    }
}

/// The subscribers to the site who get a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteRecipients {
    /// No subscriber to the site.
    Nobody,
    /// Those with all updates.
    OfUpdates,
    /// Those with all updates, and those with ends only.
    OfEnds,
    /// Those who chose maintenance.
    OfMaintenance,
}

/// The subscribers to the incident who get a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentRecipients {
    /// No subscriber to the incident.
    Nobody,
    /// All subscribers to the incident.
    All,
    /// Those who asked for the explanation.
    Explanation,
}

/// The subscribers who get a mail about an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// Subscribers to the site, limited to their components.
    pub site: SiteRecipients,
    /// Subscribers to the incident.
    pub incident: IncidentRecipients,
}

impl Recipients {
    /// Whether nobody gets a mail.
    pub fn is_nobody(self) -> bool {
        self.site == SiteRecipients::Nobody && self.incident == IncidentRecipients::Nobody
    }
}

/// The subscribers who get a mail about an occurrence of an incident. `mail` is its route. Subscribers to the site get none about an
/// incident that the lists do not show.
pub fn recipients(occurrence: &Occurrence, mail: Mail, incident: &Incident) -> Recipients {
    let site = match occurrence.event {
        _ if mail != Mail::Subscribers || !incident.is_listed() => SiteRecipients::Nobody,
        EventName::IncidentPublished
        | EventName::IncidentUpdated
        | EventName::AnnouncementPublished
        | EventName::AnnouncementEnded => SiteRecipients::OfUpdates,
        EventName::IncidentResolved
        | EventName::IncidentReopened
        | EventName::IncidentWithdrawn => SiteRecipients::OfEnds,
        EventName::MaintenanceAnnounced
        | EventName::MaintenanceStarted
        | EventName::MaintenanceCompleted => SiteRecipients::OfMaintenance,
        _ => SiteRecipients::Nobody,
    };
    let incident = match (mail, occurrence.event) {
        (Mail::PostmortemRequested, _) => IncidentRecipients::Explanation,
        (
            Mail::Subscribers | Mail::IncidentSubscribers,
            EventName::IncidentResolved
            | EventName::IncidentReopened
            | EventName::IncidentWithdrawn
            | EventName::MaintenanceCompleted
            | EventName::AnnouncementEnded,
        ) => IncidentRecipients::All,
        _ => IncidentRecipients::Nobody,
    };
    Recipients { site, incident }
}

/// The place of a mail in the queue; the smallest goes first. Requests for a confirmation go before all others, because somebody waits
/// for each.
pub const CONFIRMATION_RANK: u64 = 0;

/// The place of a mailing in the queue: ends before updates, critical before major before minor.
pub fn rank(event: EventName, impact: Impact) -> u64 {
    let class = match event {
        EventName::IncidentResolved
        | EventName::IncidentReopened
        | EventName::IncidentWithdrawn
        | EventName::MaintenanceCompleted
        | EventName::AnnouncementEnded => 10,
        EventName::PostmortemPublished => 30,
        _ => 20,
    };
    let severity = match impact {
        Impact::Critical => 0,
        Impact::Major => 1,
        Impact::Minor => 2,
        Impact::None | Impact::Maintenance | Impact::Unknown => 3,
    };
    class + severity
}

/// The time at which a mailing is sent. An update waits if the last mailing about the incident, which was or is due at `last_due`, is
/// less than 3 min old: it is then merged with those that follow.
pub fn due_at(event: EventName, last_due: Option<Timestamp>, now: Timestamp) -> Timestamp {
    match (event, last_due) {
        (EventName::IncidentUpdated, Some(last)) if last > now => last,
        (EventName::IncidentUpdated, Some(last)) => now.max(last.plus_seconds(WINDOW_S)),
        _ => now,
    }
}

/// The change of the subscriptions to an incident when a mailing about it is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// It does not change.
    Same,
    /// They have no end: the incident goes on.
    Open,
    /// They end some time after the incident, see [`kept_until`].
    Ends,
    /// They end at once: the postmortem was the last mail.
    Over,
}

/// The change of the subscriptions to an incident by an occurrence.
pub fn lifetime(event: EventName) -> Lifetime {
    match event {
        EventName::IncidentReopened => Lifetime::Open,
        EventName::IncidentResolved
        | EventName::IncidentWithdrawn
        | EventName::MaintenanceCompleted
        | EventName::AnnouncementEnded => Lifetime::Ends,
        EventName::PostmortemPublished => Lifetime::Over,
        _ => Lifetime::Same,
    }
}

/// The time until which a subscription to an incident is kept after its end.
pub fn kept_until(ended_at: Timestamp, explanation: bool) -> Timestamp {
    ended_at.plus_seconds(match explanation {
        true => KEPT_FOR_EXPLANATION_S,
        false => KEPT_AFTER_END_S,
    })
}

/// Whether a subscription to an incident can begin: it is open, or its postmortem is still to come.
pub fn can_subscribe(incident: &Incident, explanation: bool, now: Timestamp) -> bool {
    incident.is_open()
        || (explanation
            && incident.postmortem.is_none()
            && incident.withdrawn.is_none()
            && incident
                .ended_at
                .is_some_and(|at| kept_until(at, explanation) > now))
}
