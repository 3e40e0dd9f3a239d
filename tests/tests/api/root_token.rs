//! Creating, listing and deleting sites: idempotent replay, host names, and what the root token covers.

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions, code};
use serde_json::{Value, json};

fn create(server: &Server, key: &str, body: &Value) -> Answer {
    server.post_once("/v1/sites", ROOT_TOKEN, key, body)
}

fn delete(server: &Server, key: &str, slug: &str) -> Answer {
    let path = format!("/v1/sites/{slug}");
    let request = server.request("DELETE", &path).token(ROOT_TOKEN).key(key);
    request.send().unwrap()
}

fn slugs(server: &Server) -> Value {
    server.get_as(ROOT_TOKEN, "/v1/sites").json["items"].clone()
}

#[test]
fn a_repeated_site_deletion_by_its_owner_is_replayed() {
    let server = Server::start();
    let token = |name: &str| server.create_site(&json!({ "slug": "acme", "name": name }));
    let delete_as = |token: &str, key: &str| {
        let request = server.request("DELETE", "/v1/sites/acme");
        let answer = request.token(token).key(key).send().unwrap();
        let replayed = answer.header("idempotent-replayed").is_some();
        (answer.status, replayed)
    };
    let first = token("First");
    assert_eq!(delete_as(&first, "k"), (204, false));
    assert_eq!(delete_as(&first, "k"), (204, true));
    assert_eq!(delete_as(&first, "other"), (401, false));

    // The replay does not affect a new site with the same slug.
    let second = token("Second");
    assert_eq!(delete_as(&first, "k"), (204, true));
    assert_eq!(delete_as(&first, "other"), (401, false));
    assert_eq!(server.get_as(&second, "/v1/sites/acme").status, 200);
    assert_eq!(delete_as(&second, "k"), (204, false), "keys are per token");
}

#[test]
fn the_list_of_sites_is_paginated() {
    let server = Server::start();
    for slug in ["one", "three", "two"] {
        server.create_site(&json!({ "slug": slug, "name": slug }));
    }
    let list = |query: &str| server.get_as(ROOT_TOKEN, &format!("/v1/sites?{query}"));
    let first = list("limit=2").json;
    assert_eq!(
        first["items"],
        json!([{ "slug": "one" }, { "slug": "three" }])
    );
    let rest = list(&format!(
        "limit=2&cursor={}",
        first["next"].as_str().unwrap()
    ))
    .json;
    assert_eq!(rest, json!({ "items": [{ "slug": "two" }], "next": null }));
    assert_eq!(code(&list("limit=0")), (422, "invalid_field"));
}

#[test]
fn idempotent_replay_covers_site_creation_and_deletion() {
    let mut server = Server::start();
    let acme = json!({ "slug": "acme", "name": "Acme" });
    let refused = create(&server, "k", &json!({ "slug": "acme", "name": "" }));
    assert_eq!(code(&refused), (422, "invalid_field"));
    let created = create(&server, "k", &acme);
    assert_eq!(
        created.status,
        201,
        "a rejected request does not use up its key: {}",
        created.text()
    );
    for other in [
        json!({ "slug": "other", "name": "Acme" }),
        json!({ "slug": "acme", "name": "Other" }),
    ] {
        let again = create(&server, "k", &other);
        assert_eq!(code(&again), (422, "idempotency_mismatch"), "{other}");
    }
    assert_eq!(slugs(&server), json!([{ "slug": "acme" }]));
    let mismatch = delete(&server, "k", "acme");
    assert_eq!(code(&mismatch), (422, "idempotency_mismatch"));

    let missing = delete(&server, "d", "nobody");
    assert_eq!(missing.status, 404);
    assert_eq!(delete(&server, "d", "acme").status, 204);
    // The directory remembers the key after a crash.
    server.kill();
    server.start_again();
    let again = delete(&server, "d", "acme");
    let replayed = |answer: &Answer| answer.header("idempotent-replayed").map(str::to_owned);
    assert_eq!(
        (again.status, replayed(&again)),
        (204, Some("true".to_owned()))
    );
    assert_eq!(delete(&server, "e", "acme").status, 404, "another request");
    let again = create(&server, "k", &acme);
    assert_eq!(
        (again.status, replayed(&again)),
        (201, Some("true".to_owned()))
    );
    assert_eq!(again.json["site"], created.json["site"]);
    assert!(again.json["token"].is_null(), "a token is shown once");
    assert_eq!(slugs(&server), json!([]), "a replay creates nothing");
    assert_eq!(create(&server, "l", &acme).status, 201);
}

