//! Settings of webhooks: refused input and its errors, secrets, roles.

use e2e::{ServerOptions, Sink, Site, code};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::{SOON, incident};

#[test]
fn bad_input_is_refused_with_an_instruction() {
    let site = Site::empty();
    for (body, status, pointer, part) in [
        (json!({}), 422, "/url", "required"),
        (json!({ "url": "hooks" }), 422, "/url", "full URL"),
        (
            json!({ "url": "http://hooks.example.com" }),
            422,
            "/url",
            "https",
        ),
        (
            json!({ "url": "https://10.0.0.1/" }),
            422,
            "/url",
            "host name",
        ),
        (json!({ "url": "https://[::1]/" }), 422, "/url", "host name"),
        (
            json!({ "url": "https://localhost/" }),
            422,
            "/url",
            "public internet",
        ),
        (
            json!({ "url": "https://hooks.example.com", "events": ["incident.exploded"] }),
            422,
            "/events/0",
            "incident.published",
        ),
        (
            json!({ "url": "https://hooks.example.com", "format": "fax" }),
            422,
            "/format",
            "slack",
        ),
        (
            json!({ "url": "https://hooks.example.com", "components": ["sending"] }),
            409,
            "/components/0",
            "no such component",
        ),
    ] {
        let answer = site.post("/webhooks", &body);
        let error = &answer.json["errors"][0];
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert_eq!(error["pointer"], pointer, "{body}: {error}");
        assert!(
            error["detail"].as_str().unwrap().contains(part),
            "{body}: {error}"
        );
    }
    let unknown = site.post("/webhooks/whk_1/test", &json!({}));
    assert_eq!(code(&unknown), (404, "not_found"));
}

#[test]
fn a_101st_webhook_and_a_test_of_a_disabled_one_give_409() {
    let site = Site::empty();
    let mut last = Value::Null;
    for number in 0..100 {
        let body =
            json!({ "url": format!("https://hooks.example.com/{number}"), "enabled": false });
        last = site.create("/webhooks", &body);
    }
    let one_more = site.post("/webhooks", &json!({ "url": "https://hooks.example.com" }));
    assert_eq!(
        code(&one_more),
        (409, "limit_reached"),
        "{}",
        one_more.text()
    );
    let id = last["id"].as_str().unwrap();
    let disabled = site.post(&format!("/webhooks/{id}/test"), &json!({}));
    assert_eq!(
        code(&disabled),
        (409, "illegal_transition"),
        "{}",
        disabled.text()
    );
}

#[test]
fn a_delivery_of_a_deleted_webhook_no_longer_exists() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let first = site.create_webhook(&sink, "/a", &json!({}));
    let second = site.create_webhook(&sink, "/b", &json!({}));
    site.publish(&incident("Outage"));
    sink.wait_for_count("/a", 1, SOON);
    sink.wait_for_count("/b", 1, SOON);
    site.delete(&format!("/webhooks/{first}"));
    let again = site.post(
        &format!("/webhooks/{second}/deliveries/dlv_1/redeliver"),
        &json!({}),
    );
    assert_eq!(code(&again), (404, "not_found"));
    assert!(
        again.text().contains("no longer exists"),
        "{}",
        again.text()
    );
    let unknown = site.post(
        &format!("/webhooks/{second}/deliveries/dlv_99/redeliver"),
        &json!({}),
    );
    assert!(unknown.text().contains("Not found."), "{}", unknown.text());
}

#[test]
fn secrets_are_shown_once_and_both_sign_after_a_rotation() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let body = json!({ "url": sink.url("/a") });
    let path = site.path("/webhooks");
    let created = site.server.post_once(&path, &site.token, "k", &body);
    let replayed = site.server.post_once(&path, &site.token, "k", &body);
    assert_eq!((created.status, replayed.status), (201, 201));
    assert_eq!(replayed.json["secret"], Value::Null);
    let id = created.json["id"].as_str().unwrap();
    let first = created.json["secret"].as_str().unwrap();
    let read = site.get(&format!("/webhooks/{id}"));
    assert!(!read.text().contains("whsec_"), "{}", read.text());
    let rotated = site.post(&format!("/webhooks/{id}/rotate"), &json!({}));
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    let second = rotated.json["secret"].as_str().unwrap();
    assert_ne!(first, second);
    site.publish(&incident("Outage"));
    let received = sink.wait_for_count("/a", 1, SOON);
    for secret in [first, second] {
        let checked = Webhook::new(secret)
            .unwrap()
            .verify(received[0].body.as_bytes(), &received[0].headers);
        checked.unwrap_or_else(|error| panic!("{secret}: {error}"));
    }
}

#[test]
fn editors_see_hosts_but_no_urls() {
    let site = Site::with(&ServerOptions::default(), "acme", "Acme", &[]);
    let body = json!({ "url": "https://hooks.slack.com/services/secret", "format": "slack" });
    let id = site.create("/webhooks", &body)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let editor = site.create("/tokens", &json!({ "role": "editor" }));
    let editor = editor["token"].as_str().unwrap();
    for path in ["/webhooks".to_owned(), format!("/webhooks/{id}")] {
        let read = site.server.get_as(editor, &site.path(&path));
        assert_eq!(read.status, 200);
        assert!(read.text().contains("hooks.slack.com"), "{}", read.text());
        assert!(!read.text().contains("secret\""), "{}", read.text());
        assert!(!read.text().contains("/services"), "{}", read.text());
    }
}
