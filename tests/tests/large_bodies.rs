//! Imports are large: nobody fills the server's memory with bodies that it will not take.

mod story;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::Barrier,
    time::{Duration, Instant},
};

use serde_json::json;
use story::Site;

const MIB: usize = 1024 * 1024;
/// Fewer than there may be failed logins in a minute.
const SENDERS: usize = 16;

/// An import that has begun: its head is sent and nothing of its body.
fn begin(site: &Site, token: &str, length: usize) -> TcpStream {
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

/// The status that it is answered with.
fn status(mut stream: TcpStream) -> u16 {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// The most memory that the server has had, in MiB.
fn peak(site: &Site) -> usize {
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
fn what_nobody_may_send_is_not_kept() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let before = peak(&site);
    let stranger = format!("ac_acme_{}", "A".repeat(43));
    let viewer = site.post("/tokens", &json!({ "role": "viewer" })).json;
    let viewer = viewer["token"].as_str().unwrap();
    // All of them at once are in the middle of it.
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
                let mut stream = begin(site, token, length);
                for _ in 0..30 {
                    stream.write_all(&vec![b'x'; MIB]).unwrap();
                }
                middle.wait();
                stream.write_all(&vec![b'x'; MIB]).unwrap();
                assert_eq!(status(stream), expected);
            });
        }
    });
    let grown = peak(&site).saturating_sub(before);
    // Chunks on their way are garbage that is collected now and then; the bodies together are twice as much.
    assert!(
        grown < SENDERS * 15,
        "{grown} MiB for bodies that were refused"
    );
}

#[test]
fn a_header_alone_takes_no_room_and_two_are_read_at_a_time() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let import = || {
        let path = site.path("/import");
        let request = site.server.request("POST", &path).token(&site.token);
        let request = request.header("content-type", "application/jsonl");
        request.bytes("nonsense").send().unwrap()
    };
    assert_eq!(import().status, 422);
    let held: Vec<TcpStream> = (0..2).map(|_| begin(&site, &site.token, 8)).collect();
    // What was sent after them is answered after them: by then both have been let in.
    let read = || site.server.get_as(&site.token, &site.path("")).status;
    assert_eq!(read(), 200);
    let deadline = Instant::now() + Duration::from_secs(20);
    let busy = loop {
        let answer = import();
        if answer.status == 503 {
            break answer;
        }
        assert!(Instant::now() < deadline, "a third is still read");
    };
    assert_eq!(busy.json["code"], "unavailable");
    assert!(busy.header("retry-after").is_some());
    assert_eq!(read(), 200, "everything else goes on");
    for mut stream in held {
        stream.write_all(b"nonsense").unwrap();
        assert_eq!(status(stream), 422);
    }
    assert_eq!(import().status, 422, "there is room again");
}
