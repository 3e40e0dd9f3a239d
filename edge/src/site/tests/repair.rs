//! Times in the journal never decrease; a repair names the rows of earlier builds for which this is
//! not true.

use notice::wire::time::Timestamp;

use super::{
    backup::{export, verify},
    forge::rewrite,
    *,
};

const SECOND_MS: u64 = 1000;

fn import_at(database: &Database, file: &str, now_ms: u64) -> (u16, Json) {
    let request = post("/import", Json::String(file.to_owned())).at(now_ms);
    request.ok(database)
}

fn verify_at(database: &Database, now_ms: u64) -> Json {
    get("/verify").at(now_ms).ok(database).1
}

/// A site whose last row is later than its revision: the row is about a template, which does not
/// raise the revision.
fn site_with_late_template(now_ms: u64) -> Database {
    let database = acme();
    post("/incidents", outage()).at(now_ms).ok(&database);
    post("/templates", json!({ "name": "t" }))
        .at(now_ms + SECOND_MS)
        .ok(&database);
    database
}

#[test]
fn an_import_from_a_clock_ahead_verifies_and_exports() {
    let file = export(&site_with_late_template(NOW_MS + 3 * SECOND_MS));
    let into = Database::new();
    new_site().ok(&into);
    assert_eq!(import_at(&into, &file, NOW_MS).0, 200);
    let found = verify_at(&into, NOW_MS);
    assert_eq!(found["ok"], true, "{found}");
    let third = Database::new();
    new_site().ok(&third);
    let again = import_at(&third, &export(&into), NOW_MS);
    assert_eq!(again.0, 200, "{}", again.1);
}

#[test]
fn a_redaction_after_the_clock_was_set_back_verifies() {
    let database = site_with_late_template(NOW_MS + 120 * SECOND_MS);
    let redact = post("/redact", json!({ "text": "delayed" })).at(NOW_MS);
    assert_eq!(redact.ok(&database).0, 200);
    let found = verify_at(&database, NOW_MS);
    assert_eq!(found["ok"], true, "{found}");
}

/// A site as earlier builds wrote it: the fourth and the sixth row have earlier times than the rows
/// before them.
fn broken_site() -> Database {
    let database = acme();
    for minute in 1..=4 {
        post("/templates", json!({ "name": format!("t{minute}") }))
            .at(NOW_MS + minute * 60 * SECOND_MS)
            .ok(&database);
    }
    rewrite(&database, |forged| {
        if matches!(forged.row.seq, 4 | 6) {
            forged.row.at = Timestamp::parse("2026-11-21T08:00:30Z").unwrap();
        }
    });
    // A template's times are in its event, so the projections still agree.
    database
}

#[test]
fn a_repair_names_the_rows_and_changes_none() {
    let database = broken_site();
    let found = verify(&database);
    assert_eq!(
        found["first_difference"],
        "row 4: it is older than the previous row"
    );
    let rows = |database: &Database| {
        let rows = database.run("SELECT row, hash, event FROM journal WHERE seq < 7", &[]);
        format!("{:?}", rows.unwrap())
    };
    let before = (rows(&database), feed(&database, NOW_MS));

    let (status, answer) = post("/repair", Json::Null).key("k").ok(&database);
    assert_eq!(status, 200, "{answer}");
    let at = "2026-11-21T08:00:30Z";
    let named = json!([{ "seq": 4, "at": at }, { "seq": 6, "at": at }]);
    assert_eq!(answer, json!({ "rows": named }));
    assert_eq!((rows(&database), feed(&database, NOW_MS)), before);
    let found = verify(&database);
    assert_eq!(found["ok"], true, "{found}");
    let newest = get("/journal").ok(&database).1["items"][0].clone();
    assert_eq!(
        newest["event"],
        json!({ "type": "journal.repaired", "rows": named })
    );
    assert_eq!(
        (&newest["row"]["actor"], &newest["row"]["seq"]),
        (&json!("root"), &json!(7))
    );

    let again = post("/repair", Json::Null)
        .key("k")
        .send(&database)
        .unwrap();
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(serde_json::from_str::<Json>(&again.body).unwrap(), answer);

    // A later export can be imported, and so can an export of the copy.
    post("/templates", json!({ "name": "later" }))
        .at(NOW_MS + HOUR_MS)
        .ok(&database);
    let copy = Database::new();
    new_site().ok(&copy);
    assert_eq!(
        import_at(&copy, &export(&database), NOW_MS + HOUR_MS).0,
        200
    );
    assert_eq!(verify_at(&copy, NOW_MS + HOUR_MS)["ok"], true);
    let third = Database::new();
    new_site().ok(&third);
    assert_eq!(import_at(&third, &export(&copy), NOW_MS + HOUR_MS).0, 200);
}

#[test]
fn a_repair_of_a_valid_journal_appends_nothing() {
    let database = acme();
    let rows = database.count("journal");
    let (status, answer) = post("/repair", Json::Null).ok(&database);
    assert_eq!((status, answer), (200, json!({ "rows": [] })));
    assert_eq!(database.count("journal"), rows);
}

#[test]
fn a_repair_accepts_only_the_times_it_names() {
    let database = broken_site();
    post("/repair", Json::Null).ok(&database);
    rewrite(&database, |forged| {
        if forged.row.seq == 4 {
            forged.row.at = Timestamp::parse("2026-11-21T08:00:29Z").unwrap();
        }
    });
    let found = verify(&database);
    assert_eq!(
        found["first_difference"],
        "row 4: it is older than the previous row"
    );

    // A repair does not accept a row after its own, even if it names that row.
    let database = broken_site();
    post("/repair", Json::Null).ok(&database);
    rewrite(&database, |forged| {
        if let Some(rows) = forged.event.get_mut("rows") {
            rows[1]["seq"] = json!(9);
        }
    });
    let found = verify(&database);
    assert_eq!(
        found["first_difference"],
        "row 6: it is older than the previous row"
    );
}

#[test]
fn a_repair_is_rejected_if_there_is_another_fault() {
    let database = broken_site();
    database
        .script("UPDATE journal SET event = replace(event, 't1', 't9') WHERE seq = 3")
        .unwrap();
    let rows = database.count("journal");
    let (status, problem) = post("/repair", Json::Null).ok(&database);
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("illegal_transition"))
    );
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("row 3: its event does not match its hash"),
        "{detail}"
    );
    assert_eq!(database.count("journal"), rows);
}

#[test]
fn only_the_root_token_may_repair() {
    let database = broken_site();
    let rows = database.count("journal");
    for role in ["owner", "editor", "viewer"] {
        let (_, secret) = token(&database, role);
        let (status, problem) = as_token(&secret, post("/repair", Json::Null)).ok(&database);
        assert_eq!(
            (status, &problem["code"]),
            (403, &json!("forbidden")),
            "{role}"
        );
    }
    assert_eq!(database.count("journal"), rows);
}
