//! A page's own all-clear, from the operators' updates to what a browser shows.

#![cfg(test)]

mod site;

use notice::{
    audience::Page,
    part_restored,
    showing::{Memory, View, view},
    wire::{feed::Notice, time::Timestamp},
};
use serde_json::json;
use site::{NOW, TestSite};

fn page(declared: &[&str]) -> Page {
    Page {
        components: Some(declared.iter().map(|slug| (*slug).to_owned()).collect()),
        ..Page::default()
    }
}

fn since(notice: &Notice, declared: &[&str]) -> Option<i64> {
    part_restored::since(notice, &page(declared)).map(Timestamp::seconds)
}

/// A witness who hid the outage as it was before: what of it is on the screen?
fn sees(notice: &Notice, declared: &[&str], hidden_at: u32, now: i64) -> View {
    let memory = Memory {
        hidden_at: Some(hidden_at),
        back_hidden_at: None,
        seen: true,
        visits: &[],
    };
    view(notice, &page(declared), memory, now)
}

#[test]
fn one_of_two_comes_back_and_breaks_again() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "body": "b", "impact": "major",
        "components": [{ "id": "sending" }, { "id": "receiving" }]
    }));
    let mut say = |minutes: i64, status: &str| {
        site.now = NOW + minutes * 60;
        site.update(
            &id,
            json!({ "body": "b", "components": [{ "id": "sending", "status": status }] }),
        );
        site.feed().notices.remove(0)
    };

    let back = say(40, "operational");
    assert_eq!(back.attention, 1, "what improves raises no attention");
    let named: Vec<&str> = back
        .audience
        .components
        .iter()
        .map(|slug| slug.as_str())
        .collect();
    assert_eq!(
        named,
        ["sending", "receiving"],
        "the page still is among the audience"
    );
    assert_eq!(since(&back, &["sending"]), Some(NOW + 40 * 60));
    assert_eq!(since(&back, &["sending", "receiving"]), None);
    assert_eq!(sees(&back, &["sending"], 1, NOW + 41 * 60), View::Card);
    assert_eq!(sees(&back, &["receiving"], 1, NOW + 41 * 60), View::Pill);

    let worse = say(50, "major_outage");
    assert_eq!(since(&worse, &["sending"]), None);
    assert_eq!(
        sees(&worse, &["sending"], 1, NOW + 51 * 60),
        View::Card,
        "attention rose"
    );

    let again = say(60, "operational");
    assert_eq!(since(&again, &["sending"]), Some(NOW + 3600));
}

#[test]
fn planned_work_lets_go_of_a_part_early() {
    let mut site = TestSite::new();
    let at = |minutes: i64| Timestamp::from_seconds(NOW + minutes * 60);
    let id = site.publish(json!({
        "kind": "maintenance", "title": "t", "body": "b",
        "scheduled_for": at(60), "scheduled_until": at(180),
        "components": [{ "id": "sending" }, { "id": "reports" }]
    }));
    let waiting = site.feed().notices.remove(0);
    assert_eq!(
        since(&waiting, &["sending"]),
        None,
        "what has not begun is not back"
    );
    site.pass(NOW + 3600);
    let begun = site.feed().notices.remove(0);
    assert_eq!(since(&begun, &["sending"]), None);
    site.now += 60;
    site.update(
        &id,
        json!({ "body": "b", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    let part = site.feed().notices.remove(0);
    assert_eq!(since(&part, &["sending"]), Some(site.now));
    assert_eq!(since(&part, &["reports"]), None);
    site.pass(NOW + 3 * 3600);
    let over = site.feed().notices.remove(0);
    assert!(over.restored.is_some());
    assert_eq!(
        since(&over, &["sending"]),
        None,
        "the whole all-clear takes its place"
    );
}
