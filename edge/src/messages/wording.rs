//! The texts of messages to chats and on-call targets. English, like the console: the readers are operators.

use notice::{
    notify::event_name::EventName,
    wire::enums::{Impact, Status},
};

/// The event as the beginning of a headline.
pub fn event(event: EventName) -> &'static str {
    match event {
        EventName::IncidentPublished => "New incident",
        EventName::IncidentUpdated => "Update",
        EventName::IncidentResolved => "Resolved",
        EventName::IncidentReopened => "Reopened",
        EventName::IncidentWithdrawn => "Withdrawn",
        EventName::MaintenanceAnnounced => "Maintenance scheduled",
        EventName::MaintenanceStarted => "Maintenance started",
        EventName::MaintenanceCompleted => "Maintenance completed",
        EventName::AnnouncementPublished => "Announcement",
        EventName::AnnouncementEnded => "Announcement ended",
        EventName::ComponentStatusChanged => "Component status changed",
        EventName::PromiseDue => "Update due soon",
        EventName::PromiseOverdue => "Update overdue",
        EventName::PromiseEscalated => "Update still overdue",
        EventName::PostmortemPublished => "Postmortem",
        EventName::SiteVerifyFailed => "Verification failed",
        EventName::SitePostHeld => "Scheduled post not published",
        EventName::WebhookDisabled => "Webhook disabled",
        EventName::SessionUnused => "Unused session",
    }
}

pub fn impact(impact: Impact) -> Option<&'static str> {
    match impact {
        Impact::Minor => Some("Minor"),
        Impact::Major => Some("Major"),
        Impact::Critical => Some("Critical"),
        // A maintenance is named in the headline.
        Impact::None | Impact::Maintenance | Impact::Unknown => None,
    }
}

pub fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::Investigating => Some("Investigating"),
        Status::Identified => Some("Identified"),
        Status::Monitoring => Some("Monitoring"),
        Status::Resolved => Some("Resolved"),
        Status::Scheduled => Some("Scheduled"),
        Status::InProgress => Some("In progress"),
        Status::Verifying => Some("Verifying"),
        Status::Completed => Some("Completed"),
        Status::Ended => Some("Ended"),
        Status::Active | Status::Unknown => None,
    }
}
