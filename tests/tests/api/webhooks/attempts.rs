//! Order, retries, redeliveries and disabling.

use std::time::Duration;

use e2e::{Behaviour, Sink, Site};
use serde_json::{Value, json};

use super::{SOON, deliveries, incident, wait_for_deliveries};

const HOUR_S: i64 = 3600;

#[test]
fn a_publication_and_its_changes_arrive_in_order() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({}));
    let only = json!({ "components": ["reports"] });
    site.create_webhook(&sink, "/reports", &only);
    let outage = e2e::with(
        incident("Messages are delayed"),
        &json!({ "components": [{ "id": "sending", "status": "partial_outage" }] }),
    );
    let incident = site.publish(&outage);
    site.update(
        &incident,
        &json!({ "body": "Found.", "status": "identified" }),
    );
    site.update(
        &incident,
        &json!({ "body": "Fixed.", "status": "resolved" }),
    );
    let received = sink.wait_for_count("/a", 5, SOON);
    let names: Vec<Value> = received
        .iter()
        .map(|one| one.json()["type"].clone())
        .collect();
    assert_eq!(
        names,
        [
            "incident.published",
            "component.status_changed",
            "incident.updated",
            "incident.resolved",
            "component.status_changed"
        ]
    );
    let first = received[0].json();
    let page_url = format!("{}/s/acme/incidents/{incident}", site.server.url());
    assert_eq!(first["data"]["incident"]["url"], page_url, "{first:#}");
    assert!(first["data"]["rev"].is_u64() && first["data"]["sequence"].is_u64());
    let sequences: Vec<u64> = received
        .iter()
        .map(|one| one.json()["data"]["sequence"].as_u64().unwrap())
        .collect();
    assert!(sequences.is_sorted(), "{sequences:?}");
    let found = wait_for_deliveries(&site, &id, "all results", |found| {
        found.iter().all(|one| one["state"] == "delivered")
    });
    let last = &found[0]["last_attempt"];
    assert_eq!(
        (&last["status"], &last["answer"]),
        (&json!(204), &json!(""))
    );
    assert_eq!(last["request"], received[4].body);
    let in_feed = &site.feed().json["notices"][0];
    let sent = &received[4].json()["data"]["incident"];
    assert_eq!(sent, in_feed, "the public form");
    assert_eq!(sink.received("/reports").len(), 0, "another component");
}

#[test]
fn a_waiting_retry_does_not_hold_later_events_back() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({}));
    sink.set(
        "/a",
        Behaviour::Answer(
            503,
            vec![("retry-after", "3600".to_owned())],
            "Busy".to_owned(),
        ),
    );
    site.publish(&incident("First"));
    let found = wait_for_deliveries(&site, &id, "a failure", |found| found[0]["attempts"] == 1);
    assert_eq!(found[0]["last_attempt"]["answer"], "Busy");
    assert!(found[0]["next_attempt_at"].is_string(), "{found:#?}");
    sink.set("/a", Behaviour::Status(200));
    site.publish(&incident("Second"));
    let found = wait_for_deliveries(&site, &id, "the second", |found| {
        found[0]["state"] == "delivered"
    });
    assert_eq!((found.len(), &found[1]["state"]), (2, &json!("pending")));

    // An operator redelivers the first message, with the same id.
    let delivery = found[1]["id"].as_str().unwrap();
    let again = site.post(
        &format!("/webhooks/{id}/deliveries/{delivery}/redeliver"),
        &json!({}),
    );
    assert_eq!(again.status, 202, "{}", again.text());
    let received = sink.wait_for_count("/a", 3, SOON);
    assert_eq!(
        received[0].header("webhook-id"),
        received[2].header("webhook-id")
    );
    wait_for_deliveries(&site, &id, "the first", |found| {
        found[1]["state"] == "delivered"
    });

    // An operator redelivers all messages since a time.
    let since = json!({ "since": "2026-01-01T00:00:00Z" });
    let again = site.post(&format!("/webhooks/{id}/redeliver"), &since);
    assert_eq!((again.status, &again.json["deliveries"]), (202, &json!(2)));
    let received = sink.wait_for_count("/a", 5, SOON);
    assert_eq!(
        received[3].header("webhook-id"),
        received[0].header("webhook-id")
    );
    assert_eq!(
        received[4].header("webhook-id"),
        received[1].header("webhook-id")
    );
}

