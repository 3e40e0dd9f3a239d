//! What has ended says so before its title, on every page.

use super::*;

/// The text of a page, without its tags.
fn text(page: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for letter in page.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            letter if !is_tag => text.push(letter),
            _ => {}
        }
    }
    text.replace('\u{a0}', " ")
}

/// Each page, by its name, as text.
fn pages(site: &Site) -> [(&'static str, String); 4] {
    [
        ("status", site.status()),
        ("history", site.history(None).unwrap()),
        ("incident", site.incident(1).unwrap()),
        ("card", site.card()),
    ]
    .map(|(name, page)| (name, text(&page)))
}

#[track_caller]
fn check(site: &Site, short: &str, long: &str) {
    for (name, page) in pages(site) {
        let expected = match name {
            "status" | "history" => short,
            _ => long,
        };
        assert!(page.contains(expected), "{name}: {expected}: {page}");
        assert!(!page.contains("Working again"), "{name}: {page}");
    }
    let title = long.split(" · ").next().unwrap();
    let page = site.incident(1).unwrap();
    assert!(page.contains(&format!("<title>{title} · ")), "{page}");
}

fn ended(fields: Json, update: Json) -> Site {
    let mut site = Site::new();
    site.publish(1, fields);
    site.now += 6000;
    site.update(1, update);
    site
}

#[test]
fn a_resolved_incident_carries_its_title_and_its_label() {
    let site = ended(json!({}), json!({ "body": "Fixed.", "status": "resolved" }));
    check(
        &site,
        "Resolved: Messages are delayed · 2026-11-21T09:40:00Z",
        "Resolved: Messages are delayed · 2026-11-21T09:40:00Z, after 1 h 40 min",
    );
}

#[test]
fn what_is_not_right_yet_makes_it_mostly_resolved() {
    let site = ended(
        json!({}),
        json!({ "body": "b", "status": "resolved", "restored": { "still": ["Reports lag", "Exports wait", "Search"] } }),
    );
    check(
        &site,
        "Mostly resolved: Messages are delayed · 2026-11-21T09:40:00Z",
        "Mostly resolved: Messages are delayed · 2026-11-21T09:40:00Z, after 1 h 40 min",
    );
    for (name, page) in pages(&site) {
        assert!(
            page.contains("Reports lag") && page.contains("Exports wait"),
            "{name}"
        );
        let is_list = matches!(name, "status" | "history");
        assert_eq!(page.contains("Search"), !is_list, "{name}");
    }
}

#[test]
fn a_completed_maintenance_says_so() {
    let window = json!({ "kind": "maintenance", "impact": null, "title": "Upgrade", "status": "in_progress",
        "scheduled_for": at(NOW), "scheduled_until": at(NOW + 7200) });
    let site = ended(window, json!({ "body": "Done.", "status": "completed" }));
    let heading = "Completed: Upgrade · 2026-11-21T09:40:00Z";
    check(&site, heading, heading);
}

#[test]
fn a_withdrawn_incident_says_so_before_its_title() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    site.run(Command::WithdrawIncident {
        id: incident_id(1),
        input: serde_json::from_value(json!({ "reason": "A false alarm." })).unwrap(),
    });
    let heading = "Withdrawn: Messages are delayed · 2026-11-21T08:00:00Z";
    check(&site, heading, heading);
}

#[test]
fn an_open_incident_says_how_long_ago_it_began() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    for (minutes, ago) in [
        (13, "13 min ago"),
        (125, "2 h 5 min ago"),
        (42 * 60, "2 days ago"),
    ] {
        site.now = NOW + minutes * 60;
        let began = format!("Began 2026-11-21T08:00:00Z ({ago})");
        assert!(text(&site.status()).contains(&began), "{began}");
    }
    let mut planned = Site::new();
    let window = json!({ "kind": "maintenance", "impact": null, "title": "Upgrade",
        "scheduled_for": at(NOW + 42 * 3600 + 660), "scheduled_until": at(NOW + 44 * 3600) });
    planned.publish(1, window);
    assert!(text(&planned.status()).contains("(in 2 days)"));
}

#[test]
fn an_open_incident_for_segments_names_them_before_its_title() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "audience": { "segments": ["eu"], "listed": true } }),
    );
    for (name, page) in pages(&site) {
        assert!(
            page.contains("For European customers: Messages are delayed"),
            "{name}: {page}"
        );
    }
}
