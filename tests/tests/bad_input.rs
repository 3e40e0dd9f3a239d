//! Every endpoint that takes a body, given what it cannot use: a problem with a stable code, and nothing written.

mod story;

use e2e::{Answer, in_minutes};
use serde_json::{Value, json};
use story::Site;

/// An endpoint, and a body that it would take.
struct Endpoint {
    method: &'static str,
    path: String,
    body: Value,
    if_match: Option<String>,
    /// One of its fields, and a value of the wrong type.
    wrong: (&'static str, Value),
}

impl Endpoint {
    fn send(&self, site: &Site, content_type: &str, body: &[u8]) -> Answer {
        let request = site.server.request(self.method, &self.path);
        let token = match self.path.as_str() {
            "/v1/sites" => e2e::ROOT_TOKEN,
            _ => &site.token,
        };
        let mut request = request.token(token).header("content-type", content_type);
        if let Some(etag) = &self.if_match {
            request = request.header("if-match", etag);
        }
        request.bytes(body).send().unwrap()
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A site with one of everything, and every endpoint that takes JSON.
fn endpoints() -> (Site, Vec<Endpoint>) {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id =
        site.publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }));
    let over = site.publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b", "status": "resolved" }));
    let template = site.post("/templates", &json!({ "name": "First" })).json["id"].clone();
    let template = format!("/templates/{}", template.as_str().unwrap());
    let update = site.incident(&id)["updates"][0]["id"].clone();
    let update = format!("/incidents/{id}/updates/{}", update.as_str().unwrap());
    let incident = format!("/incidents/{id}");
    let window = json!({ "start": in_minutes(-60), "end": in_minutes(-5) });
    let mut endpoints = vec![Endpoint {
        method: "POST",
        path: "/v1/sites".to_owned(),
        body: json!({ "slug": "other", "name": "Other" }),
        if_match: None,
        wrong: ("slug", json!(7)),
    }];
    let mut add = |method: &'static str, path: &str, body: Value, wrong: (&'static str, Value)| {
        let path = site.path(path);
        let if_match = (method == "PATCH").then(|| {
            let read = site.server.get_as(&site.token, &path);
            read.header("etag").expect("something to change").to_owned()
        });
        endpoints.push(Endpoint {
            method,
            path,
            body,
            if_match,
            wrong,
        });
    };
    add(
        "PATCH",
        "",
        json!({ "name": "N" }),
        ("languages", json!("en")),
    );
    add(
        "POST",
        "/components",
        json!({ "name": "C" }),
        ("tier", json!("first")),
    );
    add(
        "PATCH",
        "/components/sending",
        json!({ "name": "C" }),
        ("position", json!(-1)),
    );
    let new = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
    add("POST", "/incidents", new, ("components", json!({})));
    add(
        "PATCH",
        &incident,
        json!({ "title": "T" }),
        ("hold", json!("yes")),
    );
    add(
        "POST",
        &format!("{incident}/withdraw"),
        json!({ "reason": "r" }),
        ("reason", json!([])),
    );
    add(
        "POST",
        &format!("{incident}/updates"),
        json!({ "body": "b" }),
        ("next_update_at", json!("soon")),
    );
    add(
        "PATCH",
        &update,
        json!({ "body": "B" }),
        ("text", json!([])),
    );
    let learned = json!({ "root_cause": "r", "remedy": "r", "window": window });
    add(
        "PUT",
        &format!("/incidents/{over}/postmortem"),
        learned,
        ("window", json!("today")),
    );
    add(
        "POST",
        "/templates",
        json!({ "name": "T" }),
        ("works", json!("all")),
    );
    add(
        "PATCH",
        &template,
        json!({ "name": "T" }),
        ("next_update_minutes", json!(-3)),
    );
    add(
        "POST",
        "/tokens",
        json!({ "role": "viewer" }),
        ("role", json!("king")),
    );
    add(
        "POST",
        "/invitations",
        json!({ "role": "viewer" }),
        ("name", json!(7)),
    );
    add(
        "POST",
        "/invitations/redeem",
        json!({ "invitation": "x" }),
        ("invitation", json!(7)),
    );
    add(
        "POST",
        "/redact",
        json!({ "text": "nowhere" }),
        ("text", json!(null)),
    );
    (site, endpoints)
}

