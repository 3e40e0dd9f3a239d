//! Webhooks on real workerd, received by a real HTTP server.

mod answers;
mod attempts;
mod crashes;
mod input;
mod many;

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::Site;
use serde_json::{Value, json};

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A webhook's deliveries, newest first.
#[track_caller]
fn deliveries(site: &Site, hook: &str) -> Vec<Value> {
    let answer = site.get(&format!("/webhooks/{hook}/deliveries"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json["items"].as_array().unwrap().clone()
}

/// Waits until a webhook's deliveries fulfil a condition.
#[track_caller]
fn wait_for_deliveries(
    site: &Site,
    hook: &str,
    what: &str,
    condition: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let deadline = Instant::now() + SOON;
    loop {
        let found = deliveries(site, hook);
        if condition(&found) {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "waited for {what}: {found:#?}\n{}",
            site.server.log()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

fn incident(title: &str) -> Value {
    json!({ "kind": "incident", "title": title, "impact": "major", "body": "We look into it." })
}
