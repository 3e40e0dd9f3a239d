//! The console's labels for statuses, severities, roles and other enums, from `texts/en.toml`.

use notice::{
    project::view::IncidentView,
    wire::enums::{
        ComponentStatus, Confidence, ContactKind, Impact, InApp, Kind, Role, Status, StringEnum,
    },
};

/// One constant per English text.
#[expect(
    dead_code,
    reason = "the console uses few of the texts of card and pages"
)]
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub fn component_status(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => texts::COMPONENT_WORKING,
        ComponentStatus::UnderMaintenance => texts::UNDER_MAINTENANCE,
        ComponentStatus::DegradedPerformance => texts::DEGRADED,
        ComponentStatus::PartialOutage => texts::PARTIAL,
        ComponentStatus::MajorOutage => texts::MAJOR_OUTAGE,
        ComponentStatus::Unknown => texts::UNKNOWN,
    }
}

/// Returns the CSS class that colours a component's status.
pub fn component_tone(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "restored",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::DegradedPerformance => "minor",
        ComponentStatus::PartialOutage => "major",
        ComponentStatus::MajorOutage | ComponentStatus::Unknown => "critical",
    }
}

/// The label of a severity.
pub fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::None => texts::IMPACT_NONE,
        Impact::Minor => texts::IMPACT_MINOR,
        Impact::Major => texts::IMPACT_MAJOR,
        Impact::Critical => texts::IMPACT_CRITICAL,
        Impact::Maintenance => texts::MAINTENANCE,
        Impact::Unknown => texts::UNKNOWN,
    }
}

/// Returns what a severity means for users, and how it is displayed.
pub fn impact_hint(impact: Impact) -> &'static str {
    match impact {
        Impact::None => texts::IMPACT_NONE_MEANS,
        Impact::Minor => texts::IMPACT_MINOR_MEANS,
        Impact::Major => texts::IMPACT_MAJOR_MEANS,
        Impact::Critical => texts::IMPACT_CRITICAL_MEANS,
        Impact::Maintenance | Impact::Unknown => "",
    }
}

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Investigating => texts::STATUS_INVESTIGATING,
        Status::Identified => texts::STATUS_IDENTIFIED,
        Status::Monitoring => texts::STATUS_MONITORING,
        Status::Resolved => texts::STATUS_RESOLVED,
        Status::Scheduled => texts::STATUS_SCHEDULED,
        Status::InProgress => texts::STATUS_IN_PROGRESS,
        Status::Verifying => texts::STATUS_VERIFYING,
        Status::Completed => texts::STATUS_COMPLETED,
        Status::Active => texts::STATUS_ACTIVE,
        Status::Ended => texts::ENDED,
        Status::Unknown => texts::UNKNOWN,
    }
}

pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => texts::INCIDENT,
        Kind::Maintenance => texts::MAINTENANCE,
        Kind::Announcement => texts::ANNOUNCEMENT,
    }
}

/// The label of the action that ends an incident, maintenance or announcement.
pub fn end_action(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => texts::END_INCIDENT,
        Kind::Maintenance => texts::END_MAINTENANCE,
        Kind::Announcement => texts::END_ANNOUNCEMENT,
    }
}

/// The label of the way in which a notice is displayed in the app.
pub fn in_app(in_app: InApp) -> &'static str {
    match in_app {
        InApp::Off => texts::IN_APP_OFF,
        InApp::Pill => texts::IN_APP_PILL,
        InApp::Bar | InApp::Unknown => texts::IN_APP_BAR,
    }
}

/// The label of the certainty of an estimated end.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => texts::CONFIDENCE_LOW,
        Confidence::Medium => texts::CONFIDENCE_MEDIUM,
        Confidence::High | Confidence::Unknown => texts::CONFIDENCE_HIGH,
    }
}

/// The label of a component's importance.
pub fn tier(tier: u8) -> &'static str {
    match tier {
        0 | 1 => "Mission critical",
        2 => "Important",
        _ => "Other",
    }
}

/// The label of the way in which an incident has ended.
pub fn ending(incident: &IncidentView) -> &'static str {
    match incident.kind {
        _ if incident.withdrawn.is_some() => "Withdrawn",
        Kind::Incident | Kind::Unknown => "Resolved",
        Kind::Maintenance => "Completed",
        Kind::Announcement => "Ended",
    }
}

