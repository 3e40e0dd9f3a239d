//! The read cache on real workerd: reads never fail and rarely ask the object.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use e2e::{Server, Site, outage, source};
use serde_json::json;

/// Age up to which a snapshot is answered without a request to the object.
const FRESH: Duration = Duration::from_secs(1);
/// Number of concurrent readers; slower machines get fewer.
const READERS: usize = 1000;

/// Opens connections, and sends one request on each before reading the first answer. Returns the number of answers by source,
/// and the duration.
fn burst(server: &Server, path: &str, readers: usize) -> (BTreeMap<String, usize>, Duration) {
    let port: u16 = server.url().rsplit(':').next().unwrap().parse().unwrap();
    let mut connections: Vec<TcpStream> = (0..readers)
        .map(|_| {
            let connected = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
            connected.expect("a connection; is `ulimit -n` above 1,100?")
        })
        .collect();
    // The snapshot must expire, and it expires by time only.
    let warm = server.get(path);
    assert_eq!(warm.status, 200);
    thread::sleep(FRESH + Duration::from_millis(100));
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    let started = Instant::now();
    for connection in &mut connections {
        connection.write_all(request.as_bytes()).unwrap();
    }
    let mut sources = BTreeMap::new();
    for connection in &mut connections {
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.ends_with('}'), "the answer is cut off: {answer}");
        let lower = answer.to_ascii_lowercase();
        let (_, source) = lower.split_once("source;desc=").unwrap();
        let (source, _) = source.split_once("\r\n").unwrap();
        *sources.entry(source.to_owned()).or_default() += 1;
    }
    (sources, started.elapsed())
}

#[test]
fn a_thousand_reads_of_an_expired_snapshot_ask_the_object_once() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.publish(&outage());
    let path = site.path("/feed");
    let mut readers = READERS;
    for attempt in 1.. {
        let (sources, took) = burst(&site.server, &path, readers);
        println!("attempt {attempt}: {sources:?} in {took:?}");
        // A burst that takes a second or more asks the object twice and proves nothing; the next
        // attempt has fewer readers.
        if took < FRESH {
            let expected = [("memory", readers - 1), ("object", 1)];
            let expected = expected.map(|(source, count)| (source.to_owned(), count));
            assert_eq!(sources, BTreeMap::from(expected));
            return;
        }
        assert!(attempt < 20, "this machine is too slow to tell: {took:?}");
        readers = (readers * 3 / 4).max(50);
    }
}

#[test]
fn every_source_answers_conditional_reads_with_confirmed_at() {
    let site = Site::empty();
    site.publish(&outage());
    let path = site.path("/feed");
    let ask = |method: &str, tag: Option<&str>| {
        let mut request = site.server.request(method, &path);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        request.send().unwrap()
    };
    let mut seen = BTreeMap::new();
    // Each round reads from the object, then from memory, and from the object again one second
    // later.
    for _ in 0..2 {
        let whole = ask("GET", None);
        let tag = whole.header("etag").unwrap().to_owned();
        for step in 0..4 {
            let (method, given) = [
                ("GET", None),
                ("GET", Some(tag.as_str())),
                ("HEAD", None),
                ("HEAD", Some(tag.as_str())),
            ][step];
            let answer = ask(method, given);
            let expected = if given.is_some() { 304 } else { 200 };
            assert_eq!(answer.status, expected, "{method} {given:?}");
            let bodiless = given.is_some() || method == "HEAD";
            assert_eq!(answer.body.is_empty(), bodiless, "{method} {given:?}");
            for (name, value) in &whole.headers {
                let varies = [
                    "content-length",
                    "server-timing",
                    "date",
                    "transfer-encoding",
                ];
                if !varies.contains(&name.as_str()) && name != "allclear-confirmed-at" {
                    assert_eq!(answer.header(name), Some(value.as_str()), "{name}");
                }
            }
            assert!(answer.header("date").is_some());
            assert!(answer.header("allclear-confirmed-at").is_some());
            *seen.entry(source(&answer).to_owned()).or_insert(0) += 1;
        }
        let other = ask("GET", Some("\"another\""));
        assert_eq!((other.status, &other.body), (200, &whole.body));
        thread::sleep(FRESH + Duration::from_millis(100));
        let late = ask("GET", Some(&tag));
        assert_eq!((late.status, source(&late)), (304, "object"));
    }
    assert!(
        seen.contains_key("memory"),
        "within a second the object is not asked: {seen:?}"
    );
}

