//! Damaged databases on workerd: values of types that no statement writes, and rows that cannot be
//! parsed. Such damage does not block readers or publishing, and `verify` and `repair` continue
//! past it.

use e2e::{ROOT_TOKEN, Site, outage};
use serde_json::{Value, json};

/// Damage to what feeds and publishing read.
const DAMAGE: &[&str] = &[
    "UPDATE site SET document = x'00'",
    "UPDATE site SET rev = -1",
    "UPDATE site SET rev = 0.5",
    "UPDATE site SET document = '{'",
    "UPDATE component SET document = x'00'",
    "UPDATE component SET position = 0.5",
    "UPDATE incident SET document = x'00'",
    "UPDATE incident SET number = -number - 0.5, kind = x'00'",
    "UPDATE incident_update SET document = '{'",
    "UPDATE incident_update SET number = number + 0.5",
    "UPDATE severity_span SET severity = 0.5",
    "UPDATE delivery SET document = x'00'",
    "UPDATE idempotency SET answer = x'00'",
    "DROP INDEX incident_in_force",
    "DROP INDEX incident_status",
    "INSERT INTO journal (seq, row, hash, event) SELECT -1, row, hash, event FROM journal LIMIT 1",
];

#[test]
fn damage_blocks_neither_readers_nor_publishing_and_is_repaired() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    let path = site.path("/incidents");
    let mut body = outage();
    body["components"] = json!([{ "id": "sending" }]);
    let keyed = site.server.post_once(&path, &site.token, "k", &body);
    assert_eq!(keyed.status, 201);
    for damage in DAMAGE {
        let before = feed_notices(&site);
        site.server.damage(damage);
        assert_eq!(feed_notices(&site), before, "the feed after {damage}");
        assert_eq!(site.server.get("/s/acme").status, 200, "{damage}");
        let published = site.post("/incidents", &body);
        assert_eq!(published.status, 201, "{damage}: {}", published.text());
        let repaired = site
            .server
            .post(&site.path("/repair"), ROOT_TOKEN, &Value::Null);
        assert_eq!(repaired.status, 200, "{damage}: {}", repaired.text());
        let found = site.verify();
        assert_eq!(found["ok"], true, "{damage}: {found}");
    }
}

/// The notices of the feed.
fn feed_notices(site: &Site) -> Value {
    let feed = site.feed();
    assert_eq!(feed.status, 200, "{}", feed.text());
    feed.json["notices"].clone()
}
