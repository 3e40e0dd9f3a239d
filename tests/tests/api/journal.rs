//! The journal's integrity over HTTP: order of times, repairs, edited exports, unreadable sites, large events.

use std::path::PathBuf;

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions};
use notice::{
    journal::{FIRST_PREVIOUS, Row, link, sha256_hex},
    wire::time::Timestamp,
};
use serde_json::{Value, json};

/// A server whose clock is ahead by this many seconds.
fn server_ahead(clock_offset_s: i64) -> Server {
    Server::with(&ServerOptions {
        clock_offset_s,
        ..ServerOptions::default()
    })
}

/// Creates a site and returns its owner's token.
fn create_site(server: &Server, slug: &str) -> String {
    server.create_site(&json!({ "slug": slug, "name": slug }))
}

fn post(server: &Server, path: &str, body: &Value) -> Answer {
    let answer = server.post(&format!("/v1/sites/acme{path}"), ROOT_TOKEN, body);
    assert!(answer.status < 300, "{path}: {}", answer.text());
    answer
}

fn publish(server: &Server) -> String {
    let body =
        json!({ "kind": "incident", "title": "Ada is late", "impact": "major", "body": "b" });
    let created = post(server, "/incidents", &body);
    created.json["id"].as_str().unwrap().to_owned()
}

