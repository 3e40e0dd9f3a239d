//! The alarm's reminders and the nightly verification.

use serde_json::json;

use super::*;
use crate::site::{
    alarm::{catch_up, next_due, verify_nightly},
    verify,
};

#[test]
fn due_reminders_are_put_in_the_outbox_once() {
    let database = acme();
    let etag = get("")
        .send(&database)
        .unwrap()
        .header("etag")
        .unwrap()
        .to_owned();
    let on_call = json!({ "on_call": [
        { "kind": "email", "value": "first@example.com" },
        { "kind": "webhook", "value": "https://example.com/second" }
    ] });
    let set = Request {
        method: "PATCH",
        if_match: Some(etag),
        ..post("", on_call)
    };
    assert_eq!(set.ok(&database).0, 200);
    let mut promised = outage();
    promised["next_update_at"] = json!("2026-11-21T08:30:00Z");
    post("/incidents", promised).ok(&database);
    for _ in 0..2 {
        feed(&database, NOW_MS + HOUR_MS);
    }
    let rows = database
        .run("SELECT document FROM delivery ORDER BY id", &[])
        .unwrap();
    let sent: Vec<String> = rows
        .into_iter()
        .map(|mut row| row.text("delivery").unwrap())
        .collect();
    let sent_kinds: Vec<(bool, &str)> = sent
        .iter()
        .map(|document| {
            let kind = ["promise.due", "promise.overdue", "promise.escalated"];
            let kind = kind
                .into_iter()
                .find(|kind| document.contains(kind))
                .unwrap();
            (document.contains("first@example.com"), kind)
        })
        .collect();
    assert_eq!(
        sent_kinds,
        [
            (true, "promise.due"),
            (true, "promise.overdue"),
            (false, "promise.escalated")
        ]
    );
}

#[test]
fn the_nightly_verification_runs_once_a_day() {
    let database = acme();
    let day = 24 * HOUR_MS;
    let stored = catch_up(&database, NOW_MS).unwrap();
    let verify = |now_ms: u64| {
        let mut verifier = verify_nightly(&database, Some(&stored), now_ms).unwrap()?;
        loop {
            if let Some(verification) = verifier.step(&database).unwrap() {
                verify::store(&database, &verification, verifier.site()).unwrap();
                return Some(verification.ok);
            }
        }
    };
    assert_eq!(verify(NOW_MS), None);
    let due = next_due(&database, &stored, NOW_MS + 20 * HOUR_MS).unwrap();
    assert_eq!(due.to_string(), "2026-11-22T08:00:00Z");
    assert_eq!(verify(NOW_MS + day), Some(true));
    assert_eq!(verify(NOW_MS + day), None);
    assert_eq!(
        next_due(&database, &stored, NOW_MS + day + 20 * HOUR_MS)
            .unwrap()
            .to_string(),
        "2026-11-23T08:00:00Z"
    );
}

#[test]
fn reading_the_journal_does_not_run_due_transitions() {
    let database = acme();
    let draft = json!({ "kind": "announcement", "title": "New terms", "body": "They change.", "publish_at": "2026-11-21T09:00:00Z" });
    post("/incidents", draft).ok(&database);
    let actor = || {
        let (_, journal) = get("/journal").at(NOW_MS + 2 * HOUR_MS).ok(&database);
        journal["items"][0]["row"]["actor"].clone()
    };
    assert_ne!(actor(), "alarm");
    catch_up(&database, NOW_MS + 2 * HOUR_MS).unwrap();
    assert_eq!(actor(), "alarm");
}
