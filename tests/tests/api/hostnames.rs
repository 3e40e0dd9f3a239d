//! Host names of sites: claiming, confirming and releasing them, and what they serve.

use e2e::{DnsStyle, ROOT_TOKEN, Resolver, Server, ServerOptions, code};
use serde_json::json;
use xtask::{http::Answer, workerd::Network};

const HOST: &str = "status.acme.com";

fn confirm(server: &Server, token: &str, slug: &str, host: &str) -> Answer {
    let path = format!("/v1/sites/{slug}/hostnames/{host}/confirm");
    server.request("POST", &path).token(token).send().unwrap()
}

/// The status of the history page at this host name.
fn history_status(server: &Server, host: &str) -> u16 {
    let request = server.request("GET", "/history").header("host", host);
    request.send().unwrap().status
}

fn site_with_host(server: &Server, slug: &str) -> String {
    server.create_site(&json!({ "slug": slug, "name": slug, "hostnames": [HOST] }))
}

#[test]
fn an_unconfirmed_host_name_serves_and_blocks_no_site() {
    let server = Server::start();
    let acme = site_with_host(&server, "acme");
    let rival = site_with_host(&server, "rival");
    assert_eq!(history_status(&server, HOST), 404);
    let listed = |slug: &str, token: &str| {
        let list = server.get_as(token, &format!("/v1/sites/{slug}/hostnames"));
        assert_eq!(list.status, 200);
        list.json["items"][0].clone()
    };
    let record = json!({ "name": "_allclear.status.acme.com", "value": "allclear-site=acme" });
    let item = json!({ "host": HOST, "confirmed": false, "record": record });
    assert_eq!(listed("acme", &acme), item);
    // Without a resolver, only root confirms.
    assert_eq!(
        code(&confirm(&server, &acme, "acme", HOST)),
        (403, "forbidden")
    );
    assert_eq!(confirm(&server, &rival, "acme", HOST).status, 404);
    assert_eq!(
        confirm(&server, ROOT_TOKEN, "acme", "other.acme.com").status,
        404
    );
    assert_eq!(history_status(&server, HOST), 404);

    for _ in 0..2 {
        let confirmed = confirm(&server, ROOT_TOKEN, "acme", "Status.Acme.com");
        assert_eq!(
            (confirmed.status, &confirmed.json["confirmed"]),
            (200, &json!(true))
        );
    }
    assert_eq!(history_status(&server, HOST), 200);
    assert_eq!(listed("acme", &acme)["confirmed"], true);
    assert_eq!(listed("rival", &rival)["confirmed"], false);
    let taken = confirm(&server, ROOT_TOKEN, "rival", HOST);
    assert_eq!(code(&taken), (409, "hostname_taken"));
    // A confirmation can be repeated, also by the owner.
    assert_eq!(confirm(&server, &acme, "acme", HOST).status, 200);
    let viewer = server.post("/v1/sites/acme/tokens", &acme, &json!({ "role": "viewer" }));
    let viewer = viewer.json["token"].as_str().unwrap();
    assert_eq!(listed("acme", viewer)["confirmed"], true);
    assert_eq!(confirm(&server, viewer, "acme", HOST).status, 403);
}

#[test]
fn an_owner_confirms_a_host_name_by_its_txt_record() {
    let resolver = Resolver::start();
    let server = Server::with(&ServerOptions {
        network: Network::PublicAndPrivate,
        doh_url: Some(resolver.url()),
        ..ServerOptions::default()
    });
    let acme = site_with_host(&server, "acme");
    let rival = site_with_host(&server, "rival");
    let missing = confirm(&server, &acme, "acme", HOST);
    assert_eq!(code(&missing), (409, "hostname_unconfirmed"));
    let detail = missing.json["detail"].as_str().unwrap();
    for words in ["_allclear.status.acme.com", "allclear-site=acme"] {
        assert!(detail.contains(words), "{detail}");
    }
    let record = "_allclear.status.acme.com";
    resolver.set_txt(
        record,
        &["v=spf1 -all", "allclear-site=acmes", " allclear-site=acme"],
    );
    assert_eq!(confirm(&server, &acme, "acme", HOST).status, 409);
    resolver.set_txt(record, &["v=spf1 -all", "allclear-site=acme"]);
    assert_eq!(confirm(&server, &rival, "rival", HOST).status, 409);
    assert_eq!(history_status(&server, HOST), 404);
    assert_eq!(confirm(&server, &acme, "acme", HOST).status, 200);
    assert_eq!(history_status(&server, HOST), 200);
    // A record that is removed later changes nothing.
    resolver.set_txt(record, &[]);
    assert_eq!(confirm(&server, &acme, "acme", HOST).status, 200);
}

#[test]
fn only_a_whole_answer_of_the_resolver_confirms_or_denies() {
    let resolver = Resolver::start();
    let server = Server::with(&ServerOptions {
        network: Network::PublicAndPrivate,
        doh_url: Some(resolver.url()),
        ..ServerOptions::default()
    });
    let acme = site_with_host(&server, "acme");
    resolver.set_txt("_allclear.status.acme.com", &["allclear-site=acme"]);
    for style in [
        DnsStyle::Truncated,
        DnsStyle::Echo,
        DnsStyle::Empty,
        DnsStyle::WithoutQuestion,
    ] {
        resolver.answer_as(style);
        let failed = confirm(&server, &acme, "acme", HOST);
        assert_eq!(code(&failed), (503, "unavailable"), "{style:?}");
        assert!(failed.header("retry-after").is_some(), "{style:?}");
    }
    assert_eq!(history_status(&server, HOST), 404);
    resolver.answer_as(DnsStyle::Whole);
    assert_eq!(confirm(&server, &acme, "acme", HOST).status, 200);
}

