//! The site that the console shows.

use std::time::Duration;

use e2e::{Behaviour, ROOT_TOKEN, Server, Sink, in_minutes};
use serde_json::{Value, json};

/// Ids and the token of the example site.
pub(super) struct ExampleSite {
    pub(super) token: String,
    pub(super) incident: String,
    pub(super) ended: String,
    pub(super) sending: String,
    /// Id of the incident's newest update.
    pub(super) update: String,
    /// Id of a webhook with deliveries.
    pub(super) webhook: String,
    /// The server that receives the deliveries.
    pub(super) _sink: Sink,
}

/// Number of messages to wait for, so that the list of deliveries has some results.
const DELIVERIES: usize = 5;

pub(super) fn make_site(server: &Server) -> ExampleSite {
    let made = server.post(
        "/v1/sites",
        ROOT_TOKEN,
        &json!({ "slug": "acme", "name": "Acme SMS" }),
    );
    let token = made.json["token"].as_str().expect("a token").to_owned();
    let post = |path: &str, body: &Value| {
        let answer = server.post(&format!("/v1/sites/acme{path}"), &token, body);
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer.json["id"].as_str().unwrap_or_default().to_owned()
    };
    let etag = server
        .get_as(&token, "/v1/sites/acme")
        .header("etag")
        .expect("a tag")
        .to_owned();
    let settings = json!({
        "languages": ["en", "de"], "time_zone": "Australia/Sydney", "quiet_hours": { "from": "22:00", "until": "06:00" },
        "colours": { "light": "#173f87", "dark": "#9dc1ff" },
        "segments": [{ "slug": "eu", "label": "European customers" }, { "slug": "schools", "label": "Schools" }],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "on_call": [{ "kind": "email", "value": "robin@acme.example" }]
    });
    let changed = server
        .request("PATCH", "/v1/sites/acme")
        .token(&token)
        .header("if-match", &etag)
        .json(&settings)
        .send();
    assert_eq!(changed.expect("an answer").status, 200);
    let sending = post(
        "/components",
        &json!({ "name": "Sending", "group": "Messaging", "tier": 1 }),
    );
    post(
        "/components",
        &json!({ "name": "Receiving", "group": "Messaging" }),
    );
    post(
        "/components",
        &json!({ "name": "Reports", "group": "Office" }),
    );
    post(
        "/components",
        &json!({ "name": "Address book", "group": "Office", "tier": 3 }),
    );
    let sink = Sink::start();
    let answer = Behaviour::Answer(202, Vec::new(), "accepted".to_owned());
    sink.set("/allclear", answer);
    let webhook = post("/webhooks", &json!({ "url": sink.url("/allclear") }));
    post(
        "/webhooks",
        &json!({ "url": "https://chat.acme.example/services/x", "format": "slack", "components": ["sending", "reports"] }),
    );
    post(
        "/webhooks",
        &json!({ "url": "https://paging.acme.example/hook", "events": ["promise.overdue", "promise.escalated"], "enabled": false }),
    );
    let ended = post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Signing in failed", "impact": "critical", "body": "Nobody gets in." }),
    );
    post(
        &format!("/incidents/{ended}/updates"),
        &json!({ "status": "resolved", "body": "A certificate had run out. It is renewed.",
        "restored": { "back": ["Signing in"], "check": "Sign in again." } }),
    );
    post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports load slowly", "impact": "minor", "body": "Up to a minute.",
        "components": [{ "id": "reports" }] }),
    );
    let incident = post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "Since 08:00 messages leave us late. We are looking into it.", "started_at": in_minutes(-100),
        "components": [{ "id": "sending", "status": "partial_outage" }], "advice": "Do not resend: your messages are queued.",
        "works": ["Receiving"], "broken": ["Sending at once"], "next_update_at": in_minutes(20) }),
    );
    let update = post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "status": "identified", "next_update_at": in_minutes(12),
        "body": "A carrier's gateway refuses connections. We are moving traffic to the second one." }),
    );
    post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New database machines", "body": "We move at noon.",
        "scheduled_for": in_minutes(60 * 26), "scheduled_until": in_minutes(60 * 27) }),
    );
    post(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices change in January", "body": "A letter follows.", "draft": true }),
    );
    sink.wait_for_count("/allclear", DELIVERIES, Duration::from_secs(30));
    ExampleSite {
        webhook,
        _sink: sink,
        token,
        incident,
        ended,
        sending,
        update,
    }
}
