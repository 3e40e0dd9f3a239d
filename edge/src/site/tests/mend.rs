//! Unreadable rows are rebuilt when a request needs them, so that damage does not block feeds and
//! publishing.

use super::{backup::site_with_history, days::status_page, *};

const LATER_MS: u64 = NOW_MS + 81 * HOUR_MS;

/// Damage to rows and indexes that feeds, pages, lists and publishing read.
const DAMAGE: &[&str] = &[
    "UPDATE site SET document = '{'",
    "UPDATE site SET document = x'00'",
    "UPDATE site SET rev = -1",
    "UPDATE site SET rev = 'x'",
    "DELETE FROM site",
    "UPDATE component SET document = '{}'",
    "UPDATE component SET document = x'00'",
    "UPDATE template SET document = '{}'",
    "UPDATE incident SET document = '{' WHERE in_force = 1",
    "UPDATE incident SET document = x'00'",
    "UPDATE incident SET document = '{\"published_at\":\"2026-11-21T08:00:00Z\",\"drill\":false,\"started_at\":\"2026-11-21T08:00:00Z\"}' WHERE in_force = 1",
    "UPDATE incident_update SET document = ''",
    "UPDATE incident_update SET document = x'00' WHERE number = 0",
    "UPDATE severity_span SET severity = 'x'",
    "UPDATE severity_span SET starts = 0.5",
    "UPDATE site SET document = '{'; UPDATE component SET document = '{'; UPDATE incident SET document = '{'; UPDATE incident_update SET document = '{'",
    "DROP INDEX incident_in_force",
    "DROP INDEX incident_history",
    "DROP INDEX incident_listed_end",
    "DROP INDEX incident_status",
    "DROP INDEX severity_span_end",
    "UPDATE verification SET document = x'00', checked_at = 'x'",
];

/// Damage to the end of the journal.
const JOURNAL: &[&str] = &[
    "UPDATE journal SET row = '{' WHERE seq = (SELECT max(seq) FROM journal)",
    "UPDATE journal SET row = x'00' WHERE seq = (SELECT max(seq) FROM journal)",
    "UPDATE journal SET hash = x'00' WHERE seq = (SELECT max(seq) FROM journal)",
    "INSERT INTO journal (seq, row, hash, event) SELECT 9007199254740993, row, hash, event FROM journal LIMIT 1",
];

/// A verified site with incidents of several states and an on-call target.
fn site() -> Database {
    let database = site_with_history();
    let mut open = outage();
    open["next_update_at"] = json!("2026-11-25T18:00:00Z");
    assert_eq!(post("/incidents", open).at(LATER_MS).ok(&database).0, 201);
    let settings = Request {
        method: "PATCH",
        if_match: Some("*".to_owned()),
        ..post(
            "",
            json!({ "on_call": [{ "kind": "email", "value": "ada@example.com" }] }),
        )
    };
    assert_eq!(settings.at(LATER_MS).ok(&database).0, 200);
    status_page(&database, LATER_MS).unwrap();
    assert_eq!(get("/verify").at(LATER_MS).ok(&database).1["ok"], true);
    database
}

