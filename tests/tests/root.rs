//! Root's own requests: sites made and deleted once, whatever is repeated, and host names that are claimed by them.

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions};
use serde_json::{Value, json};

fn make(server: &Server, key: &str, body: &Value) -> Answer {
    server.post_once("/v1/sites", ROOT_TOKEN, key, body)
}

fn delete(server: &Server, key: &str, slug: &str) -> Answer {
    let path = format!("/v1/sites/{slug}");
    let request = server.request("DELETE", &path).token(ROOT_TOKEN).key(key);
    request.send().unwrap()
}

fn code(answer: &Answer) -> (u16, &str) {
    (
        answer.status,
        answer.json["code"].as_str().unwrap_or_default(),
    )
}

fn slugs(server: &Server) -> Value {
    server.get_as(ROOT_TOKEN, "/v1/sites").json["items"].clone()
}

#[test]
fn an_owner_who_ends_a_site_is_told_so_again() {
    let server = Server::start();
    let token = |name: &str| {
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": "acme", "name": name }),
        );
        made.json["token"].as_str().unwrap().to_owned()
    };
    let end = |token: &str, key: &str| {
        let request = server.request("DELETE", "/v1/sites/acme");
        let answer = request.token(token).key(key).send().unwrap();
        let replayed = answer.header("idempotent-replayed").is_some();
        (answer.status, replayed)
    };
    let first = token("First");
    assert_eq!(end(&first, "k"), (204, false));
    assert_eq!(end(&first, "k"), (204, true));
    assert_eq!(end(&first, "other"), (401, false));

    // Another site of the same name has nothing to fear from the repeat.
    let second = token("Second");
    assert_eq!(end(&first, "k"), (204, true));
    assert_eq!(end(&first, "other"), (401, false));
    assert_eq!(server.get_as(&second, "/v1/sites/acme").status, 200);
    assert_eq!(end(&second, "k"), (204, false), "its own key");
}

#[test]
fn the_list_of_sites_comes_in_parts() {
    let server = Server::start();
    for slug in ["one", "three", "two"] {
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": slug, "name": slug }),
        );
        assert_eq!(made.status, 201);
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
fn one_key_makes_one_site_and_deletes_one() {
    let mut server = Server::start();
    let acme = json!({ "slug": "acme", "name": "Acme" });
    let refused = make(&server, "k", &json!({ "slug": "acme", "name": "" }));
    assert_eq!(code(&refused), (422, "invalid_field"));
    let made = make(&server, "k", &acme);
    assert_eq!(
        made.status,
        201,
        "what was refused is put right: {}",
        made.text()
    );
    for other in [
        json!({ "slug": "other", "name": "Acme" }),
        json!({ "slug": "acme", "name": "Other" }),
    ] {
        let again = make(&server, "k", &other);
        assert_eq!(code(&again), (422, "idempotency_mismatch"), "{other}");
    }
    assert_eq!(slugs(&server), json!([{ "slug": "acme" }]));
    let mismatch = delete(&server, "k", "acme");
    assert_eq!(code(&mismatch), (422, "idempotency_mismatch"));

    let missing = delete(&server, "d", "nobody");
    assert_eq!(missing.status, 404);
    assert_eq!(delete(&server, "d", "acme").status, 204);
    // The directory remembers over a crash.
    server.kill9();
    server.start_again();
    let again = delete(&server, "d", "acme");
    let replayed = |answer: &Answer| answer.header("idempotent-replayed").map(str::to_owned);
    assert_eq!(
        (again.status, replayed(&again)),
        (204, Some("true".to_owned()))
    );
    assert_eq!(delete(&server, "e", "acme").status, 404, "another request");
    let again = make(&server, "k", &acme);
    assert_eq!(
        (again.status, replayed(&again)),
        (201, Some("true".to_owned()))
    );
    assert_eq!(again.json["site"], made.json["site"]);
    assert!(again.json["token"].is_null(), "a token is shown once");
    assert_eq!(slugs(&server), json!([]), "a repeat makes nothing anew");
    assert_eq!(make(&server, "l", &acme).status, 201);
}

#[test]
fn one_key_is_of_one_request_whichever_sites_root_writes_to() {
    let server = Server::start();
    for slug in ["acme", "other"] {
        let made = make(&server, slug, &json!({ "slug": slug, "name": slug }));
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let sending = json!({ "name": "Sending" });
    let add = |slug: &str, key: &str, body: &Value| {
        let path = format!("/v1/sites/{slug}/components");
        server.post_once(&path, ROOT_TOKEN, key, body)
    };
    let made = add("acme", "k", &sending);
    assert_eq!(made.status, 201, "{}", made.text());
    let elsewhere = add("other", "k", &sending);
    assert_eq!(code(&elsewhere), (422, "idempotency_mismatch"));
    assert_eq!(
        code(&delete(&server, "k", "other")),
        (422, "idempotency_mismatch")
    );
    let third = json!({ "slug": "third", "name": "Third" });
    assert_eq!(
        code(&make(&server, "k", &third)),
        (422, "idempotency_mismatch")
    );
    let again = add("acme", "k", &sending);
    assert_eq!((again.status, &again.json), (201, &made.json));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    let refused = add("acme", "l", &json!({ "name": "" }));
    assert_eq!(code(&refused), (422, "invalid_field"));
    let elsewhere = add("other", "l", &sending);
    assert_eq!(
        elsewhere.status,
        201,
        "only what happened takes a key: {}",
        elsewhere.text()
    );
    let listed = server.get_as(ROOT_TOKEN, "/v1/sites/other/components");
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
}

#[test]
fn host_names_that_do_not_fit_are_said_and_not_claimed() {
    let server = Server::start();
    let twice = ["a.example", "a.example"];
    let refused = make(
        &server,
        "1",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": twice }),
    );
    assert_eq!(code(&refused), (422, "invalid_field"), "{}", refused.text());
    assert_eq!(refused.json["errors"][0]["pointer"], "/hostnames/1");
    let made = make(
        &server,
        "2",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": ["a.example"] }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
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
    // Its name would be refused, so nobody asks whose the host name is.
    let refused = make(
        &server,
        "3",
        &json!({ "slug": "other", "name": "", "hostnames": ["a.example"] }),
    );
    assert_eq!(code(&refused), (422, "invalid_field"), "{}", refused.text());
    assert_eq!(refused.json["errors"][0]["pointer"], "/name");
    let taken = make(
        &server,
        "3",
        &json!({ "slug": "other", "name": "Other", "hostnames": ["a.example"] }),
    );
    assert_eq!(code(&taken), (409, "hostname_taken"));
}

#[test]
fn a_host_name_is_no_door_for_operators_however_it_is_spelled() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    let made = make(
        &server,
        "1",
        &json!({ "slug": "acme", "name": "Acme", "hostnames": ["help.acme.com"] }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let at = |host: &str, path: &str| {
        let request = server.request("GET", path).token(ROOT_TOKEN);
        request.header("host", host).send().unwrap().status
    };
    for host in [
        "help.acme.com",
        "help.acme.com.",
        "HELP.acme.COM",
        "Help.Acme.com.:80",
    ] {
        assert_eq!(at(host, "/v1/sites/acme"), 404, "{host}");
        assert_eq!(at(host, "/v1/sites"), 404, "{host}");
        assert_eq!(at(host, "/v1/sites/acme/feed"), 200, "{host}");
    }
    assert_eq!(at("STATUS.example.com.", "/v1/sites/acme"), 200, "ours");
}
