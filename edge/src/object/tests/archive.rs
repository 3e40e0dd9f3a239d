//! Export, import, verify, redact, delete: what a backup is worth.

use serde_json::json;

use super::*;

/// A site on which much has happened.
fn lived_in() -> Database {
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
    // Long enough for the all-clear to have expired.
    feed(&database, NOW_MS + 80 * HOUR_MS);
    post("/incidents", outage())
        .at(NOW_MS + 80 * HOUR_MS)
        .ok(&database);
    database
}

fn verify(database: &Database) -> Json {
    get("/verify").ok(database).1
}

fn export(database: &Database) -> String {
    get("/export").send(database).unwrap().body
}

fn import(database: &Database, file: &str) -> (u16, Json) {
    post("/import", Json::String(file.to_owned()))
        .at(NOW_MS + 81 * HOUR_MS)
        .ok(database)
}

#[test]
fn the_state_equals_the_journal_replayed() {
    let database = lived_in();
    let found = verify(&database);
    assert_eq!(
        (&found["ok"], &found["first_difference"]),
        (&json!(true), &Json::Null),
        "{found}"
    );
    assert_eq!(found["rows"], database.count("journal"));
}

#[test]
fn any_tampering_is_found_and_named() {
    for (statement, difference) in [
        (
            "UPDATE journal SET row = replace(row, 'root', 'r00t') WHERE seq = 3",
            "row 3: its hash",
        ),
        (
            "UPDATE journal SET event = replace(event, 'delayed', 'late') WHERE seq = 3",
            "row 3: its event is not",
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
        let database = lived_in();
        database.script(statement).unwrap();
        let found = verify(&database);
        assert_eq!(found["ok"], false, "{statement}");
        let named = found["first_difference"].as_str().unwrap();
        assert!(named.starts_with(difference), "{statement}: {named}");
    }
}

#[test]
fn an_export_comes_back_as_it_was() {
    let from = lived_in();
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
        "a browser must not take it for an old mirror"
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
    assert_eq!(old, new[..old.len()], "rows are replayed as they are");
    assert!(new.last().unwrap().contains("site.restored"));
    let (status, problem) = import(&into, &file);
    assert_eq!((status, problem["code"].as_str()), (409, Some("not_empty")));
}

#[test]
fn an_export_holds_no_secrets() {
    let database = lived_in();
    let token = post("/tokens", json!({ "role": "owner" })).ok(&database).1;
    let file = export(&database);
    assert!(!file.contains(token["token"].as_str().unwrap()));
    assert!(!file.contains(token["id"].as_str().unwrap()));
}

#[test]
fn a_damaged_file_changes_nothing() {
    let file = export(&lived_in());
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
fn erased_words_are_gone_and_the_chain_still_holds() {
    let database = lived_in();
    let hashes = |database: &Database| {
        let rows = database
            .run("SELECT hash FROM journal ORDER BY seq LIMIT 5", &[])
            .unwrap();
        rows.into_iter()
            .map(|mut row| row.text("hash").unwrap())
            .collect::<Vec<_>>()
    };
    let before = hashes(&database);
    let erase = |text: &str| post("/redact", json!({ "text": text })).ok(&database);
    let (status, answer) = erase("Jo Bloggs");
    assert_eq!((status, &answer["rows"]), (200, &json!(2)));
    assert_eq!(hashes(&database), before);
    assert_eq!(verify(&database)["ok"], true, "{}", verify(&database));
    assert!(!export(&database).contains("Bloggs"));
    for table in ["journal", "incident", "incident_update", "idempotency"] {
        let rows = database
            .run(&format!("SELECT * FROM {table}"), &[])
            .unwrap();
        assert!(!format!("{rows:?}").contains("Bloggs"), "{table}");
    }
    assert_eq!(erase("Jo").0, 422, "two letters would erase too much");
    let rows = database.count("journal");
    assert_eq!(erase("nobody at all").1["rows"], 0);
    assert_eq!(
        database.count("journal"),
        rows,
        "nothing erased: nothing happened"
    );
    let copy = Database::new();
    new_site().ok(&copy);
    assert_eq!(
        import(&copy, &export(&database)).0,
        200,
        "and its export can still be read"
    );
}

/// The file with another trailer, right for what it holds now: as somebody would forge it.
fn sealed(lines: &[&str]) -> String {
    let (trailer, before) = lines.split_last().unwrap();
    let before = before.join("\n") + "\n";
    let mut trailer: Json = serde_json::from_str(trailer).unwrap();
    trailer["sha256"] = json!(notice::journal::sha256_hex(before.as_bytes()));
    format!("{before}{trailer}\n")
}

#[test]
fn a_redaction_excuses_nothing_but_itself() {
    let database = lived_in();
    post("/redact", json!({ "text": "Jo Bloggs" })).ok(&database);
    let file = export(&database);
    let refused = |forged: &str| {
        let into = Database::new();
        new_site().ok(&into);
        let (status, problem) = import(&into, forged);
        assert_eq!(status, 422, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("its event is not the one that was hashed"),
            "{detail}"
        );
    };
    let untouched = sealed(&file.lines().collect::<Vec<_>>());
    let into = Database::new();
    new_site().ok(&into);
    assert_eq!(import(&into, &untouched).0, 200);
    for (words, others) in [
        // In an event that lost words, and in one that never had them.
        ("[removed] is on it", "[removed] is on holiday"),
        ("Messages are delayed", "Messages are [removed]"),
    ] {
        let forged = file.replacen(words, others, 1);
        assert_ne!(forged, file);
        refused(&sealed(&forged.lines().collect::<Vec<_>>()));
    }
    database
        .script("UPDATE journal SET event = replace(event, 'is on it', 'is [removed]') WHERE event LIKE '%is on it%'")
        .unwrap();
    assert_eq!(verify(&database)["ok"], false);

    // What was redacted twice is as the second time left it.
    let database = lived_in();
    post("/redact", json!({ "text": "Jo Bloggs" })).ok(&database);
    let once = export(&database);
    post("/redact", json!({ "text": "is on it" })).ok(&database);
    assert_eq!(verify(&database)["ok"], true, "{}", verify(&database));
    let twice = export(&database);
    let older = once.lines().find(|line| line.contains("is on it")).unwrap();
    let forged: Vec<&str> = twice
        .lines()
        .map(|line| {
            if line.contains("[removed] [removed]") {
                older
            } else {
                line
            }
        })
        .collect();
    refused(&sealed(&forged));
}

#[test]
fn what_has_lost_words_still_fits() {
    let database = acme();
    let change = |path: &str, body: Json| {
        let etag = get(path).send(&database).unwrap();
        let etag = etag.header("etag").unwrap().to_owned();
        let request = Request {
            method: "PATCH",
            if_match: Some(etag),
            ..post(path, body)
        };
        let (status, answer) = request.ok(&database);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    change(
        "",
        json!({
            "on_call": [
                { "kind": "email", "value": "jo.bloggs@example.com" },
                { "kind": "webhook", "value": "https://example.com/second" }
            ],
            "contacts": [
                { "kind": "email", "label": "Support", "value": "jo.bloggs@example.com" },
                { "kind": "link", "label": "Help", "value": "https://example.com/help" }
            ]
        }),
    );
    let mut narrow = outage();
    narrow["audience"] = json!({ "paths": ["/jo.bloggs/**", "/share/**"] });
    let wide = post("/incidents", narrow.clone()).ok(&database).1;
    narrow["audience"] = json!({ "paths": ["/jo.bloggs/**"] });
    let only = post("/incidents", narrow).ok(&database).1;
    let (wide, only) = [wide, only]
        .map(|incident| format!("/incidents/{}", incident["id"].as_str().unwrap()))
        .into();
    let erase = || post("/redact", json!({ "text": "jo.bloggs" })).ok(&database);

    let (status, problem) = erase();
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("illegal_transition"))
    );
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        only.ends_with(detail.split(' ').nth(2).unwrap()),
        "{detail}"
    );
    assert!(export(&database).contains("jo.bloggs"), "nothing is erased");

    change(&only, json!({ "audience": { "paths": ["/other/**"] } }));
    assert_eq!(erase().0, 200);
    assert!(!export(&database).contains("jo.bloggs"));
    let site = get("").ok(&database).1;
    assert_eq!(site["on_call"].as_array().unwrap().len(), 1, "{site}");
    assert_eq!(site["contacts"].as_array().unwrap().len(), 1, "{site}");
    let paths = |path: &str| get(path).ok(&database).1["audience"]["paths"].clone();
    assert_eq!(paths(&wide), json!(["/share/**"]));
    assert_eq!(paths(&only), json!(["/other/**"]));
    assert_eq!(verify(&database)["ok"], true, "{}", verify(&database));
    // Every field still passes the checks that a change makes.
    change("", json!({ "name": "Acme" }));
    change(&wide, json!({ "title": "Late" }));
}

