//! Escaping of operators' texts.

use super::*;

#[test]
fn operators_texts_are_escaped() {
    let evil = "<script>alert(1)</script>\"><svg onload=alert(1)>'";
    let mut site = Site::new();
    site.run(Command::CreateComponent {
        id: serde_json::from_value(json!("cmp_2")).unwrap(),
        input: serde_json::from_value(json!({ "name": evil, "slug": "evil", "group": evil }))
            .unwrap(),
    });
    site.change(
        json!({ "contacts": [{ "kind": "phone", "label": evil, "value": "+61255500100" }],
                        "segments": [{ "slug": "eu", "label": evil }] }),
    );
    site.publish(2, json!({ "title": evil }));
    site.publish(1, json!({
        "title": evil, "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold**",
        "advice": evil, "works": [evil], "broken": [evil], "components": [{ "id": "evil" }], "related": ["inc_2"],
        "audience": { "segments": ["eu"], "listed": true, "undeclared": "show" },
        "text": { "de": { "title": evil, "body": evil, "advice": evil } }
    }));
    let check = |site: &Site| {
        let mut pages = site.pages();
        pages.push(site.with("de", |context| {
            incident::render(context, &incident_id(1)).unwrap()
        }));
        for page in pages {
            for forbidden in [
                "<script>",
                "<img",
                "<svg onload",
                "<b>",
                "href=\"javascript",
                "style=",
                "onload=\"",
            ] {
                assert!(!page.contains(forbidden), "{forbidden}: {page}");
            }
        }
    };
    check(&site);
    assert!(site.incident(1).unwrap().contains("<strong>bold</strong>"));
    site.update(
        1,
        json!({ "body": evil, "status": "resolved", "restored": { "check": evil, "back": [evil], "still": [evil] } }),
    );
    let postmortem = json!({ "root_cause": evil, "remedy": evil, "prevention": [evil],
                          "window": { "start": at(NOW - 60), "end": at(NOW) } });
    site.run(Command::PutPostmortem {
        incident: incident_id(1),
        input: serde_json::from_value(postmortem).unwrap(),
    });
    check(&site);
    assert!(site.incident(1).unwrap().contains("What we learned"));
    site.run(Command::WithdrawIncident {
        id: incident_id(2),
        input: serde_json::from_value(json!({ "reason": evil })).unwrap(),
    });
    check(&site);
}

#[test]
fn phone_and_email_contacts_are_links() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "contacts": [
        { "kind": "phone", "label": "Ring us", "value": "+61 2 5550 0100" },
        { "kind": "email", "label": "Write to us", "value": "help@acme.example" }] }),
    );
    for page in [site.status(), site.incident(1).unwrap(), site.card()] {
        assert!(
            page.contains("href=\"tel:+61255500100\"")
                && page.contains("href=\"mailto:help@acme.example\"")
        );
    }
}
