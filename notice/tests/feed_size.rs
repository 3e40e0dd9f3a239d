//! Shortening of feeds that exceed the size limit.

#![cfg(test)]

mod site;

use notice::{
    decide::Command,
    project::{
        feed::{FeedOptions, body, project},
        shorten::{Length, shorten},
    },
    wire::{
        enums::ComponentStatus,
        feed::{Feed, Notice},
    },
};
use serde_json::{Value, json};
use site::TestSite;

fn outage() -> Value {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending" }], "advice": "Do not resend.", "works": ["Receiving"], "broken": ["Sending"]
    })
}

#[test]
fn shortened_feed_fits_in_64_kib_and_counts_all_updates() {
    let mut site = TestSite::new();
    for _ in 0..30 {
        let mut minor = outage();
        minor["impact"] = json!("minor");
        minor["body"] = json!("x".repeat(2000));
        let incident = site.publish(minor);
        site.update(&incident, json!({ "body": "y".repeat(2000) }));
    }
    let critical = {
        let mut critical = outage();
        critical["impact"] = json!("critical");
        site.publish(critical)
    };
    let setting = FeedOptions {
        public_url: "https://status.example.com",
        rev: 1,
        language: None,
    };
    let body = body(&site.state, &setting).unwrap();
    assert!(body.len() <= 64 * 1024, "{}", body.len());
    let feed: Feed = serde_json::from_str(&body).unwrap();
    assert_eq!(
        feed.notices[0].id, critical,
        "less pressing notices are dropped first"
    );
    assert!(feed.notices.len() > 10);
    for notice in &feed.notices[1..] {
        assert_eq!(notice.updates.len() + notice.updates_more as usize, 2);
    }
}

#[test]
fn a_list_of_notices_fits_by_the_measure_of_the_caller() {
    let mut site = TestSite::new();
    site.publish(outage());
    site.publish(outage());
    let setting = FeedOptions {
        public_url: "https://status.example.com",
        rev: 1,
        language: None,
    };
    let feed = project(&site.state, &setting).unwrap();
    let length = serde_json::to_string(&feed.notices).unwrap().len();
    let shortened = |limit: usize, measure: fn(&str) -> usize| {
        let mut feed = feed.clone();
        let length = shorten(&mut feed, limit, measure);
        (length, feed.notices.len())
    };
    assert_eq!(shortened(length, str::len), (Length::Whole, 2));
    assert_eq!(shortened(length - 1, str::len), (Length::Shortened, 1));
    let twice: fn(&str) -> usize = |text| 2 * text.len();
    assert_eq!(shortened(length, twice), (Length::Shortened, 1));
    assert_eq!(shortened(100, str::len), (Length::Exceeds, 1));
}

