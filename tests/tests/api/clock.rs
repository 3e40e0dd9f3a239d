//! Scheduled transitions that an outage delays or a wrong clock affects, and corrections of the clock, over HTTP.

use e2e::{ROOT_TOKEN, Server, ServerOptions};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

/// Starts a server with the site `acme`; returns the owner's token too.
fn server() -> (Server, String) {
    let server = Server::with(&ServerOptions::default());
    let owner = server.create_site(&json!({ "slug": "acme", "name": "Acme" }));
    (server, owner)
}

fn seconds_from_now(seconds: i64) -> Value {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    json!(Timestamp::from_seconds(now + seconds).to_string())
}

/// Schedules the incident "Post" and the announcement "Prices" for tomorrow. Returns their ids.
fn schedule_for_tomorrow(server: &Server, owner: &str) -> [String; 2] {
    let tomorrow = seconds_from_now(DAY_S);
    [
        json!({ "kind": "incident", "title": "Post", "impact": "major", "body": "b", "publish_at": tomorrow }),
        json!({ "kind": "announcement", "title": "Prices", "body": "b", "announce_from": tomorrow }),
    ]
    .map(|body| {
        let created = server.post("/v1/sites/acme/incidents", owner, &body);
        assert_eq!(created.status, 201, "{}", created.text());
        created.json["id"].as_str().unwrap().to_owned()
    })
}

/// The titles of the notices in the feed.
fn titles(server: &Server) -> Vec<String> {
    let feed = server.get("/v1/sites/acme/feed").json;
    let notices = feed["notices"].as_array().unwrap().iter();
    notices
        .map(|notice| notice["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Changes an incident by a merge patch.
fn change(server: &Server, owner: &str, id: &str, patch: &Value) {
    let path = format!("/v1/sites/acme/incidents/{id}");
    let incident = server.get_as(owner, &path);
    let etag = incident.header("etag").unwrap();
    let request = server.request("PATCH", &path).token(owner);
    let changed = request.header("if-match", etag).json(patch).send().unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
}

#[test]
fn a_transition_over_48_h_late_waits_for_an_operator() {
    let (mut server, owner) = server();
    let [post, announcement] = schedule_for_tomorrow(&server, &owner);
    server.restart_with_clock_offset(4 * DAY_S);
    assert!(titles(&server).is_empty());
    let listed = server
        .get_as(&owner, "/v1/sites/acme/incidents?missed=true")
        .json;
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{listed}");
    assert!(items.iter().all(|item| item["missed_at"].is_string()));
    change(&server, &owner, &post, &json!({ "draft": false }));
    assert_eq!(titles(&server), ["Post"]);
    // A missed announcement is published by sending its `announce_from` again. It is the first item: the newest incident.
    assert_eq!(items[0]["id"], announcement);
    let announce_from = items[0]["announce_from"].clone();
    change(
        &server,
        &owner,
        &announcement,
        &json!({ "announce_from": announce_from }),
    );
    assert_eq!(titles(&server), ["Post", "Prices"]);
}

#[test]
fn the_clock_is_corrected_after_it_was_a_year_ahead() {
    let (mut server, owner) = server();
    schedule_for_tomorrow(&server, &owner);
    server.restart_with_clock_offset(365 * DAY_S);
    let outage = json!({ "kind": "incident", "title": "Outage", "impact": "major", "body": "b" });
    let created = server.post("/v1/sites/acme/incidents", &owner, &outage);
    assert_eq!(created.status, 201);
    assert_eq!(titles(&server), ["Outage"]);
    server.restart_with_clock_offset(0);
    let before = server.get("/v1/sites/acme/feed").json;
    let correct = |token: &str| {
        let request = server.request("POST", "/v1/sites/acme/clock").token(token);
        request.send().unwrap()
    };
    assert_eq!(correct(&owner).status, 403);
    let corrected = correct(ROOT_TOKEN);
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    assert_eq!(corrected.json["corrected"], true);
    let journal = server.get_as(&owner, "/v1/sites/acme/journal?limit=1").json;
    let event = &journal["items"][0]["event"];
    assert_eq!(event["type"], "clock.corrected");
    assert_eq!(event["from"], corrected.json["from"]);
    assert_eq!(event["to"], corrected.json["to"]);
    let after = server.get("/v1/sites/acme/feed").json;
    assert!(after["rev"].as_u64() > before["rev"].as_u64());
    // By the corrected clock, a promise for the next hour is not in the past.
    let path = format!(
        "/v1/sites/acme/incidents/{}/updates",
        created.json["id"].as_str().unwrap()
    );
    let promise = json!({ "body": "b", "next_update_at": seconds_from_now(3600) });
    let promised = server.post(&path, &owner, &promise);
    assert_eq!(promised.status, 201, "{}", promised.text());
    assert_eq!(titles(&server), ["Outage"]);
    let verified = server.get_as(&owner, "/v1/sites/acme/verify").json;
    assert_eq!(verified["ok"], true, "{verified}");
    let file = server.get_as(ROOT_TOKEN, "/v1/sites/acme/export").text();
    server.create_site(&json!({ "slug": "copy", "name": "Copy" }));
    let import = server
        .request("POST", "/v1/sites/copy/import")
        .token(ROOT_TOKEN);
    let import = import.header("content-type", "application/jsonl");
    let imported = import.bytes(file).send().unwrap();
    assert_eq!(imported.status, 200, "{}", imported.text());
    // By the corrected clock, the scheduled transitions are due and not 48 h late.
    server.restart_with_clock_offset(DAY_S + 60);
    let mut shown = titles(&server);
    shown.sort();
    assert_eq!(shown, ["Outage", "Post", "Prices"]);
}
