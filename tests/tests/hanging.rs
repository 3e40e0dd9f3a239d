//! Objects that hang rather than fail: readers get the last that was known, operators an honest answer in time.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{Answer, Hanging, HangingServer, ROOT_TOKEN};
use serde_json::{Value, json};

/// How long a snapshot answers without anybody asking.
const FRESH: Duration = Duration::from_secs(1);
/// What a reader waits for an object, from a little less than its second to what that takes on a busy machine.
const READER_S: (f64, f64) = (0.9, 4.0);
/// How long a reader behind whose answer the directory is asked may be waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// What an operator waits, likewise.
const OPERATOR_S: (f64, f64) = (9.9, 16.0);

const FEED: &str = "/v1/sites/acme/feed";
const INCIDENTS: &str = "/v1/sites/acme/incidents";

fn outage(title: &str) -> Value {
    json!({ "kind": "incident", "title": title, "impact": "major", "body": "We look into it." })
}

fn source(answer: &Answer) -> &str {
    let timing = answer.header("server-timing").unwrap_or_default();
    timing.trim_start_matches("source;desc=")
}

/// What it gives, and how many seconds it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let given = work();
    (given, begun.elapsed().as_secs_f64())
}

#[test]
fn readers_do_not_wait_and_operators_learn_that_nobody_knows() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    let body = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
    let made = server.post("/v1/sites", ROOT_TOKEN, &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let owner = made.json["token"].as_str().unwrap().to_owned();
    assert_eq!(server.post(INCIDENTS, &owner, &outage("First")).status, 201);
    let known = server.get(FEED);
    assert_eq!(known.json["notices"][0]["title"], "First");
    assert_eq!(server.get("/s/acme").status, 200);

    hanging.hang(Hanging::Site);
    // Nothing but time makes what is known old enough to be asked for.
    thread::sleep(FRESH + Duration::from_millis(100));
    let (((first, took), second), page) = thread::scope(|scope| {
        let page = scope.spawn(|| timed(|| server.get("/s/acme")));
        let feeds = (timed(|| server.get(FEED)), timed(|| server.get(FEED)));
        (feeds, page.join().unwrap())
    });
    assert_eq!((first.status, &first.body), (200, &known.body));
    assert!(
        (READER_S.0..READER_S.1).contains(&took),
        "the one with the ticket: {took} s"
    );
    assert_eq!(
        first.header("allclear-confirmed-at"),
        known.header("allclear-confirmed-at"),
        "it does not say that it was confirmed"
    );
    let (page, took) = page;
    assert_eq!(page.status, 200);
    assert!(took < READER_S.1, "{took} s");
    assert!(page.text().contains("First"));
    let (second, took) = second;
    assert_eq!((second.status, source(&second)), (200, "memory"));
    assert!(took < READER_S.0, "no ticket for a second: {took} s");
    // What nobody has read cannot be known.
    let (unread, took) = timed(|| server.get("/v1/sites/acme/feed?lang=de"));
    assert!(took < READER_S.1, "{took} s");
    assert!(matches!(unread.status, 200 | 503), "{}", unread.text());

    // Whoever writes and whoever asks, whatever token they have; all at once, since each waits ten seconds.
    let write = |token: &str, key: &str| server.post_once(INCIDENTS, token, key, &outage("Second"));
    let (answers, (read, took)) = thread::scope(|scope| {
        let reads = scope.spawn(|| timed(|| server.get_as(&owner, INCIDENTS)));
        let owners = scope.spawn(|| timed(|| write(&owner, "k")));
        let roots = scope.spawn(|| timed(|| write(ROOT_TOKEN, "r")));
        let deletes = scope.spawn(|| {
            let request = server.request("DELETE", "/v1/sites/acme");
            timed(|| request.token(&owner).send().unwrap())
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
    assert_eq!(server.get(FEED).status, 200, "still");

    hanging.recover(Hanging::Site);
    for (token, key) in [(owner.as_str(), "k"), (ROOT_TOKEN, "r")] {
        let again = write(token, key);
        assert_eq!(again.status, 201, "the same key: {}", again.text());
    }
    let listed = server.get_as(&owner, INCIDENTS).json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "each once");
    // A publication asks at once, whatever the pause after failures.
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
fn a_directory_that_hangs_costs_the_first_reader_and_nobody_after() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    let body = json!({ "slug": "acme", "name": "Acme SMS", "hostnames": ["status.acme.com"] });
    let made = server.post("/v1/sites", ROOT_TOKEN, &body);
    assert_eq!(made.status, 201, "{}", made.text());
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
        let (page, took) = timed(|| request.send().unwrap());
        (page.status, page.text().contains("Acme"), took)
    };
    let (status, is_acmes, _) = read("status.acme.com");
    assert_eq!((status, is_acmes), (200, true));

    // After a change whoever reads next asks.
    change(json!({ "name": "Acme" }));
    hanging.hang(Hanging::Directory);
    let (status, is_acmes, took) = read("status.acme.com");
    assert_eq!((status, is_acmes), (200, true));
    assert!(
        (READER_S.0..READER_S.1).contains(&took),
        "the one who asks: {took} s"
    );
    let failures = || server.log().matches("the directory did not answer").count();
    let begun = Instant::now();
    let mut waited = Vec::new();
    while failures() < 3 {
        let (status, is_acmes, took) = read("status.acme.com");
        assert_eq!((status, is_acmes), (200, true));
        let (page, took_there) = timed(|| server.get("/s/acme"));
        assert_eq!(page.status, 200);
        waited.extend([took, took_there]);
        assert!(begun.elapsed() < PATIENCE, "nobody asks it any more");
    }
    // It is asked behind the answers. A busy machine may hold up one of them.
    let slow = waited.iter().filter(|took| **took >= READER_S.0).count();
    assert!(slow * 5 < waited.len(), "{waited:?}");
    assert_eq!(server.get("/healthz").status, 503);

    hanging.recover(Hanging::Directory);
    assert_eq!(server.get("/healthz").status, 200);
    change(json!({ "hostnames": ["help.acme.com"] }));
    assert_eq!(read("help.acme.com").0, 200);
    assert_eq!(read("status.acme.com").0, 404, "it is nobody's any more");
}
