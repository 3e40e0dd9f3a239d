//! The content of each page.

use super::*;

#[test]
fn an_incidents_page_has_all_its_texts() {
    let mut site = Site::new();
    site.publish(1, json!({ "components": [{ "id": "sending" }], "advice": "Do not resend.", "body": "x ".repeat(5000) }));
    let page = site.incident(1).unwrap();
    assert!(page.contains("Do not resend.") && page.contains("Not working for some"));
    assert!(
        page.matches("x x").count() > 1000,
        "the whole body, not cut to the feed's 2,000 characters"
    );
    assert!(page.contains("property=\"og:description\""));
    site.update(
        1,
        json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains("Resolved:") && page.contains("Your outbox."));
    assert!(
        !page.contains("Do not resend."),
        "the all-clear omits the outage's advice"
    );
    assert!(site.status().contains("No known problems"));
}

#[test]
fn history_is_paginated_by_months_with_incidents() {
    let mut site = Site::new();
    assert!(site.history(None).unwrap().contains("No incidents."));
    for (number, began) in [
        (1, "2026-07-10T08:00:00Z"),
        (2, "2026-09-10T08:00:00Z"),
        (3, "2026-09-11T08:00:00Z"),
    ] {
        site.publish(number, json!({ "title": format!("Number {number}"), "started_at": began, "status": "resolved" }));
    }
    site.publish(4, json!({ "kind": "maintenance", "impact": null, "title": "Not yet", "scheduled_for": at(NOW + 9000),
                            "scheduled_until": at(NOW + 9900) }));
    let newest = site.history(None).unwrap();
    assert!(
        newest.contains("Number 2") && newest.contains("Number 3") && !newest.contains("Number 1")
    );
    assert!(
        newest.contains("href=\"/s/acme/history?month=2026-07\"")
            && !newest.contains("rel=\"next\"")
    );
    assert!(
        newest.find("Number 3") < newest.find("Number 2"),
        "newest first"
    );
    let oldest = site.history(Some("2026-07")).unwrap();
    assert!(
        oldest.contains("Number 1") && oldest.contains("href=\"/s/acme/history?month=2026-09\"")
    );
    assert_eq!(site.history(Some("2026-08")), None);
    assert!(
        !site.history(Some("2026-09")).unwrap().contains("Not yet"),
        "scheduled maintenance is not in the history"
    );
}

#[test]
fn untranslated_texts_are_marked_with_their_language() {
    let mut site = Site::new();
    site.publish(1, json!({ "advice": "Do not resend.", "text": { "de": { "title": "Nachrichten verzögert", "body": "Wir suchen." } } }));
    let page = |language: &str| {
        site.with(language, |context| {
            incident::render(context, &incident_id(1)).unwrap()
        })
    };
    let german = page("de");
    for expected in [
        "lang=\"de\" dir=\"ltr\"",
        "Nachrichten verzögert",
        "Wir suchen.",
        "Große Störung",
        "?lang=de\"",
    ] {
        assert!(german.contains(expected), "{expected}: {german}");
    }
    assert!(
        german.contains("<section class=\"box\" lang=\"en\">"),
        "{german}"
    );
    let arabic = page("ar");
    assert!(
        arabic.contains("lang=\"ar\" dir=\"rtl\"")
            && arabic.contains("<h1><bdi lang=\"en\">Messages are delayed")
    );
    assert!(
        !page("en").contains("?lang=en\""),
        "links in the site's own language have no query, also in the language menu"
    );
}

#[test]
fn groups_without_problems_are_collapsed_on_large_sites() {
    let mut site = Site::new();
    for number in 2..40 {
        let group = if number % 2 == 0 { "Even" } else { "Odd" };
        site.run(Command::CreateComponent {
            id: serde_json::from_value(json!(format!("cmp_{number}"))).unwrap(),
            input: serde_json::from_value(
                json!({ "name": format!("Component {number}"), "group": group }),
            )
            .unwrap(),
        });
    }
    site.publish(1, json!({ "components": [{ "id": "component-3" }] }));
    let page = site.status();
    let open = |number: u32| page.contains(&format!("<details id=\"group-{number}\" open>"));
    assert_eq!((open(0), open(1), open(2)), (false, false, true), "{page}");
    assert!(page.contains("1 of 19 affected"));
}

