//! Erases a text from an event's JSON, so that the event can still be parsed.

use serde_json::Value as Json;

/// The replacement for erased text.
pub const ERASED: &str = "[removed]";

/// Fields with operators' texts. Ids, slugs and enum values are not erased.
const TEXT_FIELDS: &[&str] = &[
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
    "host",
    "text",
];

/// Lists whose entries are removed whole: an address or pattern with a replaced part would be useless, or match
/// something else.
const WHOLE_ENTRY_LISTS: &[&str] = &["contacts", "on_call", "paths"];

/// Erases `needle` from all texts that operators wrote. Returns whether it occurred.
pub fn erase(event: &mut Json, needle: &str) -> bool {
    erase_within(event, needle, false)
}

fn erase_within(value: &mut Json, needle: &str, is_text: bool) -> bool {
    match value {
        Json::String(text) if is_text && text.contains(needle) => {
            *text = text.replace(needle, ERASED);
            true
        }
        Json::Array(entries) => entries.iter_mut().fold(false, |any, entry| {
            erase_within(entry, needle, is_text) | any
        }),
        Json::Object(fields) => fields.iter_mut().fold(false, |any, (name, field)| {
            let name = name.as_str();
            let erased = match field {
                Json::Array(entries) if WHOLE_ENTRY_LISTS.contains(&name) => {
                    drop_entries(entries, needle)
                }
                field => {
                    let is_text = TEXT_FIELDS.contains(&name) || (is_text && field.is_string());
                    erase_within(field, needle, is_text)
                }
            };
            erased | any
        }),
        _ => false,
    }
}

fn drop_entries(entries: &mut Vec<Json>, needle: &str) -> bool {
    let before = entries.len();
    entries.retain(|entry| !contains_text(entry, needle));
    entries.len() < before
}

/// Whether any string contains `needle`.
pub fn contains_text(value: &Json, needle: &str) -> bool {
    match value {
        Json::String(text) => text.contains(needle),
        Json::Array(entries) => entries.iter().any(|entry| contains_text(entry, needle)),
        Json::Object(fields) => fields.values().any(|field| contains_text(field, needle)),
        _ => false,
    }
}