/// The label of a contact's kind by its API name. An unknown kind is a link.
pub fn contact_by_name(kind: &str) -> &'static str {
    contact(ContactKind::parse(kind).unwrap_or(ContactKind::Link))
}

/// The label of an on-call target's kind by its API name.
pub fn on_call(kind: &str) -> &'static str {
    match kind {
        "webhook" => "Webhook",
        "slack" => "Slack",
        "teams" => "Microsoft Teams",
        "pagerduty" => "PagerDuty",
        "opsgenie" => "Opsgenie",
        "ntfy" => "ntfy",
        _ => "E-mail",
    }
}

/// The label of a contact's kind.
pub fn contact(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Phone => texts::CONTACT_PHONE,
        ContactKind::Email => texts::CONTACT_EMAIL,
        ContactKind::Chat => texts::CONTACT_CHAT,
        ContactKind::Link | ContactKind::Unknown => texts::CONTACT_LINK,
        ContactKind::Feedback => texts::CONTACT_FEEDBACK,
    }
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => texts::ROLE_OWNER,
        Role::Editor => texts::ROLE_EDITOR,
        Role::Alerts => texts::ROLE_ALERTS,
        Role::Viewer => texts::ROLE_VIEWER,
        Role::Unknown => texts::UNKNOWN,
    }
}

/// Returns the label of an incident's kind and severity, as on the card. An incident without visible impact has no card; its
/// label says so.
pub fn severity(incident: &IncidentView) -> &'static str {
    match (incident.kind, incident.impact) {
        _ if incident.withdrawn.is_some() => texts::WITHDRAWN,
        (Kind::Maintenance, _) => texts::MAINTENANCE,
        (Kind::Announcement, _) => texts::ANNOUNCEMENT,
        _ if incident.status.is_over() => texts::STATUS_RESOLVED,
        (_, Impact::Critical) => texts::CRITICAL,
        (_, Impact::Major) => texts::MAJOR,
        (_, Impact::Minor) => texts::MINOR,
        (_, Impact::None) => texts::IMPACT_NONE,
        _ => texts::NOTICE,
    }
}

/// Returns the CSS class that colours an incident.
pub fn tone(incident: &IncidentView) -> &'static str {
    match (incident.kind, incident.impact) {
        _ if !incident.is_open() => "restored",
        (Kind::Maintenance, _) => "maintenance",
        (Kind::Announcement, _) => "announcement",
        (_, Impact::Critical) => "critical",
        (_, Impact::Major) => "major",
        _ => "minor",
    }
}

/// Returns the CSS class that colours a severity.
pub fn impact_tone(impact: Impact) -> &'static str {
    match impact {
        Impact::Critical => "critical",
        Impact::Major => "major",
        Impact::Minor => "minor",
        Impact::Maintenance => "maintenance",
        Impact::None | Impact::Unknown => "plain",
    }
}

/// Returns whether the last message of an incident says only that it is resolved. Nine in ten published incidents end like that,
/// and leave users wondering what to check.
pub fn only_says_resolved(body: &str) -> bool {
    let plain: String = body
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ')
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let says_resolved = ["resolved", "fixed", "solved", "restored", "closed"]
        .iter()
        .any(|word| words.contains(word));
    words.len() <= 8 && says_resolved
}

#[cfg(test)]
mod tests {
    use super::{only_says_resolved, severity};
    use crate::testing::incident;
    use serde_json::json;

    #[test]
    fn severity_none_is_labelled_no_visible_impact() {
        for (impact, expected) in [("none", "No visible impact"), ("minor", "Minor")] {
            let incident = incident(&json!({ "impact": impact }));
            assert!(severity(&incident).starts_with(expected), "{impact}");
        }
    }

    #[test]
    fn a_message_that_only_says_resolved_is_found() {
        for (text, expected) in [
            ("This incident has been resolved.", true),
            ("Resolved!", true),
            ("The issue is now fixed.", true),
            ("", false),
            (
                "Sending works again. Messages queued since 08:00 have all been delivered.",
                false,
            ),
            (
                "Fixed: messages that were queued since eight have been delivered by now.",
                false,
            ),
        ] {
            assert_eq!(only_says_resolved(text), expected, "{text}");
        }
    }
}
