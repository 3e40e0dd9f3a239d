//! The alarm's reminders and the nightly verification.

use serde_json::json;

use super::*;
use crate::site::{
    alarm::{catch_up, next_due, verify_nightly},
    verify,
};

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
