//! Golden files of formats with consumers that are never updated: old widgets read new feeds, and every build reads all
//! journals and exports.

#![cfg(test)]

mod site;

use notice::wire::{
    enums::{ComponentStatus, ContactKind, Impact, InApp, NoticeKind, Status, Undeclared},
    event::Event,
    feed::Feed,
};
use serde_json::{Value, json};
use site::TestSite;

/// A site with most fields of the feed and of the events about incidents. `tests/journal` covers every event type.
fn full_site() -> TestSite {
    let mut site = TestSite::new();
    let incident = site.publish(json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "status": "identified",
        "body": "We know the cause.", "components": [{ "id": "sending" }], "advice": "Do not resend.",
        "works": ["Receiving"], "broken": ["Sending"], "next_update_at": "2026-11-21T08:30:00Z",
        "estimated_end_at": "2026-11-21T10:00:00Z", "confidence": "medium", "hold": true, "in_app": "bar",
        "audience": { "paths": ["/share/**"], "components": ["sending"], "undeclared": "show" },
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "text": { "de": { "title": "Nachrichten kommen verspätet an", "body": "Wir kennen die Ursache." } }
    }));
    site.now += 600;
    site.update(
        &incident,
        json!({ "body": "We are adding capacity.", "status": "monitoring", "advice": null }),
    );
    let resolved = site.publish(json!({
        "kind": "incident", "title": "Reports were late", "impact": "minor", "body": "We are looking into it.",
        "components": [{ "id": "reports" }], "related": [incident]
    }));
    site.now += 600;
    site.update(&resolved, json!({
        "body": "Fixed.", "status": "resolved",
        "restored": { "back": ["Reports"], "check": "Look at last night's.", "still": ["Exports"] }
    }));
    site
}

fn check(name: &str, actual: &str) {
    let path = format!("{}/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        actual, expected,
        "{name} differs. If you have added a field, run with UPDATE_GOLDEN=1 and check the difference. Renaming or \
         removing a field breaks deployed widgets and existing journals."
    );
}

#[test]
fn feed_matches_its_golden_file() {
    check(
        "feed.json",
        &(serde_json::to_string_pretty(&full_site().feed()).unwrap() + "\n"),
    );
}

#[test]
fn events_match_their_golden_file_and_parse() {
    let mut lines = String::new();
    for (event, _) in &full_site().events {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<Event>(&text).unwrap(), event);
        lines.push_str(&text);
        lines.push('\n');
    }
    check("events.jsonl", &lines);
}

#[test]
fn unknown_feed_values_and_fields_are_tolerated() {
    let mut feed: Value = serde_json::to_value(full_site().feed()).unwrap();
    feed["colour"] = json!("new field");
    let notice = &mut feed["notices"][0];
    notice["kind"] = json!("new kind");
    notice["status"] = json!("new status");
    notice["impact"] = json!("new impact");
    notice["in_app"] = json!("new presentation");
    notice["confidence"] = json!("new confidence");
    notice["mood"] = json!("new field");
    notice["components"][0]["status"] = json!("new status");
    notice["updates"][0]["status"] = json!("new status");
    notice["contacts"][0]["kind"] = json!("new contact");
    notice["audience"]["undeclared"] = json!("new answer");
    let read: Feed = serde_json::from_value(feed).unwrap();
    let notice = &read.notices[0];
    assert_eq!(notice.kind, NoticeKind::Unknown);
    assert_eq!(notice.status, Status::Unknown);
    assert_eq!(notice.impact, Impact::Unknown);
    assert_eq!(notice.in_app, InApp::Unknown);
    assert_eq!(notice.components[0].status, ComponentStatus::Unknown);
    assert_eq!(notice.contacts[0].kind, ContactKind::Unknown);
    assert_eq!(notice.audience.undeclared, Undeclared::Unknown);
}
