//! Jobs: only one runs at a time, nothing else is written during an import, and a crash leaves no
//! staging tables.

use super::{
    backup::{export, import, site_with_history, verify},
    *,
};
use crate::storage::table_copy;

const LATER_MS: u64 = NOW_MS + 81 * HOUR_MS;

/// The code of a request's rejection while a job is in progress; `None` if the request is not
/// rejected.
fn code_while(database: &Database, running: JobKind, request: &Request) -> Option<&'static str> {
    match request.step_while(database, None, Some(running)) {
        Ok(_) => None,
        Err(Refusal::Rejection(rejection)) => Some(rejection.problem().code),
        Err(refusal) => panic!("{refusal}"),
    }
}

#[test]
fn only_reads_go_on_during_an_import() {
    let database = Database::new();
    new_site().ok(&database);
    let (_, secret) = token(&database, "owner");
    for request in [
        post("/incidents", outage()),
        post("/components", json!({ "name": "Sending" })),
        Request {
            method: "PATCH",
            ..post("", json!({ "name": "Other" }))
        },
        post("/tokens", json!({ "role": "viewer" })),
        post("/invitations", json!({ "role": "viewer" })),
        post("/invitations/redeem", json!({ "token": "x" })),
        post("/redact", json!({ "text": "words" })),
        post("/repair", Json::Null),
        post("/import", json!("file")),
        Request {
            method: "DELETE",
            ..get("")
        },
        get("/verify"),
        get("/export"),
    ] {
        let path = format!("{} {}", request.method, request.path);
        let code = code_while(&database, JobKind::Import, &request);
        assert_eq!(code, Some("busy"), "{path}");
    }
    for path in [
        "",
        "/components",
        "/incidents",
        "/journal",
        "/tokens",
        "/verification",
    ] {
        let code = code_while(&database, JobKind::Import, &as_token(&secret, get(path)));
        assert!(matches!(code, None | Some("not_found")), "{path}: {code:?}");
    }
}

#[test]
fn one_job_runs_at_a_time_and_writes_go_on() {
    let database = acme();
    for running in [
        JobKind::Verify,
        JobKind::Export,
        JobKind::Redact,
        JobKind::Repair,
    ] {
        for request in [
            get("/verify"),
            get("/export"),
            post("/redact", json!({ "text": "words" })),
            post("/repair", Json::Null),
            post("/import", json!("file")),
        ] {
            let code = code_while(&database, running, &request);
            assert_eq!(code, Some("busy"), "{running:?}: {}", request.path);
        }
        let code = code_while(&database, running, &post("/incidents", outage()));
        assert_eq!(code, None, "{running:?}");
    }
}

/// The tables and indexes that reads use, with the numbers of rows of some tables and the settings.
fn contents(database: &Database) -> Vec<String> {
    let text = |statement: &str| -> Vec<String> {
        let rows = database.run(statement, &[]).unwrap();
        rows.into_iter()
            .map(|mut row| row.text("any").unwrap())
            .collect()
    };
    let mut all = text(
        "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_master
         WHERE tbl_name NOT LIKE 'copy_of_%' AND name <> 'journal_about' ORDER BY name",
    );
    for table in ["journal", "incident", "site", "component"] {
        all.push(format!("{table} {}", database.count(table)));
    }
    all.extend(text("SELECT document FROM site"));
    all
}

