//! Verification: damaged columns, rows without an incident, unreadable data, writes between slices,
//! and the consequences of a difference.

use super::{
    backup::{export, import, site_with_history, verify},
    days::status_page,
    *,
};

pub(super) const LATER_MS: u64 = NOW_MS + 81 * HOUR_MS;

/// [`site_with_history`] with an on-call target and cached severities, verified without a
/// difference.
pub(super) fn verified_site() -> Database {
    let database = site_with_history();
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
    assert_eq!(verify_later(&database)["ok"], true);
    database
}

/// The body of the answer to `GET …/verify` at [`LATER_MS`].
pub(super) fn verify_later(database: &Database) -> Json {
    let (status, found) = get("/verify").at(LATER_MS).ok(database);
    assert_eq!(status, 200, "{found}");
    found
}

/// Damage to columns that reads select by, to related rows and to indexes, and the difference that
/// is reported.
const COLUMNS: &[(&str, &str)] = &[
    (
        "UPDATE incident SET in_force = 1 - in_force",
        "its column in_force",
    ),
    (
        "UPDATE incident SET status = 'monitoring'",
        "its column status",
    ),
    (
        "UPDATE incident SET kind = 'maintenance'",
        "its column kind",
    ),
    (
        "UPDATE incident SET number = number + 1000",
        "its column number",
    ),
    (
        "UPDATE incident SET id = id || 'x' WHERE in_force = 0",
        "the incident inc_",
    ),
    ("DELETE FROM incident WHERE in_force = 0", "it is missing"),
    (
        "INSERT INTO incident (id, number, kind, status, in_force, document)
      SELECT 'inc_zzz', 0, kind, status, in_force, document FROM incident LIMIT 1",
        "the incident inc_zzz",
    ),
    (
        "INSERT INTO incident (id, number, kind, status, in_force, document)
      SELECT 'inc_', 0, kind, status, in_force, document FROM incident LIMIT 1",
        "the incident inc_:",
    ),
    (
        "UPDATE incident_update SET number = number + 100",
        "its update 0",
    ),
    (
        "DELETE FROM incident_update WHERE number = 0",
        "updates instead of",
    ),
    (
        "INSERT INTO incident_update SELECT incident, 99, document FROM incident_update LIMIT 1",
        "updates instead of",
    ),
    (
        "INSERT INTO incident_update SELECT 'inc_0', 0, document FROM incident_update LIMIT 1",
        "the incident inc_0",
    ),
    (
        "INSERT INTO incident_update SELECT 'zzz', 0, document FROM incident_update LIMIT 1",
        "the incident zzz",
    ),
    (
        "UPDATE severity_span SET severity = 0",
        "its severities over time",
    ),
    (
        "UPDATE severity_span SET ends = 1 WHERE ends IS NOT NULL",
        "its severities over time",
    ),
    ("DELETE FROM severity_span", "its severities over time"),
    (
        "INSERT INTO severity_span SELECT 'inc_0', component, severity, starts, ends FROM severity_span LIMIT 1",
        "the incident inc_0",
    ),
    ("UPDATE component SET position = 7", "the components"),
    ("UPDATE component SET id = 'cmp_x'", "the components"),
    ("UPDATE template SET id = 'tpl_x'", "the templates"),
    (
        "UPDATE site SET rev = 9007199254740991",
        "the feed's revision",
    ),
    ("UPDATE site SET rev = -1", "the stored data"),
    ("UPDATE site SET rev = 1.5", "the stored data"),
    ("UPDATE incident SET has_spans = 2", "its column has_spans"),
    ("UPDATE incident SET in_force = 2", "its column in_force"),
    (
        "INSERT INTO incident (id, number, kind, status, in_force, document)
      SELECT '', 0, kind, status, in_force, document FROM incident LIMIT 1",
        "rows of incidents have no id",
    ),
    (
        "INSERT INTO incident (id, number, kind, status, in_force, document)
      SELECT NULL, 0, kind, status, in_force, document FROM incident LIMIT 1",
        "rows of incidents have no id",
    ),
    (
        "INSERT INTO incident_update SELECT '', 0, document FROM incident_update LIMIT 1",
        "rows of incidents have no id",
    ),
    (
        "INSERT INTO severity_span SELECT x'00', component, severity, starts, ends FROM severity_span LIMIT 1",
        "rows of incidents have no id",
    ),
    (
        "UPDATE severity_span SET ends = 0 WHERE ends IS NULL",
        "its severities over time",
    ),
    ("DROP INDEX incident_status", "the index incident_status"),
    (
        "DROP INDEX incident_in_force",
        "the index incident_in_force",
    ),
    ("DROP INDEX journal_about", "the index journal_about"),
    (
        "DROP INDEX idempotency_at; CREATE INDEX idempotency_at ON idempotency (key)",
        "the index idempotency_at",
    ),
];

