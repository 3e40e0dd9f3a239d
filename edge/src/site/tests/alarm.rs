//! The alarm's tasks: due times, their delay, and the nightly verification.

use notice::wire::time::Timestamp;
use serde_json::json;

use super::*;
use crate::{
    site::{
        alarm::{AlarmState, catch_up, delay_s, next_due, verify_nightly},
        change::timestamp,
        mend,
        on_call::escalate,
        verify,
    },
    storage::projections::ExtraIncidents,
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

#[test]
fn the_delay_is_that_of_the_oldest_undone_work() {
    const SECOND_MS: u64 = 1000;
    let database = acme();
    let mut incident = outage();
    // The reminder `promise.due` is due 10 min before, at 08:20.
    incident["next_update_at"] = json!("2026-11-21T08:30:00Z");
    post("/incidents", incident).ok(&database);
    let due_ms = NOW_MS + 20 * 60 * SECOND_MS;
    let delay = |set_for: Option<Timestamp>, now_ms: u64| {
        let stored = mend::load(&database, ExtraIncidents::None, now_ms).unwrap();
        delay_s(&database, &stored, AlarmState::SetFor(set_for), now_ms).unwrap()
    };
    // After a failure, the alarm is set for its retry, 30 s later.
    let retry = |now_ms: u64| Some(timestamp(now_ms + 30 * SECOND_MS));
    for (late_s, expected) in [(0, 0), (1, 1), (300, 300), (301, 301)] {
        let now_ms = due_ms + late_s * SECOND_MS;
        assert_eq!(delay(None, now_ms), expected);
        assert_eq!(delay(retry(now_ms), now_ms), expected);
    }
    let before_ms = due_ms - 60 * SECOND_MS;
    assert_eq!(delay(Some(timestamp(due_ms)), before_ms), 0);
    // An alarm that was set for now and did not go off is late, although nothing is due.
    let lost = Some(timestamp(NOW_MS));
    assert_eq!(delay(lost, NOW_MS + 301 * SECOND_MS), 301);
    let now_ms = due_ms + 301 * SECOND_MS;
    catch_up(&database, now_ms).unwrap();
    assert_eq!(delay(retry(now_ms), now_ms), 0, "done");
}

#[test]
fn a_page_that_was_not_queued_is_late_work() {
    let target = json!({ "kind": "webhook", "value": "https://hooks.example.com/first" });
    let database = on_call::site_with(json!({ "on_call": [target] }));
    on_call::publish_promise(&database);
    // At 35 min the update is overdue and the escalation begins.
    let overdue_ms = NOW_MS + 35 * on_call::MINUTE_MS;
    catch_up(&database, NOW_MS + 20 * on_call::MINUTE_MS).unwrap();
    catch_up(&database, overdue_ms).unwrap();
    let delay = |now_ms: u64| {
        let stored = mend::load(&database, ExtraIncidents::None, now_ms).unwrap();
        delay_s(&database, &stored, AlarmState::SetFor(None), now_ms).unwrap()
    };
    for late_s in [0, 300, 301] {
        assert_eq!(delay(overdue_ms + late_s * 1000), late_s);
    }
    escalate::advance(&database, overdue_ms + 301_000).unwrap();
    assert_eq!(delay(overdue_ms + 301_000), 0);
}

#[test]
fn during_a_job_only_transitions_and_pages_are_late() {
    let database = acme();
    let delay = |now_ms: u64| {
        let stored = mend::load(&database, ExtraIncidents::None, now_ms).unwrap();
        delay_s(&database, &stored, AlarmState::Working, now_ms).unwrap()
    };
    // The nightly verification is due, which waits for the job or is the job. An import is of a site without incidents.
    assert_eq!(delay(NOW_MS + 30 * HOUR_MS), 0);
    on_call::publish_promise(&database);
    // Reminded of from 08:20 on.
    let due_ms = NOW_MS + 20 * on_call::MINUTE_MS;
    for late_s in [0, 300, 301] {
        assert_eq!(delay(due_ms + late_s * 1000), late_s);
    }
    catch_up(&database, due_ms + 301_000).unwrap();
    assert_eq!(delay(due_ms + 301_000), 0, "done");
}
