//! What the alarm does that no reader sees: reminders, and the nightly verification.

use serde_json::json;

use super::*;
use crate::object::passing_time::{catch_up, next_due, verify_nightly};

#[test]
fn reminders_are_put_in_the_outbox_with_what_they_tell_of() {
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
    let told: Vec<(bool, &str)> = sent
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
        told,
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
    assert!(
        verify_nightly(&database, &stored, NOW_MS)
            .unwrap()
            .is_none()
    );
    let due = next_due(&database, &stored).unwrap().unwrap();
    assert_eq!(due.to_string(), "2026-11-22T08:00:00Z");
    assert!(
        verify_nightly(&database, &stored, NOW_MS + day)
            .unwrap()
            .unwrap()
            .ok
    );
    assert!(
        verify_nightly(&database, &stored, NOW_MS + day)
            .unwrap()
            .is_none()
    );
    assert_eq!(
        next_due(&database, &stored).unwrap().unwrap().to_string(),
        "2026-11-23T08:00:00Z"
    );
}
