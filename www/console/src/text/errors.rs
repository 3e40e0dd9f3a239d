//! The API's field errors as operators read them: JSON pointers and field names become labels.

use crate::{
    server::failure::{FieldError, sentence},
    text::values::label,
};

/// Instructions for fields that the console shows in minutes or hours. The API has them in seconds.
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

/// Returns the instruction for a field that the console shows in another unit than the API.
pub fn unit_instruction(pointer: &str) -> Option<&'static str> {
    let entry = AMOUNTS.iter().find(|(at, _)| {
        let rest = pointer.strip_prefix(at);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    entry.map(|(_, instruction)| *instruction)
}

/// Returns an error's detail in the console's labels and units.
pub fn detail(error: &FieldError) -> String {
    match unit_instruction(&error.pointer) {
        Some(instruction) => instruction.to_owned(),
        None => with_labels(&error.detail),
    }
}

/// Returns an error as a sentence that names its field.
pub fn labelled(error: &FieldError) -> String {
    let detail = detail(error);
    let label = label_of(&error.pointer);
    match detail.starts_with(&label) {
        true => sentence(&detail),
        false => sentence(&format!("{label}: {detail}")),
    }
}

/// Returns the label of the field at a JSON pointer.
fn label_of(pointer: &str) -> String {
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

/// Replaces the API's field names in a text by labels. Only words with an underscore count as field names, because others
/// could be ordinary words; a field without a label loses its underscores.
fn with_labels(detail: &str) -> String {
    let is_part = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_' || letter == '.'
    };
    let mut text = String::new();
    let mut word = String::new();
    for letter in detail.chars().chain([' ']) {
        if is_part(letter) {
            word.push(letter);
            continue;
        }
        let (name, dots) = split_dots(&word);
        if name.contains('_') {
            text.push_str(&with_lower_case(&label(name)));
        } else {
            text.push_str(name);
        }
        text.push_str(dots);
        text.push(letter);
        word.clear();
    }
    text.trim_end().to_owned()
}

/// Splits a word from the full stops after it.
fn split_dots(word: &str) -> (&str, &str) {
    word.split_at(word.trim_end_matches('.').len())
}

fn with_lower_case(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::{detail, label_of, with_labels};
    use crate::server::failure::{Failure, FieldError};
    use notice::{
        body::check::{self, endpoint_url::Network},
        wire::input::NewSite,
    };
    use serde_json::json;

    #[test]
    fn errors_of_fields_in_minutes_or_hours_name_no_seconds() {
        let mut site: NewSite = serde_json::from_value(json!({
            "slug": "acme", "name": "Acme",
            "cadence": { "tier_1_s": 1, "tier_2_s": 9_000_000, "tier_3_s": 60 },
            "restored": { "returning_s": 9_000_000, "everyone_s": 9_000_000 }, "overdue_after_s": 9_000_000
        }))
        .unwrap();
        let rejection = check::site(&mut site, Network::Public).unwrap_err();
        let failure = Failure::from(&rejection);
        let errors = failure.errors();
        assert_eq!(errors.len(), 5);
        let of_an_incident = FieldError {
            pointer: "/cadence_s".to_owned(),
            detail: "Must be 60 to 2592000 seconds (1 minute to 30 days).".to_owned(),
        };
        for error in errors.iter().chain([&of_an_incident]) {
            let detail = detail(error);
            assert!(
                detail.contains(" of minutes ") || detail.contains(" of hours "),
                "{detail}"
            );
            assert!(!detail.contains("second"), "{detail}");
        }
    }

    #[test]
    fn pointers_map_to_labels() {
        for (pointer, expected) in [
            ("/title", "Title"),
            ("/scheduled_until", "End"),
            ("/window/end", "End"),
            ("/contacts/0/value", "Support contacts 1"),
            ("/text/de/title", "Translation (de)"),
            ("/restored/check", "What to check"),
            ("/some_new_field", "Some new field"),
        ] {
            assert_eq!(label_of(pointer), expected);
        }
    }

    #[test]
    fn details_have_labels_instead_of_field_names() {
        for (detail, expected) in [
            ("must come after scheduled_for", "must come after start"),
            // `publish_at` has no label.
            (
                "must come after publish_at, when it is announced",
                "must come after publish at, when it is announced",
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
            assert_eq!(with_labels(detail), expected);
        }
    }
}
