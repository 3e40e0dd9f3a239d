//! Journals stay ordered when the server's clock jumps.

use notice::{journal::Row as JournalRow, wire::time::Timestamp};
use serde_json::json;

use super::{
    Database, HOUR_MS, Json, NOW_MS, Request, Sql as _, acme, as_token, backup::export,
    days::status_page, feed, forge::rewrite, get, new_site, outage, post, token,
};
use crate::{
    site::{
        alarm::{catch_up, next_due, verify_nightly},
        verify,
    },
    storage::{journal_slices, severity_spans},
};

fn rows(database: &Database) -> Vec<JournalRow> {
    let mut entries = Vec::new();
    loop {
        let seq = u64::try_from(entries.len()).unwrap();
        let next = journal_slices::next(database, seq, u64::MAX).unwrap();
        if next.is_empty() {
            break;
        }
        entries.extend(next);
    }
    entries
        .iter()
        .map(|entry| serde_json::from_str(&entry.link.row).unwrap())
        .collect()
}

/// The first difference that a verification finds.
fn difference(database: &Database) -> Option<String> {
    let (_, verification) = get("/verify").ok(database);
    verification["first_difference"].as_str().map(str::to_owned)
}

/// Pseudo-random numbers, the same in every run (linear congruential generator with Knuth's constants).
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |last| {
        Some(
            last.wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407),
        )
    })
    .map(|number| number >> 33)
}

#[test]
fn journal_times_and_revisions_never_decrease() {
    for seed in 1..20 {
        let database = acme();
        let (_, incident) = post("/incidents", outage()).ok(&database);
        let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
        let mut last_rev = 0;
        for number in numbers(seed).take(60) {
            // At most four hours before or after `NOW_MS`, sometimes in the same second as before.
            let now_ms = NOW_MS + 4 * HOUR_MS - number % (8 * HOUR_MS);
            match number % 5 {
                0 => drop(post("/incidents", outage()).at(now_ms).ok(&database)),
                1 | 2 => drop(
                    post(&updates, json!({ "body": "b" }))
                        .at(now_ms)
                        .ok(&database),
                ),
                3 => drop(
                    post("/templates", json!({ "name": "n" }))
                        .at(now_ms)
                        .ok(&database),
                ),
                _ => {}
            }
            let rev = feed(&database, now_ms)["rev"].as_u64().unwrap();
            assert!(rev >= last_rev, "seed {seed}: the revision never decreases");
            last_rev = rev;
        }
        let rows = rows(&database);
        assert!(rows.len() > 30, "seed {seed}");
        assert!(rows.is_sorted_by_key(|row| row.at), "seed {seed}: times");
        assert!(
            rows.is_sorted_by_key(|row| row.rev),
            "seed {seed}: revisions"
        );
        let verified = get("/verify").ok(&database).1;
        assert_eq!(verified["first_difference"], Json::Null, "seed {seed}");
        let (_, listed): (u16, Json) = get("/incidents").ok(&database);
        for incident in listed["items"].as_array().unwrap() {
            let updates = incident["updates"].as_array().unwrap();
            let times: Vec<&str> = updates
                .iter()
                .map(|update| update["at"].as_str().unwrap())
                .collect();
            assert!(times.iter().rev().is_sorted(), "seed {seed}: a timeline");
        }
    }
}

const DAY_MS: u64 = 24 * HOUR_MS;

/// A site with a draft for tomorrow and an open incident. The clock was a year ahead when the
/// incident was updated.
fn site_after_fast_clock() -> Database {
    let database = acme();
    let mut draft = outage();
    draft["publish_at"] = json!("2026-11-22T08:00:00Z");
    post("/incidents", draft).ok(&database);
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    let ahead = NOW_MS + 365 * DAY_MS;
    let (status, _) = post(&updates, json!({ "body": "Working on it." }))
        .at(ahead)
        .ok(&database);
    assert_eq!(status, 201);
    database
}

#[test]
fn a_read_while_the_clock_is_ahead_publishes_nothing() {
    let database = site_after_fast_clock();
    let shown = feed(&database, NOW_MS + 365 * DAY_MS)["notices"].clone();
    assert_eq!(shown.as_array().unwrap().len(), 1, "{shown}");
    let missed = Request {
        query: "missed=true",
        ..get("/incidents")
    };
    let (_, listed) = missed.ok(&database);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["missed_at"], "2026-11-22T08:00:00Z");
    assert_eq!(listed["items"][0]["draft"], true);
}