#[test]
fn the_timeline_shows_the_status_only_when_it_changes() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    site.update(1, json!({ "body": "Still." }));
    site.update(1, json!({ "body": "Found.", "status": "identified" }));
    site.update(1, json!({ "body": "Going on." }));
    let page = site.incident(1).unwrap();
    let (_, timeline) = page.split_once("id=\"timeline\"").unwrap();
    assert_eq!(
        timeline.matches("We are looking into it.").count(),
        1,
        "{timeline}"
    );
    assert_eq!(timeline.matches("We know the cause").count(), 1);
}

#[test]
fn scheduled_maintenance_has_a_calendar_link() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "kind": "maintenance", "impact": null, "title": "New servers; all of them, at night",
                "scheduled_for": "2026-11-22T20:00:00Z", "scheduled_until": "2026-11-22T22:00:00Z" }),
    );
    for page in [site.incident(1).unwrap(), site.card()] {
        assert!(
            page.contains("href=\"/s/acme/incidents/inc_1.ics\">Add to calendar"),
            "{page}"
        );
        // The end omits the day.
        assert!(
            page.contains(
                "<time datetime=\"2026-11-22T22:00:00Z\" data-from=\"2026-11-22T20:00:00Z\">22:00</time>"
            ),
            "{page}"
        );
    }
    site.update(1, json!({ "body": "b", "status": "in_progress" }));
    assert!(!site.incident(1).unwrap().contains(".ics"));
}

#[test]
fn each_language_has_its_own_address() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    let page = site.with("de", |context| {
        incident::render(context, &incident_id(1)).unwrap()
    });
    let own = "https://status.example.com/s/acme/incidents/inc_1";
    for expected in [
        format!("<link rel=\"canonical\" href=\"{own}?lang=de\">"),
        format!("<meta property=\"og:url\" content=\"{own}?lang=de\">"),
        format!("<link rel=\"alternate\" hreflang=\"en\" href=\"{own}\">"),
        format!("<link rel=\"alternate\" hreflang=\"ar\" href=\"{own}?lang=ar\">"),
    ] {
        assert!(page.contains(&expected), "{expected}: {page}");
    }
}

#[test]
fn a_phone_number_is_shown_unless_the_label_has_it() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
                              { "kind": "phone", "label": "Ring +61 2 5550 0101", "value": "+61 2 5550 0101" },
                              { "kind": "link", "label": "Help", "value": "https://help.example/" }] }),
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains(">+61 2 5550 0100</span>"), "{page}");
    assert!(!page.contains(">+61 2 5550 0101</span>") && !page.contains(">https://help.example/<"));
}

#[test]
fn pages_link_to_the_form_for_mail_only_if_mail_is_sent() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    let links = |site: &Site| {
        let pages = [site.status(), site.incident(1).unwrap()];
        pages.map(|page| page.matches("/subscribe").count())
    };
    assert_eq!(links(&site), [0, 0]);
    site.has_mail = true;
    assert_eq!(links(&site), [2, 1], "for the incident and for the site");
    site.update(1, json!({ "status": "resolved", "body": "b" }));
    assert_eq!(links(&site), [1, 0], "an incident that is over");
    let form = |site: &Site, number| {
        site.with("de", |context| {
            subscribe::render(context, Some(&incident_id(number)))
        })
    };
    let page = form(&site, 1).unwrap();
    assert!(page.contains("name=\"lang\" value=\"de\""), "{page}");
    assert!(
        page.contains("type=\"hidden\" name=\"explanation\" value=\"1\""),
        "{page}"
    );
    assert_eq!(form(&site, 2), None);
}
