//! Export, import, verification and deletion.

use serde_json::json;

use super::*;

/// A site with a resolved incident whose all-clear has expired, an open incident, a template and a
/// deleted draft.
pub fn site_with_history() -> Database {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).key("secret-key").ok(&database);
    let path = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    post(
        &path,
        json!({ "body": "Jo Bloggs is on it.", "status": "identified" }),
    )
    .ok(&database);
    post(&path, json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Ask Jo Bloggs." } })).ok(&database);
    post(
        "/templates",
        json!({ "name": "Fixed", "body": "It works again." }),
    )
    .ok(&database);
    let mut draft = outage();
    draft["draft"] = json!(true);
    let (_, draft) = post("/incidents", draft).ok(&database);
    let draft = format!("/incidents/{}", draft["id"].as_str().unwrap());
    Request {
        method: "DELETE",
        ..get(&draft)
    }
    .send(&database)
    .unwrap();
    // The all-clear has expired.
    feed(&database, NOW_MS + 80 * HOUR_MS);
    post("/incidents", outage())
        .at(NOW_MS + 80 * HOUR_MS)
        .ok(&database);
    database
}

/// The body of the answer to `GET …/verify`.
pub fn verify(database: &Database) -> Json {
    get("/verify").ok(database).1
}

pub fn export(database: &Database) -> String {
    get("/export").send(database).unwrap().body
}

/// Imports a file; returns status and body of the answer.
pub fn import(database: &Database, file: &str) -> (u16, Json) {
    post("/import", Json::String(file.to_owned()))
        .at(NOW_MS + 81 * HOUR_MS)
        .ok(database)
}

#[test]
fn verification_of_an_undamaged_site_finds_no_difference() {
    let database = site_with_history();
    let found = verify(&database);
    assert_eq!(
        (&found["ok"], &found["first_difference"]),
        (&json!(true), &Json::Null),
        "{found}"
    );
    assert_eq!(found["rows"], database.count("journal"));
}

#[test]
fn verification_names_each_kind_of_tampering() {
    for (statement, difference) in [
        (
            "UPDATE journal SET row = replace(row, 'root', 'r00t') WHERE seq = 3",
            "row 3: its hash",
        ),
        (
            "UPDATE journal SET event = replace(event, 'delayed', 'late') WHERE seq = 3",
            "row 3: its event does not match",
        ),
        ("DELETE FROM journal WHERE seq = 4", "row 4: its hash"),
        (
            "UPDATE component SET document = replace(document, 'Sending', 'Ending')",
            "the components",
        ),
        (
            "UPDATE site SET document = replace(document, 'Acme SMS', 'Other')",
            "the site's settings",
        ),
        (
            "UPDATE incident_update SET document = replace(document, 'Fixed', 'Broken')",
            "the incident inc_",
        ),
        ("DELETE FROM template", "the templates"),
        ("UPDATE site SET rev = rev + 1", "the feed's revision"),
    ] {
        let database = site_with_history();
        database.script(statement).unwrap();
        let found = verify(&database);
        assert_eq!(found["ok"], false, "{statement}");
        let named = found["first_difference"].as_str().unwrap();
        assert!(named.starts_with(difference), "{statement}: {named}");
    }
}

#[test]
fn an_imported_export_gives_the_same_feed_and_rows() {
    let from = site_with_history();
    let file = export(&from);
    let before = feed(&from, NOW_MS + 81 * HOUR_MS);
    let into = Database::new();
    new_site().ok(&into);
    let (status, imported) = import(&into, &file);
    assert_eq!(status, 200, "{imported}");
    assert_eq!(imported["rows"], from.count("journal"));
    let found = verify(&into);
    assert_eq!(found["ok"], true, "{found}");
    let mut after = feed(&into, NOW_MS + 81 * HOUR_MS);
    assert!(
        after["rev"].as_u64() > before["rev"].as_u64(),
        "browsers ignore a feed with a lower revision"
    );
    after["rev"] = before["rev"].clone();
    assert_eq!(after, before);
    let rows = |database: &Database| {
        let rows = database
            .run("SELECT row FROM journal ORDER BY seq", &[])
            .unwrap();
        rows.into_iter()
            .map(|mut row| row.text("row").unwrap())
            .collect::<Vec<_>>()
    };
    let (old, new) = (rows(&from), rows(&into));
    assert_eq!(old, new[..old.len()], "rows are stored unchanged");
    assert!(new.last().unwrap().contains("site.restored"));
    let (status, problem) = import(&into, &file);
    assert_eq!((status, problem["code"].as_str()), (409, Some("not_empty")));
}

#[test]
fn an_export_contains_no_tokens() {
    let database = site_with_history();
    let token = post("/tokens", json!({ "role": "owner" })).ok(&database).1;
    let file = export(&database);
    assert!(!file.contains(token["token"].as_str().unwrap()));
    assert!(!file.contains(token["id"].as_str().unwrap()));
}

#[test]
fn a_damaged_file_changes_nothing() {
    let file = export(&site_with_history());
    let lines: Vec<&str> = file.lines().collect();
    let without_one = [&lines[..3], &lines[4..]].concat().join("\n") + "\n";
    for (damaged, why) in [
        (String::new(), "too short"),
        (lines[..lines.len() - 1].join("\n"), "trailer"),
        (file.replacen("delayed", "late", 1), "checksum"),
        (without_one, "checksum"),
        (
            file.replace("allclear-export", "another-format"),
            "checksum",
        ),
        ("x\ny\n".to_owned(), "trailer"),
    ] {
        let into = Database::new();
        new_site().ok(&into);
        let (status, problem) = import(&into, &damaged);
        assert_eq!(
            (status, problem["code"].as_str()),
            (422, Some("unusable_import")),
            "{why}"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(why), "{detail}");
        assert_eq!(into.count("journal"), 1);
        assert_eq!(verify(&into)["ok"], true);
    }
}

#[test]
fn a_recreated_site_continues_the_revision() {
    let database = site_with_history();
    let rev = feed(&database, NOW_MS + 82 * HOUR_MS)["rev"]
        .as_u64()
        .unwrap();
    let delete = Request {
        method: "DELETE",
        ..get("")
    };
    assert_eq!(delete.send(&database).unwrap().status, 204);
    assert!(read_feed(&database, None, "", NOW_MS).unwrap().is_none());
    assert_eq!(get("").ok(&database).0, 404);
    assert_eq!(new_site().ok(&database).0, 201);
    assert!(feed(&database, NOW_MS)["rev"].as_u64().unwrap() > rev);
    assert_eq!(verify(&database)["ok"], true);
}
