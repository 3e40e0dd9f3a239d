//! What asks nothing of the world outside.

use serde_json::{Value as Json, json};

use super::{Call, Database, Request, acme, get, new_site, post};
use crate::object::{budget::Budget, rehearse::would_change_settings};

fn tried(database: &Database, request: &Request) -> bool {
    let (envelope, body) = (request.envelope(), request.body.to_string());
    let call = Call {
        envelope: &envelope,
        body: body.as_bytes(),
        now_ms: request.now_ms,
        budget: &Budget::default().into(),
        taken: &[],
    };
    let before = database.count("sqlite_master");
    let would = would_change_settings(database, &call).unwrap();
    assert_eq!(database.count("sqlite_master"), before, "nothing is made");
    would
}

#[test]
fn only_what_would_come_about() {
    let new = |body: Json| Request { body, ..new_site() };
    let empty = Database::new();
    let names = json!(["status.example.com"]);
    for (body, expected) in [
        (
            json!({ "slug": "acme", "name": "Acme", "hostnames": names }),
            true,
        ),
        (
            json!({ "slug": "acme", "name": "", "hostnames": names }),
            false,
        ),
        (
            json!({ "slug": "acme", "name": "Acme", "hostnames": ["a.example", "a.example"] }),
            false,
        ),
        (
            json!({ "slug": "acme", "name": "Acme", "hostnames": ["A.example"] }),
            false,
        ),
        (
            json!({ "slug": "acme", "name": "Acme", "hostnames": names, "other": 1 }),
            false,
        ),
    ] {
        assert_eq!(tried(&empty, &new(body.clone())), expected, "{body}");
    }

    let database = acme();
    let made = json!({ "slug": "acme", "name": "Acme", "hostnames": names });
    assert!(!tried(&database, &new(made)), "it exists");
    let etag = get("").send(&database).unwrap();
    let etag = etag.header("etag").unwrap().to_owned();
    let patch = |body: Json| Request {
        method: "PATCH",
        if_match: Some(etag.clone()),
        ..post("", body)
    };
    let change = json!({ "hostnames": names });
    for (request, expected) in [
        (patch(change.clone()), true),
        (patch(json!({ "hostnames": names, "name": "" })), false),
        (
            patch(json!({ "hostnames": ["a.example", "a.example"] })),
            false,
        ),
        (
            Request {
                if_match: None,
                ..patch(change.clone())
            },
            false,
        ),
        (
            post("/components", json!({ "name": "x", "hostnames": names })),
            false,
        ),
    ] {
        assert_eq!(tried(&database, &request), expected, "{}", request.body);
    }
    let named = patch(json!({ "name": "Acme 2", "hostnames": names })).key("once");
    assert_eq!(named.ok(&database).0, 200);
    let repeated = Request {
        if_match: Some("*".to_owned()),
        ..named
    };
    assert!(!tried(&database, &repeated), "it has happened before");
    let (status, problem) = post("/components", json!({})).ok(&database);
    assert_eq!(status, 422, "{problem}");
}
