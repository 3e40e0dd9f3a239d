//! The story of a failed domain renewal: some users cannot reach their meetings. In a real incident
//! of this kind, customers missed one message: that the service was back.

use e2e::{Browser, Site, expand, has_text, in_minutes, part, poll_until, press};
use serde_json::{Value, json};

fn first_report() -> Value {
    json!({
        "kind": "incident", "impact": "critical", "status": "investigating",
        "title": "Meetings cannot be reached",
        "body": "Some customers cannot reach our site, meetings and recordings. We are looking into it.",
        "components": [{ "id": "site" }, { "id": "meetings" }, { "id": "recordings", "status": "partial_outage" }],
        "advice": "Join by telephone: the number is in your invitation.",
        "works": ["Joining by telephone"], "broken": ["The site", "Meetings in the browser"],
        "contacts": [
            { "kind": "phone", "label": "Call support", "value": "+61 2 5550 0100" },
            { "kind": "chat", "label": "Live chat", "value": "https://chat.example.com/" }
        ]
    })
}

async fn replay(attributes: &str) {
    let site = Site::new(
        "meet",
        "Ready Meetings",
        &["Site", "Meetings", "Recordings", "Integration"],
    );
    let page = site.page(&format!("data-components='meetings' {attributes}"));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;

    // All is well: only the loader and the feed.
    browser
        .wait_for_request("the feed", |request| request.url.contains("/feed"))
        .await;
    let quiet: Vec<String> = browser
        .network_requests()
        .await
        .into_iter()
        .map(|request| request.url)
        .filter(|url| url.starts_with(&site.server.url()))
        .collect();
    assert!(
        quiet
            .iter()
            .all(|url| url.ends_with("/embed.js") || url.contains("/feed?")),
        "{quiet:?}"
    );
    assert!(
        browser.pierce().await.banner().is_none(),
        "nothing is drawn while all is well"
    );

    // First report: the card appears without a reload.
    let incident = site.publish(&first_report());
    let tree = poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Meetings cannot be reached")
    })
    .await;
    assert_eq!(
        tree.notice(&incident).unwrap().attribute("data-kind"),
        Some("incident")
    );
    let tree = expand(&browser, &incident).await;
    assert!(
        part(&tree, &incident, "advice")
            .text()
            .contains("Join by telephone")
    );
    assert!(
        part(&tree, &incident, "works")
            .text()
            .contains("Joining by telephone")
    );
    assert!(
        part(&tree, &incident, "broken")
            .text()
            .contains("Meetings in the browser")
    );
    let contacts: Vec<String> = tree
        .parts("contact")
        .iter()
        .filter_map(|contact| contact.attribute("href").map(str::to_owned))
        .collect();
    assert_eq!(contacts, ["tel:+61255500100", "https://chat.example.com/"]);
    assert!(has_text(&tree, &incident, "We are looking into it."));

    // The cause is known and the next update promised: the same card changes in place.
    site.update(&incident, &json!({
        "status": "identified", "body": "The renewal of our domain failed. It is being put right.",
        "next_update_at": in_minutes(30)
    }));
    let tree = poll_until(&browser, "the cause", |tree| {
        has_text(tree, &incident, "renewal of our domain failed")
    })
    .await;
    assert_eq!(tree.notices().len(), 1, "one card, changed in place");
    assert!(
        part(&tree, &incident, "next-update")
            .text()
            .contains("Next update by")
    );
    assert!(has_text(
        &tree,
        &incident,
        "We know the cause and are fixing it."
    ));

    // A component is restored before the others: the card says so while the incident goes on.
    site.update(&incident, &json!({
        "status": "monitoring", "impact": "major",
        "body": "The domain resolves again. Your provider may keep the old answer for some hours.",
        "components": [{ "id": "recordings", "status": "operational" }]
    }));
    let tree = poll_until(&browser, "monitoring", |tree| {
        has_text(tree, &incident, "The domain resolves again")
    })
    .await;
    assert!(has_text(
        &tree,
        &incident,
        "It should work again. We are watching."
    ));

    // The reader hides the card; it stays hidden after a reload.
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("only the pill", |tree| tree.part("card").is_none())
        .await;
    browser.reload().await;
    let tree = browser
        .wait_for("the pill again", |tree| tree.part("pill").is_some())
        .await;
    assert!(tree.part("card").is_none(), "hidden stays hidden");

    // Resolved: a witness who had hidden the notice sees the all-clear at once.
    site.update(&incident, &json!({
        "status": "resolved", "body": "Everything can be reached again.",
        "restored": { "back": ["Site", "Meetings", "Recordings"], "check": "Recordings of this morning are complete." }
    }));
    let tree = poll_until(&browser, "the all-clear", |tree| {
        has_text(tree, &incident, "Resolved:")
    })
    .await;
    assert_eq!(
        tree.notice(&incident).unwrap().attribute("data-kind"),
        Some("restored")
    );
    part(&tree, &incident, "restored");
    assert!(
        has_text(&tree, &incident, "Recordings of this morning are complete."),
        "in view without a tap: {}",
        tree.notice(&incident).unwrap().text()
    );
    assert!(
        !has_text(&tree, &incident, "Join by telephone"),
        "outage advice does not pass into the all-clear"
    );
    assert!(has_text(&tree, &incident, "Not working for you?"));

    // A new visitor sees at most the pill.
    let stranger = Browser::start().await;
    stranger.goto(&page.url()).await;
    let tree = stranger
        .wait_for("the pill", |tree| tree.part("pill").is_some())
        .await;
    assert!(tree.part("card").is_none(), "{}", tree.text());

    let watched = browser.watched().await;
    assert!(watched.errors.is_empty(), "{watched:?}");
    assert!(watched.rejections.is_empty(), "{watched:?}");
    assert!(watched.shift.abs() < f64::EPSILON, "{watched:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_renewal_error_is_shown_in_a_closed_shadow_root() {
    replay("").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_renewal_error_is_shown_in_an_open_shadow_root() {
    replay("data-shadow='open'").await;
}
