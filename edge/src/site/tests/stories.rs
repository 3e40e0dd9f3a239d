//! Requests and their effects on journal and feed, and rejected requests.

use notice::journal::{FIRST_PREVIOUS, chain, sha256_hex};
use serde_json::{Value as Json, json};

use super::*;

#[test]
fn an_incident_is_published_resolved_and_expires() {
    let database = acme();
    let (status, incident) = post("/incidents", outage()).ok(&database);
    assert_eq!(status, 201);
    let id = incident["id"].as_str().unwrap();
    assert_eq!(incident["components"][0]["status"], "partial_outage");
    assert_eq!(feed(&database, NOW_MS)["notices"][0]["kind"], "incident");
    assert_eq!(feed(&database, NOW_MS)["poll_after_s"], 10);

    let updates = format!("/incidents/{id}/updates");
    let resolve =
        json!({ "status": "resolved", "body": "Fixed.", "restored": { "back": ["Sending"] } });
    assert_eq!(
        post(&updates, resolve).at(NOW_MS + HOUR_MS).ok(&database).0,
        201
    );
    let restored = &feed(&database, NOW_MS + HOUR_MS)["notices"][0];
    assert_eq!(restored["kind"], "restored");
    assert_eq!(restored["restored"]["seconds"], 3600);
    assert_eq!(restored["restored"]["back"], json!(["Sending"]));
    let components = get("/components").ok(&database).1;
    assert_eq!(components["items"][0]["status"], "operational");

    let last = NOW_MS + 73 * HOUR_MS - 1;
    assert_eq!(
        feed(&database, last)["notices"].as_array().unwrap().len(),
        1
    );
    let before = feed(&database, last)["rev"].as_u64().unwrap();
    let after = feed(&database, last + 1);
    assert_eq!(after["notices"], json!([]));
    assert!(
        after["rev"].as_u64().unwrap() > before,
        "expiry is an event"
    );
    assert_eq!(
        feed(&database, last + 1)["rev"],
        after["rev"],
        "expiry is applied once"
    );
}

#[test]
fn each_hash_covers_the_exact_row_and_the_previous_hash() {
    let database = acme();
    post("/incidents", outage()).key("first").ok(&database);
    let mut previous = FIRST_PREVIOUS.to_owned();
    let rows = database
        .run("SELECT row, hash, event FROM journal ORDER BY seq", &[])
        .unwrap();
    assert_eq!(rows.len(), 3);
    for mut row in rows {
        let (text, hash, event) = (
            row.text("row").unwrap(),
            row.text("hash").unwrap(),
            row.text("event").unwrap(),
        );
        assert_eq!(hash, chain(&previous, &text));
        let read: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(read["digest"], sha256_hex(event.as_bytes()));
        previous = hash;
    }
}

#[test]
fn scheduled_transitions_have_the_alarm_as_their_actor() {
    let database = acme();
    let planned = json!({
        "kind": "maintenance", "title": "t", "scheduled_for": "2026-11-21T08:30:00Z",
        "scheduled_until": "2026-11-21T09:30:00Z", "components": [{ "id": "sending" }]
    });
    post("/incidents", planned).ok(&database);
    let before = database.count("journal");
    // The alarm did not fire; an operator's write applies the transition.
    let late = post("/incidents", outage()).key("k").at(NOW_MS + HOUR_MS);
    late.ok(&database);
    let rows = database
        .run(
            &format!("SELECT row FROM journal WHERE seq > {before} ORDER BY seq"),
            &[],
        )
        .unwrap();
    let appended: Vec<(String, String, bool)> = rows
        .into_iter()
        .map(|mut row| {
            let row: Json = serde_json::from_str(&row.text("journal").unwrap()).unwrap();
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            (text("type"), text("actor"), row["key"].is_string())
        })
        .collect();
    let (last, due) = appended.split_last().unwrap();
    assert_eq!(last.0, "incident.created");
    assert!(last.1 == "root" && last.2, "{last:?}");
    assert_eq!(due.len(), 2);
    for (kind, actor, has_key) in due {
        assert_eq!((actor.as_str(), *has_key), ("alarm", false), "{kind}");
    }
}

