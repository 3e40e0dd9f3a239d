//! Lists with cached incidents equal lists that are rendered without the cache.

use super::{
    backup::{export, import, site_with_history},
    *,
};

fn list(database: &Database) -> Json {
    let (status, list) = get("/incidents").ok(database);
    assert_eq!(status, 200, "{list}");
    list
}

/// Asserts that the cache has no outdated incident.
fn assert_up_to_date(database: &Database, after: &str) {
    let cached = list(database);
    database.lists.take();
    assert_eq!(cached, list(database), "after {after}");
}

/// Patches a resource, with its ETag in `If-Match`.
fn change(database: &Database, path: &str, body: Json) {
    let etag = get(path).send(database).unwrap();
    let request = Request {
        method: "PATCH",
        if_match: Some(etag.header("etag").unwrap().to_owned()),
        ..post(path, body)
    };
    let (status, answer) = request.at(NOW_MS + 90 * HOUR_MS).ok(database);
    assert_eq!(status, 200, "{answer}");
}

fn send(database: &Database, path: &str, body: Json) -> Json {
    let (status, answer) = post(path, body).at(NOW_MS + 90 * HOUR_MS).ok(database);
    assert!(status < 300, "{path}: {answer}");
    answer
}

#[test]
fn a_cached_list_equals_a_new_one_after_each_kind_of_write() {
    let database = site_with_history();
    let listed = list(&database)["items"].clone();
    let path = |index: usize| format!("/incidents/{}", listed[index]["id"].as_str().unwrap());
    let (open, over) = (path(0), path(1));
    let writes: [(&str, &dyn Fn()); 10] = [
        ("a publication", &|| {
            send(&database, "/incidents", outage());
        }),
        ("an update", &|| {
            let body = json!({ "body": "We know why.", "status": "identified" });
            send(&database, &format!("{open}/updates"), body);
        }),
        ("a template", &|| {
            send(&database, "/templates", json!({ "name": "Late" }));
        }),
        ("a resolution", &|| {
            let body = json!({ "body": "It works.", "status": "resolved" });
            send(&database, &format!("{open}/updates"), body);
        }),
        ("a component's name", &|| {
            change(&database, "/components/sending", json!({ "name": "Mail" }));
        }),
        ("the settings", &|| {
            change(&database, "", json!({ "restored": { "everyone_s": 60 } }));
        }),
        ("a change of an incident that is over", &|| {
            change(&database, &over, json!({ "title": "It was late" }));
        }),
        ("a reopening", &|| {
            let body = json!({ "body": "It is late again.", "status": "investigating" });
            send(&database, &format!("{open}/updates"), body);
        }),
        ("a redaction", &|| {
            send(&database, "/redact", json!({ "text": "It was late" }));
        }),
        ("more rows than a refresh reads", &|| {
            for number in 0..70 {
                let body = json!({ "body": format!("Number {number}.") });
                send(&database, &format!("{open}/updates"), body);
            }
        }),
    ];
    for (what, write) in writes {
        // Fills the cache.
        list(&database);
        write();
        assert_up_to_date(&database, what);
    }
    let copy = Database::new();
    new_site().ok(&copy);
    list(&copy);
    assert_eq!(import(&copy, &export(&database)).0, 200);
    assert_up_to_date(&copy, "an import");
}

#[test]
fn incidents_that_are_over_are_rendered_once() {
    let database = site_with_history();
    let cost = || {
        let before = database.operations.get();
        list(&database);
        database.operations.get() - before
    };
    let first = cost();
    send(&database, "/templates", json!({ "name": "Late" }));
    let open = list(&database)["items"][0]["id"].clone();
    let over = list(&database)["items"][1]["id"].clone();
    assert!(cost() < first, "everything is cached");
    send(
        &database,
        &format!("/incidents/{}/updates", open.as_str().unwrap()),
        json!({ "body": "We know why.", "status": "identified" }),
    );
    let mut cache = database.lists.borrow_mut();
    cache
        .refresh(&database, "https://status.example.com")
        .unwrap();
    let has = |id: &Json| {
        let id = serde_json::from_value(id.clone()).unwrap();
        cache.get(&id).is_some()
    };
    assert_eq!((has(&over), has(&open)), (true, false));
}
