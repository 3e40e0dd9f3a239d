//! Converts JSON values of the API to text, for operators to compare in conflicts and in the journal.

use notice::wire::{
    enums::{ComponentStatus, Confidence, ContactKind, Impact, InApp, Kind, Status, StringEnum},
    language::Language,
    time::Timestamp,
};
use serde_json::{Map, Value};

use crate::{
    text::{labels, language},
    time::format,
};

/// Looks up a name by its id, such as a component's.
pub type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Labels of fields that differ from their names in the API.
const LABELS: &[(&str, &str)] = &[
    ("advice", "What to do now"),
    ("after_minutes", "After"),
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
    ("next_update_minutes", "Next update in"),
    ("notify", "Notify chat"),
    ("overdue_after_s", "Mark an update late after"),
    ("paths", "Pages"),
    ("paused", "Every embed paused"),
    ("position", "Position"),
    ("published_at", "Published"),
    ("quiet_hours", "Quiet hours"),
    ("on_call_quiet_hours", "On-call quiet hours"),
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
    ("url", "URL"),
    ("window", "When"),
    ("works", "What still works"),
];

/// The order in which an object's members are shown; others follow.
const ORDER: &[&str] = &[
    // An incident's texts.
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

/// Returns a field's position in [`ORDER`]; the last for unlisted fields.
pub fn position(field: &str) -> usize {
    let position = ORDER.iter().position(|name| *name == field);
    position.unwrap_or(ORDER.len())
}

/// Returns a field's label.
pub fn label(field: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(name, _)| *name == field) {
        return (*label).to_owned();
    }
    let mut letters = field.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().replace('_', " ")
}

/// Converts a field's value to text; empty for `null`.
pub fn text(field: &str, value: &Value, names: Names<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(on) => if *on { "Yes" } else { "No" }.to_owned(),
        Value::Number(number) if field.ends_with("_s") => number
            .as_i64()
            .map_or_else(|| number.to_string(), format::duration),
        Value::Number(number) if field.ends_with("_minutes") => {
            number.as_i64().map_or_else(|| number.to_string(), minutes)
        }
        Value::Number(number) => number.to_string(),
        Value::String(value) => string(field, value, names),
        Value::Array(list) => join(list.iter().map(|entry| text(field, entry, names)), "\n"),
        Value::Object(fields) => object(field, fields, names),
    }
}

fn string(field: &str, text: &str, names: Names<'_>) -> String {
    let label = match field {
        "status" => Status::parse(text)
            .map(labels::status)
            .or_else(|| ComponentStatus::parse(text).map(labels::component_status)),
        "impact" => Impact::parse(text).map(labels::impact),
        "in_app" => InApp::parse(text).map(labels::in_app),
        "confidence" => Confidence::parse(text).map(labels::confidence),
        "kind" => Kind::parse(text).map(labels::kind),
        "undeclared" | "undeclared_components" | "undeclared_segments" => match text {
            "show" => Some("Show"),
            "hide" => Some("Hide"),
            _ => None,
        },
        _ => None,
    };
    if let Some(label) = label {
        return label.to_owned();
    }
    if let Some(name) = names(text) {
        return name;
    }
    match Timestamp::parse(text) {
        Some(at) if text.contains('T') => format::full(at),
        _ => text.to_owned(),
    }
}

fn object(field: &str, fields: &Map<String, Value>, names: Names<'_>) -> String {
    let member = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    match field {
        "contacts" => {
            let kind = ContactKind::parse(member("kind")).unwrap_or(ContactKind::Link);
            let texts = [labels::contact(kind), member("label"), member("value")];
            join(texts.map(str::to_owned), " · ")
        }
        "on_call" => {
            let kind = labels::on_call(member("kind"));
            let after = fields.get("after_minutes").and_then(Value::as_i64);
            let after = after.map(delay);
            let has_link = fields.get("session_link").and_then(Value::as_bool);
            let link = has_link
                .filter(|has_link| *has_link)
                .map(|_| "sign-in link");
            let texts = [
                kind.to_owned(),
                member("name").to_owned(),
                member("value").to_owned(),
                after.unwrap_or_default(),
                link.unwrap_or_default().to_owned(),
            ];
            join(texts, " · ")
        }
        "segments" => format!("{} ({})", member("label"), member("slug")),
        "on_call_quiet_hours" | "quiet_hours" => {
            format!("{} to {}", member("from"), member("until"))
        }
        "window" => {
            let at = |name: &str| string(name, member(name), names);
            join([at("start"), at("end")], " to ")
        }
        "components" => {
            let id = member("id");
            let status = text(
                "status",
                fields.get("status").unwrap_or(&Value::Null),
                names,
            );
            join([names(id).unwrap_or_else(|| id.to_owned()), status], ": ")
        }
        _ => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| position(name));
            let lines = fields.into_iter().filter_map(|(name, value)| {
                let text = text(name, value, names);
                let label = match Language::parse(name) {
                    Some(language) if field == "text" => language::name(&language),
                    _ => label(name),
                };
                (!text.is_empty()).then(|| format!("{label}: {text}"))
            });
            join(lines, "\n")
        }
    }
}

/// The delay of an on-call target: `after 1 h 30 min`, `at once`.
pub fn delay(after_minutes: i64) -> String {
    match after_minutes {
        0 => "at once".to_owned(),
        _ => format!("after {}", minutes(after_minutes)),
    }
}

fn minutes(count: i64) -> String {
    format::duration(count.saturating_mul(60))
}

/// Joins the texts that are not empty.
fn join(texts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(separator)
}

#[cfg(test)]
mod tests {
    use super::{label, text};
    use serde_json::{Value, json};

    #[test]
    fn values_become_readable_texts() {
        let names = |id: &str| (id == "cmp_1").then(|| "Sending".to_owned());
        let shown = |field: &str, value: &Value| text(field, value, &names);
        for (field, value, expected) in [
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
                "on_call",
                json!([{ "kind": "email", "value": "a@b.example", "after_minutes": 90 }]),
                "E-mail · a@b.example · after 1 h 30 min",
            ),
            (
                "on_call",
                json!([{ "kind": "email", "value": "a@b.example", "after_minutes": 0 }]),
                "E-mail · a@b.example · at once",
            ),
            ("next_update_minutes", json!(90), "1 h 30 min"),
            (
                "on_call",
                json!([{ "kind": "webhook", "value": "https://a.example/x", "name": "Day", "session_link": true }]),
                "Webhook · Day · https://a.example/x · sign-in link",
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
            assert_eq!(shown(field, &value), expected, "{field}");
        }
    }

    #[test]
    fn members_of_an_object_are_in_reading_order() {
        let shown = |field: &str, value: &Value| text(field, value, &|_| None);
        for (field, value, lines) in [
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
                &["To returning visitors: 24 h", "To everyone: 2 h"],
            ),
            (
                "some_new_object",
                json!({ "b": 2, "a": 1, "title": "x" }),
                &["Title: x", "A: 1", "B: 2"],
            ),
        ] {
            assert_eq!(shown(field, &value), lines.join("\n"), "{field}");
        }
    }

    #[test]
    fn unlisted_fields_get_a_label_from_their_name() {
        assert_eq!(label("impact"), "Severity");
        assert_eq!(label("time_zone"), "Time zone");
    }
}
