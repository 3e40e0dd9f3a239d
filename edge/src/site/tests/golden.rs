//! Exports and databases of earlier builds, one for each schema version, which the current build must read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use notice::wire::ids::Slug;

use super::{
    backup::{export, verify},
    days::{sentence, status_page},
    *,
};
use crate::{
    site::{change::timestamp, on_call::escalate},
    storage::{
        directory_tables,
        migrations::{DIRECTORY, SITE, migrate, version},
        on_call_links, root_key_table,
    },
};

const LATER_MS: u64 = NOW_MS + 81 * HOUR_MS;

fn import(database: &Database, file: &str) -> (u16, Json) {
    let request = post("/import", Json::String(file.to_owned())).at(LATER_MS);
    request.ok(database)
}

/// The golden journals of `notice`, by file name.
fn journals() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notice/golden/journal");
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut journals: Vec<(String, String)> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    journals.sort();
    assert!(!journals.is_empty());
    journals
}

#[test]
fn golden_journals_are_imported_and_verify() {
    for (name, file) in journals() {
        let database = Database::new();
        new_site().ok(&database);
        let (status, answer) = import(&database, &file);
        assert_eq!(status, 200, "{name}: {answer}");
        let found = get("/verify").at(LATER_MS).ok(&database).1;
        assert_eq!(found["ok"], true, "{name}: {found}");
        let copy = Database::new();
        new_site().ok(&copy);
        let (status, answer) = import(&copy, &export(&database));
        assert_eq!(status, 200, "the copy of {name}: {answer}");
    }
}

/// A dump of a database as SQL: schema and rows.
fn dump(database: &Database) -> String {
    let text = |statement: &str| -> Vec<String> {
        let rows = database.run(statement, &[]).unwrap();
        rows.into_iter()
            .map(|mut row| row.text("dump").unwrap())
            .collect()
    };
    let mut sql = String::new();
    for statement in text("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid") {
        sql.push_str(&format!("{statement};\n"));
    }
    for table in text("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid") {
        let columns = text(&format!(
            "SELECT name FROM pragma_table_info('{table}') ORDER BY cid"
        ));
        let quoted: Vec<String> = columns
            .iter()
            .map(|column| format!("quote({column})"))
            .collect();
        let values = quoted.join(" || ', ' || ");
        for row in text(&format!("SELECT {values} FROM {table} ORDER BY rowid")) {
            sql.push_str(&format!("INSERT INTO {table} VALUES ({row});\n"));
        }
    }
    sql
}

/// The database of a schema version, as an earlier build wrote it. `UPDATE_GOLDEN` writes a missing one; existing ones
/// are never overwritten.
fn of_version(name: &str, version: usize, written_today: impl Fn() -> Database) -> Database {
    let file = format!("golden/{name}-{version:04}.sql");
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
    if !path.exists() && std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, dump(&written_today())).unwrap();
    }
    let sql = fs::read_to_string(&path).unwrap_or_else(|_| {
        panic!("{file} is missing: run UPDATE_GOLDEN=1 cargo test -p edge before the next schema version is added")
    });
    let database = Database::new();
    database.script(&sql).unwrap();
    database
}

/// A site of the current build with rows in every table.
fn full_site() -> Database {
    let database = Database::new();
    new_site().ok(&database);
    let (_, file) = journals().remove(0);
    assert_eq!(import(&database, &file).0, 200);
    let at = LATER_MS;
    let invitation = json!({ "role": "editor", "name": "Phone" });
    assert_eq!(post("/invitations", invitation).at(at).ok(&database).0, 201);
    let webhook = json!({ "url": "https://hooks.example.com/allclear" });
    assert_eq!(post("/webhooks", webhook).at(at).ok(&database).0, 201);
    let published = post("/incidents", outage_without_components())
        .key("k")
        .at(at);
    assert_eq!(published.ok(&database).0, 201);
    let promised = with_promise(outage_without_components());
    assert_eq!(post("/incidents", promised).at(at).ok(&database).0, 201);
    feed(&database, at + 2 * HOUR_MS);
    add_on_call_rows(&database, at + 2 * HOUR_MS);
    status_page(&database, at).unwrap();
    assert_eq!(
        get("/verify").at(at + 30 * HOUR_MS).ok(&database).1["ok"],
        true
    );
    database
}

