//! Heartbeat requests, and the development page `/dev/outbox`.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{ServerOptions, Sink, Site};
use serde_json::json;
use xtask::workerd::Network;

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// The site `acme` on a server that sends its heartbeats to the sink.
fn site_with_heartbeat(sink: &Sink) -> Site {
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        heartbeat_url: Some(sink.url("/beat")),
        ..ServerOptions::default()
    };
    Site::with(&options, "acme", "Acme SMS", &["Sending"])
}

#[test]
fn a_heartbeat_is_sent_each_minute_while_all_sites_are_on_time() {
    let sink = Sink::start();
    let mut site = site_with_heartbeat(&sink);
    let first = sink.wait_for_count("/beat", 1, SOON);
    assert_eq!(first[0].body, "");
    let second = sink.wait_for_count("/beat", 2, 2 * SOON);
    let apart = second[1].at - second[0].at;
    assert!(apart > Duration::from_secs(50), "{apart:?}");
    // Heartbeats continue after a restart.
    site.server.kill();
    site.server.start_again();
    sink.wait_for_count("/beat", 3, 2 * SOON);
}

#[test]
fn a_late_site_stops_the_heartbeat_until_its_work_is_done() {
    let sink = Sink::start();
    let mut site = site_with_heartbeat(&sink);
    // A server counts as healthy only while it can read a site; therefore there is a second one.
    let calm = json!({ "slug": "calm", "name": "Calm" });
    site.server.create_site(&calm);
    // `promise.due` comes 10 min before the promised time, so after 20 min.
    site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "next_update_at": e2e::in_minutes(30)
    }));
    sink.wait_for_count("/beat", 1, SOON);
    // The alarm fails as long as nothing can be appended to the journal.
    site.server.damage(
        "CREATE TRIGGER stop BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'stopped'); END",
    );
    site.server.restart_with_clock_offset(26 * 60);
    let before = sink.received("/beat").len();
    let deadline = Instant::now() + 2 * SOON;
    let is_late =
        |line: &str| line.contains("heartbeat") && line.contains(" late, so no heartbeat");
    while !site.server.log().lines().any(is_late) {
        assert!(Instant::now() < deadline, "{}", site.server.log());
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(sink.received("/beat").len(), before, "no heartbeat");
    site.server.damage("DROP TRIGGER stop");
    sink.wait_for_count("/beat", before + 1, 2 * SOON);
}

/// The guard of addresses cannot see where a name leads. Heartbeats are not guarded by it, so that here the network alone decides.
#[test]
fn a_name_that_leads_to_this_machine_is_not_reached() {
    let sink = Sink::start();
    let url = sink.url("/beat").replace("127.0.0.1", "localhost");
    let server = |network: Network| {
        let options = ServerOptions {
            network,
            heartbeat_url: Some(url.clone()),
            ..ServerOptions::default()
        };
        Site::with(&options, "acme", "Acme SMS", &[])
    };
    let allowed = server(Network::PublicAndPrivate);
    let before = sink.wait_for_count("/beat", 1, SOON).len();
    drop(allowed);
    let site = server(Network::Public);
    let deadline = Instant::now() + SOON;
    let is_refused = |line: &str| line.contains("heartbeat") && line.contains("connection failed");
    while !site.server.log().lines().any(is_refused) {
        assert!(Instant::now() < deadline, "{}", site.server.log());
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(sink.received("/beat").len(), before);
}

#[test]
fn the_outbox_is_shown_in_development_only() {
    let hidden = Site::empty();
    let answer = hidden.server.request("GET", "/dev/outbox").send().unwrap();
    assert_eq!(answer.status, 404);

    let sink = Sink::start();
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        shows_outbox: true,
        ..ServerOptions::default()
    };
    let site = Site::with(&options, "acme", "Acme SMS", &["Sending"]);
    site.create("/webhooks", &json!({ "url": sink.url("/a") }));
    site.change_settings(&json!({ "on_call": [{ "kind": "webhook", "value": sink.url("/b") }] }));
    site.publish_outage();
    assert_eq!(site.post("/on-call/test", &json!({})).status, 202);
    sink.wait_for_count("/a", 1, SOON);
    sink.wait_for_count("/b", 1, SOON);
    let deadline = Instant::now() + SOON;
    loop {
        let page = site.server.request("GET", "/dev/outbox").send().unwrap();
        assert_eq!(page.status, 200);
        let html = page.text();
        let is_whole = html.contains("incident.published") && html.contains("acknowledge_url");
        if is_whole && html.matches("delivered").count() >= 2 {
            break;
        }
        assert!(Instant::now() < deadline, "{html}");
        thread::sleep(Duration::from_millis(100));
    }
}
