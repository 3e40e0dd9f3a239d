//! The site `demo`, which the first start creates.

use std::fs;

use e2e::{ROOT_TOKEN, Server};
use serde_json::json;
use xtask::seed;

#[test]
fn the_demo_site_is_created_once() {
    let server = Server::start();
    let data = tempfile::tempdir().unwrap();
    let token = seed::demo(&server.url(), ROOT_TOKEN, data.path())
        .unwrap()
        .unwrap();
    assert!(token.starts_with("ac_demo_"), "{token}");

    let again = seed::demo(&server.url(), ROOT_TOKEN, data.path()).unwrap();
    assert_eq!(again.as_deref(), Some(token.as_str()));

    // A seed that was interrupted before its end is completed without duplicates.
    fs::remove_file(data.path().join("demo-seeded")).unwrap();
    let finished = seed::demo(&server.url(), ROOT_TOKEN, data.path()).unwrap();
    assert_eq!(finished.as_deref(), Some(token.as_str()));

    let incident = json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }],
    });
    let created = server.post("/v1/sites/demo/incidents", &token, &incident);
    assert_eq!(created.status, 201, "{}", created.text());
    let feed = server.get("/v1/sites/demo/feed");
    assert_eq!(feed.json["notices"][0]["title"], "Messages are delayed");
}
