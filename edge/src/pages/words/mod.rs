//! Words people read, as on the card.

use ::notice::wire::{
    incident::Incident,
    words::{ComponentStatus, Impact, Kind, Status},
};

/// How a component does.
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

/// The class that gives a component's status its colour.
pub fn component_class(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "soft",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::DegradedPerformance => "minor",
        ComponentStatus::PartialOutage => "major",
        ComponentStatus::MajorOutage | ComponentStatus::Unknown => "critical",
    }
}

/// Where an incident stands, as a sentence.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Investigating => "We are looking into it.",
        Status::Identified => "We know the cause and are fixing it.",
        Status::Monitoring => "It should work again. We are watching.",
        Status::Resolved => "Working again.",
        Status::Scheduled => "Planned.",
        Status::InProgress => "Maintenance is under way.",
        Status::Verifying => "The work is done. We are checking it.",
        Status::Completed => "Maintenance is complete.",
        Status::Active => "Announcement.",
        Status::Ended => "Ended.",
        Status::Unknown => "",
    }
}

/// What sort of thing it is, and how bad.
pub fn severity(incident: &Incident) -> &'static str {
    match (incident.kind, incident.worst_or_current()) {
        _ if incident.withdrawn.is_some() => "Withdrawn",
        (Kind::Maintenance, _) => "Maintenance",
        (Kind::Announcement, _) => "Announcement",
        _ if !incident.is_open() => "Working again",
        (_, Impact::Critical) => "Critical problem",
        (_, Impact::Major) => "Major problem",
        (_, Impact::Minor) => "Minor problem",
        _ => "Notice",
    }
}

/// The class that gives an incident its colour.
pub fn tone(incident: &Incident) -> &'static str {
    match (incident.kind, incident.worst_or_current()) {
        _ if !incident.is_open() => "restored",
        (Kind::Maintenance, _) => "maintenance",
        (Kind::Announcement, _) => "announcement",
        (_, Impact::Critical) => "critical",
        (_, Impact::Major) => "major",
        _ => "minor",
    }
}

/// How long something took: `1 h 40 min`.
pub fn duration(seconds: u64) -> String {
    let minutes = seconds / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if said.is_empty() {
        "less than a minute".to_owned()
    } else {
        said.join(" ")
    }
}