#[test]
fn a_failing_resolver_gives_503() {
    let server = Server::with(&ServerOptions {
        network: Network::PublicAndPrivate,
        doh_url: Some("http://127.0.0.1:9/dns-query".to_owned()),
        ..ServerOptions::default()
    });
    let acme = site_with_host(&server, "acme");
    let failed = confirm(&server, &acme, "acme", HOST);
    assert_eq!(code(&failed), (503, "unavailable"));
    assert!(failed.header("retry-after").is_some());
    assert_eq!(confirm(&server, ROOT_TOKEN, "acme", HOST).status, 200);
}

#[test]
fn international_host_names_are_stored_as_browsers_send_them() {
    let server = Server::start();
    let body = json!({ "slug": "acme", "name": "acme", "hostnames": ["Status.Müller.de"] });
    let created = server.post("/v1/sites", ROOT_TOKEN, &body);
    let host = "status.xn--mller-kva.de";
    assert_eq!(created.json["site"]["hostnames"], json!([host]));
    let confirmed = confirm(&server, ROOT_TOKEN, "acme", "status.m%C3%BCller.de");
    assert_eq!(confirmed.json["host"], host);
    assert_eq!(history_status(&server, host), 200);
}

#[test]
fn a_host_name_belongs_to_one_site_and_serves_no_operator_api() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    let (acme, other) = (
        server.create_site(&json!({ "slug": "acme", "name": "acme" })),
        server.create_site(&json!({ "slug": "other", "name": "other" })),
    );
    let claim = |slug: &str, token: &str, key: &str, names: &[&str]| {
        let path = format!("/v1/sites/{slug}");
        let read = server.get_as(token, &path);
        let request = server.request("PATCH", &path).token(token).key(key);
        let request = request.header("if-match", read.header("etag").unwrap());
        request.json(&json!({ "hostnames": names })).send().unwrap()
    };
    let code = |answer: &Answer| answer.json["code"].as_str().unwrap_or_default().to_owned();
    let own = claim("acme", &acme, "1", &["status.example.com"]);
    assert_eq!(
        (own.status, code(&own).as_str()),
        (409, "hostname_taken"),
        "the server's own host name"
    );
    for bad in [
        "nodot",
        "sp ace.com",
        "-a.com",
        "status.acme.com.",
        "status.acme.com:443",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
    ] {
        assert_eq!(claim("acme", &acme, "2", &[bad]).status, 422, "{bad}");
    }
    assert_eq!(claim("acme", &acme, "3", &["Status.Acme.com"]).status, 200);
    server.confirm_hostname("acme", "status.acme.com");
    let taken = claim("other", &other, "1", &["help.other.com", "status.acme.com"]);
    assert_eq!(
        (taken.status, code(&taken).as_str()),
        (409, "hostname_taken")
    );
    assert_eq!(claim("other", &other, "2", &["help.other.com"]).status, 200);

    let status_at = |host: &str, method: &str, path: &str| {
        let request = server.request(method, path).token(&acme);
        request.header("host", host).send().unwrap().status
    };
    for (method, path) in [
        ("GET", "/v1/sites"),
        ("GET", "/v1/sites/acme"),
        ("GET", "/v1/sites/acme/journal"),
        ("POST", "/v1/sites/acme/incidents"),
        ("DELETE", "/v1/sites/acme"),
    ] {
        assert_eq!(
            status_at("status.acme.com", method, path),
            404,
            "{method} {path}"
        );
    }
    assert_eq!(
        status_at("status.acme.com", "GET", "/v1/sites/acme/feed"),
        200
    );
    assert_eq!(
        status_at("status.example.com", "GET", "/v1/sites/acme"),
        200
    );
    assert_eq!(
        status_at("unclaimed.example.com", "GET", "/v1/sites/acme"),
        200
    );

    // `acme` releases the name and `other` claims it. Repeating `acme`'s first claim with its key is a replay, although
    // `If-Match` differs, and does not take the name back.
    assert_eq!(claim("acme", &acme, "4", &[]).status, 200);
    assert_eq!(
        claim("other", &other, "3", &["status.acme.com"]).status,
        200
    );
    server.confirm_hostname("other", "status.acme.com");
    let repeated = claim("acme", &acme, "3", &["Status.Acme.com"]);
    assert_ne!(repeated.json["code"], "idempotency_mismatch");
    assert_eq!(status_at("status.acme.com", "GET", "/v1/sites/other"), 404);
    let request = server.request("DELETE", "/v1/sites/other").token(&other);
    assert_eq!(request.send().unwrap().status, 204);
    assert_eq!(
        claim("acme", &acme, "5", &["status.acme.com"]).status,
        200,
        "the name is free again"
    );
    let read = server.get_as(&acme, "/v1/sites/acme");
    let request = server.request("PATCH", "/v1/sites/acme").token(&acme);
    let request = request.header("if-match", read.header("etag").unwrap());
    let cleared = request.json(&json!({ "hostnames": null })).send().unwrap();
    assert_eq!(
        (cleared.status, &cleared.json["hostnames"]),
        (200, &json!([]))
    );
    let third = server.create_site(&json!({ "slug": "third", "name": "third" }));
    assert_eq!(
        claim("third", &third, "1", &["status.acme.com"]).status,
        200,
        "null releases it too"
    );
}
