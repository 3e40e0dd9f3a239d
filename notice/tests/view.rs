//! The operator API's view of an incident contains everything that a dry run of a command needs.

#![cfg(test)]

mod site;

use notice::{
    project::view::{self, IncidentView},
    wire::{ids::IncidentId, incident::Incident, input::RestoredTexts},
};
use serde_json::json;
use site::{NOW, TestSite};

/// Serialises and parses an incident's view, and converts it back.
fn round_trip(site: &TestSite, id: &IncidentId) -> Incident {
    let projected = view::incident(&site.state, id, "https://status.example.com").unwrap();
    let read: IncidentView =
        serde_json::from_str(&serde_json::to_string(&projected).unwrap()).unwrap();
    assert_eq!(read, projected);
    read.to_incident()
}

fn check(site: &TestSite) {
    for id in site.state.incidents.keys() {
        let stored = site.incident(id);
        let expected = Incident {
            reminded: None,
            expired: false,
            restored: stored
                .restored
                .clone()
                .filter(|words| *words != RestoredTexts::default()),
            ..stored
        };
        assert_eq!(round_trip(site, id), expected, "{id}");
    }
}

#[test]
fn incident_view_is_complete_in_every_status() {
    let mut site = TestSite::new();
    let incident = site.publish(json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "critical", "body": "We look into it.",
        "components": [{ "id": "sending" }, { "id": "reports", "status": "degraded_performance" }],
        "audience": { "paths": ["/share/**"], "listed": false }, "cadence_s": 600,
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "text": { "de": { "title": "Nachrichten kommen verspätet an", "body": "Wir suchen." } }
    }));
    check(&site);
    site.now += 60;
    site.update(&incident, json!({ "body": "Less bad.", "impact": "minor" }));
    check(&site);
    site.now += 60;
    site.update(
        &incident,
        json!({ "body": "Over.", "status": "resolved",
        "restored": { "back": ["Sending"], "check": "Look.", "still": ["Reports"] } }),
    );
    check(&site);
    site.now += 60;
    site.update(
        &incident,
        json!({ "body": "Not over.", "status": "investigating" }),
    );
    check(&site);
}

#[test]
fn maintenance_announcement_and_draft_views_are_complete() {
    let mut site = TestSite::new();
    site.publish(json!({
        "kind": "maintenance", "title": "New machines", "body": "We move.", "components": [{ "id": "sending" }],
        "scheduled_for": "2026-11-21T10:00:00Z", "scheduled_until": "2026-11-21T11:00:00Z"
    }));
    site.publish(
        json!({ "kind": "announcement", "title": "Prices", "body": "In January.",
        "announce_from": "2026-11-21T09:00:00Z", "announce_until": "2026-11-22T09:00:00Z" }),
    );
    site.publish(json!({ "kind": "incident", "title": "Not yet", "impact": "minor", "body": "…", "draft": true,
        "in_app": "bar", "hold": true, "drill": true }));
    // Scheduled, imminent, in progress, completed.
    for minutes in [0, 106, 125, 185] {
        site.pass(NOW + minutes * 60);
        check(&site);
    }
}