#[test]
fn a_repeated_key_replays_the_answer() {
    let database = acme();
    let first = post("/incidents", outage())
        .key("k")
        .send(&database)
        .unwrap();
    let again = post("/incidents", outage())
        .key("k")
        .at(NOW_MS + 23 * HOUR_MS)
        .send(&database)
        .unwrap();
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(database.count("incident"), 1);

    let other = json!({ "kind": "incident", "title": "Another", "impact": "minor", "body": "x" });
    let (status, problem) = post("/incidents", other).key("k").ok(&database);
    assert_eq!(
        (status, problem["code"].as_str()),
        (422, Some("idempotency_mismatch"))
    );

    // Rejections are not stored, so a corrected request may use the key.
    let (status, _) = post("/incidents", json!({})).key("k2").ok(&database);
    assert_eq!(status, 422);
    assert_eq!(post("/incidents", outage()).key("k2").ok(&database).0, 201);

    // After a day the key is free again.
    let later = post("/incidents", outage())
        .key("k")
        .at(NOW_MS + 25 * HOUR_MS);
    assert_eq!(later.ok(&database).0, 201);
    assert_eq!(database.count("incident"), 3);
}

#[test]
fn a_site_is_created_once_and_its_token_shown_once() {
    let database = Database::new();
    let first = new_site().key("k").ok(&database);
    assert_eq!(first.0, 201);
    assert!(first.1["token"].as_str().unwrap().starts_with("ac_acme_"));
    let again = new_site().key("k").ok(&database);
    assert_eq!((again.0, &again.1["token"]), (201, &Json::Null));
    assert_eq!(again.1["site"], first.1["site"]);
    let other = new_site().ok(&database);
    assert_eq!(
        (other.0, other.1["code"].as_str()),
        (409, Some("slug_taken"))
    );

    let digest = sha256_hex(first.1["token"].as_str().unwrap().as_bytes());
    let as_owner = Request {
        credential: Credential::Token { digest },
        ..get("")
    };
    assert_eq!(as_owner.ok(&database).0, 200);
    let stranger = Request {
        credential: Credential::Token {
            digest: "0".repeat(64),
        },
        ..get("")
    };
    assert_eq!(stranger.ok(&database).0, 401);
}

#[test]
fn a_write_that_fails_halfway_is_rolled_back() {
    for statement in [
        "INSERT INTO journal",
        "INSERT INTO incident (",
        "INSERT INTO incident_update",
        "INSERT INTO idempotency",
    ] {
        let database = acme();
        let rows = database.count("journal");
        let before = feed(&database, NOW_MS);
        database.fail_on.replace(Some(statement));
        let request = post("/incidents", outage()).key("k");
        assert!(request.send(&database).is_err(), "{statement}");
        assert_eq!(database.count("journal"), rows, "{statement}");
        assert_eq!(database.count("incident"), 0, "{statement}");
        assert_eq!(feed(&database, NOW_MS), before, "{statement}");
        assert_eq!(
            request.ok(&database).0,
            201,
            "the repeat succeeds: {statement}"
        );
    }
    let database = Database::new();
    database.fail_on.replace(Some("INSERT INTO token"));
    assert!(new_site().send(&database).is_err());
    assert!(read_feed(&database, None, "", NOW_MS).unwrap().is_none());
    assert_eq!(new_site().ok(&database).0, 201);
}

#[test]
fn the_revision_rises_when_the_clock_is_set_back() {
    let database = acme();
    let before = feed(&database, NOW_MS)["rev"].as_u64().unwrap();
    let (_, incident) = post("/incidents", outage())
        .at(NOW_MS - HOUR_MS)
        .ok(&database);
    assert_eq!(incident["created_at"], "2026-11-21T08:00:00Z");
    assert!(feed(&database, NOW_MS - HOUR_MS)["rev"].as_u64().unwrap() > before);
}