#[test]
fn on_call_gets_one_message_about_a_missed_schedule() {
    let database = acme();
    let etag = get("").send(&database).unwrap();
    let set = Request {
        method: "PATCH",
        if_match: etag.header("etag").map(str::to_owned),
        ..post(
            "",
            json!({ "on_call": [{ "kind": "email", "value": "ada@example.com" }] }),
        )
    };
    assert_eq!(set.ok(&database).0, 200);
    let mut draft = outage();
    draft["publish_at"] = json!("2026-11-22T08:00:00Z");
    post("/incidents", draft).ok(&database);
    for days in [4, 5, 6] {
        feed(&database, NOW_MS + days * DAY_MS);
    }
    let messages = database.run("SELECT document FROM message", &[]).unwrap();
    let held = messages
        .into_iter()
        .filter(|row| format!("{row:?}").contains("site.post_held"));
    assert_eq!((held.count(), database.count("on_call_delivery")), (1, 1));
}

#[test]
fn a_clock_correction_resets_times_but_not_revisions() {
    let database = site_after_fast_clock();
    let now = NOW_MS + HOUR_MS;
    let before = feed(&database, now);
    // The last row has the time of the fast clock. Without a correction, new rows would get the
    // same time.
    assert_eq!(
        rows(&database).last().unwrap().at.to_string(),
        "2027-11-21T08:00:00Z"
    );
    let (status, corrected) = post("/clock", Json::Null).key("once").at(now).ok(&database);
    assert_eq!(status, 200);
    assert_eq!(
        corrected,
        json!({ "from": "2027-11-21T08:00:00Z", "to": "2026-11-21T09:00:00Z", "corrected": true })
    );
    let entries = journal_slices::next(&database, 0, journal_slices::END).unwrap();
    assert_eq!(
        serde_json::from_str::<Json>(&entries.last().unwrap().event).unwrap(),
        json!({ "type": "clock.corrected", "from": "2027-11-21T08:00:00Z", "to": "2026-11-21T09:00:00Z" })
    );
    let after = feed(&database, now);
    assert!(after["rev"].as_u64() > before["rev"].as_u64());
    let updates = after["notices"][0]["updates"].as_array().unwrap();
    assert_eq!(updates[0]["at"], "2026-11-21T09:00:00Z");
    // A replay changes nothing, and neither does a correction of a correct clock.
    let replayed = post("/clock", Json::Null).key("once").at(now).ok(&database);
    assert_eq!(replayed.1, corrected);
    let (_, nothing) = post("/clock", Json::Null).at(now).ok(&database);
    assert_eq!(nothing["corrected"], false);
    let count = rows(&database).len();
    // New events have the right time, and the journal still verifies.
    let (status, made) = post("/incidents", outage()).at(now + HOUR_MS).ok(&database);
    assert_eq!(
        (status, &made["created_at"]),
        (201, &json!("2026-11-21T10:00:00Z"))
    );
    let rows = rows(&database);
    assert_eq!(rows.len(), count + 1);
    assert_eq!(rows.last().unwrap().at.to_string(), "2026-11-21T10:00:00Z");
    assert!(rows.is_sorted_by_key(|row| row.rev));
    assert_eq!(difference(&database), None);
    // The draft appears at its time, which has not passed.
    assert_eq!(
        feed(&database, now + 22 * HOUR_MS)["notices"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        feed(&database, now + 23 * HOUR_MS)["notices"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_corrected_journal_is_imported_and_a_forged_one_is_not() {
    let database = site_after_fast_clock();
    let now = NOW_MS + HOUR_MS;
    let ahead = export(&database);
    post("/clock", Json::Null).at(now).ok(&database);
    post("/incidents", outage()).at(now + HOUR_MS).ok(&database);
    let import_into_new_site = |file: &str| {
        let other = Database::new();
        new_site().ok(&other);
        let import = post("/import", Json::String(file.to_owned())).at(now + 2 * HOUR_MS);
        (import.ok(&other), other)
    };
    let (refused, _) = import_into_new_site(&ahead);
    assert_eq!(
        refused.0, 422,
        "without a correction, later rows could not have the right time"
    );
    let (imported, other) = import_into_new_site(&export(&database));
    assert_eq!(imported.0, 200, "{}", imported.1);
    assert_eq!(difference(&other), None);
    let (again, _) = import_into_new_site(&export(&other));
    assert_eq!(again.0, 200, "{}", again.1);
    // `from` must be the time of the row before the correction, `to` that of the correction's row.
    for field in ["from", "to"] {
        let database = site_after_fast_clock();
        post("/clock", Json::Null).at(now).ok(&database);
        rewrite(&database, |forged| {
            if forged.event["type"] == "clock.corrected" {
                forged.event[field] = json!("2027-12-01T00:00:00Z");
            }
        });
        let found = difference(&database).unwrap();
        assert!(found.contains("correction of the clock"), "{found}");
    }
}

#[test]
fn a_correction_reaches_incidents_that_have_left_the_feed() {
    let database = acme();
    let ahead = NOW_MS + 30 * DAY_MS;
    let mut over = outage();
    over["status"] = json!("resolved");
    post("/incidents", over).at(ahead).ok(&database);
    feed(&database, ahead + 4 * DAY_MS);
    let in_force = database.run("SELECT id FROM incident WHERE in_force = 1", &[]);
    assert!(in_force.unwrap().is_empty(), "its all-clear has expired");
    post("/clock", Json::Null).at(NOW_MS).ok(&database);
    assert_eq!(difference(&database), None);
    let (_, listed) = get("/incidents").ok(&database);
    assert_eq!(listed["items"][0]["ended_at"], "2026-11-21T08:00:00Z");
    let other = Database::new();
    new_site().ok(&other);
    let import = post("/import", Json::String(export(&database))).at(NOW_MS + HOUR_MS);
    assert_eq!(import.ok(&other).0, 200);
    assert_eq!(difference(&other), None);
    let (_, imported) = get("/incidents").ok(&other);
    assert_eq!(
        imported["items"][0]["ended_at"],
        listed["items"][0]["ended_at"]
    );
}

#[test]
fn only_root_corrects_the_clock() {
    let database = site_after_fast_clock();
    for role in ["owner", "editor", "viewer"] {
        let (_, token) = token(&database, role);
        let request = as_token(&token, post("/clock", Json::Null));
        assert_eq!(request.ok(&database).0, 403, "{role}");
    }
}

/// Whole hours until the next due time of the alarm.
fn hours_until_alarm(database: &Database, now_ms: u64) -> i64 {
    let stored = catch_up(database, now_ms).unwrap();
    let due = next_due(database, &stored, now_ms).unwrap().seconds();
    (due - i64::try_from(now_ms / 1000).unwrap()) / 3600
}

#[test]
fn an_idle_sites_alarm_runs_every_6_h_and_for_a_verification() {
    let database = acme();
    assert_eq!(hours_until_alarm(&database, NOW_MS), 6);
    let before_verification = NOW_MS + 21 * HOUR_MS;
    assert_eq!(hours_until_alarm(&database, before_verification), 3);
}

#[test]
fn a_fast_clock_does_not_delay_the_verification_after_it() {
    let database = acme();
    let ahead = NOW_MS + 365 * DAY_MS;
    let stored = catch_up(&database, ahead).unwrap();
    let verify = |now_ms: u64| {
        let nightly = verify_nightly(&database, Some(&stored), now_ms).unwrap();
        nightly.is_some_and(|mut verifier| {
            loop {
                if let Some(verification) = verifier.step(&database).unwrap() {
                    verify::store(&database, &verification, verifier.site()).unwrap();
                    return true;
                }
            }
        })
    };
    assert!(verify(ahead));
    let two_days_later = NOW_MS + 2 * DAY_MS;
    assert!(
        hours_until_alarm(&database, two_days_later) < 0,
        "the verification is overdue"
    );
    assert!(verify(two_days_later));
}

#[test]
fn a_clock_correction_corrects_the_severity_spans() {
    let database = acme();
    let ahead = NOW_MS + 30 * DAY_MS;
    let (_, incident) = post("/incidents", outage()).at(ahead).ok(&database);
    post("/clock", Json::Null).at(NOW_MS).ok(&database);
    let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    let resolved = json!({ "body": "Fixed.", "status": "resolved" });
    post(&updates, resolved).at(NOW_MS + HOUR_MS).ok(&database);
    let since = Timestamp::from_seconds(0);
    let spans = severity_spans::of_site(&database, since).unwrap();
    let times: Vec<_> = spans
        .iter()
        .map(|span| (span.starts.to_string(), span.ends.unwrap().to_string()))
        .collect();
    assert_eq!(
        times,
        [(
            "2026-11-21T08:00:00Z".to_owned(),
            "2026-11-21T09:00:00Z".to_owned()
        )]
    );
}

#[test]
fn a_status_page_under_a_fast_clock_breaks_no_verification() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
    post(&updates, json!({ "body": "Fixed.", "status": "resolved" })).ok(&database);
    status_page(&database, NOW_MS + 365 * DAY_MS).unwrap();
    post("/clock", Json::Null)
        .at(NOW_MS + HOUR_MS)
        .ok(&database);
    let (_, verification) = get("/verify").at(NOW_MS + HOUR_MS).ok(&database);
    assert_eq!(verification["first_difference"], Json::Null);
    status_page(&database, NOW_MS + HOUR_MS).unwrap();
    let (_, verification) = get("/verify").at(NOW_MS + HOUR_MS).ok(&database);
    assert_eq!(verification["first_difference"], Json::Null);
}