/// Damage that makes reads fail, and the difference that is reported.
const CORRUPT: &[(&str, &str)] = &[
    ("UPDATE site SET document = '{'", "the site's settings"),
    ("UPDATE site SET rev = 'x'", "the stored data"),
    ("DELETE FROM site", "the site's settings are missing"),
    ("UPDATE incident SET document = '{'", "its document"),
    ("UPDATE incident SET document = x'00'", "its document"),
    ("UPDATE incident_update SET document = ''", "its update 0"),
    ("UPDATE component SET document = 'x'", "the components"),
    ("UPDATE template SET document = '[]'", "the templates"),
    ("UPDATE component SET id = x'00'", "the stored data"),
    ("UPDATE template SET document = x'00'", "the stored data"),
    ("UPDATE incident SET kind = x'00'", "its column kind"),
    (
        "UPDATE incident SET number = number + 0.5",
        "its column number",
    ),
    (
        "UPDATE incident_update SET number = x'00' WHERE number = 0",
        "its update 0",
    ),
    (
        "UPDATE severity_span SET severity = 0.5",
        "its severities over time",
    ),
];

/// Damage that a repair cannot fix, and the difference that is reported.
const BEYOND_REPAIR: &[(&str, &str)] = &[
    (
        "UPDATE journal SET row = '{' WHERE seq = 3",
        "row 3: its hash",
    ),
    (
        "UPDATE journal SET event = '{' WHERE seq = 3",
        "row 3: its event cannot be read",
    ),
    (
        "UPDATE journal SET hash = 7 WHERE seq = 3",
        "row 3: its hash",
    ),
    ("DELETE FROM journal WHERE seq = 1", "row 1: its hash"),
    (
        "UPDATE journal SET row = x'00' WHERE seq = 3",
        "row 3: its hash",
    ),
    (
        "UPDATE journal SET event = x'00' WHERE seq = 3",
        "row 3: its event cannot be read",
    ),
];

pub(super) fn assert_difference(database: &Database, damage: &str, expected: &str) {
    let found = verify_later(database);
    assert_eq!(found["ok"], false, "{damage}");
    let named = found["first_difference"].as_str().unwrap();
    assert!(named.contains(expected), "{damage}: {named}");
}

#[test]
fn each_kind_of_damage_is_a_difference() {
    for (damage, expected) in COLUMNS.iter().chain(CORRUPT).chain(BEYOND_REPAIR) {
        let database = verified_site();
        database.script(damage).unwrap();
        assert_difference(&database, damage, expected);
    }
}

#[test]
fn a_missing_table_is_a_difference() {
    for table in [
        "component",
        "incident",
        "incident_update",
        "journal",
        "severity_span",
    ] {
        let database = verified_site();
        database.script(&format!("DROP TABLE {table}")).unwrap();
        let what = format!("no such table: {table}");
        assert_difference(&database, table, &what);
    }
}

#[test]
fn a_repair_rebuilds_damaged_projections() {
    for (damage, _) in COLUMNS.iter().chain(CORRUPT) {
        let database = verified_site();
        let before = feed(&database, LATER_MS);
        database.script(damage).unwrap();
        assert_eq!(verify_later(&database)["ok"], false, "{damage}");
        let (status, answer) = post("/repair", Json::Null).at(LATER_MS).ok(&database);
        assert_eq!(
            (status, &answer),
            (200, &json!({ "rows": [], "rebuilt": true })),
            "{damage}"
        );
        let found = verify_later(&database);
        assert_eq!(found["ok"], true, "{damage}: {found}");
        let mut after = feed(&database, LATER_MS);
        assert!(after["rev"].as_u64() > before["rev"].as_u64(), "{damage}");
        after["rev"] = before["rev"].clone();
        assert_eq!(after, before, "{damage}");
    }
    for (damage, _) in BEYOND_REPAIR {
        let database = verified_site();
        database.script(damage).unwrap();
        let answer = post("/repair", Json::Null).at(LATER_MS).send(&database);
        assert!(answer.is_err() || answer.unwrap().status == 409, "{damage}");
    }
}

#[test]
fn a_difference_blocks_redaction_and_not_publishing() {
    let database = verified_site();
    database
        .script("UPDATE incident SET in_force = 1 - in_force")
        .unwrap();
    let redact = || post("/redact", json!({ "text": "Jo Bloggs" })).at(LATER_MS);
    assert_eq!(verify_later(&database)["ok"], false);
    let (status, problem) = redact().ok(&database);
    assert_eq!((status, &problem["code"]), (409, &json!("verify_failed")));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("its column in_force"), "{detail}");
    let published = post("/incidents", outage()).at(LATER_MS).ok(&database);
    assert_eq!(published.0, 201);
    assert_eq!(
        post("/repair", Json::Null).at(LATER_MS).ok(&database).0,
        200
    );
    let (status, answer) = redact().ok(&database);
    assert_eq!((status, &answer["rows"]), (200, &json!(2)));
    assert_eq!(verify_later(&database)["ok"], true);
}

#[test]
fn a_difference_blocks_an_import() {
    let file = export(&site_with_history());
    let into = Database::new();
    new_site().ok(&into);
    into.script("UPDATE site SET rev = rev + 1").unwrap();
    assert_eq!(verify(&into)["ok"], false);
    let (status, problem) = import(&into, &file);
    assert_eq!((status, &problem["code"]), (409, &json!("verify_failed")));
    assert_eq!(post("/repair", Json::Null).ok(&into).0, 200);
    // The repair has added a row, so the site is no longer empty.
    assert_eq!(import(&into, &file).1["code"], "not_empty");
}

