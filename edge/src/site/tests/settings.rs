//! Settings that the directory or the runtime must accept: host names and time zones.

use serde_json::{Value as Json, json};

use super::{
    Database, GrantedClaim, Refusal, Request, Resumption, Step, acme, get, new_site, post,
};

/// The host names that a request claims. If it makes no claim, the code of its rejection, or `done` and the status of
/// its answer.
fn claimed(database: &Database, request: &Request) -> Result<Vec<String>, String> {
    // Leaves out staging tables, which an import fills before it claims host names.
    let created_tables = "sqlite_master WHERE type = 'table' AND name NOT LIKE 'copy_of_%'";
    let before = database.count(created_tables);
    let step = request.step(database, None);
    match step {
        Ok(Step::Claim(claim)) => {
            assert_eq!(
                database.count(created_tables),
                before,
                "no table is created"
            );
            Ok(claim.hostnames)
        }
        Ok(Step::Done(answer)) => Err(format!("done: {}", answer.status)),
        Err(Refusal::Rejection(rejection)) => Err(rejection.problem().code.to_owned()),
        Ok(Step::Slice(_) | Step::Export(_)) => panic!("a job"),
        Err(refusal) => panic!("{refusal}"),
    }
}

fn patch(body: Json) -> Request {
    Request {
        method: "PATCH",
        if_match: Some("*".to_owned()),
        ..post("", body)
    }
}

#[test]
fn a_new_site_claims_host_names_after_all_other_checks() {
    let names = json!(["status.example.com"]);
    let invalid = || Err("invalid_field".to_owned());
    for (body, expected) in [
        (
            json!({ "hostnames": names }),
            Ok(vec!["status.example.com".to_owned()]),
        ),
        (json!({ "hostnames": [] }), Err("done: 201".to_owned())),
        (json!({ "hostnames": names, "name": "" }), invalid()),
        (
            json!({ "hostnames": ["a.example", "a.example"] }),
            invalid(),
        ),
        (
            json!({ "hostnames": ["A.example"] }),
            Ok(vec!["a.example".to_owned()]),
        ),
        (json!({ "hostnames": ["0x7f.1"] }), invalid()),
        (
            json!({ "hostnames": names, "time_zone": "Nowhere/Land" }),
            invalid(),
        ),
        (
            json!({ "hostnames": names, "other": 1 }),
            Err("unknown_field".to_owned()),
        ),
    ] {
        let mut whole = json!({ "slug": "acme", "name": "Acme" });
        whole
            .as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        let request = Request {
            body: whole,
            ..new_site()
        };
        assert_eq!(claimed(&Database::new(), &request), expected, "{body}");
    }
    let made = json!({ "slug": "acme", "name": "Acme", "hostnames": names });
    let again = Request {
        body: made,
        ..new_site()
    };
    assert_eq!(claimed(&acme(), &again), Err("slug_taken".to_owned()));
}

#[test]
fn a_change_claims_host_names_after_all_other_checks() {
    let database = acme();
    let names = json!(["status.example.com"]);
    let change = json!({ "hostnames": names });
    for (request, expected) in [
        (
            patch(change.clone()),
            Ok(vec!["status.example.com".to_owned()]),
        ),
        (
            patch(json!({ "name": "Acme 2" })),
            Err("done: 200".to_owned()),
        ),
        (
            patch(json!({ "hostnames": names, "time_zone": "Nowhere/Land" })),
            Err("invalid_field".to_owned()),
        ),
        (
            Request {
                if_match: None,
                ..patch(change.clone())
            },
            Err("precondition_required".to_owned()),
        ),
        (
            post("/components", json!({ "name": "x", "hostnames": names })),
            Err("unknown_field".to_owned()),
        ),
    ] {
        assert_eq!(claimed(&database, &request), expected, "{}", request.body);
    }
    let keyed = patch(change).key("once");
    assert_eq!(keyed.ok(&database).0, 200);
    assert_eq!(
        claimed(&database, &keyed),
        Err("done: 200".to_owned()),
        "a repeated request"
    );
    let none = patch(json!({ "hostnames": null }));
    assert_eq!(
        claimed(&database, &none),
        Ok(Vec::new()),
        "a change to no host names claims an empty list, which releases all"
    );
}

#[test]
fn a_change_outdated_during_its_claim_is_rejected() {
    let database = acme();
    let before = get("").send(&database).unwrap();
    let request = Request {
        if_match: before.header("etag").map(str::to_owned),
        ..patch(json!({ "hostnames": ["a.example"] }))
    };
    let Ok(Step::Claim(claim)) = request.step(&database, None) else {
        panic!("the request must claim a host name");
    };
    assert_eq!(patch(json!({ "name": "Acme 2" })).ok(&database).0, 200);
    let taken = Vec::new();
    let resumed = request.step(
        &database,
        Some(Resumption::Claim(Box::new(GrantedClaim { claim, taken }))),
    );
    let Err(Refusal::Rejection(rejection)) = resumed else {
        panic!("must be rejected: its ETag is outdated");
    };
    assert_eq!(rejection.problem().code, "precondition_failed");
}

#[test]
fn an_import_drops_host_names_that_other_sites_have() {
    let origin = acme();
    let names = json!({ "hostnames": ["a.example", "b.example"] });
    assert_eq!(patch(names).ok(&origin).0, 200);
    let file = get("/export").send(&origin).unwrap().body;
    let database = Database::new();
    assert_eq!(new_site().ok(&database).0, 201);
    let import = post("/import", Json::String(file));
    let answer = import.send_with_taken(&database, &["b.example"]).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Json = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["hostnames_taken"], json!(["b.example"]));
    assert_eq!(get("").ok(&database).1["hostnames"], json!(["a.example"]));
}

#[test]
fn an_import_without_host_names_releases_those_of_the_site() {
    let file = get("/export").send(&acme()).unwrap().body;
    let database = Database::new();
    let body = json!({ "slug": "acme", "name": "Acme", "hostnames": ["a.example"] });
    let request = Request { body, ..new_site() };
    assert_eq!(request.ok(&database).0, 201);
    let import = post("/import", Json::String(file));
    assert_eq!(
        claimed(&database, &import),
        Ok(Vec::new()),
        "a claim of no host names releases a.example"
    );
}

#[test]
fn host_names_are_listed_with_the_records_that_confirm_them() {
    let database = acme();
    let item = json!({
        "host": "a.example", "confirmed": false,
        "record": { "name": "_allclear.a.example", "value": "allclear-site=acme" }
    });
    assert_eq!(get("/hostnames").ok(&database).1["items"], json!([]));
    patch(json!({ "hostnames": ["a.example"] })).ok(&database);
    let listed = get("/hostnames").ok(&database);
    assert_eq!(listed, (200, json!({ "items": [item], "next": null })));
    let confirm = |name: &str| {
        let path = format!("/hostnames/{name}/confirm");
        post(&path, Json::Null).ok(&database)
    };
    assert_eq!(confirm("A.example"), (200, item));
    assert_eq!(confirm("b.example").0, 404);
}
