//! Optimistic locking, idempotent replay, pagination and rate limits.

use serde_json::json;

use super::*;

fn patch(path: &str, body: Json, if_match: Option<&str>) -> Request {
    Request {
        method: "PATCH",
        if_match: if_match.map(str::to_owned),
        ..post(path, body)
    }
}

fn etag_of(database: &Database, path: &str) -> String {
    let answer = get(path).send(database).unwrap();
    answer.header("etag").unwrap().to_owned()
}

#[test]
fn changes_need_the_current_etag() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let path = format!("/incidents/{}", incident["id"].as_str().unwrap());
    let update = format!(
        "{path}/updates/{}",
        incident["updates"][0]["id"].as_str().unwrap()
    );
    let template = post("/templates", json!({ "name": "Fixed" }))
        .send(&database)
        .unwrap();
    let location = template.header("location").unwrap();
    let template = location.strip_prefix("/v1/sites/acme").unwrap();
    for (path, body) in [
        ("", json!({ "name": "Acme" })),
        ("/components/sending", json!({ "group": "Messaging" })),
        (path.as_str(), json!({ "title": "Other" })),
        (update.as_str(), json!({ "body": "Other" })),
        (template, json!({ "title": "Other" })),
    ] {
        let rows = database.count("journal");
        let (status, problem) = patch(path, body.clone(), None).ok(&database);
        assert_eq!(
            (status, problem["code"].as_str()),
            (428, Some("precondition_required")),
            "{path}"
        );
        let (status, problem) = patch(path, body.clone(), Some("\"stale\"")).ok(&database);
        assert_eq!(
            (status, problem["code"].as_str()),
            (412, Some("precondition_failed")),
            "{path}"
        );
        assert_eq!(database.count("journal"), rows);
        let etag = etag_of(&database, path);
        let changed = patch(path, body.clone(), Some(&etag))
            .send(&database)
            .unwrap();
        assert_eq!(changed.status, 200, "{path} {}", changed.body);
        assert_eq!(database.count("journal"), rows + 1);
        assert_eq!(
            changed.header("etag"),
            Some(etag_of(&database, path).as_str()),
            "{path}"
        );
        // A second write with the same ETag fails.
        let second = patch(path, body, Some(&etag)).ok(&database);
        assert_eq!(second.0, 412, "{path}");
    }
}

#[test]
fn a_replay_is_answered_before_the_precondition_is_checked() {
    let database = acme();
    let etag = etag_of(&database, "");
    let request = || patch("", json!({ "name": "Acme" }), Some(&etag)).key("k");
    assert_eq!(request().ok(&database).0, 200);
    let again = request().send(&database).unwrap();
    assert_eq!(
        (again.status, again.header("idempotent-replayed")),
        (200, Some("true"))
    );
}

#[test]
fn a_replay_of_a_too_large_answer_reads_the_resource() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let path = format!("/incidents/{}", incident["id"].as_str().unwrap());
    for _ in 0..55 {
        let long = json!({ "body": "x".repeat(20_000) });
        post(&format!("{path}/updates"), long).ok(&database);
    }
    let etag = etag_of(&database, &path);
    let change = || patch(&path, json!({ "title": "Other" }), Some(&etag)).key("k");
    let (first, repeated) = (
        change().send(&database).unwrap(),
        change().send(&database).unwrap(),
    );
    assert_eq!((first.status, repeated.status), (200, 200));
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert_eq!(repeated.body, first.body);
    let rows = database
        .run("SELECT max(length(answer)) FROM idempotency", &[])
        .unwrap();
    let stored = rows.into_iter().next().unwrap().number("length").unwrap();
    assert!(stored < 10_000, "{stored} bytes are stored");
}

#[test]
fn a_change_without_effect_adds_no_row() {
    let database = acme();
    let before = (database.count("journal"), feed(&database, NOW_MS));
    let etag = etag_of(&database, "");
    assert_eq!(
        patch("", json!({ "name": "Acme SMS" }), Some(&etag))
            .ok(&database)
            .0,
        200
    );
    assert_eq!((database.count("journal"), feed(&database, NOW_MS)), before);
}

#[test]
fn updates_need_no_etag_and_are_stored_in_order() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let path = format!("/incidents/{}", incident["id"].as_str().unwrap());
    for body in ["one", "two"] {
        assert_eq!(
            post(&format!("{path}/updates"), json!({ "body": body }))
                .ok(&database)
                .0,
            201
        );
    }
    let updates = get(&path).ok(&database).1["updates"].clone();
    let bodies: Vec<&str> = updates
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u["body"].as_str().unwrap())
        .collect();
    assert_eq!(bodies, ["two", "one", "We are looking into it."]);
}

