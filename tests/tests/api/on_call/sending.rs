//! Sending on-call messages: pages, escalation, failures and crashes.

use std::time::{Duration, Instant};

use e2e::{Behaviour, Sink};
use serde_json::{Value, json};

use super::{
    MINUTE_S, SOON, publish_promise, rows, set_targets, site, wait_for_event, wait_for_view,
};

#[test]
fn an_overdue_update_pages_the_targets_one_after_the_other() {
    let mut site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first", "/second"], &json!({}));
    let incident = publish_promise(&site, 4);
    wait_for_event(&sink, "/first", "promise.due");
    let page = wait_for_event(&sink, "/first", "promise.overdue").remove(0);
    let on_call = &page.json()["data"]["on_call"];
    assert_eq!(on_call["urgency"], "page");
    assert!(
        on_call["text"]
            .as_str()
            .unwrap()
            .contains("Messages are delayed"),
        "{on_call}"
    );
    let form = format!(
        "{}/console#/acme/incidents/{incident}/update",
        site.server.url()
    );
    assert_eq!(page.json()["data"]["console"]["post_update"], form);
    assert_eq!(sink.received("/second").len(), 0);

    site.server.restart_with_clock_offset(14 * MINUTE_S);
    assert_eq!(sink.received("/second").len(), 0, "one minute early");
    site.server.restart_with_clock_offset(16 * MINUTE_S);
    wait_for_event(&sink, "/second", "promise.escalated");
    let view = wait_for_view(&site, "the end of the escalation", |view| {
        view["escalations"][0]["state"] == "exhausted"
    });
    assert_eq!(view["escalations"][0]["incident"], json!(incident));
    wait_for_view(&site, "three rows", |_| rows(&site, "on_call.").len() == 3);
    let notified: Vec<Value> = rows(&site, "on_call.")
        .iter()
        .map(|row| row["event"]["message"]["name"].clone())
        .collect();
    assert_eq!(notified, ["/first", "/first", "/second"]);
    assert_eq!(site.verify()["ok"], true);
}

#[test]
fn a_page_is_not_delayed_by_webhooks_that_hang() {
    let site = site();
    let sink = Sink::start();
    for number in 0..6 {
        let path = format!("/hanging/{number}");
        sink.set(&path, Behaviour::Hang);
        site.create("/webhooks", &json!({ "url": sink.url(&path) }));
    }
    set_targets(&site, &sink, &["/first"], &json!({}));
    site.publish_outage();
    sink.wait_for_count("/hanging/0", 1, SOON);
    let begun = Instant::now();
    assert_eq!(site.post("/on-call/test", &json!({})).status, 202);
    let received = sink.wait_for_count("/first", 1, SOON);
    let taken = received[0].at - begun;
    assert!(taken < Duration::from_secs(5), "{taken:?}");
}

#[test]
fn a_crash_before_the_targets_answer_loses_no_page() {
    let mut site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first"], &json!({}));
    sink.set("/first", Behaviour::Hang);
    publish_promise(&site, 3);
    wait_for_event(&sink, "/first", "promise.due");
    site.server.kill();
    sink.set("/first", Behaviour::Status(204));
    site.server.start_again();
    wait_for_event(&sink, "/first", "promise.overdue");
    wait_for_view(&site, "the page in the journal", |_| {
        let notified = rows(&site, "on_call.notified");
        notified
            .iter()
            .any(|row| row["event"]["message"]["urgency"] == "page")
    });
    let pages = rows(&site, "on_call.notified");
    let pages = pages
        .iter()
        .filter(|row| row["event"]["message"]["urgency"] == "page");
    assert_eq!(pages.count(), 1);
}

#[test]
fn after_a_failed_target_the_next_is_paged_at_once() {
    let mut site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first", "/second"], &json!({}));
    sink.set("/first", Behaviour::Status(500));
    publish_promise(&site, 3);
    sink.wait_for_count("/first", 2, SOON);
    // The third attempt comes after half a minute.
    site.server.restart_with_clock_offset(MINUTE_S);
    wait_for_event(&sink, "/second", "promise.escalated");
    let failed = rows(&site, "on_call.failed");
    assert_eq!(failed[0]["event"]["message"]["name"], "/first");
    assert_eq!(failed[0]["event"]["reason"], "The target answered 500.");
}

#[test]
fn a_test_reports_who_was_reached_in_each_format() {
    let site = site();
    let sink = Sink::start();
    site.change_settings(&json!({ "on_call": [
        { "kind": "slack", "value": sink.url("/slack") },
        { "kind": "teams", "value": sink.url("/teams") },
        { "kind": "ntfy", "value": sink.url("/topic") },
        { "kind": "email", "value": "ada@example.com" },
        { "kind": "webhook", "value": sink.url("/gone"), "name": "Duty phone" },
    ] }));
    sink.set("/gone", Behaviour::Status(410));
    let sent = site.post("/on-call/test", &json!({}));
    assert_eq!(sent.status, 202, "{}", sent.text());
    let slack = sink.wait_for_count("/slack", 1, SOON).remove(0).json();
    assert!(slack["blocks"].is_array(), "{slack}");
    let teams = sink.wait_for_count("/teams", 1, SOON).remove(0).json();
    assert_eq!(teams["type"], "message", "{teams}");
    // ntfy's topic is in the body, so the path is `/`.
    let ntfy = sink.wait_for_count("/", 1, SOON).remove(0).json();
    assert_eq!(
        (&ntfy["topic"], &ntfy["priority"]),
        (&json!("topic"), &json!(5))
    );
    let view = wait_for_view(&site, "all results", |view| {
        let deliveries = view["last_test"]["deliveries"].as_array();
        deliveries.is_some_and(|all| all.iter().all(|one| one["state"] != "pending"))
    });
    let states: Vec<&Value> = view["last_test"]["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(
        states,
        ["delivered", "delivered", "delivered", "dead", "dead"],
        "{view:#}"
    );
    let failed = rows(&site, "on_call.failed");
    assert_eq!(failed.len(), 2);
    assert!(
        failed
            .iter()
            .all(|row| row["event"]["message"]["test"] == true)
    );
}
