//! JSON values of the API in words, for operators to compare: in conflicts and in the journal.

use notice::wire::{
    language::Language,
    time::Timestamp,
    words::{ComponentStatus, Confidence, ContactKind, Impact, InApp, Kind, Status, Word},
};
use serde_json::{Map, Value};

use crate::{clock, view::written, words};

/// Names by id, such as those of components.
pub type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Labels of fields whose name in the API does not say what the console calls them.
const LABELS: &[(&str, &str)] = &[
    ("advice", "What to do now"),
    ("after_minutes", "After (minutes)"),
    ("announce_from", "Visible from"),
    ("announce_until", "Visible until"),
    ("audience", "Audience"),
    ("auto_complete", "Completes automatically"),
    ("auto_start", "Starts automatically"),
    ("back", "What works again"),
    ("body", "Message"),
    ("broken", "What doesn't work"),
    ("cadence", "Update interval"),
    ("cadence_s", "Update interval"),
    ("check", "What to check"),
    ("confidence", "Confidence of the estimate"),
    ("contacts", "Support contacts"),
    ("dark", "Dark theme"),
    ("ended_at", "Ended"),
    ("estimated_end_at", "Estimated end"),
    ("everyone_s", "To everyone"),
    ("hold", "Users are losing work"),
    ("hostnames", "Host names"),
    ("in_app", "Display"),
    ("impact", "Severity"),
    ("light", "Light theme"),
    ("listed", "Show on status page"),
    (
        "minor_on_undeclared_pages",
        "Show minor incidents on pages that declare no components",
    ),
    ("next_update_at", "Next update"),
    ("next_update_minutes", "Next update in (minutes)"),
    ("overdue_after_s", "Mark an update late after"),
    ("paths", "Pages"),
    ("paused", "Every embed paused"),
    ("position", "Position"),
    ("published_at", "Published"),
    ("quiet_hours", "Quiet hours"),
    ("related", "Related incidents"),
    ("remedy", "How it was fixed"),
    ("prevention", "How it will be prevented"),
    ("restored", "Resolved notice"),
    ("returning_s", "To returning visitors"),
    ("root_cause", "Root cause"),
    ("scheduled_for", "Start"),
    ("scheduled_until", "End"),
    ("started_at", "Started"),
    ("still", "What still doesn't work"),
    ("text", "Translations"),
    ("tier", "Importance"),
    ("tier_1_s", "Mission critical"),
    ("tier_2_s", "Important"),
    ("tier_3_s", "Other"),
    (
        "undeclared_components",
        "On pages that declare no components",
    ),
    ("undeclared_segments", "On pages that declare no segments"),
    ("window", "When"),
    ("works", "What still works"),
];

/// Members of objects in the order in which they are read; others follow by name.
const ORDER: &[&str] = &[
    // A text.
    "title",
    "body",
    "advice",
    "works",
    "broken",
    "restored",
    // A postmortem.
    "root_cause",
    "window",
    "start",
    "end",
    "remedy",
    "prevention",
    "published_at",
    // A resolved notice.
    "back",
    "check",
    "still",
    // An audience.
    "segments",
    "components",
    "paths",
    "undeclared",
    "undeclared_segments",
    "undeclared_components",
    "listed",
    // Settings.
    "light",
    "dark",
    "returning_s",
    "everyone_s",
];

/// Where a field stands among others.
pub fn place(field: &str) -> usize {
    let found = ORDER.iter().position(|name| *name == field);
    found.unwrap_or(ORDER.len())
}

/// What the console calls a field.
pub fn label(field: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(name, _)| *name == field) {
        return (*label).to_owned();
    }
    let mut letters = field.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().replace('_', " ")
}

/// A field's value in words; the empty string where there is none.
pub fn value(field: &str, given: &Value, names: Names<'_>) -> String {
    match given {
        Value::Null => String::new(),
        Value::Bool(on) => if *on { "Yes" } else { "No" }.to_owned(),
        Value::Number(number) if field.ends_with("_s") => number
            .as_i64()
            .map_or_else(|| number.to_string(), clock::stretch),
        Value::Number(number) => number.to_string(),
        Value::String(text) => word(field, text, names),
        Value::Array(list) => joined(list.iter().map(|one| value(field, one, names)), "\n"),
        Value::Object(fields) => object(field, fields, names),
    }
}

fn word(field: &str, text: &str, names: Names<'_>) -> String {
    let word = match field {
        "status" => Status::parse(text)
            .map(words::status)
            .or_else(|| ComponentStatus::parse(text).map(words::component)),
        "impact" => Impact::parse(text).map(words::impact),
        "in_app" => InApp::parse(text).map(words::in_app),
        "confidence" => Confidence::parse(text).map(words::confidence),
        "kind" => Kind::parse(text).map(words::kind),
        "undeclared" | "undeclared_components" | "undeclared_segments" => match text {
            "show" => Some("Show"),
            "hide" => Some("Hide"),
            _ => None,
        },
        _ => None,
    };
    if let Some(word) = word {
        return word.to_owned();
    }
    if let Some(name) = names(text) {
        return name;
    }
    match Timestamp::parse(text) {
        Some(at) if text.contains('T') => clock::full(at),
        _ => text.to_owned(),
    }
}