#[test]
fn rejected_requests_write_nothing() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    let rows = database.count("journal");
    let with = |field: &str, value: Json| {
        let mut body = outage();
        body[field] = value;
        body
    };
    let update = |field: &str, value: Json| {
        let mut body = json!({ "body": "x" });
        body[field] = value;
        body
    };
    for (path, body, status, code, pointer) in [
        (
            "/incidents",
            with("title", json!("x".repeat(201))),
            422,
            "invalid_field",
            "/title",
        ),
        (
            "/incidents",
            with("title", json!(" ")),
            422,
            "invalid_field",
            "/title",
        ),
        (
            "/incidents",
            with("title", json!("two\nlines")),
            422,
            "invalid_field",
            "/title",
        ),
        (
            "/incidents",
            with("body", json!("x".repeat(20_001))),
            422,
            "invalid_field",
            "/body",
        ),
        (
            "/incidents",
            with("impact", Json::Null),
            422,
            "invalid_field",
            "/impact",
        ),
        (
            "/incidents",
            with("impact", json!("maintenance")),
            422,
            "invalid_field",
            "/impact",
        ),
        (
            "/incidents",
            with("status", json!("completed")),
            422,
            "invalid_field",
            "/status",
        ),
        (
            "/incidents",
            with("sttus", json!("resolved")),
            422,
            "unknown_field",
            "/sttus",
        ),
        (
            "/incidents",
            with("components", json!([{ "id": "nowhere" }])),
            409,
            "unknown_reference",
            "/components/0/id",
        ),
        (
            "/incidents",
            with(
                "components",
                json!([{ "id": "sending" }, { "id": "sending" }]),
            ),
            422,
            "invalid_field",
            "/components/1/id",
        ),
        (
            "/incidents",
            with("audience", json!({ "segments": ["eu"] })),
            409,
            "unknown_reference",
            "/audience/segments/0",
        ),
        (
            "/incidents",
            with("text", json!({ "de": { "title": "x" } })),
            409,
            "unknown_reference",
            "/text/de",
        ),
        (
            "/incidents",
            with("next_update_at", json!("2026-11-21T08:00:00Z")),
            422,
            "invalid_field",
            "/next_update_at",
        ),
        (
            "/incidents",
            with("started_at", json!("2026-11-22T08:00:00Z")),
            422,
            "invalid_field",
            "/started_at",
        ),
        (
            "/incidents",
            with("restored", json!({ "back": ["x"] })),
            422,
            "invalid_field",
            "/restored",
        ),
        (
            "/incidents",
            with("related", json!(["inc_none"])),
            409,
            "unknown_reference",
            "/related/0",
        ),
        (
            "/incidents",
            with(
                "contacts",
                json!([{ "kind": "link", "label": "x", "value": "javascript:alert(1)" }]),
            ),
            422,
            "invalid_field",
            "/contacts/0/value",
        ),
        (
            "/components",
            json!({ "name": "Sending", "slug": "sending" }),
            409,
            "slug_taken",
            "",
        ),
        (
            "/components",
            json!({ "name": "x", "slug": "Bad Slug" }),
            422,
            "invalid_field",
            "/slug",
        ),
        (
            "/components",
            json!({ "name": "x", "tier": 4 }),
            422,
            "invalid_field",
            "/tier",
        ),
        (&updates, json!({}), 422, "invalid_field", "/body"),
        (
            &updates,
            update("restored", json!({ "back": [] })),
            422,
            "invalid_field",
            "/restored",
        ),
        (
            &updates,
            update("status", json!("scheduled")),
            422,
            "invalid_field",
            "/status",
        ),
        (
            "/incidents/inc_none/updates",
            json!({ "body": "x" }),
            404,
            "not_found",
            "",
        ),
    ] {
        let (given, problem) = post(path, body.clone()).ok(&database);
        assert_eq!(given, status, "{body} {problem}");
        assert_eq!(problem["code"], code, "{body}");
        let named = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!(named, pointer, "{body}");
        assert_eq!(database.count("journal"), rows, "{body}");
    }
    for body in [
        with("title", json!("ä".repeat(200))),
        with("body", json!("x".repeat(20_000))),
    ] {
        assert_eq!(
            post("/incidents", body).ok(&database).0,
            201,
            "at the limit"
        );
    }
}

#[test]
fn drafts_and_templates_do_not_change_the_feed() {
    let database = acme();
    let before = feed(&database, NOW_MS);
    let mut draft = outage();
    draft["draft"] = json!(true);
    let made = post("/incidents", draft)
        .at(NOW_MS + 1000)
        .send(&database)
        .unwrap();
    let path = made
        .header("location")
        .unwrap()
        .strip_prefix("/v1/sites/acme")
        .unwrap()
        .to_owned();
    post("/templates", json!({ "name": "Fixed" }))
        .at(NOW_MS + 2000)
        .ok(&database);
    let patch = |body: Json, now_ms: u64| {
        let etag = get(&path)
            .send(&database)
            .unwrap()
            .header("etag")
            .unwrap()
            .to_owned();
        let request = Request {
            method: "PATCH",
            if_match: Some(etag),
            ..post(&path, body)
        };
        request.at(now_ms).ok(&database)
    };
    assert_eq!(patch(json!({ "title": "Better" }), NOW_MS + 3000).0, 200);
    assert_eq!(feed(&database, NOW_MS + 3000), before);
    assert_eq!(patch(json!({ "draft": false }), NOW_MS + 4000).0, 200);
    let after = feed(&database, NOW_MS + 4000);
    assert!(after["rev"].as_u64() > before["rev"].as_u64());
    assert_eq!(get("/verify").ok(&database).1["ok"], true);
}