#[test]
fn most_pressing_notice_is_never_dropped() {
    let longest = |character: &str, count: usize| json!(character.repeat(count));
    let many = |count: usize| {
        json!(
            (0..count)
                .map(|n| format!("{n}{}", "語".repeat(190)))
                .collect::<Vec<_>>()
        )
    };
    let setting = FeedOptions {
        public_url: "https://status.example.com",
        rev: 1,
        language: None,
    };
    let mut site = TestSite::new();
    let mut critical = outage();
    critical["impact"] = json!("critical");
    critical["title"] = longest("語", 200);
    critical["body"] = longest("語 ", 10_000);
    critical["advice"] = longest("語", 2000);
    critical["works"] = many(20);
    critical["broken"] = many(20);
    critical["audience"] =
        json!({ "paths": (0..20).map(|n| format!("/{n}{}", "x".repeat(190))).collect::<Vec<_>>() });
    critical["contacts"] = json!(
        (0..10)
            .map(|n| json!({
                "kind": "link", "label": format!("{n}{}", "語".repeat(90)),
                "value": format!("https://example.com/{}", "x".repeat(470))
            }))
            .collect::<Vec<_>>()
    );
    let id = site.publish(critical.clone());
    for _ in 0..36 {
        let mut minor = outage();
        minor["impact"] = json!("minor");
        minor["body"] = longest("x", 2000);
        site.publish(minor);
    }
    let text = body(&site.state, &setting).unwrap();
    let feed: Feed = serde_json::from_str(&text).unwrap();
    assert!(text.len() <= 64 * 1024, "{}", text.len());
    assert_eq!(feed.notices[0].id, id);
    assert!(feed.notices[0].updates[0].truncated);
    assert_eq!(
        feed.notices[0].audience.paths.len(),
        20,
        "the audience is never cut"
    );
    assert!(feed.notices.len() > 5);

    // An all-clear with a long postmortem is kept.
    site.update(
        &id,
        json!({ "body": "x", "status": "resolved", "restored": { "check": "語".repeat(2000) } }),
    );
    let input = serde_json::from_value(json!({
        "root_cause": "c".repeat(20_000), "remedy": "r".repeat(20_000),
        "prevention": vec!["p".repeat(2000); 13],
        "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" }
    }))
    .unwrap();
    site.run(Command::PutPostmortem {
        incident: id.clone(),
        input,
    })
    .unwrap();
    let text = body(&site.state, &setting).unwrap();
    let feed: Feed = serde_json::from_str(&text).unwrap();
    assert!(text.len() <= 64 * 1024, "{}", text.len());
    let restored = feed.notices.iter().find(|notice| notice.id == id).unwrap();
    assert!(restored.restored.as_ref().unwrap().postmortem.is_some());
}

#[test]
fn long_body_is_cut_at_a_word_and_marked_as_truncated() {
    let mut site = TestSite::new();
    let mut long = outage();
    long["body"] = json!("word ".repeat(1000));
    site.publish(long);
    let update = &only(&site.feed()).updates[0];
    assert!(update.truncated);
    assert!(update.body.chars().count() <= 2000 && update.body.ends_with("word"));
}

fn only(feed: &Feed) -> Notice {
    assert_eq!(feed.notices.len(), 1);
    feed.notices[0].clone()
}

#[test]
fn broken_components_are_kept_when_the_list_is_cut() {
    let mut site = TestSite::new();
    for number in 0..30 {
        site.create_component(&format!("Component {number}"));
    }
    let affected = |number: usize| {
        let status = if number < 25 {
            "operational"
        } else {
            "partial_outage"
        };
        json!({ "id": format!("component-{number}"), "status": status })
    };
    let mut long = outage();
    long["components"] = (0..30).map(affected).collect();
    for _ in 0..36 {
        long["advice"] = json!("語".repeat(600));
        site.publish(long.clone());
    }
    let setting = FeedOptions {
        public_url: "https://status.example.com",
        rev: 1,
        language: None,
    };
    let feed: Feed = serde_json::from_str(&body(&site.state, &setting).unwrap()).unwrap();
    let cut: Vec<&Notice> = feed
        .notices
        .iter()
        .filter(|notice| notice.components.len() == 20)
        .collect();
    assert!(!cut.is_empty());
    for notice in cut {
        let broken = notice
            .components
            .iter()
            .filter(|component| component.status == ComponentStatus::PartialOutage);
        assert_eq!(broken.count(), 5);
    }
}

/// A notice is measured once, and again when it changes. When each step measured the whole feed,
/// this test took minutes.
#[test]
fn a_feed_of_many_all_clears_fits() {
    let mut site = TestSite::new();
    for _ in 0..400 {
        let incident = site.publish(outage());
        site.update(&incident, json!({ "body": "Fixed.", "status": "resolved" }));
    }
    let setting = FeedOptions {
        public_url: "https://status.example.com",
        rev: 1,
        language: None,
    };
    let body = body(&site.state, &setting).unwrap();
    let size = body.len();
    assert!(size <= 64 * 1024 && size > 60 * 1024, "{size}");
}