/// A read: its name, and the function that returns its result.
type Read = (&'static str, fn(&Database) -> String);

const READS: &[Read] = &[
    ("feed", |database| feed(database, LATER_MS).to_string()),
    ("status page", |database| {
        status_page(database, LATER_MS).unwrap()
    }),
    ("site", |database| answer(database, get(""))),
    ("components", |database| {
        answer(database, get("/components"))
    }),
    ("templates", |database| answer(database, get("/templates"))),
    ("list", |database| answer(database, get("/incidents"))),
    ("filter", |database| {
        let request = Request {
            query: "status=resolved",
            ..get("/incidents")
        };
        answer(database, request)
    }),
    ("open", |database| {
        let request = Request {
            query: "open=true",
            ..get("/incidents")
        };
        answer(database, request)
    }),
];

fn answer(database: &Database, request: Request) -> String {
    let (status, body) = request.at(LATER_MS).ok(database);
    assert_eq!(status, 200, "{body}");
    body.to_string()
}

#[test]
fn damaged_projections_block_no_read() {
    for damage in DAMAGE {
        for (name, read) in READS {
            let database = site();
            let before = read(&database);
            database.script(damage).unwrap();
            assert_eq!(read(&database), before, "{name} after {damage}");
        }
    }
}

#[test]
fn damage_blocks_no_publishing() {
    for damage in DAMAGE.iter().chain(JOURNAL) {
        let database = site();
        database.script(damage).unwrap();
        let (status, published) = post("/incidents", outage()).at(LATER_MS).ok(&database);
        assert_eq!(status, 201, "{damage}: {published}");
        let shown = feed(&database, LATER_MS);
        let id = published["id"].as_str().unwrap();
        assert!(shown.to_string().contains(id), "{damage}: {shown}");
    }
}

#[test]
fn rebuilt_rows_match_the_journal_and_are_reported() {
    for (damage, difference, part) in [
        (
            "UPDATE site SET document = '{'",
            "stored site cannot be read",
            "settings",
        ),
        (
            "UPDATE component SET document = '{'",
            "stored component cannot be read",
            "settings",
        ),
        (
            "UPDATE incident SET document = '{'",
            "stored incident cannot be read",
            "incidents",
        ),
        (
            "DROP INDEX incident_in_force",
            "the index incident_in_force",
            "indexes",
        ),
    ] {
        let database = site();
        let queued = database.count("on_call_delivery");
        database.script(damage).unwrap();
        feed(&database, LATER_MS);
        let found = get("/verification").at(LATER_MS).ok(&database).1;
        assert_eq!(found["ok"], false, "{damage}");
        let named = found["first_difference"].as_str().unwrap();
        assert!(named.contains(difference), "{damage}: {named}");
        assert_eq!(database.count("on_call_delivery"), queued + 1, "{damage}");
        let newest = get("/journal").at(LATER_MS).ok(&database).1["items"][0].clone();
        let event = json!({ "type": "journal.repaired", "rows": [], "rebuilt": [part] });
        assert_eq!(newest["event"], event, "{damage}");
        assert_eq!(newest["row"]["actor"], "alarm", "{damage}");
        // Rows that the feed does not read are rebuilt when a request reads them.
        answer(&database, get("/incidents"));
        let found = get("/verify").at(LATER_MS).ok(&database).1;
        assert_eq!(found["ok"], true, "{damage}: {found}");
    }
}

#[test]
fn a_revision_moved_ahead_does_not_enter_the_journal() {
    let database = site();
    let before = feed(&database, LATER_MS)["rev"].as_u64().unwrap();
    let ahead = before + 90 * 24 * HOUR_MS;
    database
        .script(&format!("UPDATE site SET rev = {ahead}"))
        .unwrap();
    assert_eq!(feed(&database, LATER_MS)["rev"], before);
    assert_eq!(
        post("/incidents", outage()).at(LATER_MS).ok(&database).0,
        201
    );
    let after = feed(&database, LATER_MS)["rev"].as_u64().unwrap();
    assert!((before..ahead).contains(&after), "{before}, {after}");
    let into = Database::new();
    new_site().ok(&into);
    let file = super::backup::export(&database);
    let import = post("/import", Json::String(file)).at(LATER_MS);
    assert_eq!(import.ok(&into).0, 200);
    // A new site of the same name continues from the journal's revision too.
    database
        .script(&format!("UPDATE site SET rev = {ahead}"))
        .unwrap();
    let delete = Request {
        method: "DELETE",
        ..get("")
    };
    assert_eq!(delete.at(LATER_MS).send(&database).unwrap().status, 204);
    new_site().at(LATER_MS).ok(&database);
    assert!(feed(&database, LATER_MS)["rev"].as_u64().unwrap() < ahead);
}

#[test]
fn damage_that_the_journal_cannot_mend_is_a_fault() {
    let database = site();
    database
        .script("UPDATE incident SET document = '{'; UPDATE journal SET event = '{'")
        .unwrap();
    let rows = database.count("journal");
    for _ in 0..3 {
        let read = get("/incidents").at(LATER_MS).send(&database);
        assert!(matches!(read, Err(Fault::Unreadable { .. })), "{read:?}");
    }
    assert_eq!(database.count("journal"), rows, "a request adds no row");
}
