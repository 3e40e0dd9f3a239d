//! Tests the outcome, segments and period beside an incident's title on pages.

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

/// The text of each page, with the page's name.
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
        assert!(
            !page.contains("Working again"),
            "{name}: no partial all-clear: {page}"
        );
    }
    let title = long.split(" · ").next().unwrap();
    let page = site.incident(1).unwrap();
    assert!(page.contains(&format!("<title>{title} · ")), "{page}");
}

fn ended_site(fields: Json, update: Json) -> Site {
    let mut site = Site::new();
    site.publish(1, fields);
    site.now += 6000;
    site.update(1, update);
    site
}

#[test]
fn a_resolved_incident_has_its_outcome_before_the_title() {
    let site = ended_site(json!({}), json!({ "body": "Fixed.", "status": "resolved" }));
    check(
        &site,
        "Resolved: Messages are delayed · 2026-11-21T09:40:00Z",
        "Resolved: Messages are delayed · 2026-11-21T09:40:00Z, after 1 h 40 min",
    );
}

#[test]
fn remaining_problems_give_mostly_resolved() {
    let site = ended_site(
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
        assert_eq!(
            page.contains("Search"),
            !is_list,
            "{name}: lists show the first two remaining problems"
        );
    }
}

#[test]
fn a_completed_maintenance_has_its_outcome_before_the_title() {
    let window = json!({ "kind": "maintenance", "impact": null, "title": "Upgrade", "status": "in_progress",
        "scheduled_for": at(NOW), "scheduled_until": at(NOW + 7200) });
    let site = ended_site(window, json!({ "body": "Done.", "status": "completed" }));
    let heading = "Completed: Upgrade · 2026-11-21T09:40:00Z";
    check(&site, heading, heading);
}

#[test]
fn a_withdrawn_incident_has_its_outcome_before_the_title() {
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
fn an_open_incident_shows_its_start_without_its_age() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    for minutes in [13, 125, 42 * 60] {
        site.now = NOW + minutes * 60;
        let page = text(&site.status());
        assert!(page.contains("Began 2026-11-21T08:00:00Z"), "{page}");
        assert!(!page.contains(" ago)"), "{page}");
    }
}

#[test]
fn a_scheduled_maintenance_shows_the_days_until_its_start() {
    let mut site = Site::new();
    let window = json!({ "kind": "maintenance", "impact": null, "title": "Upgrade",
        "scheduled_for": at(NOW + 42 * 3600 + 660), "scheduled_until": at(NOW + 44 * 3600) });
    site.publish(1, window);
    assert!(text(&site.status()).contains("(in 2 days)"));
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
