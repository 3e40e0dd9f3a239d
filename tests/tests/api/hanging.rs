//! Durable Objects that hang instead of failing: readers get the last known snapshot after 1 s,
//! operators an error after 10 s.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{Hanging, HangingServer, ROOT_TOKEN, outage_with, source};
use serde_json::{Value, json};

/// Age up to which a snapshot is answered without a request to the object.
const FRESH: Duration = Duration::from_secs(1);
/// The least and the greatest wait of a reader for an object, in seconds: the deadline is 1 s, and
/// a busy machine is late.
const READER_S: (f64, f64) = (0.9, 4.0);
/// Time limit for three failed requests to the directory in the background.
const FAILURES_TIMEOUT: Duration = Duration::from_secs(60);
/// The same for an operator, whose deadline is 10 s.
const OPERATOR_S: (f64, f64) = (9.9, 16.0);

const FEED: &str = "/v1/sites/acme/feed";
const INCIDENTS: &str = "/v1/sites/acme/incidents";

/// Runs `work`; returns its result and its duration in seconds.
fn measure<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let result = work();
    (result, started.elapsed().as_secs_f64())
}

#[test]
fn with_a_hanging_site_reads_are_cached_and_writes_give_503() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    let body = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
    let owner = server.create_site(&body);
    assert_eq!(
        server
            .post(
                INCIDENTS,
                &owner,
                &outage_with(&json!({ "title": "First" }))
            )
            .status,
        201
    );
    let known = server.get(FEED);
    assert_eq!(known.json["notices"][0]["title"], "First");
    assert_eq!(server.get("/s/acme").status, 200);

    hanging.hang(Hanging::Site);
    // Only time makes the snapshot old enough to be refreshed.
    thread::sleep(FRESH + Duration::from_millis(100));
    let (((first, took), second), page) = thread::scope(|scope| {
        let page = scope.spawn(|| measure(|| server.get("/s/acme")));
        let feeds = (measure(|| server.get(FEED)), measure(|| server.get(FEED)));
        (feeds, page.join().unwrap())
    });
    assert_eq!((first.status, &first.body), (200, &known.body));
    assert!(
        (READER_S.0..READER_S.1).contains(&took),
        "the refreshing reader: {took} s"
    );
    assert_eq!(
        first.header("allclear-confirmed-at"),
        known.header("allclear-confirmed-at"),
        "the snapshot was not confirmed"
    );
    let (page, took) = page;
    assert_eq!(page.status, 200);
    assert!(took < READER_S.1, "{took} s");
    assert!(page.text().contains("First"));
    let (second, took) = second;
    assert_eq!((second.status, source(&second)), (200, "memory"));
    assert!(took < READER_S.0, "backoff of one second: {took} s");
    // A language that nobody has read is not in the cache.
    let (unread, took) = measure(|| server.get("/v1/sites/acme/feed?lang=de"));
    assert!(took < READER_S.1, "{took} s");
    assert!(matches!(unread.status, 200 | 503), "{}", unread.text());

    // Writes and reads with any token, at the same time, because each waits ten seconds.
    let write = |token: &str, key: &str| {
        server.post_once(
            INCIDENTS,
            token,
            key,
            &outage_with(&json!({ "title": "Second" })),
        )
    };
    let (answers, (read, took)) = thread::scope(|scope| {
        let reads = scope.spawn(|| measure(|| server.get_as(&owner, INCIDENTS)));
        let owners = scope.spawn(|| measure(|| write(&owner, "k")));
        let roots = scope.spawn(|| measure(|| write(ROOT_TOKEN, "r")));
        let deletes = scope.spawn(|| {
            let request = server.request("DELETE", "/v1/sites/acme");
            measure(|| request.token(&owner).send().unwrap())
        });
        let writes = [owners, roots, deletes].map(|answered| answered.join().unwrap());
        (writes, reads.join().unwrap())
    });
    for (answer, took) in answers {
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.json["code"], "outcome_unknown");
        assert!(answer.header("retry-after").is_some());
        assert!((OPERATOR_S.0..OPERATOR_S.1).contains(&took), "{took} s");
    }
    assert_eq!(
        (read.status, &read.json["code"]),
        (503, &json!("unavailable"))
    );
    assert!(took < OPERATOR_S.1, "{took} s");
    assert_eq!(server.get(FEED).status, 200, "feeds are still served");

    hanging.recover(Hanging::Site);
    for (token, key) in [(owner.as_str(), "k"), (ROOT_TOKEN, "r")] {
        let again = write(token, key);
        assert_eq!(again.status, 201, "with the same key: {}", again.text());
    }
    let listed = server.get_as(&owner, INCIDENTS).json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "each once");
    // A publish refreshes the cache at once, despite the backoff.
    let feed = server.get(FEED);
    assert_eq!(
        feed.json["notices"].as_array().unwrap().len(),
        3,
        "{}",
        feed.text()
    );
    assert_eq!(source(&feed), "object");
}

#[test]
fn a_hanging_directory_delays_only_the_first_reader() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    let body = json!({ "slug": "acme", "name": "Acme SMS", "hostnames": ["status.acme.com"] });
    server.create_site(&body);
    server.confirm_hostname("acme", "status.acme.com");
    let change = |change: Value| {
        let request = server.request("PATCH", "/v1/sites/acme").token(ROOT_TOKEN);
        let changed = request
            .header("if-match", "*")
            .json(&change)
            .send()
            .unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
    };
    let read = |host: &str| {
        let request = server.request("GET", "/").header("host", host);
        let (page, took) = measure(|| request.send().unwrap());
        (page.status, page.text().contains("Acme"), took)
    };
    let (status, is_acmes, _) = read("status.acme.com");
    assert_eq!((status, is_acmes), (200, true));

    // After a change of host names the next reader asks the directory.
    change(json!({ "hostnames": ["status.acme.com", "other.acme.com"] }));
    hanging.hang(Hanging::Directory);
    let (status, is_acmes, took) = read("status.acme.com");
    assert_eq!((status, is_acmes), (200, true));
    assert!(
        (READER_S.0..READER_S.1).contains(&took),
        "the refreshing reader: {took} s"
    );
    let failures = || {
        server
            .log()
            .matches("the directory did not finish in time")
            .count()
    };
    let started = Instant::now();
    let mut waited = Vec::new();
    while failures() < 3 {
        let (status, is_acmes, took) = read("status.acme.com");
        assert_eq!((status, is_acmes), (200, true));
        let (page, took_there) = measure(|| server.get("/s/acme"));
        assert_eq!(page.status, 200);
        waited.extend([took, took_there]);
        assert!(
            started.elapsed() < FAILURES_TIMEOUT,
            "no further request to the directory"
        );
    }
    // The directory is asked after each answer. A busy machine may delay a few answers.
    let slow = waited.iter().filter(|took| **took >= READER_S.0).count();
    assert!(slow * 5 < waited.len(), "{waited:?}");
    assert_eq!(server.get("/healthz").status, 503);

    hanging.recover(Hanging::Directory);
    assert_eq!(server.get("/healthz").status, 200);
    change(json!({ "hostnames": ["help.acme.com"] }));
    server.confirm_hostname("acme", "help.acme.com");
    assert!(read("help.acme.com").1);
    assert!(!read("status.acme.com").1, "the host name is released");
}
