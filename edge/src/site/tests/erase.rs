//! Redaction is complete: every text of an event is erased or listed as an exception with a reason.

use std::{collections::BTreeSet, path::Path};

use notice::wire::event::Event;

use super::*;
use crate::site::erase::{contains_text, erase};

/// Paths of texts that a redaction does not erase, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("site.slug", "the address of the site, which cannot change"),
    ("site.time_zone", "an IANA name that the runtime knows"),
    (
        "site.hostnames[]",
        "a public address; with a replaced part it would be that of another site",
    ),
    ("site.colours.light", "a colour, as #rrggbb"),
    ("site.colours.dark", "a colour, as #rrggbb"),
    (
        "site.segments[].slug",
        "pages name it; a replaced part would match other pages",
    ),
    ("site.on_call_quiet_hours.from", "a time of day, as HH:MM"),
    ("site.on_call_quiet_hours.until", "a time of day, as HH:MM"),
    ("site.quiet_hours.from", "a time of day, as HH:MM"),
    ("site.quiet_hours.until", "a time of day, as HH:MM"),
    (
        "slug",
        "the address of a restored site, which cannot change",
    ),
    ("head", "the hash of a row"),
    ("rows[].digest", "the digest of an event"),
    ("incident.audience.segments[]", "a segment's slug"),
];

/// All events of the golden journals, which together fill every field.
fn golden_events() -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notice/golden/journal");
    let mut events = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            let lines = std::fs::read_to_string(path).unwrap();
            let lines = lines
                .lines()
                .map(|line| serde_json::from_str::<Json>(line).unwrap());
            events.extend(
                lines
                    .map(|line| line["event"].clone())
                    .filter(Json::is_object),
            );
        }
    }
    events
}

/// All strings of an event, with JSON pointer and path, such as `incident.works[]`.
fn strings(value: &Json, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Json::String(_) => found.push((pointer.to_owned(), path.to_owned())),
        Json::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                strings(
                    entry,
                    &format!("{pointer}/{index}"),
                    &format!("{path}[]"),
                    found,
                );
            }
        }
        Json::Object(fields) => {
            for (name, field) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                strings(
                    field,
                    &format!("{pointer}/{name}"),
                    &format!("{path}{dot}{name}"),
                    found,
                );
            }
        }
        _ => {}
    }
}

#[test]
fn every_text_is_erased_or_a_listed_exception() {
    let mut excepted = BTreeSet::new();
    let mut erased = 0;
    for event in golden_events() {
        let mut found = Vec::new();
        strings(&event, "", "", &mut found);
        for (pointer, path) in found {
            if path == "type" {
                continue;
            }
            // Tries a free text, and a text that is valid in a slug. A string that can be neither
            // is a time, an id or an enum value.
            for words in ["Zaphod Beeblebrox", "zaphod"] {
                let mut marked = event.clone();
                *marked.pointer_mut(&pointer).unwrap() = json!(words);
                if serde_json::from_value::<Event>(marked.clone()).is_err() {
                    continue;
                }
                erase(&mut marked, words);
                let exception = EXCEPTIONS.iter().find(|(excepted, _)| *excepted == path);
                match exception {
                    Some((path, _)) => {
                        excepted.insert(*path);
                        assert!(
                            contains_text(&marked, words),
                            "{path} is erased: it needs no exception"
                        );
                    }
                    None => assert!(
                        !contains_text(&marked, words),
                        "{path} of {} is not erased: add it to `TEXT_FIELDS` or `WHOLE_ENTRY_LISTS`, or here with a reason",
                        event["type"]
                    ),
                }
                let left = serde_json::from_value::<Event>(marked);
                assert!(
                    left.is_ok(),
                    "{path}: the erased event cannot be parsed: {left:?}"
                );
                erased += 1;
            }
        }
    }
    assert!(erased > 100, "{erased}");
    let unused: Vec<_> = EXCEPTIONS
        .iter()
        .filter(|(path, _)| !excepted.contains(path))
        .collect();
    assert!(unused.is_empty(), "no event has {unused:?}");
}
