//! The API's errors in words that operators read: JSON pointers and field names become labels.

use crate::{api::FieldError, readable::label};

/// What is needed in fields that the console holds in minutes or hours, and the API in seconds.
const AMOUNTS: &[(&str, &str)] = &[
    (
        "/cadence",
        "Enter a number of minutes from 1 to 43200 (30 days).",
    ),
    (
        "/cadence_s",
        "Enter a number of minutes from 1 to 43200 (30 days).",
    ),
    (
        "/overdue_after_s",
        "Enter a number of minutes from 0 to 1440 (1 day).",
    ),
    (
        "/restored/returning_s",
        "Enter a number of hours from 0 to 72.",
    ),
    (
        "/restored/everyone_s",
        "Enter a number of hours from 0 to 72.",
    ),
];

/// The instruction for a field whose amounts are in another unit than the API's.
pub fn amount(pointer: &str) -> Option<&'static str> {
    let found = AMOUNTS.iter().find(|(at, _)| {
        let rest = pointer.strip_prefix(at);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    found.map(|(_, words)| *words)
}

/// What is wrong with a field, as operators read it.
pub fn detail(error: &FieldError) -> String {
    match amount(&error.pointer) {
        Some(words) => words.to_owned(),
        None => translated(&error.detail),
    }
}

/// The name of the field at a JSON pointer.
pub fn of(pointer: &str) -> String {
    let mut parts = pointer.trim_start_matches('/').split('/');
    let name = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let label = label(name);
    let entry = rest.iter().find_map(|part| part.parse::<usize>().ok());
    match (name, entry, rest.as_slice()) {
        ("text", _, [language, ..]) => format!("Translation ({language})"),
        (_, Some(entry), _) => format!("{label} {}", entry.saturating_add(1)),
        ("window", _, ["start"]) => "Start".to_owned(),
        ("window", _, ["end"]) => "End".to_owned(),
        ("restored", _, ["check"]) => "What to check".to_owned(),
        _ => label,
    }
}

/// A detail of the API as operators read it: field names become labels.
pub fn translated(detail: &str) -> String {
    let is_part = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_' || letter == '.'
    };
    let mut told = String::new();
    let mut word = String::new();
    for letter in detail.chars().chain([' ']) {
        if is_part(letter) {
            word.push(letter);
            continue;
        }
        let (name, dots) = split_dots(&word);
        if name.contains('_') {
            told.push_str(&lower(&label(name)));
        } else {
            told.push_str(name);
        }
        told.push_str(dots);
        told.push(letter);
        word.clear();
    }
    told.trim_end().to_owned()
}

/// A word and the full stops behind it.
fn split_dots(word: &str) -> (&str, &str) {
    word.split_at(word.trim_end_matches('.').len())
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::{detail, of, translated};
    use crate::{api::FieldError, submit};
    use notice::{check, wire::input::NewSite};
    use serde_json::json;

    #[test]
    fn no_field_in_minutes_or_hours_is_told_about_seconds() {
        let site: NewSite = serde_json::from_value(json!({
            "slug": "acme", "name": "Acme",
            "cadence": { "tier_1_s": 1, "tier_2_s": 9_000_000, "tier_3_s": 60 },
            "restored": { "returning_s": 9_000_000, "everyone_s": 9_000_000 }, "overdue_after_s": 9_000_000
        }))
        .unwrap();
        let rejection = check::site(&site).unwrap_err();
        let failure = submit::objection(&rejection);
        let errors = submit::errors(&failure);
        assert_eq!(errors.len(), 5);
        let own = FieldError {
            pointer: "/cadence_s".to_owned(),
            detail: "Must be 60 to 2592000 seconds (1 minute to 30 days).".to_owned(),
        };
        for error in errors.iter().chain([&own]) {
            let told = detail(error);
            assert!(
                told.contains(" of minutes ") || told.contains(" of hours "),
                "{told}"
            );
            assert!(!told.contains("second"), "{told}");
        }
    }

    #[test]
    fn pointers_become_labels() {
        for (pointer, expected) in [
            ("/title", "Title"),
            ("/scheduled_until", "End"),
            ("/window/end", "End"),
            ("/contacts/0/value", "Support contacts 1"),
            ("/text/de/title", "Translation (de)"),
            ("/restored/check", "What to check"),
            ("/some_new_field", "Some new field"),
        ] {
            assert_eq!(of(pointer), expected);
        }
    }

    #[test]
    fn details_name_no_field_of_the_api() {
        for (detail, expected) in [
            ("must come after scheduled_for", "must come after start"),
            (
                "must come after publish_at: nobody hears of it before",
                "must come after publish at: nobody hears of it before",
            ),
            (
                "lies in the past; the server's time is 2026-11-21T08:00:00Z",
                "lies in the past; the server's time is 2026-11-21T08:00:00Z",
            ),
            (
                "needs estimated_end_at beside it.",
                "needs estimated end beside it.",
            ),
        ] {
            assert_eq!(translated(detail), expected);
        }
    }
}