#[test]
fn a_new_difference_notifies_the_on_call_target_once() {
    let database = verified_site();
    let messages = || -> Vec<String> {
        let rows = database.run(
            "SELECT message.document || on_call_delivery.document FROM on_call_delivery
             JOIN message ON message.id = on_call_delivery.message ORDER BY on_call_delivery.id",
            &[],
        );
        let texts = rows.unwrap().into_iter();
        texts.map(|mut row| row.text("message").unwrap()).collect()
    };
    let none = get("/verification").at(LATER_MS).ok(&database).1;
    assert_eq!(none["ok"], true);
    assert!(messages().is_empty());
    // The settings are damaged, so the on-call target is read from the journal.
    database.script("UPDATE site SET document = '{'").unwrap();
    for _ in 0..2 {
        assert_eq!(verify_later(&database)["ok"], false);
    }
    let last = get("/verification").at(LATER_MS).ok(&database).1;
    assert_eq!(last["first_difference"], "the site's settings");
    let [message] = messages().try_into().unwrap();
    assert!(message.contains("site.verify_failed") && message.contains("ada@example.com"));
}

/// A site with more incidents than a slice compares.
fn large_site() -> (Database, Vec<String>) {
    let database = acme();
    let mut paths = Vec::new();
    for _ in 0..40 {
        let (_, incident) = post("/incidents", outage()).ok(&database);
        paths.push(format!(
            "/incidents/{}/updates",
            incident["id"].as_str().unwrap()
        ));
    }
    (database, paths)
}

#[test]
fn writes_between_slices_cause_no_difference() {
    let (database, paths) = large_site();
    let rows = database.count("journal");
    let mut slices: usize = 0;
    let verified = get("/verify").send_with(&database, &[], || {
        let path = &paths[slices * 7 % paths.len()];
        let update = match slices % 3 {
            0 => json!({ "body": "Fixed.", "status": "resolved" }),
            _ => json!({ "body": "Still at it." }),
        };
        assert_eq!(post(path, update).ok(&database).0, 201);
        if slices == 2 {
            let delete = Request {
                method: "DELETE",
                ..get("/components/sending")
            };
            let deleted = delete.send(&database).unwrap().status;
            assert!(matches!(deleted, 204 | 409), "{deleted}");
        }
        slices += 1;
    });
    let found: Json = serde_json::from_str(&verified.unwrap().body).unwrap();
    assert!(slices > 5, "{slices}");
    assert_eq!(found["first_difference"], Json::Null);
    assert_eq!(
        found["rows"], rows,
        "the rows at the start of the verification"
    );
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn an_ended_incident_that_changes_again_is_replayed() {
    let database = site_with_history();
    let (_, listed) = get("/incidents").at(LATER_MS).ok(&database);
    let ended = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|incident| incident["status"] == "resolved")
        .unwrap();
    let path = format!("/incidents/{}", ended["id"].as_str().unwrap());
    let window = json!({ "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" });
    let postmortem = Request {
        method: "PUT",
        ..post(
            &format!("{path}/postmortem"),
            json!({ "root_cause": "c", "remedy": "r", "prevention": ["p"], "window": window }),
        )
    };
    assert!(postmortem.at(LATER_MS).ok(&database).0 < 300);
    let reopen = json!({ "body": "Again.", "status": "investigating" });
    let reopened = post(&format!("{path}/updates"), reopen).at(LATER_MS + HOUR_MS);
    assert_eq!(reopened.ok(&database).0, 201);
    assert_eq!(verify_later(&database)["first_difference"], Json::Null);
    let into = Database::new();
    new_site().ok(&into);
    let (status, answer) = import(&into, &export(&database));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(verify_later(&into)["first_difference"], Json::Null);
}

#[test]
fn damage_outside_the_feed_does_not_block_publishing() {
    for damage in [
        "UPDATE incident SET number = -number",
        "UPDATE incident SET number = 'z' || number",
    ] {
        let database = verified_site();
        database.run(damage, &[]).unwrap();
        let (status, made) = post("/incidents", outage()).at(LATER_MS).ok(&database);
        assert_eq!(status, 201, "{damage}: {made}");
        assert_eq!(verify_later(&database)["ok"], false, "{damage}");
        assert_eq!(
            post("/repair", Json::Null).at(LATER_MS).ok(&database).0,
            200,
            "{damage}"
        );
        assert_eq!(verify_later(&database)["ok"], true, "{damage}");
    }
}

#[test]
fn a_site_whose_journal_is_empty_is_not_repaired() {
    let database = verified_site();
    database.run("DELETE FROM journal", &[]).unwrap();
    let (status, refused) = post("/repair", Json::Null).at(LATER_MS).ok(&database);
    assert_eq!(status, 409, "{refused}");
    assert_eq!(
        get("").at(LATER_MS).ok(&database).0,
        200,
        "the site's settings are not deleted"
    );
}
