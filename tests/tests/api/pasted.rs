//! Texts without a visible character are refused, and pasted addresses are cleaned, over HTTP.

use e2e::{Site, outage};
use serde_json::json;

#[test]
fn texts_without_a_visible_character_are_refused() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    for invisible in [
        "\u{200b}",
        "\u{ad}\u{2060}",
        "\u{3164}",
        "\u{2800}",
        "\u{301}",
        " \u{feff} ",
    ] {
        for field in ["title", "body"] {
            let mut body = outage();
            body[field] = json!(invisible);
            let answer = site.post("/incidents", &body);
            assert_eq!(
                answer.status,
                422,
                "{field} {invisible:?}: {}",
                answer.text()
            );
            assert_eq!(answer.json["errors"][0]["pointer"], format!("/{field}"));
        }
        let component = site.post("/components", &json!({ "name": invisible }));
        assert_eq!(component.status, 422, "{invisible:?}");
    }
    assert_eq!(site.feed().json["notices"], json!([]));
}

#[test]
fn pasted_addresses_are_cleaned_or_refused_with_the_character() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.change_settings(&json!({ "contacts": [
        { "kind": "phone", "label": "Call", "value": "\u{202d}+61\u{a0}2\u{2011}5550\u{2013}0100\u{202c}" },
        { "kind": "email", "label": "Mail", "value": "help@acme.example\u{200b}" }
    ] }));
    let contacts = site.get("").json["contacts"].clone();
    assert_eq!(contacts[0]["value"], "+61 2-5550-0100");
    assert_eq!(contacts[1]["value"], "help@acme.example");
    for (value, named) in [
        ("a@b@c", "email address"),
        ("ada\u{2800}@acme.example", "U+2800"),
    ] {
        let current = site.get("");
        let body = json!({ "contacts": [{ "kind": "email", "label": "Mail", "value": value }] });
        let request = site.server.request("PATCH", &site.path(""));
        let answer = request
            .token(&site.token)
            .header("if-match", current.header("etag").unwrap())
            .json(&body)
            .send()
            .unwrap();
        assert_eq!(answer.status, 422, "{value}");
        let detail = answer.json["errors"][0]["detail"].to_string();
        assert!(detail.contains(named), "{value}: {detail}");
    }
}

#[test]
fn a_problem_cuts_a_long_field_name() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let mut body = outage();
    body["x".repeat(100_000)] = json!(1);
    let answer = site.post("/incidents", &body);
    assert_eq!(answer.status, 422);
    assert!(answer.body.len() < 2000, "{} bytes", answer.body.len());
}