#[test]
fn what_is_redacted_is_nowhere_in_the_database() {
    let database = acme();
    let name = "Jo \"JB\" Bloggs";
    let body = json!({ "role": "viewer", "name": format!("Phone of {name}") });
    assert_eq!(post("/tokens", body.clone()).ok(&database).0, 201);
    assert_eq!(post("/invitations", body).ok(&database).0, 201);
    let mut incident = outage();
    incident["body"] = json!(format!("Ask {name}."));
    let key = "Jo \"JB\" Bloggs, 1";
    assert_eq!(post("/incidents", incident).key(key).ok(&database).0, 201);
    let target = |value: &str| json!({ "target": { "kind": "email", "value": value }, "type": "promise.due" });
    for value in [name, "ada@example.com"] {
        let document = target(value).to_string();
        database
            .run(
                "INSERT INTO delivery (seq, document, due_at) VALUES (1, ?, 0)",
                &[document.into()],
            )
            .unwrap();
    }
    let newest = get("/journal").ok(&database).1["items"][0]["row"].clone();
    assert_eq!(newest["key"], notice::journal::key_digest(key));

    let redaction = post("/redact", json!({ "text": name })).key("Bloggs");
    assert_eq!(redaction.ok(&database).0, 200);
    let tables = database.run("SELECT name FROM sqlite_schema WHERE type = 'table'", &[]);
    let mut looked_at = 0;
    for mut table in tables.unwrap() {
        let table = table.text("schema").unwrap();
        let columns = database
            .run(
                &format!("SELECT name FROM pragma_table_info('{table}')"),
                &[],
            )
            .unwrap();
        for mut column in columns {
            let column = column.text("schema").unwrap();
            let rows = database
                .run(
                    &format!("SELECT coalesce(cast({column} AS TEXT), '') FROM {table}"),
                    &[],
                )
                .unwrap();
            for mut row in rows {
                let text = row.text("any").unwrap();
                // The key that the redaction itself came with is kept for its repeats, a day.
                let own = table == "idempotency" && column == "key";
                assert!(own || !text.contains("Bloggs"), "{table}.{column}: {text}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 50);
    assert_eq!(database.count("delivery"), 1, "others' messages stay");
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn a_site_made_anew_goes_on_from_where_the_deleted_one_was() {
    let database = lived_in();
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

#[test]
fn reminders_are_put_in_the_outbox_with_what_they_tell_of() {
    let database = acme();
    let etag = get("")
        .send(&database)
        .unwrap()
        .header("etag")
        .unwrap()
        .to_owned();
    let on_call = json!({ "on_call": [
        { "kind": "email", "value": "first@example.com" },
        { "kind": "webhook", "value": "https://example.com/second" }
    ] });
    let set = Request {
        method: "PATCH",
        if_match: Some(etag),
        ..post("", on_call)
    };
    assert_eq!(set.ok(&database).0, 200);
    let mut promised = outage();
    promised["next_update_at"] = json!("2026-11-21T08:30:00Z");
    post("/incidents", promised).ok(&database);
    for _ in 0..2 {
        feed(&database, NOW_MS + HOUR_MS);
    }
    let rows = database
        .run("SELECT document FROM delivery ORDER BY id", &[])
        .unwrap();
    let sent: Vec<String> = rows
        .into_iter()
        .map(|mut row| row.text("delivery").unwrap())
        .collect();
    let told: Vec<(bool, &str)> = sent
        .iter()
        .map(|document| {
            let kind = ["promise.due", "promise.overdue", "promise.escalated"];
            let kind = kind
                .into_iter()
                .find(|kind| document.contains(kind))
                .unwrap();
            (document.contains("first@example.com"), kind)
        })
        .collect();
    assert_eq!(
        told,
        [
            (true, "promise.due"),
            (true, "promise.overdue"),
            (false, "promise.escalated")
        ]
    );
}

#[test]
fn the_nightly_verification_runs_once_a_day() {
    use crate::object::passing_time::{catch_up, next_due, verify_nightly};
    let database = acme();
    let day = 24 * HOUR_MS;
    let stored = catch_up(&database, NOW_MS).unwrap();
    assert!(
        verify_nightly(&database, &stored, NOW_MS)
            .unwrap()
            .is_none()
    );
    let due = next_due(&database, &stored).unwrap().unwrap();
    assert_eq!(due.to_string(), "2026-11-22T08:00:00Z");
    assert!(
        verify_nightly(&database, &stored, NOW_MS + day)
            .unwrap()
            .unwrap()
            .ok
    );
    assert!(
        verify_nightly(&database, &stored, NOW_MS + day)
            .unwrap()
            .is_none()
    );
    assert_eq!(
        next_due(&database, &stored).unwrap().unwrap().to_string(),
        "2026-11-23T08:00:00Z"
    );
}