#[test]
fn replacing_a_postmortem_needs_its_etag() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let path = format!("/incidents/{}", incident["id"].as_str().unwrap());
    let put = |cause: &str, if_match: Option<&str>| Request {
        method: "PUT",
        if_match: if_match.map(str::to_owned),
        ..post(
            &format!("{path}/postmortem"),
            json!({
                "root_cause": cause, "remedy": "r", "prevention": ["p"],
                "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" }
            }),
        )
    };
    assert_eq!(put("c", None).ok(&database).1["code"], "illegal_transition");
    post(
        &format!("{path}/updates"),
        json!({ "body": "x", "status": "resolved" }),
    )
    .ok(&database);
    assert_eq!(put("c", None).ok(&database).0, 200);
    assert_eq!(put("d", None).ok(&database).0, 428);
    let etag = etag_of(&database, &format!("{path}/postmortem"));
    assert_eq!(put("d", Some(&etag)).ok(&database).0, 200);
    assert_eq!(
        feed(&database, NOW_MS)["notices"][0]["restored"]["postmortem"]["root_cause"],
        "d"
    );
}

#[test]
fn lists_are_paginated_and_filtered() {
    let database = acme();
    for number in 0..5 {
        let mut body = outage();
        body["title"] = json!(format!("Incident {number}"));
        if number == 2 {
            body["status"] = json!("resolved");
            body["components"] = json!([]);
        }
        post("/incidents", body).ok(&database);
    }
    let list = |query: &'static str| {
        Request {
            query,
            ..get("/incidents")
        }
        .ok(&database)
        .1
    };
    let titles = |page: &Json| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["title"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = list("limit=3");
    assert_eq!(titles(&first), ["Incident 4", "Incident 3", "Incident 2"]);
    let cursor: &'static str =
        Box::leak(format!("limit=3&cursor={}", first["next"].as_str().unwrap()).into());
    let second = list(cursor);
    assert_eq!(titles(&second), ["Incident 1", "Incident 0"]);
    assert_eq!(second["next"], Json::Null);
    assert_eq!(titles(&list("status=resolved")), ["Incident 2"]);
    assert_eq!(titles(&list("kind=maintenance")), [""; 0]);
    let withdrawn = first["items"][0]["id"].as_str().unwrap();
    let path: &'static str = Box::leak(format!("/incidents/{withdrawn}/withdraw").into());
    post(path, json!({ "reason": "A mistake." })).ok(&database);
    assert_eq!(
        titles(&list("open=true")),
        ["Incident 3", "Incident 1", "Incident 0"],
        "neither ended nor withdrawn incidents"
    );
    assert_eq!(
        Request {
            query: "limit=0",
            ..get("/incidents")
        }
        .ok(&database)
        .0,
        422
    );
    let journal = Request {
        query: "limit=2",
        ..get("/journal")
    }
    .ok(&database)
    .1;
    assert_eq!(journal["items"][0]["row"]["seq"], 8);
    assert_eq!(journal["next"], "7");
}

#[test]
fn site_tokens_have_a_rate_limit_for_writes() {
    let database = acme();
    let (_, secret) = token(&database, "editor");
    let rate_limiter = RefCell::new(RateLimiter::default());
    let deliver = |request: &Request, now_ms: u64| {
        let envelope = Envelope {
            write_limit: 2,
            allows_private: false,
            ..request.envelope()
        };
        let body = request.body.to_string();
        let call = Call {
            envelope: &envelope,
            body: body.as_bytes(),
            now_ms,
            rate_limiter: &rate_limiter,
            lists: &RefCell::default(),
            running: None,
            is_time_zone: &|_| true,
        };
        let Ok(Route::Operator(_, site_call)) = parse(request.method, &request.path) else {
            panic!("{}", request.path);
        };
        match operate(&database, &call, &site_call, None) {
            Ok(Step::Done(answer)) => answer,
            Ok(_) => panic!("the request started a job"),
            Err(refusal) => answer_rejection(Err(refusal)).unwrap(),
        }
    };
    let send = |request: Request, now_ms: u64| deliver(&as_token(&secret, request), now_ms);
    let first = send(post("/incidents", outage()).key("k"), NOW_MS);
    assert_eq!(first.header("ratelimit"), Some("\"minute\";r=1;t=60"));
    assert_eq!(send(post("/incidents", outage()), NOW_MS).status, 201);
    let third = send(post("/incidents", outage()), NOW_MS);
    assert_eq!(
        (third.status, third.header("retry-after")),
        (429, Some("60"))
    );
    assert!(third.header("ratelimit").is_some() && third.header("ratelimit-policy").is_some());
    let replay = send(post("/incidents", outage()).key("k"), NOW_MS);
    assert_eq!(
        replay.status, 201,
        "a replay is answered before the limit is checked"
    );
    assert_eq!(
        send(get("/journal"), NOW_MS).status,
        200,
        "reads are not limited"
    );
    assert_eq!(
        send(post("/incidents", outage()), NOW_MS + 60_000).status,
        201
    );
    for _ in 0..3 {
        let root = deliver(&post("/incidents", outage()), NOW_MS);
        assert_eq!(root.status, 201, "the directory counts the root token");
        assert_eq!(root.header("ratelimit"), None);
    }
}
