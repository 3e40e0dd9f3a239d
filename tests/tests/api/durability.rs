//! Acknowledged writes survive a crash, and an idempotent replay creates nothing twice.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ScopedJoinHandle},
};

use e2e::{Client, ServerOptions, Site};
use serde_json::json;

#[test]
fn a_crash_between_updates_loses_and_repeats_nothing() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending" }]
    });
    let created =
        site.server
            .post_once(&site.path("/incidents"), &site.token, "incident", &incident);
    assert_eq!(created.status, 201);
    let id = created.json["id"].as_str().unwrap().to_owned();
    let updates = site.path(&format!("/incidents/{id}/updates"));
    let first = json!({ "body": "We know the cause.", "status": "identified" });
    let second = json!({ "body": "Nearly there." });

    let acknowledged = site
        .server
        .post_once(&updates, &site.token, "first", &first);
    assert_eq!(acknowledged.status, 201);
    let before = site.feed().json;
    site.server.kill();
    site.server.start_again();

    assert_eq!(
        site.feed().json,
        before,
        "the feed and its revision have not changed"
    );
    assert_eq!(site.incident(&id)["updates"].as_array().unwrap().len(), 2);

    let repeated = site
        .server
        .post_once(&updates, &site.token, "first", &first);
    assert_eq!(repeated.status, 201);
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert_eq!(repeated.json, acknowledged.json);
    let again = site
        .server
        .post_once(&site.path("/incidents"), &site.token, "incident", &incident);
    assert_eq!(again.json["id"], id.as_str());
    assert_eq!(site.incident(&id)["updates"].as_array().unwrap().len(), 2);

    assert_eq!(
        site.server
            .post_once(&updates, &site.token, "second", &second)
            .status,
        201
    );
    let after = site.feed().json;
    assert_eq!(after["notices"].as_array().unwrap().len(), 1);
    assert_eq!(after["notices"][0]["updates"][0]["body"], "Nearly there.");
    assert!(after["rev"].as_u64() > before["rev"].as_u64());
}

/// Number of concurrent writers.
const WRITERS: usize = 4;
/// Number of crashes after which a new incident takes the updates: an incident has at most 2,000 updates.
const CRASHES_PER_INCIDENT: usize = 50;

/// Updates that were acknowledged with 201, by incident.
type Acknowledged = Mutex<BTreeMap<String, Vec<String>>>;

/// Posts updates until the server is killed; the first is `pending`, if there is one. Returns the
/// text of the write whose answer was lost. After the restart, the writer with the same number
/// repeats that write under the same `Idempotency-Key`.
fn write_until_killed(
    client: &Client,
    token: &str,
    path: &str,
    pending: Option<String>,
    mut next: impl FnMut() -> String,
    mut acknowledge: impl FnMut(String),
) -> Option<String> {
    let mut text = pending.unwrap_or_else(&mut next);
    loop {
        let request = client.request("POST", path).token(token).key(&text);
        match request.json(&json!({ "body": text })).send() {
            Ok(answer) if answer.status == 201 => {
                acknowledge(std::mem::replace(&mut text, next()));
            }
            Ok(answer) if answer.status < 500 => panic!("{}: {}", answer.status, answer.text()),
            // The write may be stored or not.
            _ => return Some(text),
        }
    }
}

/// Kills the server `crashes` times while four writers post, each time after `writes` more
/// acknowledged writes. After each start the journal verifies, and the revision has not fallen; at
/// the end every acknowledged write is there once.
fn crash(crashes: usize, writes: usize) {
    let options = ServerOptions {
        write_limit: Some(0),
        ..ServerOptions::default()
    };
    let mut site = Site::with(&options, "acme", "Acme SMS", &["Sending"]);
    let acknowledged = Acknowledged::default();
    let total = AtomicUsize::new(0);
    let mut pending: [Option<String>; WRITERS] = Default::default();
    let mut incident = String::new();
    let mut rev = 0;
    let token = site.token.clone();
    for number in 0..crashes {
        if number % CRASHES_PER_INCIDENT == 0 {
            let body = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
            incident = site.publish(&body);
            pending = Default::default();
        }
        let path = site.path(&format!("/incidents/{incident}/updates"));
        let client = site.server.client().clone();
        let goal = total.load(Ordering::Relaxed) + writes;
        pending = thread::scope(|scope| {
            let (path, token, client) = (&path, &token, &client);
            let (acknowledged, total, incident) = (&acknowledged, &total, &incident);
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let pending = pending[writer].take();
                    let mut count = 0;
                    let next = move || {
                        count += 1;
                        format!("crash {number}, writer {writer}, word {count}")
                    };
                    scope.spawn(move || {
                        write_until_killed(client, token, path, pending, next, |text| {
                            let mut all = acknowledged.lock().unwrap();
                            all.entry(incident.clone()).or_default().push(text);
                            total.fetch_add(1, Ordering::Relaxed);
                        })
                    })
                })
                .collect();
            while total.load(Ordering::Relaxed) < goal {
                assert!(
                    !writers.iter().any(ScopedJoinHandle::is_finished),
                    "a writer has failed"
                );
                thread::yield_now();
            }
            // The writers are in the middle of their next writes.
            site.server.kill();
            let left: Vec<Option<String>> = writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect();
            left.try_into().unwrap()
        });
        site.server.start_again();
        let found = site.verify();
        assert_eq!(found["ok"], true, "after crash {number}: {found}");
        let now = site.feed().json["rev"].as_u64().unwrap();
        assert!(
            now >= rev,
            "after crash {number}: revision {now} after {rev}"
        );
        rev = now;
    }
    for (incident, texts) in acknowledged.into_inner().unwrap() {
        let mut stored: BTreeMap<String, usize> = BTreeMap::new();
        for update in site.incident(&incident)["updates"].as_array().unwrap() {
            *stored
                .entry(update["body"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
        for text in &texts {
            assert_eq!(stored.get(text), Some(&1), "{text}");
        }
        // Writes whose answer was lost may be stored, but none twice.
        assert!(stored.values().all(|times| *times == 1), "{stored:?}");
    }
    let total = total.into_inner();
    assert!(total >= crashes * writes, "{total} writes");
    println!("{crashes} crashes, {total} acknowledged writes, none lost, none twice");
}

#[test]
fn thirty_crashes_keep_every_acknowledged_write_of_four_writers() {
    crash(30, 20);
}

#[test]
fn a_thousand_crashes_keep_every_acknowledged_write() {
    if e2e::long() {
        crash(1000, 20);
    }
}
