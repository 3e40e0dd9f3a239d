//! Events that do not fit into a row of the journal are rejected before anything is stored.

use notice::limits;

use super::{
    backup::{export, verify},
    *,
};

/// As many language tags as a site may have: `aa`, `ab` and so on.
fn languages() -> Vec<String> {
    let letter = |number: u8| char::from(b'a' + number);
    let tags = (0..30).map(|number| format!("{}{}", letter(number / 26), letter(number % 26)));
    tags.collect()
}

/// The translation of an incident into one language with lists of maximum length; each entry is
/// `entry`.
fn texts(entry: &str) -> Json {
    let list = vec![entry; limits::LIST];
    json!({ "works": list, "broken": list, "restored": { "back": list, "still": list } })
}

fn patch(path: &str, body: Json) -> Request {
    Request {
        method: "PATCH",
        if_match: Some("*".to_owned()),
        ..post(path, body)
    }
}

/// A site with the maximum number of languages, and the path of its incident.
fn site_with_languages() -> (Database, String) {
    let database = acme();
    let settings = patch("", json!({ "languages": languages() }));
    assert_eq!(settings.ok(&database).0, 200);
    let (_, made) = post("/incidents", outage()).ok(&database);
    let path = format!("/incidents/{}", made["id"].as_str().unwrap());
    (database, path)
}

/// The size of the longest event, in bytes.
fn longest_event(database: &Database) -> u64 {
    let rows = database.run("SELECT max(length(CAST(event AS BLOB))) FROM journal", &[]);
    rows.unwrap().remove(0).number("journal").unwrap()
}

#[test]
fn an_event_above_1_mib_is_rejected() {
    let (database, path) = site_with_languages();
    let entry = "💧".repeat(limits::LIST_ENTRY);
    let translate = |language: &str| {
        let text = json!({ "text": { language: texts(&entry) } });
        patch(&path, text).ok(&database)
    };
    let mut refused = 0;
    for language in &languages()[1..] {
        let before = (database.count("journal"), get(&path).ok(&database));
        let (status, answer) = translate(language);
        if status == 200 {
            continue;
        }
        refused += 1;
        assert_eq!((status, &answer["code"]), (422, &json!("invalid_field")));
        assert_eq!(answer["errors"][0]["pointer"], "/text", "{answer}");
        let detail = answer["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("at most 1048576 fit"), "{detail}");
        assert_eq!(
            (database.count("journal"), get(&path).ok(&database)),
            before
        );
    }
    assert!(refused > 10, "{refused}");
    let longest = longest_event(&database);
    assert!((900_000..=1_048_576).contains(&longest), "{longest}");

    // Updates have the same limit; a shorter one is stored.
    let last = languages().pop().unwrap();
    let mut update = json!({ "body": "b", "text": { &last: texts(&entry) } });
    update["text"][&last]["restored"] = Json::Null;
    let (status, answer) = post(&format!("{path}/updates"), update.clone()).ok(&database);
    assert_eq!(
        (status, &answer["errors"][0]["pointer"]),
        (422, &json!("/text"))
    );
    update["text"] = json!({});
    assert_eq!(
        post(&format!("{path}/updates"), update).ok(&database).0,
        201
    );
    let shorter = patch(&path, json!({ "text": { "ab": null } }));
    assert_eq!(shorter.ok(&database).0, 200);
    assert_eq!(verify(&database)["ok"], true);
}

#[test]
fn a_redaction_that_makes_an_event_too_large_is_rejected() {
    let (database, path) = site_with_languages();
    let entry = "Ada".repeat(limits::LIST_ENTRY / 3);
    let text: serde_json::Map<String, Json> = languages()[1..]
        .iter()
        .map(|language| (language.clone(), texts(&entry)))
        .collect();
    let translated = patch(&path, json!({ "text": text }));
    assert_eq!(translated.ok(&database).0, 200);
    let rows = database.count("journal");
    let (status, problem) = post("/redact", json!({ "text": "Ada" })).ok(&database);
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (422, &json!("/text")),
        "{problem}"
    );
    assert_eq!(database.count("journal"), rows);
    assert!(export(&database).contains("Ada"), "nothing is erased");
    let longer = post("/redact", json!({ "text": entry })).ok(&database);
    assert_eq!(longer.0, 200, "{}", longer.1);
    assert!(!export(&database).contains("Ada"));
    assert_eq!(verify(&database)["ok"], true);
}
