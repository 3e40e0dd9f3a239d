//! Golden journals of earlier builds. Journals are kept for years, so every build must replay them to the same state.

#![cfg(test)]

mod file;
mod story;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use file::{Golden, as_json, build_rows, read_all, write_next};
use notice::wire::event::Event;
use serde_json::Value;
use story::story;

/// All golden journals. With `UPDATE_GOLDEN`, first writes a new one if the story has event types or fields that none of
/// them contains.
fn golden() -> &'static [Golden] {
    static GOLDEN: OnceLock<Vec<Golden>> = OnceLock::new();
    GOLDEN.get_or_init(|| {
        let golden = read_all();
        if std::env::var_os("UPDATE_GOLDEN").is_none() || missing_fields(&golden).is_empty() {
            return golden;
        }
        write_next(story());
        read_all()
    })
}

/// Event types and fields of the story that no golden journal contains.
fn missing_fields(golden: &[Golden]) -> BTreeSet<String> {
    let covered: BTreeSet<String> = golden
        .iter()
        .flat_map(|golden| &golden.rows)
        .flat_map(|row| fields(&serde_json::from_str(&row.text).unwrap()))
        .collect();
    story_events()
        .iter()
        .flat_map(|event| fields(&serde_json::to_value(event).unwrap()))
        .filter(|field| !covered.contains(field))
        .collect()
}

/// The events of the story.
fn story_events() -> Vec<Event> {
    let stored = build_rows(story());
    let events = stored
        .iter()
        .map(|(_, _, text)| serde_json::from_str(text).unwrap());
    events.collect()
}

/// The paths of an event's JSON fields that have a value, such as `incident.created.incident.text.*.title`.
fn fields(event: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, at: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Null => {}
            Value::Array(entries) => {
                for entry in entries {
                    walk(entry, &format!("{at}[]"), found);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    // The keys of a map by language are not names of fields.
                    let name = if matches!(name.as_str(), "de" | "en") {
                        "*"
                    } else {
                        name
                    };
                    walk(field, &format!("{at}.{name}"), found);
                }
            }
            _ => {
                found.insert(at.to_owned());
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(event, event["type"].as_str().unwrap(), &mut found);
    found
}

/// Every event type, taken from serde's error about an unknown one.
fn event_types() -> BTreeSet<String> {
    let error = serde_json::from_str::<Event>(r#"{"type":"?"}"#)
        .unwrap_err()
        .to_string();
    let types: BTreeSet<String> = error
        .split('`')
        .skip(3)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(
        types.contains("site.created") && types.len() >= 24,
        "{error}"
    );
    types
}

/// Compares a state with the stored one. Fields that later builds have added are ignored.
fn assert_agrees(pinned: &Value, actual: &Value, at: &str) {
    match (pinned, actual) {
        (Value::Object(pinned), Value::Object(actual)) => {
            for (name, pinned) in pinned {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                assert_agrees(pinned, actual, &format!("{at}/{name}"));
            }
        }
        (Value::Array(pinned), Value::Array(actual)) if pinned.len() == actual.len() => {
            for (index, (pinned, actual)) in pinned.iter().zip(actual).enumerate() {
                assert_agrees(pinned, actual, &format!("{at}/{index}"));
            }
        }
        _ => assert_eq!(actual, pinned, "{at} differs from the stored state"),
    }
}

#[test]
fn golden_journals_replay_to_their_stored_states() {
    assert!(!golden().is_empty());
    for golden in golden() {
        assert!(!golden.rows.is_empty());
        let (pinned, actual) = (golden.pinned(), as_json(&golden.state()));
        assert_agrees(&pinned, &actual, &golden.number);
        let ids = |state: &Value| -> Vec<String> {
            state["incidents"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect()
        };
        assert_eq!(ids(&actual), ids(&pinned), "{}", golden.number);
    }
}

#[test]
fn every_event_type_and_field_has_a_golden_row() {
    let covered: BTreeSet<String> = golden()
        .iter()
        .flat_map(|golden| &golden.rows)
        .map(|row| row.row.event_type.clone())
        .collect();
    assert_eq!(
        covered,
        event_types(),
        "add rows of the new type to tests/journal/story.rs and run UPDATE_GOLDEN=1 cargo test -p notice --test journal"
    );
    let missing = missing_fields(golden());
    assert!(
        missing.is_empty(),
        "no golden journal has {missing:#?}: run UPDATE_GOLDEN=1 cargo test -p notice --test journal"
    );
}

#[test]
fn event_names_equal_their_stored_types() {
    for golden in golden() {
        for row in &golden.rows {
            let stored: Value = serde_json::from_str(&row.text).unwrap();
            assert_eq!(row.event.name(), stored["type"]);
            assert_eq!(row.event.name(), row.row.event_type);
            let written = serde_json::to_value(&row.event).unwrap();
            assert_eq!(written["type"], stored["type"]);
        }
    }
}

/// The paths of an event's fields in its debug text, and whether they have a value. JSON would omit empty fields.
fn debug_fields(event: &Event) -> BTreeMap<String, bool> {
    let mut fields = BTreeMap::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    for line in format!("{event:#?}").lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let Some((name, value)) = text.split_once(": ") else {
            continue;
        };
        if !name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            continue;
        }
        path.retain(|(outer, _)| *outer < indent);
        path.push((indent, name.to_owned()));
        let names: Vec<&str> = path.iter().map(|(_, name)| name.as_str()).collect();
        let is_filled = !matches!(value, "None," | "Keep," | "Clear," | "[]," | "{},");
        *fields.entry(names.join(".")).or_default() |= is_filled;
    }
    fields
}

#[test]
fn the_story_fills_every_field_of_every_event() {
    let mut fields: BTreeMap<String, bool> = BTreeMap::new();
    let mut types = BTreeSet::new();
    for event in story_events() {
        types.insert(event.name());
        for (field, is_filled) in debug_fields(&event) {
            *fields
                .entry(format!("{} {field}", event.name()))
                .or_default() |= is_filled;
        }
    }
    let empty: Vec<&String> = fields
        .iter()
        .filter(|(_, filled)| !**filled)
        .map(|(field, _)| field)
        .collect();
    assert!(
        empty.is_empty(),
        "fill these in tests/journal/story.rs: {empty:#?}"
    );
    assert!(
        fields.len() > 200,
        "too few fields were found in the debug texts: {}",
        fields.len()
    );
    let types: BTreeSet<String> = types.into_iter().map(str::to_owned).collect();
    assert_eq!(
        types,
        event_types(),
        "add the rest to tests/journal/story.rs"
    );
}
