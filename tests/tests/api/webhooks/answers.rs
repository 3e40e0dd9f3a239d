//! Answers of endpoints: large, cut off and endless bodies, `Retry-After`, no connection.

use std::time::{Duration, SystemTime};

use e2e::{BEGINNING, Behaviour, Sink, Site};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

use super::{SOON, incident, wait_for_deliveries};

/// Bytes of bodies that are kept: 4 KB.
const KEPT: usize = 4096;

fn answer(status: u16, name: &'static str, value: &str) -> Behaviour {
    Behaviour::Answer(status, vec![(name, value.to_owned())], String::new())
}

fn only_published() -> Value {
    json!({ "events": ["incident.published"] })
}

#[test]
fn the_status_decides_whatever_becomes_of_the_body() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let large = "é".repeat(500_000);
    let cases = [
        ("/cut-off", Behaviour::CutOff(200), "delivered", 200),
        ("/endless", Behaviour::Endless(202), "delivered", 202),
        (
            "/large",
            Behaviour::Answer(200, Vec::new(), large),
            "delivered",
            200,
        ),
        ("/cut-off-failure", Behaviour::CutOff(500), "pending", 500),
        ("/endless-failure", Behaviour::Endless(503), "pending", 503),
    ];
    let hooks = cases.map(|(path, behaviour, state, status)| {
        sink.set(path, behaviour);
        let id = site.create_webhook(&sink, path, &only_published());
        (path, id, state, status)
    });
    // Longer in bytes than what is kept.
    let long = e2e::with(
        incident("Outage"),
        &json!({ "body": "ü".repeat(1_900), "advice": "ö".repeat(1_900) }),
    );
    site.publish(&long);
    for (path, id, state, status) in hooks {
        let found = wait_for_deliveries(&site, &id, path, |found| {
            found[0]["last_attempt"].is_object()
        });
        let attempt = &found[0]["last_attempt"];
        assert_eq!(found[0]["state"], state, "{path}: {found:#?}");
        assert_eq!(attempt["status"], status, "{path}");
        let body = attempt["answer"].as_str().unwrap();
        let expected = match path {
            "/large" => "é".repeat(KEPT / 2),
            _ => BEGINNING.to_owned(),
        };
        assert_eq!(body, expected, "{path}");
        let request = attempt["request"].as_str().unwrap();
        assert!((KEPT - 1..=KEPT).contains(&request.len()), "{path}");
        assert!(sink.received(path)[0].body.starts_with(request), "{path}");
        // Not the 15 s that an endpoint without an answer gets.
        let duration_ms = attempt["duration_ms"].as_u64().unwrap();
        assert!(duration_ms < 12_000, "{path}: {duration_ms} ms");
    }
}

#[test]
fn retry_after_delays_a_retry_by_at_most_a_day() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let in_an_hour = SystemTime::now() + Duration::from_secs(3600);
    let day_s = 86_400;
    // Dates are whole seconds, and the answer comes a moment after the test began.
    let cases = [
        ("/seconds", "600".to_owned(), 600..=600),
        ("/date", httpdate::fmt_http_date(in_an_hour), 3_500..=3_600),
        ("/huge", "9".repeat(30), day_s..=day_s),
        (
            "/far",
            "Thu, 21 Nov 2097 08:00:00 GMT".to_owned(),
            day_s..=day_s,
        ),
        // Malformed or past: the first retry of the schedule, after 5 s.
        ("/negative", "-600".to_owned(), 5..=5),
        ("/word", "soon".to_owned(), 5..=5),
        ("/past", "Sat, 21 Nov 2020 08:00:00 GMT".to_owned(), 5..=5),
    ];
    let hooks = cases.map(|(path, value, expected)| {
        sink.set(path, answer(503, "retry-after", &value));
        let id = site.create_webhook(&sink, path, &only_published());
        (path, id, expected)
    });
    site.publish(&incident("Outage"));
    for (path, id, expected) in hooks {
        let found = wait_for_deliveries(&site, &id, path, |found| {
            found[0]["last_attempt"].is_object()
        });
        // A later attempt waits for the second retry, 5 min after it.
        if found[0]["attempts"] != 1 {
            assert_eq!(expected, 5..=5, "{path}: {found:#?}");
            continue;
        }
        let seconds = |value: &Value| Timestamp::parse(value.as_str().unwrap()).unwrap().seconds();
        let delay =
            seconds(&found[0]["next_attempt_at"]) - seconds(&found[0]["last_attempt"]["at"]);
        assert!(expected.contains(&delay), "{path}: {delay} s");
    }
}

#[test]
fn a_refused_connection_is_a_failure_with_a_reason() {
    let site = Site::with_private_network();
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    drop(listener);
    let hook = site.create(
        "/webhooks",
        &e2e::with(only_published(), &json!({ "url": url })),
    );
    let id = hook["id"].as_str().unwrap();
    site.publish(&incident("Outage"));
    let found = wait_for_deliveries(&site, id, "a failure", |found| {
        found[0]["last_attempt"].is_object()
    });
    let attempt = &found[0]["last_attempt"];
    assert_eq!(attempt["status"], Value::Null, "{attempt:#}");
    let error = attempt["error"].as_str().unwrap();
    assert!(error.starts_with("The connection failed: "), "{error}");
}

#[test]
fn a_webhook_deleted_during_an_attempt_delays_nobody() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let hanging: Vec<String> = (0..3)
        .map(|number| {
            let path = format!("/hanging/{number}");
            sink.set(&path, Behaviour::Hang);
            site.create_webhook(&sink, &path, &only_published())
        })
        .collect();
    let other = site.create_webhook(&sink, "/other", &only_published());
    site.publish(&incident("Outage"));
    sink.wait_for_count("/hanging/0", 1, SOON);
    for id in &hanging {
        site.delete(&format!("/webhooks/{id}"));
    }
    sink.wait_for_count("/other", 1, SOON);
    site.publish(&incident("Another"));
    sink.wait_for_count("/other", 2, SOON);
    wait_for_deliveries(&site, &other, "both results", |found| {
        found.len() == 2 && found.iter().all(|one| one["state"] == "delivered")
    });
    assert_eq!(site.verify()["ok"], true);
}