fn export(server: &Server, slug: &str) -> String {
    let answer = server.get_as(ROOT_TOKEN, &format!("/v1/sites/{slug}/export"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

fn import(server: &Server, slug: &str, file: &str) -> Answer {
    let path = format!("/v1/sites/{slug}/import");
    let request = server.request("POST", &path).token(ROOT_TOKEN);
    let request = request.header("content-type", "application/jsonl");
    request.bytes(file).send().unwrap()
}

/// Imports a file that must be refused, and returns the reason.
fn refused_reason(server: &Server, slug: &str, file: &str) -> String {
    let answer = import(server, slug, file);
    assert_eq!(
        (answer.status, &answer.json["code"]),
        (422, &json!("unusable_import")),
        "{}",
        answer.text()
    );
    answer.json["detail"].as_str().unwrap().to_owned()
}

fn verify(server: &Server, slug: &str) -> Value {
    let path = format!("/v1/sites/{slug}/verify");
    server.get_as(ROOT_TOKEN, &path).json
}

/// Imports `acme` into the site `copy` on another server, and `copy`'s export into the site `third` there.
fn assert_can_be_restored(from: &Server) {
    let other = Server::start();
    create_site(&other, "copy");
    let imported = import(&other, "copy", &export(from, "acme"));
    assert_eq!(imported.status, 200, "{}", imported.text());
    let found = verify(&other, "copy");
    assert_eq!(found["ok"], true, "{found}");
    create_site(&other, "third");
    let again = import(&other, "third", &export(&other, "copy"));
    assert_eq!(again.status, 200, "{}", again.text());
}

#[test]
fn an_export_from_a_fast_clock_is_imported_and_verifies() {
    let mut server = server_ahead(3);
    create_site(&server, "acme");
    publish(&server);
    server.restart_with_clock_offset(5);
    post(&server, "/templates", &json!({ "name": "t" }));
    assert_can_be_restored(&server);
}

#[test]
fn a_redaction_after_the_clock_moved_back_verifies() {
    let mut server = server_ahead(120);
    create_site(&server, "acme");
    publish(&server);
    server.restart_with_clock_offset(125);
    post(&server, "/templates", &json!({ "name": "t" }));
    server.restart_with_clock_offset(0);
    let redacted = post(&server, "/redact", &json!({ "text": "Ada" }));
    assert_eq!(redacted.json["rows"], 1);
    let found = verify(&server, "acme");
    assert_eq!(found["ok"], true, "{found}");
    assert_can_be_restored(&server);
}

/// The database of the site `acme` on disk.
fn database(server: &Server) -> rusqlite::Connection {
    let folder = std::fs::read_dir(server.data().join("allclear-site")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let is_database = |path: &PathBuf| path.extension().is_some_and(|name| name == "sqlite");
    for path in paths.filter(is_database) {
        let database = rusqlite::Connection::open(&path).unwrap();
        let slug = "SELECT 1 FROM site WHERE json_extract(document, '$.slug') = 'acme'";
        if database.query_row(slug, [], |_| Ok(())).is_ok() {
            return database;
        }
    }
    panic!("the site is not stored");
}

/// Gives the last row an earlier time on disk, as earlier versions could, which did not compare a row's time with that of
/// the previous row.
fn set_last_row_back(server: &Server, seconds: i64) {
    let database = database(server);
    let row = |seq: i64| -> (String, String) {
        let select = "SELECT row, hash FROM journal WHERE seq = ?";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        database.query_row(select, [seq], read).unwrap()
    };
    let last: i64 = database
        .query_row("SELECT max(seq) FROM journal", [], |row| row.get(0))
        .unwrap();
    let mut changed: Row = serde_json::from_str(&row(last).0).unwrap();
    changed.at = Timestamp::from_seconds(changed.at.seconds() - seconds);
    let linked = link(&row(last - 1).1, &changed).unwrap();
    database
        .execute(
            "UPDATE journal SET row = ?, hash = ? WHERE seq = ?",
            (linked.row, linked.hash, last),
        )
        .unwrap();
}

#[test]
fn a_repair_makes_a_journal_with_an_older_row_usable() {
    let mut server = Server::start();
    let owner = create_site(&server, "acme");
    publish(&server);
    post(&server, "/templates", &json!({ "name": "t" }));
    server.kill();
    set_last_row_back(&server, 3600);
    server.start_again();
    let found = verify(&server, "acme");
    assert_eq!(
        found["first_difference"],
        "row 3: it is older than the previous row"
    );
    create_site(&server, "copy");
    let why = refused_reason(&server, "copy", &export(&server, "acme"));
    assert!(
        why.contains("line 4: it is older than the previous row"),
        "{why}"
    );

    let repair = |token: Option<&str>, key: &str| {
        let request = server.request("POST", "/v1/sites/acme/repair").key(key);
        let request = match token {
            Some(token) => request.token(token),
            None => request,
        };
        request.send().unwrap()
    };
    let created = server.post(
        "/v1/sites/acme/tokens",
        ROOT_TOKEN,
        &json!({ "role": "editor" }),
    );
    let editor = created.json["token"].as_str().unwrap();
    for (token, status, code) in [
        (None, 401, "unauthorized"),
        (Some(owner.as_str()), 403, "forbidden"),
        (Some(editor), 403, "forbidden"),
    ] {
        let answer = repair(token, "k");
        assert_eq!(
            (answer.status, &answer.json["code"]),
            (status, &json!(code))
        );
    }
    let other = server.get_as(ROOT_TOKEN, "/v1/sites/acme/repair");
    assert_eq!((other.status, other.header("allow")), (405, Some("POST")));
    assert_eq!(verify(&server, "acme")["ok"], false);

    let feed = server.get("/v1/sites/acme/feed").json;
    let repaired = repair(Some(ROOT_TOKEN), "k");
    assert_eq!(repaired.status, 200, "{}", repaired.text());
    assert_eq!(repaired.json["rows"][0]["seq"], 3);
    assert_eq!(repaired.json["rows"].as_array().unwrap().len(), 1);
    let again = repair(Some(ROOT_TOKEN), "k");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json, repaired.json);
    let found = verify(&server, "acme");
    assert_eq!(
        (&found["ok"], &found["rows"]),
        (&json!(true), &json!(4)),
        "{found}"
    );
    assert_eq!(
        server.get("/v1/sites/acme/feed").json,
        feed,
        "nothing changes for readers"
    );
    let nothing = repair(Some(ROOT_TOKEN), "other");
    assert_eq!(
        (nothing.status, &nothing.json),
        (200, &json!({ "rows": [] }))
    );
    assert_eq!(verify(&server, "acme")["rows"], 4);
    let journal = server.get_as(&owner, "/v1/sites/acme/journal").json;
    assert_eq!(journal["items"][0]["row"]["type"], "journal.repaired");
    publish(&server);
    assert_can_be_restored(&server);
}

/// The export with one row and its event changed, and matching digests and hashes.
fn forge(file: &str, seq: u64, change: impl Fn(&mut Row, &mut Value)) -> String {
    let lines: Vec<&str> = file.lines().collect();
    let mut head = FIRST_PREVIOUS.to_owned();
    let mut forged = format!("{}\n", lines[0]);
    for line in &lines[1..lines.len() - 1] {
        let line: Value = serde_json::from_str(line).unwrap();
        let mut row: Row = serde_json::from_str(line["row"].as_str().unwrap()).unwrap();
        let mut event = line["event"].clone();
        if row.seq == seq {
            change(&mut row, &mut event);
        }
        let text = event.to_string();
        row.digest = sha256_hex(text.as_bytes());
        let linked = link(&head, &row).unwrap();
        let (row, hash) = (json!(linked.row), json!(linked.hash));
        forged.push_str(&format!(
            "{{\"row\":{row},\"hash\":{hash},\"event\":{text}}}\n"
        ));
        head = linked.hash;
    }
    let rows = lines.len() - 2;
    let trailer = json!({ "rows": rows, "head": head, "sha256": sha256_hex(forged.as_bytes()) });
    format!("{forged}{trailer}\n")
}

#[test]
fn an_edited_export_is_refused_with_the_line_number() {
    let server = Server::start();
    create_site(&server, "acme");
    publish(&server);
    let contacts =
        json!({ "contacts": [{ "kind": "link", "label": "l", "value": "https://example.com" }] });
    let change = server.request("PATCH", "/v1/sites/acme").token(ROOT_TOKEN);
    let changed = change
        .header("if-match", "*")
        .json(&contacts)
        .send()
        .unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
    let file = export(&server, "acme");
    create_site(&server, "copy");
    let why = |seq: u64, change: &dyn Fn(&mut Row, &mut Value)| {
        refused_reason(&server, "copy", &forge(&file, seq, change))
    };
    let title = why(2, &|_, event| {
        event["incident"]["title"] = json!("x".repeat(1_000_000))
    });
    assert!(
        title.contains("line 3: /title of its incident.created"),
        "{title}"
    );
    let contact = why(3, &|_, event| {
        event["site"]["contacts"][0]["value"] = json!("javascript:alert(1)");
    });
    assert!(contact.contains("line 4: /contacts/0/value"), "{contact}");
    let rev = why(3, &|row, _| row.rev = 9_007_199_254_740_993);
    assert!(
        rev.contains("line 4: its revision 9007199254740993 is above"),
        "{rev}"
    );
    let ahead = why(3, &|row, _| row.rev += 2 * 86_400_000);
    assert!(ahead.contains("line 4: its revision"), "{ahead}");
    assert!(ahead.contains("more than a day ahead"), "{ahead}");
    assert_eq!(verify(&server, "copy")["rows"], 1, "nothing is stored");
    assert_eq!(
        import(&server, "copy", &forge(&file, 9, |_, _| ())).status,
        200
    );
}

#[test]
fn an_unreadable_site_can_be_deleted_and_created_again() {
    let mut server = Server::start();
    // The harness waits until the feed of the site that is first by name can be read.
    create_site(&server, "aaa");
    create_site(&server, "acme");
    publish(&server);
    let before = server.get("/v1/sites/acme/feed").json["rev"]
        .as_u64()
        .unwrap();
    server.kill();
    // Without the event, the settings cannot be rebuilt.
    let damage = "UPDATE site SET document = '{'; UPDATE journal SET event = '{' WHERE event LIKE '%site.created%'";
    database(&server).execute_batch(damage).unwrap();
    server.start_again();
    let read = server.get_as(ROOT_TOKEN, "/v1/sites/acme");
    assert_eq!(read.status, 503, "{}", read.text());
    let delete = server.request("DELETE", "/v1/sites/acme").token(ROOT_TOKEN);
    let deleted = delete.send().unwrap();
    assert_eq!(deleted.status, 204, "{}", deleted.text());
    create_site(&server, "acme");
    let feed = server.get("/v1/sites/acme/feed");
    assert_eq!(feed.status, 200, "{}", feed.text());
    assert!(feed.json["rev"].as_u64().unwrap() > before);
    assert_eq!(verify(&server, "acme")["ok"], true);
    publish(&server);
}

#[test]
fn a_change_that_makes_an_event_too_large_is_refused() {
    let server = Server::start();
    create_site(&server, "acme");
    let tags: Vec<String> = ('a'..='z').map(|letter| format!("a{letter}")).collect();
    let patch = |path: &str, body: &Value| {
        let request = server.request("PATCH", path).token(ROOT_TOKEN);
        request.header("if-match", "*").json(body).send().unwrap()
    };
    let settings = patch("/v1/sites/acme", &json!({ "languages": tags }));
    assert_eq!(settings.status, 200, "{}", settings.text());
    let path = format!("/v1/sites/acme/incidents/{}", publish(&server));
    let list = vec!["💧".repeat(200); 20];
    let texts =
        json!({ "works": list, "broken": list, "restored": { "back": list, "still": list } });
    let last_row = || {
        let newest = server.get_as(ROOT_TOKEN, "/v1/sites/acme/journal?limit=1");
        newest.json["items"][0]["row"]["seq"].clone()
    };
    let mut answer = None;
    for tag in &tags[1..] {
        let before = last_row();
        let changed = patch(&path, &json!({ "text": { tag: texts } }));
        if changed.status != 200 {
            assert_eq!(last_row(), before, "nothing is stored");
            answer = Some(changed);
            break;
        }
    }
    let answer = answer.expect("one of the texts does not fit");
    assert_eq!(
        (answer.status, &answer.json["code"]),
        (422, &json!("invalid_field"))
    );
    assert_eq!(
        answer.json["errors"][0]["pointer"],
        "/text",
        "{}",
        answer.text()
    );
    let list = server.get_as(ROOT_TOKEN, "/v1/sites/acme/incidents");
    assert_eq!(list.status, 200);
    assert_can_be_restored(&server);
}
