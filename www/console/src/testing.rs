//! A site and incidents for unit tests.

use notice::{
    decide::create_incident,
    project::view::{self, IncidentView},
    wire::{
        ids::{IncidentId, UpdateId},
        input::NewIncident,
        site::Site,
        time::Timestamp,
    },
};
use serde_json::{Value, json};

use crate::{context::Snapshot, rules::dry_run};

/// The base URL of the public pages.
pub const PUBLIC_URL: &str = "https://status.example.com";

/// The current time of the tests.
pub fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T08:00:00Z").unwrap()
}

/// The site `acme` without components, templates and incidents.
pub fn snapshot() -> Snapshot {
    let site: Site = serde_json::from_value(json!({
        "slug": "acme", "name": "Acme SMS", "languages": ["en"], "time_zone": "Etc/UTC", "hostnames": [], "colours": null,
        "contacts": [], "segments": [], "cadence": { "tier_1_s": 60, "tier_2_s": 60, "tier_3_s": 60 }, "on_call": [],
        "quiet_hours": null, "restored": { "returning_s": 60, "everyone_s": 60 }, "overdue_after_s": 300,
        "paused": false, "created_at": "2026-11-21T00:00:00Z"
    }))
    .unwrap();
    Snapshot {
        site,
        site_etag: None,
        components: Vec::new(),
        difference: None,
        templates: Vec::new(),
        incidents: Vec::new(),
    }
}

/// A major incident, published now. `fields` replace its defaults.
pub fn incident(fields: &Value) -> IncidentView {
    let mut input = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "We are looking into it" });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    let input: NewIncident = serde_json::from_value(input).unwrap();
    let id = IncidentId::parse("inc_1").unwrap();
    let update = UpdateId::parse("upd_1").unwrap();
    let mut state = dry_run::state_of(&snapshot(), None, now());
    for event in create_incident(&state, id.clone(), update, input, now()).unwrap() {
        state.apply(&event, now());
    }
    view::incident(&state, &id, PUBLIC_URL).unwrap()
}
