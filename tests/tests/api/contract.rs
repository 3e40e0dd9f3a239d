//! The API's contracts over real HTTP: answers, refusals and conditional reads.

use e2e::{ROOT_TOKEN, Server, Site, outage};
use serde_json::json;

#[test]
fn the_feed_is_public_and_answers_conditional_requests() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let quiet = site.feed();
    assert_eq!(quiet.status, 200);
    assert_eq!(quiet.json["notices"], json!([]));
    let id = site.publish(&outage());
    let feed = site.feed();
    assert_eq!(
        feed.json["notices"][0]["id"],
        id.as_str(),
        "a publish is seen at once"
    );
    assert_ne!(feed.header("etag"), quiet.header("etag"));
    let expected = [
        ("content-type", "application/json"),
        ("access-control-allow-origin", "*"),
        (
            "cache-control",
            "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400",
        ),
        (
            "access-control-expose-headers",
            "ETag, Date, Age, Retry-After, Allclear-Confirmed-At",
        ),
    ];
    let etag = feed.header("etag").unwrap().to_owned();
    for tag in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"other\", {etag}"),
    ] {
        let same = site
            .server
            .request("GET", &site.path("/feed"))
            .header("if-none-match", &tag)
            .send()
            .unwrap();
        assert_eq!(same.status, 304, "{tag}");
        assert!(same.text().is_empty());
        for answer in [&feed, &same] {
            for (name, value) in expected {
                assert_eq!(answer.header(name), Some(value));
            }
            assert_eq!(answer.header("etag"), Some(etag.as_str()));
            for name in ["date", "allclear-confirmed-at", "cache-tag"] {
                assert!(answer.header(name).is_some(), "{name}");
            }
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
            for name in ["access-control-allow-credentials", "set-cookie"] {
                assert_eq!(answer.header(name), None, "{name}");
            }
        }
    }
    let head = site
        .server
        .request("HEAD", &site.path("/feed"))
        .send()
        .unwrap();
    assert_eq!((head.status, head.text().as_str()), (200, ""));
    assert_eq!(head.header("etag"), Some(etag.as_str()));
}

#[test]
fn an_unknown_site_gives_404_and_creates_nothing() {
    let server = Server::start();
    let files = || std::fs::read_dir(server.data()).unwrap().count();
    server.get("/v1/sites/nobody/feed");
    let before = files();
    for slug in ["nobody", "no-one", "none-at-all"] {
        let missing = server.get(&format!("/v1/sites/{slug}/feed"));
        assert_eq!(missing.status, 404);
        assert_eq!(missing.header("cache-control"), Some("public, max-age=5"));
        assert_eq!(missing.header("access-control-allow-origin"), Some("*"));
        assert_eq!(missing.json["code"], "not_found");
    }
    assert_eq!(files(), before);
}

#[test]
fn requests_without_a_valid_token_give_401_or_404() {
    let site = Site::empty();
    let other = site
        .server
        .create_site(&json!({ "slug": "other", "name": "Other" }));
    let forged = format!("ac_acme_{}", "x".repeat(43));
    let unknown = format!("ac_nobody_{}", "x".repeat(43));
    for (path, token, status) in [
        ("/v1/sites/acme/incidents", None, 401),
        ("/v1/sites/acme/incidents", Some("nonsense"), 401),
        ("/v1/sites/acme/incidents", Some(forged.as_str()), 401),
        ("/v1/sites/acme/incidents", Some(other.as_str()), 404),
        ("/v1/sites/nobody/incidents", Some(unknown.as_str()), 401),
        ("/v1/sites/nobody/incidents", Some(ROOT_TOKEN), 404),
        ("/v1/sites", None, 401),
        ("/v1/sites", Some(site.token.as_str()), 401),
    ] {
        let mut request = site.server.request("POST", path).json(&outage());
        if let Some(token) = token {
            request = request.token(token);
        }
        let answer = request.send().unwrap();
        assert_eq!(answer.status, status, "{path} {token:?}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            let code = answer.json["code"].clone();
            assert_eq!(code, "unauthorized", "does not say whether the site exists");
        }
    }
    assert_eq!(site.feed().json["notices"], json!([]));
}

