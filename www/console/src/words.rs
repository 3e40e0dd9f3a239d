//! The console's names for statuses, impacts, roles and the like. The texts are those of the folder `texts`, in English.

use notice::{
    project::view::IncidentView,
    wire::words::{
        ComponentStatus, Confidence, ContactKind, Impact, InApp, Kind, Role, Status, Word,
    },
};

/// A constant for each English text.
#[expect(
    dead_code,
    reason = "the console uses few of the texts of card and pages"
)]
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// How a component does, as users read it.
pub fn component(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => texts::COMPONENT_WORKING,
        ComponentStatus::UnderMaintenance => texts::UNDER_MAINTENANCE,
        ComponentStatus::DegradedPerformance => texts::DEGRADED,
        ComponentStatus::PartialOutage => texts::PARTIAL,
        ComponentStatus::MajorOutage => texts::MAJOR_OUTAGE,
        ComponentStatus::Unknown => texts::UNKNOWN,
    }
}

/// What gives a component's status its colour.
pub fn component_tone(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "restored",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::DegradedPerformance => "minor",
        ComponentStatus::PartialOutage => "major",
        ComponentStatus::MajorOutage | ComponentStatus::Unknown => "critical",
    }
}

/// How bad it is.
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

/// What that means, and how loud it is.
pub fn impact_hint(impact: Impact) -> &'static str {
    match impact {
        Impact::None => texts::IMPACT_NONE_MEANS,
        Impact::Minor => texts::IMPACT_MINOR_MEANS,
        Impact::Major => texts::IMPACT_MAJOR_MEANS,
        Impact::Critical => texts::IMPACT_CRITICAL_MEANS,
        Impact::Maintenance | Impact::Unknown => "",
    }
}

/// Where it stands, for a button.
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

/// What something is.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => texts::INCIDENT,
        Kind::Maintenance => texts::MAINTENANCE,
        Kind::Announcement => texts::ANNOUNCEMENT,
    }
}

/// What ends it, for a button.
pub fn end(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => texts::END_INCIDENT,
        Kind::Maintenance => texts::END_MAINTENANCE,
        Kind::Announcement => texts::END_ANNOUNCEMENT,
    }
}

/// How loud it is.
pub fn in_app(in_app: InApp) -> &'static str {
    match in_app {
        InApp::Off => texts::IN_APP_OFF,
        InApp::Pill => texts::IN_APP_PILL,
        InApp::Bar | InApp::Unknown => texts::IN_APP_BAR,
    }
}

/// The certainty of an estimated end.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => texts::CONFIDENCE_LOW,
        Confidence::Medium => texts::CONFIDENCE_MEDIUM,
        Confidence::High | Confidence::Unknown => texts::CONFIDENCE_HIGH,
    }
}

/// How important a component is.
pub fn tier(tier: u8) -> &'static str {
    match tier {
        0 | 1 => "Mission critical",
        2 => "Important",
        _ => "Other",
    }
}

/// How an incident that is over ended.
pub fn ended(incident: &IncidentView) -> &'static str {
    match incident.kind {
        _ if incident.withdrawn.is_some() => "Withdrawn",
        Kind::Incident | Kind::Unknown => "Resolved",
        Kind::Maintenance => "Completed",
        Kind::Announcement => "Ended",
    }
}

/// The kind of a contact that is being typed.
pub fn contact_of(kind: &str) -> &'static str {
    contact(ContactKind::parse(kind).unwrap_or(ContactKind::Link))
}

/// How an on-call target is reached.
pub fn on_call(kind: &str) -> &'static str {
    match kind {
        "webhook" => "Webhook",
        _ => "E-mail",
    }
}

/// How somebody is reached.
pub fn contact(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Phone => texts::CONTACT_PHONE,
        ContactKind::Email => texts::CONTACT_EMAIL,
        ContactKind::Chat => texts::CONTACT_CHAT,
        ContactKind::Link | ContactKind::Unknown => texts::CONTACT_LINK,
        ContactKind::Feedback => texts::CONTACT_FEEDBACK,
    }
}

/// What somebody may do.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => texts::ROLE_OWNER,
        Role::Editor => texts::ROLE_EDITOR,
        Role::Alerts => texts::ROLE_ALERTS,
        Role::Viewer => texts::ROLE_VIEWER,
        Role::Unknown => texts::UNKNOWN,
    }
}

/// What an incident is and how bad: as the card's label says it, or that it has no card.
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

/// What gives an incident its colour.
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

/// What gives an impact its colour.
pub fn impact_tone(impact: Impact) -> &'static str {
    match impact {
        Impact::Critical => "critical",
        Impact::Major => "major",
        Impact::Minor => "minor",
        Impact::Maintenance => "maintenance",
        Impact::None | Impact::Unknown => "plain",
    }
}

/// A word from a menu or button, read back.
pub fn word<T: Word>(value: &str) -> Option<T> {
    T::parse(value)
}

/// Whether a text says no more than that it is over: nine in ten incidents of others end so, and leave people with their
/// question of what to check.
pub fn is_bare(body: &str) -> bool {
    let plain: String = body
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ')
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let says_over = ["resolved", "fixed", "solved", "restored", "closed"]
        .iter()
        .any(|over| words.contains(over));
    words.len() <= 8 && says_over
}

#[cfg(test)]
mod tests {
    use super::{is_bare, severity};
    use crate::testing::incident;
    use serde_json::json;

    #[test]
    fn an_incident_without_visible_impact_is_named_so() {
        for (impact, expected) in [("none", "No visible impact"), ("minor", "Minor")] {
            let incident = incident(&json!({ "impact": impact }));
            assert!(severity(&incident).starts_with(expected), "{impact}");
        }
    }

    #[test]
    fn a_bare_sentence_is_known() {
        for (text, bare) in [
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
            assert_eq!(is_bare(text), bare, "{text}");
        }
    }
}