/// Adds rows to the tables of on-call: a page, a test, a link and an answer to a test.
fn add_on_call_rows(database: &Database, at: u64) {
    escalate::advance(database, at).unwrap();
    assert_eq!(post("/on-call/test", Json::Null).at(at).ok(database).0, 202);
    let digest = "0".repeat(64);
    let link = on_call_links::Link {
        delivery: 1,
        purpose: on_call_links::Purpose::Acknowledge,
        expires_at: timestamp(at),
        used_at: None,
    };
    on_call_links::add(database, &digest, &link).unwrap();
    on_call_links::answer(database, &digest, timestamp(at)).unwrap();
}

fn outage_without_components() -> Json {
    let mut incident = outage();
    incident["components"] = json!([]);
    incident
}

fn with_promise(mut incident: Json) -> Json {
    incident["next_update_at"] = json!("2026-11-24T18:00:00Z");
    incident
}

#[test]
fn sites_of_every_schema_version_open_and_verify() {
    for number in 1..=SITE.len() {
        let database = of_version("site", number, full_site);
        assert_eq!(version(&database).unwrap(), number);
        migrate(&database, SITE).unwrap();
        for table in [
            "journal",
            "site",
            "component",
            "template",
            "incident",
            "incident_update",
            "token",
            "invitation",
            "delivery",
            "verification",
            "idempotency",
        ] {
            assert!(
                database.count(table) > 0,
                "version {number} has no rows in {table}"
            );
        }
        // Added by version 6.
        for table in ["webhook", "message"] {
            assert_eq!(database.count(table) > 0, number >= 6, "version {number}");
        }
        // Added by version 7.
        for table in [
            "on_call_delivery",
            "escalation",
            "on_call_link",
            "on_call_answer",
        ] {
            assert_eq!(database.count(table) > 0, number >= 7, "version {number}");
        }
        // Added by version 3.
        assert_eq!(database.count("severity_span") > 0, number >= 3);
        let found = verify(&database);
        assert_eq!(found["ok"], true, "version {number}: {found}");
        let at = LATER_MS + HOUR_MS;
        let days = sentence(&database, at + 10 * 24 * HOUR_MS);
        assert!(days.contains("problems on"), "version {number}: {days}");
        let repeat = post("/incidents", outage_without_components())
            .key("k")
            .at(at);
        let repeat = repeat.send(&database).unwrap();
        assert_eq!(
            repeat.header("idempotent-replayed"),
            Some("true"),
            "version {number}"
        );
        assert_eq!(
            post("/incidents", outage_without_components())
                .at(at)
                .ok(&database)
                .0,
            201
        );
        assert_eq!(verify(&database)["ok"], true, "version {number}");
        let copy = Database::new();
        new_site().ok(&copy);
        let file = export(&database);
        let request = post("/import", Json::String(file)).at(at);
        assert_eq!(request.ok(&copy).0, 200, "version {number}");
    }
}

#[test]
fn directories_of_every_schema_version_open_with_their_sites() {
    let acme = Slug::parse("acme").unwrap();
    for number in 1..=DIRECTORY.len() {
        let database = of_version("directory", number, || {
            let database = Database::new();
            migrate(&database, &DIRECTORY[..number]).unwrap();
            directory_tables::add(&database, &acme).unwrap();
            directory_tables::add(&database, &Slug::parse("beta").unwrap()).unwrap();
            let names = ["status.example.com".to_owned()];
            let claimed = directory_tables::claim(&database, &acme, &names).unwrap();
            assert_eq!(claimed, directory_tables::ClaimResult::Granted);
            let name = &names[0];
            directory_tables::confirm(&database, &acme, name).unwrap();
            if number > 1 {
                root_key_table::begin(&database, "k", "f", NOW_MS).unwrap();
            }
            database
        });
        assert_eq!(version(&database).unwrap(), number);
        migrate(&database, DIRECTORY).unwrap();
        let listing = directory_tables::list(&database).unwrap();
        assert_eq!(
            Vec::from_iter(&listing.slugs),
            ["acme", "beta"],
            "version {number}"
        );
        assert_eq!(
            listing.hostnames["status.example.com"], "acme",
            "version {number}"
        );
        let key_state = root_key_table::begin(&database, "k", "f", NOW_MS).unwrap();
        let expected = if number > 1 {
            root_key_table::KeyState::Pending
        } else {
            root_key_table::KeyState::New
        };
        assert_eq!(key_state, expected, "version {number}");
    }
}