fn object(field: &str, fields: &Map<String, Value>, names: Names<'_>) -> String {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    match field {
        "contacts" => {
            let kind = ContactKind::parse(text("kind")).unwrap_or(ContactKind::Link);
            let parts = [words::contact(kind), text("label"), text("value")];
            joined(parts.map(str::to_owned), " · ")
        }
        "on_call" => {
            let kind = match text("kind") {
                "email" => "E-mail",
                "webhook" => "Webhook",
                other => other,
            };
            let after = fields.get("after_minutes").and_then(Value::as_u64);
            let after = after.map(|minutes| format!("after {minutes} min"));
            let parts = [
                kind.to_owned(),
                text("value").to_owned(),
                after.unwrap_or_default(),
            ];
            joined(parts, " · ")
        }
        "segments" => format!("{} ({})", text("label"), text("slug")),
        "quiet_hours" => format!("{} to {}", text("from"), text("until")),
        "window" => {
            let at = |name: &str| word(name, text(name), names);
            joined([at("start"), at("end")], " to ")
        }
        "components" => {
            let id = text("id");
            let status = value(
                "status",
                fields.get("status").unwrap_or(&Value::Null),
                names,
            );
            joined([names(id).unwrap_or_else(|| id.to_owned()), status], ": ")
        }
        _ => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| place(name));
            let lines = fields.into_iter().filter_map(|(name, given)| {
                let shown = value(name, given, names);
                let label = match Language::parse(name) {
                    Some(language) if field == "text" => written::name(&language),
                    _ => label(name),
                };
                (!shown.is_empty()).then(|| format!("{label}: {shown}"))
            });
            joined(lines, "\n")
        }
    }
}

/// Those that are not empty, with this between them.
fn joined(parts: impl IntoIterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::{label, value};
    use serde_json::{Value, json};

    #[test]
    fn values_are_shown_in_words() {
        let names = |id: &str| (id == "cmp_1").then(|| "Sending".to_owned());
        let shown = |field: &str, given: &Value| value(field, given, &names);
        for (field, given, words) in [
            ("advice", json!(null), ""),
            ("paused", json!(true), "Yes"),
            ("works", json!(["one", "two"]), "one\ntwo"),
            ("overdue_after_s", json!(300), "5 min"),
            (
                "contacts",
                json!([{ "kind": "phone", "label": "Support", "value": "+61" }]),
                "Phone · Support · +61",
            ),
            (
                "on_call",
                json!([{ "kind": "email", "value": "a@b.example", "after_minutes": 15 }]),
                "E-mail · a@b.example · after 15 min",
            ),
            (
                "segments",
                json!([{ "slug": "eu", "label": "Europe" }]),
                "Europe (eu)",
            ),
            (
                "quiet_hours",
                json!({ "from": "22:00", "until": "06:00" }),
                "22:00 to 06:00",
            ),
            (
                "cadence",
                json!({ "tier_1_s": 1800, "tier_2_s": 7200 }),
                "Mission critical: 30 min\nImportant: 2 h",
            ),
            (
                "components",
                json!([{ "id": "cmp_1", "status": "operational" }]),
                "Sending: Working",
            ),
        ] {
            assert_eq!(shown(field, &given), words, "{field}");
        }
    }

    #[test]
    fn members_of_an_object_are_in_the_order_of_reading() {
        let shown = |field: &str, given: &Value| value(field, given, &|_| None);
        for (field, given, labels) in [
            (
                "postmortem",
                json!({ "prevention": ["More checks"], "published_at": "soon", "remedy": "A restart",
                    "root_cause": "A full disk", "window": { "end": "10:00", "start": "09:00" } }),
                [
                    "Root cause: A full disk",
                    "When: 09:00 to 10:00",
                    "How it was fixed: A restart",
                    "How it will be prevented: More checks",
                    "Published: soon",
                ]
                .as_slice(),
            ),
            (
                "colours",
                json!({ "dark": "#9dc1ff", "light": "#173f87" }),
                &["Light theme: #173f87", "Dark theme: #9dc1ff"],
            ),
            (
                "restored",
                json!({ "everyone_s": 7200, "returning_s": 86_400 }),
                &["To returning visitors: 1 day", "To everyone: 2 h"],
            ),
            (
                "some_new_object",
                json!({ "b": 2, "a": 1, "title": "x" }),
                &["Title: x", "A: 1", "B: 2"],
            ),
        ] {
            assert_eq!(shown(field, &given), labels.join("\n"), "{field}");
        }
    }

    #[test]
    fn a_label_is_in_words_also_where_none_is_listed() {
        assert_eq!(label("impact"), "Severity");
        assert_eq!(label("time_zone"), "Time zone");
    }
}
