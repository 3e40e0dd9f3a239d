//! Words that operators read. What users read is the card's.

use notice::{
    project::view::IncidentView,
    wire::words::{
        ComponentStatus, Confidence, ContactKind, Impact, InApp, Kind, Role, Status, Word,
    },
};

/// How a component does, as users read it.
pub fn component(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "Working",
        ComponentStatus::UnderMaintenance => "Under maintenance",
        ComponentStatus::DegradedPerformance => "Slow or unreliable",
        ComponentStatus::PartialOutage => "Not working for some",
        ComponentStatus::MajorOutage => "Not working",
        ComponentStatus::Unknown => "Not known",
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
        Impact::None => "Nobody notices",
        Impact::Minor => "Minor",
        Impact::Major => "Major",
        Impact::Critical => "Critical",
        Impact::Maintenance => "Maintenance",
        Impact::Unknown => "Not known",
    }
}

/// What that means, and how loud it is.
pub fn impact_hint(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "Only the status page has it",
        Impact::Minor => "An annoyance: a small pill",
        Impact::Major => "Some work cannot be done: a card",
        Impact::Critical => "Work cannot be done: a card",
        Impact::Maintenance | Impact::Unknown => "",
    }
}

/// Where it stands, for a button.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Investigating => "Looking into it",
        Status::Identified => "Cause known",
        Status::Monitoring => "Watching",
        Status::Resolved => "Working again",
        Status::Scheduled => "Planned",
        Status::InProgress => "Under way",
        Status::Verifying => "Being checked",
        Status::Completed => "Completed",
        Status::Active => "Announced",
        Status::Ended => "Ended",
        Status::Unknown => "Not known",
    }
}

/// What something is.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => "Incident",
        Kind::Maintenance => "Maintenance",
        Kind::Announcement => "Announcement",
    }
}

/// What ends it, for a button.
pub fn end(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident | Kind::Unknown => "It works again",
        Kind::Maintenance => "The work is done",
        Kind::Announcement => "End it",
    }
}

/// How loud it is.
pub fn in_app(in_app: InApp) -> &'static str {
    match in_app {
        InApp::Off => "Not in the app",
        InApp::Pill => "A small pill",
        InApp::Bar | InApp::Unknown => "A card",
    }
}

/// How sure an estimate is, as the card says it.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "We hope by then",
        Confidence::Medium => "We expect by then",
        Confidence::High | Confidence::Unknown => "By then",
    }
}

/// How somebody is reached.
pub fn contact(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Phone => "Phone",
        ContactKind::Email => "E-mail",
        ContactKind::Chat => "Chat",
        ContactKind::Link | ContactKind::Unknown => "Link",
        ContactKind::Feedback => "Feedback",
    }
}

/// What somebody may do.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner: everything",
        Role::Editor => "Editor: publishes",
        Role::Alerts => "Alerts: from machines only",
        Role::Viewer => "Viewer: reads",
        Role::Unknown => "Not known",
    }
}

/// What an incident is and how bad, as the card's label says it.
pub fn severity(incident: &IncidentView) -> &'static str {
    match (incident.kind, incident.impact) {
        _ if incident.withdrawn.is_some() => "Withdrawn",
        (Kind::Maintenance, _) => "Maintenance",
        (Kind::Announcement, _) => "Announcement",
        _ if incident.status.is_over() => "Working again",
        (_, Impact::Critical) => "Critical problem",
        (_, Impact::Major) => "Major problem",
        (_, Impact::Minor) => "Minor problem",
        _ => "Notice",
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
    use super::is_bare;

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
