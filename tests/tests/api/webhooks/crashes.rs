//! Messages to webhooks when the server is killed.

use e2e::{Behaviour, Sink, Site};
use serde_json::json;

use super::{SOON, incident, wait_for_deliveries};

#[test]
fn a_crash_right_after_the_publication_loses_no_message() {
    let mut site = Site::with_private_network();
    let sink = Sink::start();
    site.create_webhook(&sink, "/a", &json!({ "events": ["incident.published"] }));
    for number in 1..=5 {
        let title = format!("Outage {number}");
        site.publish(&incident(&title));
        // The server is killed before or during the attempt.
        site.server.kill();
        site.server.start_again();
        sink.wait_for(&title, SOON, |received| {
            received
                .iter()
                .any(|one| one.json()["data"]["incident"]["title"] == title)
        });
    }
}

#[test]
fn a_crash_before_the_answer_repeats_the_same_message() {
    let mut site = Site::with_private_network();
    let sink = Sink::start();
    let id = site.create_webhook(&sink, "/a", &json!({}));
    sink.set("/a", Behaviour::Hang);
    site.publish(&incident("Outage"));
    let first = sink.wait_for_count("/a", 1, SOON);
    site.server.kill();
    sink.set("/a", Behaviour::Status(204));
    site.server.start_again();
    let both = sink.wait_for_count("/a", 2, SOON);
    assert_eq!(first[0].header("webhook-id"), both[1].header("webhook-id"));
    assert_eq!(first[0].body, both[1].body);
    let found = wait_for_deliveries(&site, &id, "the result", |found| {
        found[0]["state"] == "delivered"
    });
    assert_eq!(found.len(), 1, "{found:#?}");
}