#[test]
fn one_root_key_covers_one_request_across_all_sites() {
    let server = Server::start();
    for slug in ["acme", "other"] {
        let created = create(&server, slug, &json!({ "slug": slug, "name": slug }));
        assert_eq!(created.status, 201, "{}", created.text());
    }
    let sending = json!({ "name": "Sending" });
    let add = |slug: &str, key: &str, body: &Value| {
        let path = format!("/v1/sites/{slug}/components");
        server.post_once(&path, ROOT_TOKEN, key, body)
    };
    let created = add("acme", "k", &sending);
    assert_eq!(created.status, 201, "{}", created.text());
    let elsewhere = add("other", "k", &sending);
    assert_eq!(code(&elsewhere), (422, "idempotency_mismatch"));
    assert_eq!(
        code(&delete(&server, "k", "other")),
        (422, "idempotency_mismatch")
    );
    let third = json!({ "slug": "third", "name": "Third" });
    assert_eq!(
        code(&create(&server, "k", &third)),
        (422, "idempotency_mismatch")
    );
    let again = add("acme", "k", &sending);
    assert_eq!((again.status, &again.json), (201, &created.json));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    let refused = add("acme", "l", &json!({ "name": "" }));
    assert_eq!(code(&refused), (422, "invalid_field"));
    let elsewhere = add("other", "l", &sending);
    assert_eq!(
        elsewhere.status,
        201,
        "a rejected request does not use up its key: {}",
        elsewhere.text()
    );
    let listed = server.get_as(ROOT_TOKEN, "/v1/sites/other/components");
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
}

#[test]
fn duplicate_host_names_are_refused_and_not_claimed() {
    let server = Server::start();
    let twice = ["a.example", "a.example"];
    let refused = create(
        &server,
        "1",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": twice }),
    );
    assert_eq!(code(&refused), (422, "invalid_field"), "{}", refused.text());
    assert_eq!(refused.json["errors"][0]["pointer"], "/hostnames/1");
    let created = create(
        &server,
        "2",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": ["a.example"] }),
    );
    assert_eq!(created.status, 201, "{}", created.text());
    server.confirm_hostname("acme", "a.example");
    let path = "/v1/sites/acme";
    let etag = server.get_as(ROOT_TOKEN, path);
    let patch = |body: Value| {
        let request = server.request("PATCH", path).token(ROOT_TOKEN);
        let request = request.header("if-match", etag.header("etag").unwrap());
        request.json(&body).send().unwrap()
    };
    let refused = patch(json!({ "hostnames": twice }));
    assert_eq!(code(&refused), (422, "invalid_field"), "{}", refused.text());
    assert_eq!(refused.json["errors"][0]["pointer"], "/hostnames/1");
    // The body is checked before host names are claimed: an invalid name gives 422, not 409 for the taken host name.
    let refused = create(
        &server,
        "3",
        &json!({ "slug": "other", "name": "", "hostnames": ["a.example"] }),
    );
    assert_eq!(code(&refused), (422, "invalid_field"), "{}", refused.text());
    assert_eq!(refused.json["errors"][0]["pointer"], "/name");
    let taken = create(
        &server,
        "3",
        &json!({ "slug": "other", "name": "Other", "hostnames": ["a.example"] }),
    );
    assert_eq!(code(&taken), (409, "hostname_taken"));
}

#[test]
fn a_claimed_host_serves_no_operator_api_in_any_spelling() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    let created = create(
        &server,
        "1",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": ["help.acme.com"] }),
    );
    assert_eq!(created.status, 201, "{}", created.text());
    server.confirm_hostname("acme", "help.acme.com");
    let status_at = |host: &str, path: &str| {
        let request = server.request("GET", path).token(ROOT_TOKEN);
        request.header("host", host).send().unwrap().status
    };
    for host in [
        "help.acme.com",
        "help.acme.com.",
        "HELP.acme.COM",
        "Help.Acme.com.:80",
    ] {
        assert_eq!(status_at(host, "/v1/sites/acme"), 404, "{host}");
        assert_eq!(status_at(host, "/v1/sites"), 404, "{host}");
        assert_eq!(status_at(host, "/v1/sites/acme/feed"), 200, "{host}");
    }
    assert_eq!(
        status_at("STATUS.example.com.", "/v1/sites/acme"),
        200,
        "the server's own host name"
    );
}
