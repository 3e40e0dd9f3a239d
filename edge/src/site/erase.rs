//! Erases a text from an event's JSON, so that the event can still be parsed.

use notice::{body::slug, journal::sha256_hex, wire::ids::Slug};
use serde_json::Value as Json;

/// The replacement for erased text.
pub const ERASED: &str = "[removed]";

/// Fields with operators' texts. Ids, slugs of sites and segments, and enum values are not erased.
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

/// Erases `needle` from all texts that operators wrote, and its words from the slugs of components,
/// which are made from names. Returns whether anything was erased.
pub fn erase(event: &mut Json, needle: &str) -> bool {
    let needle = Needle {
        text: needle,
        words: slug::words(needle),
    };
    erase_within(event, &needle, Content::Other)
}

/// The text to erase.
struct Needle<'a> {
    text: &'a str,
    /// The text in the form that a name has in a slug; empty if the text has no characters that a
    /// slug can contain.
    words: String,
}

/// The content of a string, which decides how text is erased from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    /// The slug of a component.
    Slug,
    Other,
}

fn erase_within(value: &mut Json, needle: &Needle<'_>, content: Content) -> bool {
    match value {
        Json::String(text) if content == Content::Text && text.contains(needle.text) => {
            *text = text.replace(needle.text, ERASED);
            true
        }
        Json::String(slug) if content == Content::Slug => match without_words(slug, needle) {
            Some(erased) => {
                *slug = erased;
                true
            }
            None => false,
        },
        Json::Array(entries) => entries.iter_mut().fold(false, |any, entry| {
            erase_within(entry, needle, content) | any
        }),
        Json::Object(fields) => {
            // Components have an id. Sites and segments have a slug too, but no id.
            let is_component = fields.contains_key("id");
            fields.iter_mut().fold(false, |any, (name, field)| {
                let name = name.as_str();
                let erased = match field {
                    Json::Array(entries) if WHOLE_ENTRY_LISTS.contains(&name) => {
                        drop_entries(entries, needle.text)
                    }
                    field => {
                        let inherited = match content {
                            Content::Text if field.is_string() => Content::Text,
                            _ => Content::Other,
                        };
                        let content = match name {
                            name if TEXT_FIELDS.contains(&name) => Content::Text,
                            "slug" if is_component => Content::Slug,
                            // The entries of an audience's `components` are slugs. Entries that are
                            // objects are not affected.
                            "components" => Content::Slug,
                            _ => inherited,
                        };
                        erase_within(field, needle, content)
                    }
                };
                erased | any
            })
        }
        _ => false,
    }
}

/// The slug with `removed-` and six digits of a digest in place of the words of `needle`; `None` if
/// it does not contain them. The digest is that of the words, so that equal slugs stay equal in all
/// events and documents, and slugs from which different texts are erased stay different.
fn without_words(slug: &str, needle: &Needle<'_>) -> Option<String> {
    let words = format!("-{}-", needle.words);
    let bounded = format!("-{slug}-");
    if needle.words.is_empty() || !bounded.contains(&words) {
        return None;
    }
    let digest = sha256_hex(needle.words.as_bytes());
    let mark = digest.chars().take(6).collect::<String>();
    let erased = bounded.replace(&words, &format!("-removed-{mark}-"));
    let erased = erased.strip_prefix('-').unwrap_or(&erased);
    let erased = erased.strip_suffix('-').unwrap_or(erased);
    Some(erased.chars().take(Slug::MAX).collect())
}

/// Removes the entries that contain `needle` in any string; returns whether there were any.
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
