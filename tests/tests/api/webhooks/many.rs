//! Fifty endpoints, of which some are dead and some hang.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use e2e::{Behaviour, Sink, Site, in_minutes};
use notice::wire::time::Timestamp;
use serde_json::json;

use super::{SOON, incident};

const ENDPOINTS: usize = 50;
const DEAD: usize = 10;
const HANGING: usize = 5;
/// Time until the last healthy endpoint has a message, on an idle machine: of the first event, when
/// no endpoint is known to hang, and of later ones.
const FIRST: Duration = Duration::from_secs(35);
const LATER: Duration = Duration::from_secs(5);

#[test]
fn endpoints_that_hang_delay_neither_others_nor_the_alarm() {
    let site = Site::with_private_network();
    let sink = Sink::start();
    let path = |number: usize| format!("/{number}");
    let mut healthy = Vec::new();
    for number in 0..ENDPOINTS {
        // Spread over the list: a hanging endpoint may be the first.
        let behaviour = match number {
            _ if number % 10 == 0 && number / 10 < HANGING => Behaviour::Hang,
            _ if number % 5 == 2 && number / 5 < DEAD => Behaviour::Status(500),
            _ => {
                healthy.push(path(number));
                Behaviour::Status(204)
            }
        };
        sink.set(&path(number), behaviour);
        site.create_webhook(
            &sink,
            &path(number),
            &json!({ "events": ["incident.published"] }),
        );
    }
    assert_eq!(healthy.len(), ENDPOINTS - DEAD - HANGING);
    for (number, limit) in [(1, FIRST), (2, LATER), (3, LATER), (4, LATER)] {
        let title = format!("Outage {number}");
        let begun = Instant::now();
        site.publish(&incident(&title));
        let received = sink.wait_for(&title, SOON, |received| {
            healthy
                .iter()
                .all(|path| received.iter().filter(|one| one.path == *path).count() >= number)
        });
        let of_title = received
            .iter()
            .filter(|one| healthy.contains(&one.path))
            .filter(|one| one.json()["data"]["incident"]["title"] == title);
        let last = of_title.map(|one| one.at).max().unwrap();
        let taken = last - begun;
        assert!(taken < limit, "event {number} took {taken:?}");
    }

    // The alarm that reminds of a promise is on time while attempts hang, and so is the page.
    let on_call = json!([{ "kind": "webhook", "value": sink.url("/on-call"), "name": "first" }]);
    site.change_settings(&json!({ "on_call": on_call, "overdue_after_s": 0 }));
    let due = in_minutes(1);
    let promise = e2e::with(incident("Promise"), &json!({ "next_update_at": due }));
    let id = site.publish(&promise);
    sink.wait_for("the page", Duration::from_secs(120), |received| {
        received
            .iter()
            .any(|one| one.path == "/on-call" && one.json()["type"] == "promise.overdue")
    });
    let paged_at = SystemTime::now();
    let journal = site.get("/journal").json;
    let items = journal["items"].as_array().unwrap();
    let row = items
        .iter()
        .find(|item| item["row"]["type"] == "promise.overdue")
        .unwrap();
    assert_eq!(row["event"]["incident"], json!(id));
    let seconds_of = |text: &str| Timestamp::parse(text).unwrap().seconds();
    let late = seconds_of(row["row"]["at"].as_str().unwrap()) - seconds_of(&due);
    assert!((0..5).contains(&late), "the reminder was {late} s late");
    let since_1970 = paged_at.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let late = i64::try_from(since_1970).unwrap() - seconds_of(&due);
    assert!((0..5).contains(&late), "the page was {late} s late");
}
