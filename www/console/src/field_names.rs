//! The API's errors in words that operators read: JSON pointers and field names become labels.

use crate::readable::label;

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
    use super::{of, translated};

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
