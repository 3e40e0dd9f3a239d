//! Every endpoint that takes a body, on a site that has a resource of each kind.

use e2e::{Answer, Site, in_minutes};
use serde_json::{Value, json};

/// An endpoint and a valid body.
pub struct Endpoint {
    pub method: &'static str,
    pub path: String,
    pub body: Value,
    pub if_match: Option<String>,
    /// The name of a field of the body, and a value of the wrong type for it.
    pub wrong: (&'static str, Value),
}

impl Endpoint {
    pub fn send(&self, site: &Site, content_type: &str, body: &[u8]) -> Answer {
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

    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A site that has a resource of each kind, and every endpoint that takes JSON.
pub fn endpoints() -> (Site, Vec<Endpoint>) {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id =
        site.publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }));
    let resolved = site.publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b", "status": "resolved" }));
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
    let postmortem_body = json!({ "root_cause": "r", "remedy": "r", "window": window });
    add(
        "PUT",
        &format!("/incidents/{resolved}/postmortem"),
        postmortem_body,
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

/// The number of journal rows, the tokens, and the hash of the last journal row.
pub fn stored_state(site: &Site) -> (Value, Value, Value) {
    let read = |path: &str| site.server.get_as(&site.token, &site.path(path)).json;
    let verified = read("/verify");
    (
        verified["rows"].clone(),
        read("/tokens")["items"].clone(),
        verified["head"].clone(),
    )
}

/// Asserts that an answer is a problem with this status and code, and that its texts are sentences.
/// `what` names the request in messages.
#[track_caller]
pub fn assert_refused(answer: &Answer, status: u16, code: &str, what: &str) {
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
    let errors = answer.json["errors"].as_array().into_iter().flatten();
    for problem in errors.chain([&answer.json]) {
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(char::is_uppercase) && detail.ends_with('.'),
            "{what}: not a sentence: {detail}"
        );
    }
}
