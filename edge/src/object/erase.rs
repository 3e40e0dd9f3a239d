//! Words taken out of an event's JSON, such that what is left is an event still.

use serde_json::Value as Json;

/// What stands where words were erased.
pub const ERASED: &str = "[removed]";

/// Fields whose texts operators write; ids, slugs and words of the vocabulary are left alone.
const WRITTEN: &[&str] = &[
    "title",
    "body",
    "advice",
    "works",
    "broken",
    "back",
    "check",
    "still",
    "reason",
    "withdrawn",
    "root_cause",
    "remedy",
    "prevention",
    "label",
    "value",
    "name",
    "group",
    "text",
];

/// Lists whose entries are of use only as they were: an address or a pattern with a hole in it leads nowhere, or to
/// somebody else. An entry with the words in it goes whole.
const WHOLE: &[&str] = &["contacts", "on_call", "paths"];

/// Takes words out of everything that operators wrote; whether there were any.
pub fn erase(event: &mut Json, words: &str) -> bool {
    erase_within(event, words, false)
}

fn erase_within(value: &mut Json, words: &str, written: bool) -> bool {
    match value {
        Json::String(text) if written && text.contains(words) => {
            *text = text.replace(words, ERASED);
            true
        }
        Json::Array(entries) => entries.iter_mut().fold(false, |any, entry| {
            erase_within(entry, words, written) | any
        }),
        Json::Object(fields) => fields.iter_mut().fold(false, |any, (name, field)| {
            let name = name.as_str();
            let erased = match field {
                Json::Array(entries) if WHOLE.contains(&name) => drop_entries(entries, words),
                field => {
                    let written = WRITTEN.contains(&name) || (written && field.is_string());
                    erase_within(field, words, written)
                }
            };
            erased | any
        }),
        _ => false,
    }
}

fn drop_entries(entries: &mut Vec<Json>, words: &str) -> bool {
    let before = entries.len();
    entries.retain(|entry| !holds(entry, words));
    entries.len() < before
}

/// Whether any text in it has the words.
pub fn holds(value: &Json, words: &str) -> bool {
    match value {
        Json::String(text) => text.contains(words),
        Json::Array(entries) => entries.iter().any(|entry| holds(entry, words)),
        Json::Object(fields) => fields.values().any(|field| holds(field, words)),
        _ => false,
    }
}
