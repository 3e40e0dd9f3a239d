//! Redaction erases texts, and the hash chain stays valid.

use serde_json::json;

use super::{
    backup::{export, import, site_with_history, verify},
    *,
};

#[test]
fn a_redaction_erases_texts_and_keeps_the_hash_chain() {
    let database = site_with_history();
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
    assert_eq!(erase("Jo").0, 422, "the text is too short");
    let rows = database.count("journal");
    assert_eq!(erase("nobody at all").1["rows"], 0);
    assert_eq!(database.count("journal"), rows, "nothing is appended");
    let copy = Database::new();
    new_site().ok(&copy);
    assert_eq!(
        import(&copy, &export(&database)).0,
        200,
        "the export of the redacted site can be imported"
    );
}

/// Joins the lines of a file and recomputes the trailer, as a forger would.
fn seal(lines: &[&str]) -> String {
    let (trailer, before) = lines.split_last().unwrap();
    let before = before.join("\n") + "\n";
    let mut trailer: Json = serde_json::from_str(trailer).unwrap();
    trailer["sha256"] = json!(notice::journal::sha256_hex(before.as_bytes()));
    format!("{before}{trailer}\n")
}

#[test]
fn a_redaction_explains_only_its_own_changes() {
    let database = site_with_history();
    post("/redact", json!({ "text": "Jo Bloggs" })).ok(&database);
    let file = export(&database);
    let assert_refused = |forged: &str| {
        let into = Database::new();
        new_site().ok(&into);
        let (status, problem) = import(&into, forged);
        assert_eq!(status, 422, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("its event does not match its hash"),
            "{detail}"
        );
    };
    let untouched = seal(&file.lines().collect::<Vec<_>>());
    let into = Database::new();
    new_site().ok(&into);
    assert_eq!(import(&into, &untouched).0, 200);
    for (words, others) in [
        // The first change is in a redacted event, the second in an event that was not redacted.
        ("[removed] is on it", "[removed] is on holiday"),
        ("Messages are delayed", "Messages are [removed]"),
    ] {
        let forged = file.replacen(words, others, 1);
        assert_ne!(forged, file);
        assert_refused(&seal(&forged.lines().collect::<Vec<_>>()));
    }
    database
        .script("UPDATE journal SET event = replace(event, 'is on it', 'is [removed]') WHERE event LIKE '%is on it%'")
        .unwrap();
    assert_eq!(verify(&database)["ok"], false);

    // An event that was redacted twice has the second result.
    let database = site_with_history();
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
    assert_refused(&seal(&forged));
}

#[test]
fn a_redacted_site_still_passes_the_checks() {
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
    // Every field still passes the checks of a change.
    change("", json!({ "name": "Acme" }));
    change(&wide, json!({ "title": "Late" }));
}

#[test]
fn redacted_texts_are_in_no_table() {
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
                assert!(!text.contains("Bloggs"), "{table}.{column}: {text}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 50);
    assert_eq!(database.count("delivery"), 1, "messages to others stay");
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn a_redacted_key_still_replays_its_answer() {
    let database = acme();
    let mut incident = outage();
    incident["body"] = json!("Ask Jo Bloggs.");
    let publish = || post("/incidents", incident.clone()).key("Jo Bloggs, 1");
    let first = publish().ok(&database).1;
    // Earlier builds stored the key itself.
    database
        .script("UPDATE idempotency SET key = 'Jo Bloggs, 1' WHERE scope = 'root'")
        .unwrap();
    assert_eq!(
        post("/redact", json!({ "text": "Jo Bloggs" }))
            .ok(&database)
            .0,
        200
    );
    let again = publish().send(&database).unwrap();
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let body: Json = serde_json::from_str(&again.body).unwrap();
    assert_eq!((again.status, &body["id"]), (201, &first["id"]));
    assert!(!again.body.contains("Bloggs"), "{}", again.body);
    assert_eq!(database.count("incident"), 1);
}

#[test]
fn slugs_made_from_a_redacted_name_are_replaced_everywhere() {
    let database = acme();
    for name in ["Jo Bloggs", "Line of Jo Bloggs", "Ann Bloggsworth"] {
        assert_eq!(
            post("/components", json!({ "name": name })).ok(&database).0,
            201
        );
    }
    let mut incident = outage();
    incident["audience"] = json!({ "components": ["line-of-jo-bloggs", "sending"] });
    let made = post("/incidents", incident).key("k").ok(&database).1;
    let redact = |text: &str| {
        let (status, answer) = post("/redact", json!({ "text": text })).ok(&database);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(verify(&database)["first_difference"], Json::Null);
    };
    redact("Jo Bloggs");
    assert!(!export(&database).contains("jo-bloggs"));
    let slugs: Vec<String> = get("/components").ok(&database).1["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|component| component["slug"].as_str().unwrap().to_owned())
        .collect();
    let [sending, first, second, other] = slugs.try_into().unwrap();
    assert_eq!(
        (sending.as_str(), other.as_str()),
        ("sending", "ann-bloggsworth")
    );
    assert!(first.starts_with("removed-"), "{first}");
    assert_eq!(second, format!("line-of-{first}"));
    let path = format!("/incidents/{}", made["id"].as_str().unwrap());
    let audience = get(&path).ok(&database).1["audience"]["components"].clone();
    assert_eq!(audience, json!([second, "sending"]));
    // Two redactions give two slugs.
    redact("Ann Bloggsworth");
    let slugs = get("/components").ok(&database).1["items"].to_string();
    assert_eq!(slugs.matches(first.as_str()).count(), 2, "{slugs}");
    let copy = Database::new();
    new_site().ok(&copy);
    assert_eq!(import(&copy, &export(&database)).0, 200);
}
