//! Signatures of webhooks, verified by the official library. `tests/webhooks` verifies the same bytes with those of npm and PyPI.

use notice::{notify::event_name::EventName, wire::time::Timestamp};
use serde_json::json;
use standardwebhooks::Webhook;

use super::{NOW, check_golden, secret, story};
use crate::messages::{
    format::Format,
    outgoing_request::OutgoingRequest,
    signature::Secret,
    webhook::{self, Endpoint},
};

fn request(secrets: &[Secret], at: Timestamp) -> OutgoingRequest {
    let site = story();
    let endpoint = Endpoint {
        url: "https://hooks.example.com/x",
        format: Format::Standard,
        secrets,
    };
    let message = site.message(EventName::IncidentPublished);
    webhook::request(&endpoint, &[message], at)
        .unwrap()
        .unwrap()
}

fn verifies(request: &OutgoingRequest, secret: &Secret) -> bool {
    let mut headers = http::HeaderMap::new();
    for (name, value) in &request.headers {
        let name = http::HeaderName::try_from(name.as_str()).unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    let library = Webhook::new(secret.as_str()).unwrap();
    library.verify(request.body.as_bytes(), &headers).is_ok()
}

fn now() -> Timestamp {
    Timestamp::from_seconds(time::OffsetDateTime::now_utc().unix_timestamp())
}

#[test]
fn the_official_library_accepts_a_signed_message() {
    let signed = request(&[secret()], now());
    assert!(verifies(&signed, &secret()));
    assert!(!verifies(&signed, &Secret::new([8; 32])));
    let changed = OutgoingRequest {
        body: signed.body.replace("delayed", "lost"),
        ..signed.clone()
    };
    assert!(!verifies(&changed, &secret()));
    let late = request(&[secret()], now().plus_seconds(-600));
    assert!(!verifies(&late, &secret()));
}

#[test]
fn the_old_and_the_new_secret_verify_during_a_rotation() {
    let (new, old) = (Secret::new([1; 32]), Secret::new([2; 32]));
    let signed = request(&[new.clone(), old.clone()], now());
    assert!(verifies(&signed, &new) && verifies(&signed, &old));
    let signatures = signed.header("webhook-signature").unwrap();
    assert_eq!(signatures.split(' ').count(), 2);
    assert!(signatures.split(' ').all(|one| one.starts_with("v1,")));
}

#[test]
fn each_attempt_has_the_same_id_and_its_own_time() {
    let first = request(&[secret()], Timestamp::from_seconds(NOW));
    let second = request(&[secret()], Timestamp::from_seconds(NOW + 5));
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("webhook-timestamp"), Some("1795248000"));
    assert_eq!(second.header("webhook-timestamp"), Some("1795248005"));
    assert_ne!(
        first.header("webhook-signature"),
        second.header("webhook-signature")
    );
}

#[test]
fn a_secret_is_never_printed_and_a_malformed_one_is_a_fault() {
    assert!(secret().as_str().starts_with("whsec_"));
    assert_eq!(secret().as_str().len(), "whsec_".len() + 44);
    assert_eq!(format!("{:?}", secret()), "Secret(…)");
    assert!(Secret::stored(secret().as_str().to_owned()).is_ok());
    for malformed in ["whsec_%", "whsec_a"] {
        let fault = Secret::stored(malformed.to_owned())
            .unwrap_err()
            .to_string();
        assert!(!fault.contains(malformed), "{fault}");
    }
}

#[test]
fn chats_get_no_signature() {
    let site = story();
    for format in [Format::Slack, Format::Teams, Format::Discord] {
        let endpoint = Endpoint {
            url: "https://hooks.example.com/x",
            format,
            secrets: &[secret()],
        };
        let message = site.message(EventName::IncidentPublished);
        let at = Timestamp::from_seconds(NOW);
        let request = webhook::request(&endpoint, &[message], at)
            .unwrap()
            .unwrap();
        assert_eq!(request.header("webhook-signature"), None);
    }
}

/// The file that the libraries of npm and PyPI verify.
#[test]
fn the_signed_example_equals_the_golden_file() {
    let (new, old) = (Secret::new([1; 32]), Secret::new([2; 32]));
    let signed = request(&[new.clone(), old.clone()], Timestamp::from_seconds(NOW));
    let headers: serde_json::Map<String, serde_json::Value> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    check_golden(
        "webhooks/signed.json",
        &json!({
            "secrets": [new.as_str(), old.as_str()],
            "other_secret": Secret::new([3; 32]).as_str(),
            "headers": headers,
            "body": signed.body,
        }),
    );
}