#[test]
fn a_half_read_import_changes_nothing_and_leaves_nothing() {
    let file = export(&site_with_history());
    let database = Database::new();
    new_site().ok(&database);
    let before = (contents(&database), feed(&database, LATER_MS));
    let mut importer = Importer::begin(&database, LATER_MS, is_time_zone).unwrap();
    importer.push(&file.as_bytes()[..file.len() - 10]);
    while importer.step(&database).unwrap() {}
    while importer.step_after_end(&database).unwrap() {}
    assert!(database.count("copy_of_journal") > 5, "rows are staged");
    assert_eq!((contents(&database), feed(&database, LATER_MS)), before);
    assert_eq!(
        get("/journal").ok(&database).1["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // The server crashes; the next start drops the staging tables.
    drop(importer);
    table_copy::drop_all(&database).unwrap();
    let left = "sqlite_master WHERE tbl_name LIKE 'copy_of_%'";
    assert_eq!(database.count(left), 0);
    assert_eq!(
        database.count("sqlite_master WHERE name = 'journal_about' AND tbl_name = 'journal'"),
        1
    );
    assert_eq!((contents(&database), feed(&database, LATER_MS)), before);
    assert_eq!(import(&database, &file).0, 200);
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn an_imported_site_has_the_tables_and_indexes_of_a_new_one() {
    let names = |database: &Database| -> Vec<String> {
        let rows = database.run(
            "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_master ORDER BY type, name",
            &[],
        );
        let rows = rows.unwrap().into_iter();
        rows.map(|mut row| row.text("any").unwrap()).collect()
    };
    let database = Database::new();
    new_site().ok(&database);
    let before = names(&database);
    assert_eq!(import(&database, &export(&site_with_history())).0, 200);
    assert_eq!(names(&database), before);
}

#[test]
fn lists_keep_their_order_through_import_and_redaction() {
    let database = acme();
    for number in 0..30 {
        let mut incident = outage();
        incident["title"] = json!(format!("Number {number} of Jo Bloggs"));
        post("/incidents", incident).ok(&database);
    }
    let order = |database: &Database| -> Vec<String> {
        let (_, listed) = get("/incidents").at(LATER_MS).ok(database);
        let items = listed["items"].as_array().unwrap().iter();
        items
            .map(|incident| incident["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = order(&database);
    let into = Database::new();
    new_site().ok(&into);
    assert_eq!(import(&into, &export(&database)).0, 200);
    assert_eq!(order(&into), before);
    assert_eq!(
        post("/redact", json!({ "text": "Jo Bloggs" }))
            .at(LATER_MS)
            .ok(&into)
            .0,
        200
    );
    assert_eq!(order(&into), before);
}

#[test]
fn the_header_has_rows_and_bytes_but_an_import_needs_neither() {
    let database = site_with_history();
    let file = export(&database);
    let header: Json = serde_json::from_str(file.lines().next().unwrap()).unwrap();
    assert_eq!(header["rows"], database.count("journal"));
    assert_eq!(header["bytes"], file.len());
    // The header of earlier builds has neither.
    let (_, rest) = file.split_once('\n').unwrap();
    let old = format!(
        "{}\n{rest}",
        json!({ "format": "allclear-export", "v": 1, "site": "acme" })
    );
    let lines: Vec<&str> = old.lines().collect();
    let before = lines[..lines.len() - 1].join("\n") + "\n";
    let mut trailer: Json = serde_json::from_str(lines[lines.len() - 1]).unwrap();
    trailer["sha256"] = json!(sha256_hex(before.as_bytes()));
    let into = Database::new();
    new_site().ok(&into);
    let (status, answer) = import(&into, &format!("{before}{trailer}\n"));
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn an_export_covers_the_rows_at_its_start() {
    let database = site_with_history();
    let rows = database.count("journal");
    let Ok(Step::Export(mut export)) = get("/export").step(&database, None) else {
        panic!("the export is measured in one slice");
    };
    let mut file = String::new();
    while let Some(part) = export.next_part(&database).unwrap() {
        file.push_str(&part);
        post("/incidents", outage()).at(LATER_MS).ok(&database);
    }
    assert!(database.count("journal") > rows);
    assert_eq!(file.lines().count() as u64, rows + 2);
    let into = Database::new();
    new_site().ok(&into);
    assert_eq!(import(&into, &file).1["rows"], rows);
}

#[test]
fn a_line_above_the_maximum_length_is_rejected() {
    let database = Database::new();
    new_site().ok(&database);
    let long = "x".repeat(notice::limits::IMPORT_LINE + 10);
    for file in [
        long.clone(),
        format!("{}\n{long}\n", export(&acme()).lines().next().unwrap()),
    ] {
        let (status, problem) = import(&database, &file);
        assert_eq!((status, &problem["code"]), (422, &json!("unusable_import")));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("is longer than"), "{detail}");
    }
}

#[test]
fn a_text_that_is_written_during_a_redaction_is_redacted_too() {
    let database = acme();
    let mut incident = outage();
    incident["body"] = json!("Ask Jo Bloggs.");
    for _ in 0..80 {
        post("/incidents", incident.clone()).ok(&database);
    }
    let mut slices = 0;
    let redacted =
        post("/redact", json!({ "text": "Jo Bloggs" })).send_with(&database, &[], || {
            slices += 1;
            if slices % 4 == 0 && slices < 10 {
                post("/incidents", incident.clone())
                    .key("k")
                    .at(NOW_MS + slices)
                    .ok(&database);
                post(
                    "/components",
                    json!({ "name": format!("Jo Bloggs {slices}") }),
                )
                .ok(&database);
            }
        });
    let answer: Json = serde_json::from_str(&redacted.unwrap().body).unwrap();
    assert!(slices > 8, "{slices}");
    assert!(answer["rows"].as_u64().unwrap() > 80, "{answer}");
    assert!(!export(&database).contains("Bloggs"));
    for table in ["incident", "incident_update", "component", "idempotency"] {
        let rows = database
            .run(&format!("SELECT * FROM {table}"), &[])
            .unwrap();
        assert!(!format!("{rows:?}").contains("Bloggs"), "{table}");
    }
    assert_eq!(verify(&database)["ok"], true, "{}", verify(&database));
}

#[test]
fn a_redaction_that_fails_midway_verifies_and_can_be_repeated() {
    let database = acme();
    let mut incident = outage();
    incident["body"] = json!("Ask Jo Bloggs.");
    for _ in 0..150 {
        post("/incidents", incident.clone()).ok(&database);
    }
    let request = post("/redact", json!({ "text": "Jo Bloggs" })).key("k");
    let mut slices = 0;
    let failed = request.send_with(&database, &[], || {
        slices += 1;
        let redacted = database.count("journal WHERE row LIKE '%site.redacted%'");
        if redacted == 1 {
            database.fail_on.replace(Some("UPDATE journal"));
        }
    });
    assert!(failed.is_err(), "{slices}");
    assert_eq!(verify(&database)["ok"], true);
    let (status, answer) = request.ok(&database);
    assert_eq!(status, 200);
    assert!(
        (1..150).contains(&answer["rows"].as_u64().unwrap()),
        "{answer}"
    );
    assert!(!export(&database).contains("Bloggs"));
    assert_eq!(verify(&database)["ok"], true);
}
