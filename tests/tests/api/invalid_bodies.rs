//! Invalid bodies at every endpoint that takes one: each gets a problem with a stable code, and
//! nothing is written.

use crate::endpoints::{assert_refused, endpoints, stored_state};
use serde_json::{Value, json};

#[test]
fn every_endpoint_refuses_unusable_bodies() {
    let (site, endpoints) = endpoints();
    let before = stored_state(&site);
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
            assert_refused(
                &answer,
                400,
                "malformed_json",
                &format!("{name} {malformed:.20}"),
            );
        }
        let answer = endpoint.send(&site, json_type, b"{\"a\":\"\xff\xfe\"}");
        assert_refused(
            &answer,
            400,
            "malformed_json",
            &format!("{name}: not UTF-8"),
        );
        for not_an_object in ["[]", "7", "null", "\"x\""] {
            let answer = endpoint.send(&site, json_type, not_an_object.as_bytes());
            assert_refused(
                &answer,
                422,
                "invalid_field",
                &format!("{name} {not_an_object}"),
            );
        }
        let with = |field: &str, value: &Value| {
            let mut body = endpoint.body.clone();
            body[field] = value.clone();
            endpoint.send(&site, json_type, body.to_string().as_bytes())
        };
        let answer = with(endpoint.wrong.0, &endpoint.wrong.1);
        assert_refused(
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
        assert_refused(
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
            assert_refused(
                &answer,
                415,
                "unsupported_media_type",
                &format!("{name} {content_type}"),
            );
        }
        let answer = endpoint.send(&site, json_type, large.as_bytes());
        assert_refused(&answer, 413, "content_too_large", &name);
    }
    assert_eq!(stored_state(&site), before, "nothing is written");
    // Each endpoint accepts its valid body: the refusals above had the stated reason.
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
            Some("redeem") => assert_refused(&answer, 401, "unauthorized", &name),
            // An earlier endpoint may have changed the version that this one has read.
            _ => assert!(
                answer.status < 300 || answer.status == 412 || answer.status == 409,
                "{name}: {}",
                answer.text()
            ),
        }
    }
}

#[test]
fn missing_fields_are_named_by_pointer() {
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
            assert_refused(&answer, 422, "invalid_field", &what);
            assert_eq!(
                answer.json["errors"][0]["pointer"],
                format!("/{field}"),
                "{what}"
            );
        }
    }
}

#[test]
fn null_for_an_unknown_field_is_refused() {
    let (site, endpoints) = endpoints();
    let endpoint = |start: &str| {
        let patched = endpoints.iter().filter(|known| known.method == "PATCH");
        let mut found = patched.filter(|known| known.path.starts_with(&site.path(start)));
        found.next().unwrap()
    };
    for (at, patch, pointers) in [
        ("", json!({ "nmae": null }), vec!["/nmae"]),
        (
            "",
            json!({ "cadence": { "tier_4_s": null } }),
            vec!["/cadence/tier_4_s"],
        ),
        (
            "/incidents",
            json!({ "audience": { "segmnts": null }, "text": { "de": { "titel": null } } }),
            vec!["/audience/segmnts", "/text/de/titel"],
        ),
    ] {
        let before = stored_state(&site);
        let answer = endpoint(at).send(&site, "application/json", patch.to_string().as_bytes());
        assert_refused(&answer, 422, "unknown_field", &patch.to_string());
        let errors = answer.json["errors"].as_array().unwrap();
        let found: Vec<_> = errors.iter().map(|error| &error["pointer"]).collect();
        assert_eq!(found, pointers);
        assert_eq!(stored_state(&site), before);
    }
}
