//! The texts of the pages, which the folder `texts` holds for every language. `%` stands for a value.

use ::notice::wire::{
    feed::Notice,
    incident::Incident,
    language::Language,
    words::{ComponentStatus, Confidence, Impact, Kind, NoticeKind, Status},
};
use maud::{Markup, html};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Words {
    /// The words of a language; English where there are none.
    pub fn of(language: &Language) -> &'static Self {
        let mut translations = TRANSLATIONS.iter();
        translations
            .find(|words| words.tag == language.as_str())
            .unwrap_or(&ENGLISH)
    }

    /// How a component does.
    pub fn component(&self, status: ComponentStatus) -> &'static str {
        match status {
            ComponentStatus::Operational => self.component_working,
            ComponentStatus::UnderMaintenance => self.under_maintenance,
            ComponentStatus::DegradedPerformance => self.degraded,
            ComponentStatus::PartialOutage => self.partial,
            ComponentStatus::MajorOutage => self.major_outage,
            ComponentStatus::Unknown => self.unknown,
        }
    }

    /// Where it stands, as a sentence; nothing for announcements.
    pub fn standing(&self, status: Status) -> &'static str {
        match status {
            Status::Investigating => self.investigating,
            Status::Identified => self.identified,
            Status::Monitoring => self.monitoring,
            Status::Resolved => self.resolved,
            Status::Scheduled => self.scheduled,
            Status::InProgress => self.in_progress,
            Status::Verifying => self.verifying,
            Status::Completed => self.completed,
            Status::Active | Status::Ended | Status::Unknown => "",
        }
    }

    /// The kind of an open incident, and its impact.
    pub fn severity(&self, incident: &Incident) -> &'static str {
        match (incident.kind, incident.impact) {
            (Kind::Maintenance, _) => self.maintenance,
            (Kind::Announcement, _) => self.announcement,
            (_, Impact::Critical) => self.critical,
            (_, Impact::Major) => self.major,
            _ => self.minor,
        }
    }

    /// How sure it is that it ends by then.
    pub fn estimate(&self, confidence: Option<Confidence>) -> &'static str {
        match confidence {
            Some(Confidence::High) => self.estimate_high,
            Some(Confidence::Medium) => self.estimate_medium,
            Some(Confidence::Low | Confidence::Unknown) | None => self.estimate_low,
        }
    }
}

/// The class that gives a notice its colour, and the name of its icon.
pub fn tone(notice: &Notice) -> &'static str {
    let restored = notice.restored.as_ref();
    match (notice.kind, notice.impact) {
        _ if restored.is_some_and(|restored| restored.withdrawn.is_some()) => "withdrawn",
        (NoticeKind::Restored, _) => "restored",
        (NoticeKind::Maintenance, _) => "maintenance",
        (NoticeKind::Announcement, _) => "announcement",
        (_, Impact::Critical) => "critical",
        (_, Impact::Major) => "major",
        _ => "minor",
    }
}

/// The class that gives a component's status its colour, and the name of its icon.
pub fn component_tone(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "restored",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::DegradedPerformance => "minor",
        ComponentStatus::PartialOutage => "major",
        ComponentStatus::MajorOutage | ComponentStatus::Unknown => "critical",
    }
}

/// A sentence with these put in.
pub fn fill(sentence: &str, parts: &[Markup]) -> Markup {
    let mut parts = parts.iter();
    html! {
        @for (number, said) in sentence.split('%').enumerate() {
            @let part = if number > 0 { parts.next() } else { None };
            @if let Some(part) = part { (part) }
            (after(part.map(|part| part.0.as_str()), said))
        }
    }
}

/// The same for plain text.
pub fn filled(sentence: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut text = String::new();
    for (number, said) in sentence.split('%').enumerate() {
        let part = if number > 0 { parts.next() } else { None };
        text.push_str(part.unwrap_or(&""));
        text.push_str(after(part.copied(), said));
    }
    text
}

/// What a sentence says after a part of it. An abbreviation's full stop ends the sentence as well.
fn after<'a>(part: Option<&str>, said: &'a str) -> &'a str {
    match part {
        Some(part) if part.ends_with('.') => said.strip_prefix('.').unwrap_or(said),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{fill, filled};

    #[test]
    fn sentences_are_filled_in_order() {
        assert_eq!(filled("From % to %.", &["8", "9"]), "From 8 to 9.");
        assert_eq!(filled("Nothing.", &["8"]), "Nothing.");
        assert_eq!(filled("% only", &[]), " only");
        assert_eq!(filled("Nach %.", &["5 Min."]), "Nach 5 Min.");
        let took = [html! { "5 Min." }];
        assert_eq!(fill("Nach %. Gut.", &took).0, "Nach 5 Min. Gut.");
    }
}
