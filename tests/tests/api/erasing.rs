//! Remains of redacted texts and deleted sites in the database files.

use std::{fs, path::PathBuf};

use e2e::{ROOT_TOKEN, Server, Site};
use rusqlite::types::ValueRef;
use serde_json::json;

/// The word that is redacted.
const WORD: &str = "Beeblebrox";

/// The paths of the sites' databases, after a checkpoint that moves the write-ahead log into the
/// main file.
fn databases(server: &Server) -> Vec<PathBuf> {
    let folder = fs::read_dir(server.data().join("allclear-site")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|name| name == "sqlite"))
        .collect();
    for path in &found {
        let database = rusqlite::Connection::open(path).unwrap();
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        database.query_row(checkpoint, [], |_| Ok(())).unwrap();
    }
    found
}

/// The occurrences of the word in the main files, each as its page, its offset and the bytes around
/// it.
fn occurrences(server: &Server) -> Vec<String> {
    let mut found = Vec::new();
    for path in databases(server) {
        let bytes = fs::read(path).unwrap();
        for (at, window) in bytes.windows(WORD.len()).enumerate() {
            if window == WORD.as_bytes() {
                let around = &bytes[at.saturating_sub(80)..(at + 80).min(bytes.len())];
                let text = String::from_utf8_lossy(around);
                let page = at / 4096 * 4096;
                let kind = bytes[page];
                found.push(format!(
                    "page {} of type {kind} at {}: {text}",
                    page / 4096,
                    at % 4096
                ));
            }
        }
    }
    found
}

/// Asserts that no row of any table contains the word.
fn assert_no_live_row(server: &Server) {
    for path in databases(server) {
        let database = rusqlite::Connection::open(&path).unwrap();
        let tables: Vec<String> = database
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for table in tables {
            let mut rows = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let width = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in 0..width {
                    if let ValueRef::Text(text) | ValueRef::Blob(text) =
                        row.get_ref(column).unwrap()
                    {
                        let text = String::from_utf8_lossy(text);
                        assert!(!text.contains(WORD), "{table}: {text}");
                    }
                }
            }
        }
    }
}

/// A site with the word in every table, in several versions of each row.
fn used_site() -> Site {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.create(
        "/tokens",
        &json!({ "role": "viewer", "name": format!("Phone of {WORD}") }),
    );
    site.create("/components", &json!({ "name": format!("{WORD} line") }));
    site.create(
        "/templates",
        &json!({ "name": format!("Call {WORD}"), "body": WORD }),
    );
    for number in 0..40 {
        let body = json!({ "kind": "incident", "title": format!("{WORD} is late ({number})"), "impact": "major",
            "body": format!("{WORD} looks into it."), "advice": format!("Ask {WORD}. ").repeat(30) });
        let path = site.path("/incidents");
        let key = format!("{WORD}, {number}");
        let created = site.server.post_once(&path, &site.token, &key, &body);
        assert_eq!(created.status, 201, "{}", created.text());
        let id = created.json["id"].as_str().unwrap().to_owned();
        for length in [1, 400, 20] {
            let advice = format!("Ask {WORD}. ").repeat(length / 10 + 1);
            site.patch(&format!("/incidents/{id}"), &json!({ "advice": advice }));
            site.update(
                &id,
                &json!({ "body": format!("{WORD}: {}", "x".repeat(length * 9)) }),
            );
        }
    }
    site.change_settings(&json!({ "contacts": [
        { "kind": "email", "label": "Help", "value": "help@example.com" },
        { "kind": "email", "label": WORD, "value": "b@example.com" }
    ] }));
    site
}

/// Writes other texts, so that free pages are reused.
fn reuse_pages(site: &Site) {
    let free = |site: &Site| -> i64 {
        let counts = databases(&site.server).into_iter().map(|path| {
            let database = rusqlite::Connection::open(&path).unwrap();
            let count = database.query_row("PRAGMA freelist_count", [], |row| row.get::<_, i64>(0));
            count.unwrap()
        });
        counts.sum()
    };
    let mut number = 0;
    while free(site) > 0 {
        for _ in 0..20 {
            number += 1;
            let body = json!({ "kind": "incident", "title": format!("Other {number}"), "impact": "minor",
                "body": "y".repeat(6000) });
            site.publish(&body);
        }
        assert!(number < 3000, "pages stay free");
    }
}

#[test]
fn redacted_texts_leave_the_file_once_free_pages_are_reused() {
    let mut site = used_site();
    assert!(occurrences(&site.server).len() > 100);
    let redacted = site.post("/redact", &json!({ "text": WORD }));
    assert_eq!(redacted.status, 200, "{}", redacted.text());
    assert!(redacted.json["rows"].as_u64().unwrap() > 200);
    assert_eq!(site.verify()["ok"], true);
    site.server.restart();
    assert_no_live_row(&site.server);
    reuse_pages(&site);
    site.server.restart();
    assert_no_live_row(&site.server);
    assert_eq!(occurrences(&site.server), [] as [String; 0]);
    assert_eq!(site.verify()["ok"], true);

    // A repeated key does not publish twice.
    let path = site.path("/incidents");
    let body = json!({ "kind": "incident", "title": format!("{WORD} is late (0)"), "impact": "major",
        "body": format!("{WORD} looks into it."), "advice": format!("Ask {WORD}. ").repeat(30) });
    let again = site
        .server
        .post_once(&path, &site.token, &format!("{WORD}, 0"), &body);
    assert_eq!(again.status, 201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert!(!again.text().contains(WORD));
}

#[test]
fn a_deleted_site_frees_its_storage() {
    let mut site = used_site();
    let size = |site: &Site| -> u64 {
        let files = databases(&site.server).into_iter();
        files.map(|path| fs::metadata(path).unwrap().len()).sum()
    };
    let before = size(&site);
    let rev = site.feed().json["rev"].as_u64().unwrap();
    let request = site
        .server
        .request("DELETE", &site.path(""))
        .token(ROOT_TOKEN);
    assert_eq!(request.send().unwrap().status, 204);
    site.server.restart();
    assert_eq!(occurrences(&site.server), [] as [String; 0]);
    let after = size(&site);
    assert!(after < before / 4, "{after} of {before}");
    let created = json!({ "slug": "acme", "name": "Acme again" });
    site.token = site.server.create_site(&created);
    assert!(site.feed().json["rev"].as_u64().unwrap() > rev);
    assert_eq!(site.verify()["ok"], true);
}
