//! Clocks that jump: what is kept still has one order.

use notice::journal::Row as JournalRow;
use serde_json::json;

use super::{Database, HOUR_MS, Json, NOW_MS, acme, feed, get, outage, post};
use crate::{object::verify::verify, storage::journal};

fn rows(database: &Database) -> Vec<JournalRow> {
    let entries = journal::after(database, 0, 10_000).unwrap();
    entries
        .iter()
        .map(|entry| serde_json::from_str(&entry.link.row).unwrap())
        .collect()
}

/// Numbers that look random and are the same in every run (a linear congruential generator, Knuth's constants).
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
fn journal_times_and_revisions_never_run_backwards() {
    for seed in 1..20 {
        let database = acme();
        let (_, incident) = post("/incidents", outage()).ok(&database);
        let updates = format!("/incidents/{}/updates", incident["id"].as_str().unwrap());
        let mut last_rev = 0;
        for number in numbers(seed).take(60) {
            // Up to four hours before and after, and now and then the very same moment.
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
            assert!(rev >= last_rev, "seed {seed}: a reader sees no older feed");
            last_rev = rev;
        }
        let rows = rows(&database);
        assert!(rows.len() > 30, "seed {seed}");
        assert!(rows.is_sorted_by_key(|row| row.at), "seed {seed}: times");
        assert!(
            rows.is_sorted_by_key(|row| row.rev),
            "seed {seed}: revisions"
        );
        let verified = verify(&database, NOW_MS).unwrap();
        assert_eq!(verified.first_difference, None, "seed {seed}");
        let (_, listed): (u16, Json) = get("/incidents").ok(&database);
        for incident in listed["items"].as_array().unwrap() {
            let said = incident["updates"].as_array().unwrap();
            let times: Vec<&str> = said
                .iter()
                .map(|said| said["at"].as_str().unwrap())
                .collect();
            assert!(times.iter().rev().is_sorted(), "seed {seed}: a timeline");
        }
    }
}