#[test]
fn an_invalid_body_gives_a_problem_and_writes_nothing() {
    let site = Site::empty();
    let path = site.path("/incidents");
    let rev = site.feed().json["rev"].clone();
    let large = format!(
        "{{\"kind\":\"incident\",\"title\":\"{}\"}}",
        "x".repeat(256 * 1024)
    );
    let edge = "x".repeat(256 * 1024);
    for (content_type, body, status, code) in [
        ("application/json", "{", 400, "malformed_json"),
        ("application/json", "", 400, "malformed_json"),
        ("application/json", "\u{fffd}", 400, "malformed_json"),
        ("application/json", edge.as_str(), 400, "malformed_json"),
        ("application/json", "[]", 422, "invalid_field"),
        (
            "application/json",
            r#"{"kind":"incident","title":7}"#,
            422,
            "invalid_field",
        ),
        (
            "application/json",
            r#"{"kind":"incident","title":"x","impact":"minor","body":"x","x":1}"#,
            422,
            "unknown_field",
        ),
        ("text/plain", "{}", 415, "unsupported_media_type"),
        ("application/json", large.as_str(), 413, "content_too_large"),
    ] {
        let answer = site
            .server
            .request("POST", &path)
            .token(&site.token)
            .header("content-type", content_type)
            .bytes(body.as_bytes().to_vec())
            .send()
            .unwrap();
        let seen = &body[..body.len().min(60)];
        assert_eq!(answer.status, status, "{seen}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{seen}"
        );
        let problem = answer.json;
        assert_eq!(problem["code"], code, "{seen}");
        assert_eq!(problem["status"], status);
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!(site.feed().json["rev"], rev);
}

#[test]
fn unknown_paths_give_404_and_wrong_methods_405() {
    let site = Site::empty();
    for (method, path, status, allow) in [
        ("GET", "/v1/nothing", 404, None),
        ("GET", "/nothing", 404, None),
        ("POST", "/embed.js", 405, Some("GET, HEAD, OPTIONS")),
        (
            "DELETE",
            "/v1/sites/acme/feed",
            405,
            Some("GET, HEAD, OPTIONS"),
        ),
        ("PUT", "/v1/sites", 405, Some("GET, HEAD, POST")),
        ("GET", "/v1/sites/not_a_slug/feed", 404, None),
    ] {
        let answer = site.server.request(method, path).send().unwrap();
        assert_eq!(
            (answer.status, answer.header("allow")),
            (status, allow),
            "{method} {path}"
        );
    }
}

#[test]
fn an_incident_is_read_with_all_updates() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let created = site.post("/incidents", &outage());
    let location = created.header("location").unwrap().to_owned();
    assert!(created.header("etag").is_some());
    let id = created.json["id"].as_str().unwrap().to_owned();
    assert_eq!(location, site.path(&format!("/incidents/{id}")));
    for number in 1..=7 {
        site.update(&id, &json!({ "body": format!("Update {number}") }));
    }
    let read = site.server.get_as(&site.token, &location);
    assert_eq!(read.json["updates"].as_array().unwrap().len(), 8);
    assert_eq!(read.json["updates"][0]["body"], "Update 7");
    let missing = site
        .server
        .get_as(&site.token, &site.path("/incidents/inc_none"));
    assert_eq!(missing.status, 404);
}

#[test]
fn repeated_site_creation_is_replayed_or_refused() {
    let server = Server::start();
    let body = json!({ "slug": "acme", "name": "Acme SMS" });
    let first = server.post_once("/v1/sites", ROOT_TOKEN, "k", &body);
    assert_eq!(first.status, 201);
    assert_eq!(first.header("location"), Some("/v1/sites/acme"));
    assert!(first.json["token"].is_string());
    let replay = server.post_once("/v1/sites", ROOT_TOKEN, "k", &body);
    assert_eq!(
        (replay.status, replay.header("idempotent-replayed")),
        (201, Some("true"))
    );
    assert!(replay.json["token"].is_null(), "a token is shown once");
    let taken = server.post("/v1/sites", ROOT_TOKEN, &body);
    assert_eq!(
        (taken.status, taken.json["code"].as_str()),
        (409, Some("slug_taken"))
    );
    for slug in ["A", "a", "-ab", "a_b", &"x".repeat(40)] {
        let bad = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": slug, "name": "x" }),
        );
        assert_eq!(
            (bad.status, bad.json["code"].as_str()),
            (422, Some("invalid_field")),
            "{slug}"
        );
    }
    let listed = server.get_as(ROOT_TOKEN, "/v1/sites").json;
    assert_eq!(listed["items"], json!([{ "slug": "acme" }]));
}

#[test]
fn healthz_reports_its_checks_of_directory_feed_and_settings() {
    let site = Site::empty();
    let health = site.server.get("/healthz");
    assert_eq!(health.status, 200);
    assert_eq!(health.json["ok"], true);
    assert_eq!(
        health.json["checks"],
        json!({ "directory": "ok", "feed": "ok", "settings": "ok", "unreadable_sites": 0 })
    );
}