#[test]
fn an_example_is_sent_on_request() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({ "events": ["promise.due"] }));
    let sent = site.post(&format!("/webhooks/{id}/test"), &json!({}));
    assert_eq!(sent.status, 202, "{}", sent.text());
    let received = sink.wait_for_count("/a", 1, SOON);
    assert_eq!(received[0].header("webhook-id"), sent.json["message"]);
    assert_eq!(
        received[0].json()["data"]["test"],
        true,
        "{}",
        received[0].body
    );
}

#[test]
fn an_attempt_without_an_answer_ends_after_15_s() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({}));
    sink.set("/a", Behaviour::Hang);
    site.publish(&incident("Outage"));
    let found = wait_for_deliveries(&site, &id, "the result", |found| {
        found[0]["last_attempt"].is_object()
    });
    let attempt = &found[0]["last_attempt"];
    assert_eq!(attempt["error"], "No answer within 15 s.", "{attempt:#}");
    let duration_ms = attempt["duration_ms"].as_u64().unwrap();
    assert!((14_500..25_000).contains(&duration_ms), "{duration_ms} ms");
}

#[test]
fn redirects_are_not_followed() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({}));
    let to = vec![("location", sink.url("/b"))];
    sink.set("/a", Behaviour::Answer(307, to, String::new()));
    site.publish(&incident("Outage"));
    let found = wait_for_deliveries(&site, &id, "a result", |found| found[0]["attempts"] == 1);
    assert_eq!(found[0]["last_attempt"]["status"], 307, "{found:#?}");
    assert_eq!(sink.received("/b").len(), 0);
}

/// The events of the journal with this type, newest first.
fn events(site: &Site, kind: &str) -> Vec<Value> {
    let journal = site.get("/journal?limit=100").json;
    let items = journal["items"].as_array().unwrap().iter();
    let of_kind = items.filter(|item| item["row"]["type"] == kind);
    of_kind.cloned().collect()
}

#[test]
fn a_410_disables_the_webhook_and_notifies_the_others() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let disabled = site.create_webhook(&sink, "/gone", &json!({}));
    site.create_webhook(&sink, "/other", &json!({ "events": ["webhook.disabled"] }));
    sink.set("/gone", Behaviour::Status(410));
    site.publish(&incident("Outage"));
    let received = sink.wait_for_count("/other", 1, SOON);
    assert_eq!(received[0].json()["type"], "webhook.disabled");
    let read = site.get(&format!("/webhooks/{disabled}")).json;
    assert_eq!(
        (&read["enabled"], &read["disabled_because"]),
        (&json!(false), &json!("gone"))
    );
    let rows = events(&site, "webhook.disabled");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["row"]["actor"], "courier");
    assert_eq!(rows[0]["event"]["webhook"], json!(disabled));
    assert_eq!(site.verify()["ok"], true);
    site.publish(&incident("Another"));
    assert_eq!(
        deliveries(&site, &disabled).len(),
        1,
        "no delivery is queued for a disabled webhook"
    );

    // An operator enables it again.
    sink.set("/gone", Behaviour::Status(200));
    site.patch(
        &format!("/webhooks/{disabled}"),
        &json!({ "enabled": true }),
    );
    site.publish(&incident("Third"));
    sink.wait_for_count("/gone", 2, SOON);
}