/// What the journal holds, and the tokens beside it.
fn written(site: &Site) -> (Value, Value, Value) {
    let read = |path: &str| site.server.get_as(&site.token, &site.path(path)).json;
    let verified = read("/verify");
    (
        verified["rows"].clone(),
        read("/tokens")["items"].clone(),
        verified["head"].clone(),
    )
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    let text = answer.text();
    assert_eq!(answer.status, status, "{what}: {text}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{what}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(answer.json["code"], code, "{what}: {text}");
    assert_eq!(answer.json["status"], status, "{what}");
    assert!(
        !answer.json["detail"].as_str().unwrap().is_empty(),
        "{what}"
    );
}

#[test]
fn no_endpoint_takes_what_it_cannot_use() {
    let (site, endpoints) = endpoints();
    let before = written(&site);
    let json_type = "application/json";
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(256 * 1024));
    for endpoint in &endpoints {
        let name = endpoint.name();
        for malformed in [
            "",
            "{",
            "{\"a\":1,}",
            "nonsense",
            "\u{0}",
            "{\"a\":\"\\ud800\"}",
            &"[".repeat(1000),
        ] {
            let answer = endpoint.send(&site, json_type, malformed.as_bytes());
            refused(
                &answer,
                400,
                "malformed_json",
                &format!("{name} {malformed:.20}"),
            );
        }
        let answer = endpoint.send(&site, json_type, b"{\"a\":\"\xff\xfe\"}");
        refused(
            &answer,
            400,
            "malformed_json",
            &format!("{name}: not UTF-8"),
        );
        for no_object in ["[]", "7", "null", "\"x\""] {
            let answer = endpoint.send(&site, json_type, no_object.as_bytes());
            refused(
                &answer,
                422,
                "invalid_field",
                &format!("{name} {no_object}"),
            );
        }
        let with = |field: &str, value: &Value| {
            let mut body = endpoint.body.clone();
            body[field] = value.clone();
            endpoint.send(&site, json_type, body.to_string().as_bytes())
        };
        let answer = with(endpoint.wrong.0, &endpoint.wrong.1);
        refused(
            &answer,
            422,
            "invalid_field",
            &format!("{name}: wrong type"),
        );
        let pointer = answer.json["errors"][0]["pointer"].as_str().unwrap();
        let field = format!("/{}", endpoint.wrong.0);
        assert!(
            pointer.starts_with(&field),
            "{name}: {pointer} is not {field}"
        );
        let answer = with("unheard_of", &json!(1));
        refused(
            &answer,
            422,
            "unknown_field",
            &format!("{name}: unknown field"),
        );
        assert_eq!(answer.json["errors"][0]["pointer"], "/unheard_of", "{name}");
        let body = endpoint.body.to_string();
        for content_type in [
            "text/plain",
            "",
            "application/x-www-form-urlencoded",
            "application/jsonp",
        ] {
            let answer = endpoint.send(&site, content_type, body.as_bytes());
            refused(
                &answer,
                415,
                "unsupported_media_type",
                &format!("{name} {content_type}"),
            );
        }
        let answer = endpoint.send(&site, json_type, large.as_bytes());
        refused(&answer, 413, "content_too_large", &name);
    }
    assert_eq!(written(&site), before, "nothing is written");
    // And each takes what it can use: the refusals above were for the reason given.
    for endpoint in &endpoints {
        let wants_patch = endpoint.method == "PATCH";
        let content_type = if wants_patch {
            "application/merge-patch+json"
        } else {
            "application/json; charset=utf-8"
        };
        let answer = endpoint.send(&site, content_type, endpoint.body.to_string().as_bytes());
        let name = endpoint.name();
        match endpoint.path.rsplit('/').next() {
            Some("redeem") => refused(&answer, 401, "unauthorized", &name),
            // What one endpoint changes may be what the next has read.
            _ => assert!(
                answer.status < 300 || answer.status == 412 || answer.status == 409,
                "{name}: {}",
                answer.text()
            ),
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    let (site, endpoints) = endpoints();
    for endpoint in endpoints
        .iter()
        .filter(|endpoint| endpoint.method != "PATCH")
    {
        for field in endpoint.body.as_object().unwrap().keys() {
            let mut body = endpoint.body.clone();
            body.as_object_mut().unwrap().remove(field);
            let answer = endpoint.send(&site, "application/json", body.to_string().as_bytes());
            let what = format!("{} without {field}", endpoint.name());
            refused(&answer, 422, "invalid_field", &what);
            assert_eq!(
                answer.json["errors"][0]["pointer"],
                format!("/{field}"),
                "{what}"
            );
        }
    }
}

#[test]
fn names_of_nothing() {
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
        refused(&answer, 409, "unknown_reference", pointer);
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
        ("GET", "/incidents/"),
        ("GET", "/../../v1/sites/acme/nothing"),
    ] {
        let path = site.path(path);
        let request = site.server.request(method, &path).token(&site.token);
        refused(&request.send().unwrap(), 404, "not_found", &path);
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
        refused(&answer, 422, "invalid_field", query);
    }
    for key in ["", &"k".repeat(256), "caf\u{e9}"] {
        let path = site.path("/incidents");
        let request = site.server.request("POST", &path).token(&site.token);
        let answer = request.key(key).json(&incident).send().unwrap();
        refused(&answer, 422, "invalid_header", key);
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
    refused(&mismatch, 422, "idempotency_mismatch", "another body");
}

#[test]
fn every_method_that_is_not_taken_is_answered_with_those_that_are() {
    let (site, endpoints) = endpoints();
    // Who may only look can break nothing here.
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
                200 | 401 | 403 | 404 | 415 | 422 | 400 => assert!(allowed.is_empty(), "{what}"),
                _ => panic!("{what}"),
            }
            assert!(answer.header("cache-control").is_some(), "{what}");
        }
    }
}
