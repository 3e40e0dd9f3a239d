//! Imports are streamed: they may have any size, are not buffered, and block other writes.

use e2e::Site;
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::Barrier,
    time::{Duration, Instant},
};

use serde_json::json;

const MIB: usize = 1024 * 1024;
/// Concurrent senders, fewer than the failed logins allowed per minute.
const SENDERS: usize = 16;

/// Begins an import: sends the header of its request, and nothing of the body.
fn begin_import(site: &Site, token: &str, length: usize) -> TcpStream {
    let address = site.server.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let path = site.path("/import");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/jsonl\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    stream
}

/// Reads the answer to its end; returns its status.
fn status(mut stream: TcpStream) -> u16 {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// The server's peak memory so far, in MiB.
fn peak_memory(site: &Site) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", site.server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: usize = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kib / 1024
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn bodies_of_refused_imports_are_not_buffered() {
    let site = Site::empty();
    let before = peak_memory(&site);
    let stranger = format!("ac_acme_{}", "A".repeat(43));
    let viewer = site.post("/tokens", &json!({ "role": "viewer" })).json;
    let viewer = viewer["token"].as_str().unwrap();
    // All senders are in the middle of their bodies at the same time.
    let middle = Barrier::new(SENDERS);
    std::thread::scope(|scope| {
        for number in 0..SENDERS {
            let (token, expected) = match number % 2 {
                0 => (stranger.as_str(), 401),
                _ => (viewer, 403),
            };
            let (site, middle) = (&site, &middle);
            scope.spawn(move || {
                let length = 31 * MIB;
                let mut stream = begin_import(site, token, length);
                for _ in 0..30 {
                    stream.write_all(&vec![b'x'; MIB]).unwrap();
                }
                middle.wait();
                stream.write_all(&vec![b'x'; MIB]).unwrap();
                assert_eq!(status(stream), expected);
            });
        }
    });
    let grown = peak_memory(&site).saturating_sub(before);
    // The limit is half of the bodies' total size, because chunks in transit stay in memory until
    // the next garbage collection.
    assert!(
        grown < SENDERS * 15,
        "{grown} MiB for bodies that were refused"
    );
}

#[test]
fn reads_go_on_and_writes_are_refused_during_an_import() {
    let site = Site::empty();
    let import = || {
        let path = site.path("/import");
        let request = site.server.request("POST", &path).token(&site.token);
        let request = request.header("content-type", "application/jsonl");
        request.bytes("nonsense").send().unwrap()
    };
    assert_eq!(import().status, 422);
    let before = site.feed().json;
    let mut held = begin_import(&site, &site.token, 8);
    let deadline = Instant::now() + Duration::from_secs(120);
    let publish = || {
        site.post(
            "/incidents",
            &json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }),
        )
    };
    let busy = loop {
        let answer = import();
        if answer.status == 409 {
            break answer;
        }
        assert!(Instant::now() < deadline, "a second import is accepted");
    };
    assert_eq!(busy.json["code"], "busy");
    assert_eq!(e2e::code(&publish()), (409, "busy"));
    assert_eq!(e2e::code(&site.get("/verify")), (409, "busy"));
    assert_eq!(e2e::code(&site.get("/export")), (409, "busy"));
    assert_eq!(site.feed().json, before);
    assert_eq!(site.get("").status, 200);
    assert_eq!(site.server.get("/s/acme").status, 200);
    held.write_all(b"nonsense").unwrap();
    assert_eq!(status(held), 422);
    assert_eq!(import().status, 422, "imports are accepted again");
    assert_eq!(publish().status, 201);
}

#[test]
fn an_import_interrupted_by_a_crash_leaves_the_old_state() {
    let mut site = Site::empty();
    let source = Site::empty();
    for number in 0..300 {
        let title = format!("Template {number}");
        source.post("/templates", &json!({ "name": title }));
    }
    let file = source.get("/export").body;
    let before = site.feed().json;
    let mut held = begin_import(&site, &site.token, file.len());
    held.write_all(&file[..file.len() - 20]).unwrap();
    let publish = |site: &Site| site.post("/templates", &json!({ "name": "t" }));
    let deadline = Instant::now() + Duration::from_secs(120);
    while publish(&site).status != 409 {
        assert!(Instant::now() < deadline, "the import has not begun");
    }
    site.server.kill();
    site.server.start_again();
    assert_eq!(site.feed().json, before);
    assert_eq!(site.verify()["ok"], true);
    assert_eq!(publish(&site).status, 201);
    assert_eq!(site.verify()["ok"], true);
}

#[test]
fn an_export_of_more_than_32_mib_is_imported() {
    let site = Site::empty();
    let tags: Vec<String> = ('a'..='z').map(|letter| format!("a{letter}")).collect();
    site.change_settings(&json!({ "languages": tags }));
    let incident = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
    let path = format!("/incidents/{}", site.publish(&incident));
    let list = vec!["x".repeat(200); 20];
    let texts = json!({ "title": "t", "works": list, "broken": list,
        "restored": { "back": list, "still": list } });
    for _ in 0..3 {
        for tag in &tags[1..] {
            site.patch(&path, &json!({ "text": { tag: null } }));
            site.patch(&path, &json!({ "text": { tag: texts } }));
        }
    }
    let before = site.feed().json;
    let exported = site.get("/export");
    let header = exported.text().lines().next().unwrap().to_owned();
    let header: serde_json::Value = serde_json::from_str(&header).unwrap();
    assert_eq!(header["bytes"], exported.body.len());
    assert!(exported.body.len() > 33 * MIB, "{}", exported.body.len());
    let copy = site
        .server
        .create_site(&json!({ "slug": "copy", "name": "Copy" }));
    let request = site
        .server
        .request("POST", "/v1/sites/copy/import")
        .token(&copy);
    let request = request.header("content-type", "application/jsonl");
    let imported = request.bytes(exported.body).send().unwrap();
    assert_eq!(imported.status, 200, "{}", imported.text());
    assert_eq!(imported.json["rows"], header["rows"]);
    let verified = site.server.get_as(&copy, "/v1/sites/copy/verify").json;
    assert_eq!(verified["ok"], true, "{verified}");
    let after = site.server.get("/v1/sites/copy/feed").json;
    assert_eq!(after["notices"][0]["title"], before["notices"][0]["title"]);
}