#[test]
fn ten_attempts_over_three_days_end_in_a_dead_delivery() {
    let mut site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({ "events": ["incident.published"] }));
    sink.set("/a", Behaviour::Status(500));
    site.publish(&incident("Outage"));
    // The first retry is due within seconds; for the others the test sets the server's clock
    // forward.
    sink.wait_for_count("/a", 2, SOON);
    let mut offset_s = 0;
    for (attempts, hours) in [
        (3, 1),
        (4, 1),
        (5, 3),
        (6, 6),
        (7, 12),
        (8, 16),
        (9, 23),
        (10, 27),
    ] {
        let found = wait_for_deliveries(&site, &id, "the result", |found| {
            found[0]["attempts"] == attempts - 1
        });
        assert_eq!(found[0]["state"], "pending", "{found:#?}");
        offset_s += hours * HOUR_S;
        site.server.restart_with_clock_offset(offset_s);
        // Only this request wakes the courier: its stored alarm follows the machine's clock, which
        // the test cannot set.
        wait_for_deliveries(&site, &id, "an attempt", |found| {
            found[0]["attempts"] == attempts
        });
    }
    let found = deliveries(&site, &id);
    assert_eq!(found[0]["state"], "dead", "{found:#?}");
    assert_eq!(sink.received("/a").len(), 10);
    let ids: Vec<String> = sink
        .received("/a")
        .iter()
        .map(|one| one.header("webhook-id").to_owned())
        .collect();
    assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");

    // A dead delivery can be redelivered.
    sink.set("/a", Behaviour::Status(200));
    let delivery = found[0]["id"].as_str().unwrap();
    let again = site.post(
        &format!("/webhooks/{id}/deliveries/{delivery}/redeliver"),
        &json!({}),
    );
    assert_eq!(again.status, 202, "{}", again.text());
    wait_for_deliveries(&site, &id, "the success", |found| {
        found[0]["state"] == "delivered"
    });

    // An endpoint that has failed for five days is disabled at the next failure.
    sink.set("/a", Behaviour::Status(500));
    site.publish(&incident("Second"));
    wait_for_deliveries(&site, &id, "a failure", |found| {
        found[0]["attempts"].as_u64() >= Some(1)
    });
    site.server
        .restart_with_clock_offset(offset_s + 6 * 24 * HOUR_S);
    wait_for_deliveries(&site, &id, "the dead delivery", |found| {
        found[0]["state"] == "dead"
    });
    let read = site.get(&format!("/webhooks/{id}")).json;
    assert_eq!(read["disabled_because"], "failing", "{read:#}");
    assert_eq!(events(&site, "webhook.disabled").len(), 1);
}

#[test]
fn a_chat_gets_posts_with_notify_and_later_ones_merged() {
    let mut site = Site::with_private_network();
    let sink = Sink::start();
    let chat = site.create_webhook(&sink, "/chat", &json!({ "format": "slack" }));
    // Notify is off by default for minor incidents; a post can switch it on.
    let quiet = e2e::with(incident("Quiet"), &json!({ "impact": "minor" }));
    site.publish(&quiet);
    let loud = e2e::with(quiet, &json!({ "title": "Loud", "notify": true }));
    let loud = site.publish(&loud);
    let received = sink.wait_for_count("/chat", 1, SOON);
    assert!(received[0].body.contains("Loud"), "{}", received[0].body);
    for body in ["First word", "Second word"] {
        site.update(&loud, &json!({ "body": body, "notify": true }));
    }
    site.update(&loud, &json!({ "body": "Not for chats" }));
    wait_for_deliveries(&site, &chat, "both to wait", |found| {
        found.len() == 3 && found[..2].iter().all(|one| one["state"] == "pending")
    });
    site.server.restart_with_clock_offset(200);
    wait_for_deliveries(&site, &chat, "both to be sent", |found| {
        found.iter().all(|one| one["state"] == "delivered")
    });
    let received = sink.wait_for_count("/chat", 2, Duration::from_secs(1));
    assert_eq!(received.len(), 2, "one message for two posts");
    let merged = &received[1].body;
    assert!(
        merged.contains("First word") && merged.contains("Second word"),
        "{merged}"
    );
    assert!(!merged.contains("Not for chats"), "{merged}");
}
