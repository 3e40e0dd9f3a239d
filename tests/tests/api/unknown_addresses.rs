//! Unknown addresses, invalid names and headers are refused with a problem and a stable code.

use e2e::Site;
use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::endpoints::{assert_refused, endpoints};
use serde_json::{Value, json};

#[test]
fn unknown_references_give_409_and_unknown_ids_404() {
    let (site, _) = endpoints();
    let incident = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
    let with = |field: &str, value: Value| {
        let mut body = incident.clone();
        body[field] = value;
        body
    };
    for (body, pointer) in [
        (
            with("components", json!([{ "id": "nothing" }])),
            "/components/0/id",
        ),
        (
            with("components", json!([{ "id": "cmp_00000000000000000000" }])),
            "/components/0/id",
        ),
        (
            with("related", json!(["inc_00000000000000000000"])),
            "/related/0",
        ),
        (
            with("audience", json!({ "segments": ["eu"] })),
            "/audience/segments/0",
        ),
        (
            with("audience", json!({ "components": ["nothing"] })),
            "/audience/components/0",
        ),
        (with("text", json!({ "de": { "title": "T" } })), "/text/de"),
    ] {
        let answer = site.post("/incidents", &body);
        assert_refused(&answer, 409, "unknown_reference", pointer);
        assert_eq!(answer.json["errors"][0]["pointer"], pointer);
    }
    for (method, path) in [
        ("GET", "/incidents/inc_none"),
        ("GET", "/incidents/not-an-id"),
        ("GET", "/components/nothing"),
        ("DELETE", "/components/nothing"),
        ("GET", "/templates/tpl_none"),
        ("DELETE", "/templates/tpl_none"),
        ("DELETE", "/incidents/inc_none"),
        ("DELETE", "/tokens/tok_none"),
        ("POST", "/tokens/tok_none/rotate"),
        ("GET", "/incidents/inc_none/postmortem"),
        ("GET", "/nothing"),
        ("GET", "/incidents//x/y/"),
        ("GET", "/../../v1/sites/acme/nothing"),
    ] {
        let path = site.path(path);
        let request = site.server.request(method, &path).token(&site.token);
        assert_refused(&request.send().unwrap(), 404, "not_found", &path);
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=-1",
        "status=gone",
        "kind=party",
    ] {
        let path = site.path(&format!("/incidents?{query}"));
        let answer = site.server.get_as(&site.token, &path);
        assert_refused(&answer, 422, "invalid_field", query);
    }
    for key in ["", &"k".repeat(256), "caf\u{e9}"] {
        let path = site.path("/incidents");
        let request = site.server.request("POST", &path).token(&site.token);
        let answer = request.key(key).json(&incident).send().unwrap();
        assert_refused(&answer, 422, "invalid_header", key);
    }
    let path = site.path("/incidents");
    let longest = site
        .server
        .post_once(&path, &site.token, &"k".repeat(255), &incident);
    assert_eq!(longest.status, 201);
    let other = with("title", json!("another"));
    let mismatch = site
        .server
        .post_once(&path, &site.token, &"k".repeat(255), &other);
    assert_refused(&mismatch, 422, "idempotency_mismatch", "another body");
}

#[test]
fn a_compressed_body_is_refused_with_415() {
    let site = Site::empty();
    let path = site.path("/incidents");
    let incident = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
    let send = |coding: &str| {
        let request = site.server.request("POST", &path).token(&site.token);
        let request = request.header("content-encoding", coding).json(&incident);
        request.send().unwrap()
    };
    assert_refused(&send("gzip"), 415, "unsupported_media_type", "gzip");
    assert_eq!(send("identity").status, 201);
}

#[test]
fn a_malformed_host_header_is_refused() {
    let site = Site::empty();
    for (path, hosts, status, expected) in [
        ("/", "Host: a b\r\n", 400, "<h1>"),
        ("/s/acme", "Host: a b\r\n", 400, "<h1>Page not found</h1>"),
        (
            "/s/acme/history?lang=de",
            "Host: a b\r\n",
            400,
            "Seite nicht gefunden",
        ),
        ("/s/acme", "Host: a.example\r\nHost: b.example\r\n", 400, ""),
        (
            "/v1/sites/acme/feed",
            "Host: a b\r\n",
            422,
            "\"code\":\"invalid_header\"",
        ),
    ] {
        let mut stream =
            TcpStream::connect(site.server.url().trim_start_matches("http://")).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let begin = format!("HTTP/1.1 {status} ");
        assert!(response.starts_with(&begin), "{path}: {response}");
        assert!(response.contains(expected), "{path}: {response}");
    }
}

#[test]
fn wrong_methods_give_405_with_the_allowed_methods() {
    let (site, endpoints) = endpoints();
    // A viewer's token can change nothing.
    let viewer = site.post("/tokens", &json!({ "role": "viewer" })).json["token"].clone();
    let viewer = viewer.as_str().unwrap();
    let mut paths: Vec<String> = endpoints
        .into_iter()
        .map(|endpoint| endpoint.path)
        .collect();
    paths.extend(
        [
            "/journal",
            "/export",
            "/import",
            "/verify",
            "/tokens/tok_1/rotate",
            "/feed",
        ]
        .map(|path| site.path(path)),
    );
    paths.push("/healthz".to_owned());
    for path in paths {
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND",
        ] {
            let request = site.server.request(method, &path).token(viewer);
            let answer = request.send().unwrap();
            let allowed = answer.header("allow").unwrap_or_default().to_owned();
            let what = format!("{method} {path}: {} {allowed}", answer.status);
            match answer.status {
                405 => {
                    assert!(!allowed.is_empty(), "{what}");
                    assert!(!allowed.split(", ").any(|taken| taken == method), "{what}");
                }
                204 => assert_eq!(
                    (method, allowed.as_str()),
                    ("OPTIONS", "GET, HEAD, OPTIONS")
                ),
                200 | 401 | 403 | 404 | 415 | 422 | 400 => assert!(allowed.is_empty(), "{what}"),
                _ => panic!("{what}"),
            }
            assert!(answer.header("cache-control").is_some(), "{what}");
        }
    }
}
