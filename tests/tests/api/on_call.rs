//! On-call messages on real workerd, received by a real HTTP server. The tests set the server's
//! clock forward.

mod links;
mod mail;
mod sending;

use std::{
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use e2e::{Received, Sink, Site};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);
const MINUTE_S: i64 = 60;

/// The site `acme` on a server that may send to this machine. Its updates are overdue 1 s after
/// their promised time.
fn site() -> Site {
    let site = Site::with_private_network();
    site.change_settings(&json!({ "overdue_after_s": 1 }));
    site
}

/// Sets on-call targets of kind webhook, each named after its path; `more` is merged into each.
fn set_targets(site: &Site, sink: &Sink, paths: &[&str], more: &Value) {
    let targets = paths.iter().map(|path| {
        let target = json!({ "kind": "webhook", "value": sink.url(path), "name": path });
        e2e::with(target, more)
    });
    site.change_settings(&json!({ "on_call": targets.collect::<Vec<_>>() }));
}

/// Publishes an incident whose next update is due in `seconds`; returns the incident's id.
fn publish_promise(site: &Site, seconds: i64) -> String {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = Timestamp::from_seconds(i64::try_from(since_epoch.as_secs()).unwrap());
    site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "next_update_at": now.plus_seconds(seconds)
    }))
}

/// Waits for a request about this event at a path; returns all of them.
#[track_caller]
fn wait_for_event(sink: &Sink, path: &str, event: &str) -> Vec<Received> {
    let of_event = |received: &[Received]| -> Vec<Received> {
        let at_path = received.iter().filter(|one| one.path == path);
        let found = at_path.filter(|one| one.json()["type"] == event);
        found.cloned().collect()
    };
    let received = sink.wait_for(&format!("{event} at {path}"), SOON, |received| {
        !of_event(received).is_empty()
    });
    of_event(&received)
}

/// Waits until `GET /on-call` fulfils a condition.
#[track_caller]
fn wait_for_view(site: &Site, what: &str, condition: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + SOON;
    loop {
        let view = site.get("/on-call").json;
        if condition(&view) {
            return view;
        }
        assert!(
            Instant::now() < deadline,
            "waited for {what}: {view:#}\n{}",
            site.server.log()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

/// The journal's items whose type begins with `begin`, oldest first.
fn rows(site: &Site, begin: &str) -> Vec<Value> {
    let journal = site.get("/journal?limit=100").json;
    let items = journal["items"].as_array().unwrap().iter().rev();
    items
        .filter(|item| item["row"]["type"].as_str().unwrap().starts_with(begin))
        .cloned()
        .collect()
}