#[test]
fn unknown_languages_share_the_cache_entry_of_the_default() {
    let server = Server::start();
    let body = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
    let token = server.create_site(&body);
    let mut incident = outage();
    incident["text"] = json!({ "de": { "title": "Nachrichten verzögert" } });
    server.post("/v1/sites/acme/incidents", &token, &incident);
    let read = |language: &str| server.get(&format!("/v1/sites/acme/feed{language}"));
    let own = read("");
    let german = read("?lang=de");
    assert_eq!(german.json["lang"], "de");
    assert_eq!(german.json["notices"][0]["title"], "Nachrichten verzögert");
    assert_eq!(read("?lang=de-AT").header("etag"), german.header("etag"));
    let mut from_object = 0;
    let started = Instant::now();
    for number in 0..300_u32 {
        let letter = |shift: u32| char::from(b'a' + u8::try_from((number >> shift) % 16).unwrap());
        let language = format!("?lang=x{}{}", letter(0), letter(4));
        let answer = read(&language);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("etag"), own.header("etag"), "{language}");
        from_object += u64::from(source(&answer) == "object");
    }
    for odd in [
        "?lang=",
        "?lang=%00",
        "?lang=EN",
        "?lang=../..",
        "?x=1",
        "?lang=en&lang=de",
    ] {
        assert_eq!(read(odd).header("etag"), own.header("etag"), "{odd}");
    }
    let seconds = started.elapsed().as_secs();
    assert!(
        from_object <= seconds + 2,
        "{from_object} of 300 reads asked the object in {seconds} s; at most one per second"
    );
}

#[test]
fn the_404_of_an_unknown_site_is_cached_for_5_s() {
    let server = Server::start();
    for method in ["GET", "HEAD"] {
        let missing = server
            .request(method, "/v1/sites/nobody/feed")
            .send()
            .unwrap();
        assert_eq!(missing.status, 404);
        assert_eq!(missing.header("cache-control"), Some("public, max-age=5"));
    }
    let body = json!({ "slug": "nobody", "name": "Somebody" });
    server.create_site(&body);
    let found = server.get("/v1/sites/nobody/feed");
    assert_eq!(
        found.status, 200,
        "the isolate that created the site knows it at once"
    );
}

/// The first request asks the directory, the second is answered from the list.
#[test]
fn every_404_of_an_unknown_site_has_the_same_headers_and_body() {
    let server = Server::start();
    let read = |path: &str| {
        let mut missing = server.get(path);
        assert_eq!(missing.status, 404, "{path}");
        missing.headers.retain(|(name, _)| name != "date");
        missing.headers.sort();
        (missing.headers.clone(), missing.text())
    };
    let first = read("/v1/sites/nobody/feed");
    for path in [
        "/v1/sites/nobody/feed",
        "/v1/sites/no-one/feed?lang=de",
        "/v1/sites/no-one/feed?x=1",
    ] {
        assert_eq!(read(path), first, "{path}");
    }
}

#[test]
fn the_feed_of_a_paused_site_has_no_notices() {
    let site = Site::empty();
    site.publish(&outage());
    let path = site.path("");
    let pause = |paused: bool| {
        let tag = site.server.get_as(&site.token, &path);
        let tag = tag.header("etag").unwrap();
        let request = site.server.request("PATCH", &path).token(&site.token);
        let request = request
            .header("if-match", tag)
            .json(&json!({ "paused": paused }));
        assert_eq!(request.send().unwrap().status, 200);
        site.feed().json
    };
    let paused = pause(true);
    assert_eq!(
        (&paused["paused"], &paused["notices"]),
        (&json!(true), &json!([]))
    );
    let back = pause(false);
    assert_eq!(back["notices"].as_array().unwrap().len(), 1);
    assert!(back["rev"].as_u64() > paused["rev"].as_u64());
}

#[test]
fn a_publish_invalidates_the_cache_and_a_refusal_does_not() {
    let site = Site::empty();
    let id = site.publish(&outage());
    for number in 0..20 {
        let body = format!("Word {number}");
        site.update(&id, &json!({ "body": body }));
        let feed = site.feed();
        assert_eq!(feed.json["notices"][0]["updates"][0]["body"], body.as_str());
        assert_eq!(source(&feed), "object");
    }
    for attempt in 1.. {
        site.feed();
        let started = Instant::now();
        let refused = site.post("/incidents", &json!({ "kind": "party" }));
        assert_eq!(refused.status, 422);
        let source = source(&site.feed()).to_owned();
        // After one second the object is asked anyway.
        if started.elapsed() < FRESH {
            assert_eq!(source, "memory");
            return;
        }
        assert!(attempt < 20, "this machine is too slow to tell");
    }
}
