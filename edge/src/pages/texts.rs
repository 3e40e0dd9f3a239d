//! The texts of the pages, generated from the folder `texts`. `%` stands for a value.

use ::notice::{
    project::language::lookup,
    wire::{
        enums::{ComponentStatus, Confidence, Impact, Kind, NoticeKind, Status},
        feed::Notice,
        incident::Incident,
        language::{Language, LanguageTag},
    },
};
use maud::{Markup, html};

use crate::http::weighted_list;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

impl Texts {
    /// The texts in a language; English if there is no translation.
    pub fn in_language(language: &Language) -> &'static Self {
        let mut translations = TRANSLATIONS.iter();
        translations
            .find(|texts| texts.tag == language.as_str())
            .unwrap_or(&ENGLISH)
    }

    /// The language of the texts for a reader whose site is unknown; English if there is no translation.
    pub fn language_for(tag: Option<&LanguageTag>) -> Language {
        let all = Self::languages();
        let found = tag.and_then(|tag| lookup(tag, &all));
        found.cloned().unwrap_or_else(Language::english)
    }

    /// The language of the texts that a reader prefers, by `Accept-Language` (RFC 9110, 12.5.4). `None` if there are texts
    /// in none of the reader's languages.
    pub fn preferred_language(accepted: &str) -> Option<Language> {
        let all = Self::languages();
        let mut tags: Vec<(&str, u16)> = weighted_list::parse(accepted)
            .filter(|(_, weight)| *weight > 0)
            .collect();
        // A stable sort: of equal weights, the first is preferred.
        tags.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        tags.into_iter()
            .filter_map(|(tag, _)| LanguageTag::parse(tag))
            .find_map(|tag| lookup(&tag, &all).cloned())
    }

    fn languages() -> Vec<Language> {
        let translations = TRANSLATIONS.iter().chain([&ENGLISH]);
        translations
            .filter_map(|texts| Language::parse(texts.tag))
            .collect()
    }

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

    /// An incident's status as a sentence; empty for announcements.
    pub fn status_sentence(&self, status: Status) -> &'static str {
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

    /// The kind and impact of an open incident.
    pub fn severity(&self, incident: &Incident) -> &'static str {
        match (incident.kind, incident.impact) {
            (Kind::Maintenance, _) => self.maintenance,
            (Kind::Announcement, _) => self.announcement,
            (_, Impact::Critical) => self.critical,
            (_, Impact::Major) => self.major,
            _ => self.minor,
        }
    }

    /// The sentence for an estimated end, by confidence.
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

/// Replaces each `%` of a sentence by markup.
pub fn fill_markup(sentence: &str, values: &[Markup]) -> Markup {
    let mut values = values.iter();
    html! {
        @for (number, text_after) in sentence.split('%').enumerate() {
            @let value = if number > 0 { values.next() } else { None };
            @if let Some(value) = value { (value) }
            (drop_second_stop(value.map(|value| value.0.as_str()), text_after))
        }
    }
}

/// Replaces each `%` of a sentence by plain text.
pub fn fill_text(sentence: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut text = String::new();
    for (number, text_after) in sentence.split('%').enumerate() {
        let value = if number > 0 { values.next() } else { None };
        text.push_str(value.unwrap_or(&""));
        text.push_str(drop_second_stop(value.copied(), text_after));
    }
    text
}

/// The text after a value. If the value ends with a full stop, as an abbreviation does, a full stop that follows is dropped.
fn drop_second_stop<'a>(value: Option<&str>, text_after: &'a str) -> &'a str {
    match value {
        Some(value) if value.ends_with('.') => text_after.strip_prefix('.').unwrap_or(text_after),
        _ => text_after,
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{Texts, fill_markup, fill_text};

    #[test]
    fn the_most_preferred_known_language_is_chosen() {
        for (accepted, expected) in [
            ("de", Some("de")),
            ("de-CH, en;q=0.5", Some("de")),
            ("en;q=0.5, de;q=0.9", Some("de")),
            ("en, de", Some("en")),
            ("xx, ar-EG;q=0.2", Some("ar")),
            ("de;q=0, en", Some("en")),
            ("ger", Some("de")),
            ("xx", None),
            ("*", None),
            ("de;q=abc", None),
            ("", None),
        ] {
            let language = Texts::preferred_language(accepted);
            let language = language.as_ref().map(|language| language.as_str());
            assert_eq!(language, expected, "{accepted}");
        }
    }

    #[test]
    fn sentences_are_filled_in_order() {
        assert_eq!(fill_text("From % to %.", &["8", "9"]), "From 8 to 9.");
        assert_eq!(fill_text("Nothing.", &["8"]), "Nothing.");
        assert_eq!(fill_text("% only", &[]), " only");
        assert_eq!(fill_text("Nach %.", &["5 Min."]), "Nach 5 Min.");
        let took = [html! { "5 Min." }];
        assert_eq!(fill_markup("Nach %. Gut.", &took).0, "Nach 5 Min. Gut.");
    }
}
