//! axe-core reports no violation in any state of the card, in an open shadow root. A planted fault
//! proves that axe looks into the shadow root.

use e2e::{AxeScope, Browser, Motion, Page, Scheme, Site, expand, full_outage, press, with};
use serde_json::{Value, json};

async fn assert_no_violations(browser: &Browser, state: &str) {
    let found = browser.axe_violations(AxeScope::Cards).await;
    assert!(found.is_empty(), "{state}: {found:#?}");
}

fn outage_of_impact(impact: &str) -> Value {
    with(
        full_outage(),
        &json!({ "impact": impact, "body": "We are **looking** into it: [more](https://acme.example).",
                 "audience": { "undeclared": "show" }, "components": [{ "id": "sending", "status": "partial_outage" }] }),
    )
}

fn resolving_update() -> Value {
    json!({ "status": "resolved", "body": "Sent.",
            "restored": { "back": ["Sending"], "check": "Check what you sent.", "still": ["Reports"] } })
}

fn page(site: &Site, attributes: &str) -> Page {
    site.page(&format!("data-shadow=open {attributes}"))
}

/// A browser on this page, with the notice drawn and without animations.
async fn open_page(page: &Page, scheme: Scheme, incident: &str) -> Browser {
    let browser = Browser::start().await;
    browser.set_media(scheme, Motion::Reduced).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the notice", |tree| tree.notice(incident).is_some())
        .await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_notices_a_fault_planted_in_the_shadow_root() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage_of_impact("major"));
    let page = page(&site, "");
    let browser = open_page(&page, Scheme::Light, &incident).await;
    browser
        .run("document.querySelector('allclear-banner').shadowRoot.querySelector('[part=card]').append(document.createElement('button'))")
        .await;
    let found = browser.axe_violations(AxeScope::Cards).await;
    assert!(
        found.iter().any(|one| one.starts_with("button-name")),
        "{found:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_an_incident_passes_axe() {
    for (scheme, attributes) in [
        (Scheme::Light, ""),
        (Scheme::Dark, ""),
        (Scheme::Light, "data-lang=ar data-theme=dark"),
    ] {
        let site = Site::new("acme", "Acme SMS", &["Sending"]);
        let incident = site.publish(&outage_of_impact("major"));
        let page = page(&site, attributes);
        let browser = open_page(&page, scheme, &incident).await;
        assert_no_violations(&browser, "collapsed").await;
        expand(&browser, &incident).await;
        assert_no_violations(&browser, "opened").await;
        press(&browser, &incident, "hide").await;
        browser
            .wait_for("the pill", |tree| {
                tree.notice(&incident)
                    .is_some_and(|notice| notice.part("card").is_none())
            })
            .await;
        assert_no_violations(&browser, "pill").await;
        e2e::wait_until_seen(&browser, &incident).await;
        site.update(&incident, &resolving_update());
        e2e::poll_until(&browser, "the all-clear", |tree| {
            e2e::has_text(tree, &incident, "Check what you sent.")
        })
        .await;
        assert_no_violations(&browser, "all-clear").await;
        let critical = site.publish(&outage_of_impact("critical"));
        let minor = site.publish(&outage_of_impact("minor"));
        e2e::poll_until(
            &browser,
            "the card, and the all-clear on the line",
            |tree| e2e::has_text(tree, &incident, "+1") && tree.notice(&critical).is_some(),
        )
        .await;
        assert_no_violations(&browser, "several").await;
        press(&browser, &incident, "pill").await;
        browser
            .wait_for("the list", |tree| tree.notice(&minor).is_some())
            .await;
        assert_no_violations(&browser, "the list").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_and_announcements_pass_axe() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let maintenance = site.publish(
        &json!({ "kind": "maintenance", "title": "New servers", "body": "We move.",
        "scheduled_for": e2e::in_minutes(60), "scheduled_until": e2e::in_minutes(120),
        "components": [{ "id": "sending" }] }),
    );
    let announcement = site.publish(
        &json!({ "kind": "announcement", "title": "Prices change", "body": "In January.",
        "audience": { "undeclared": "show" } }),
    );
    let page = page(&site, "");
    let browser = open_page(&page, Scheme::Light, &maintenance).await;
    assert_no_violations(&browser, "pill").await;
    for id in [maintenance, announcement] {
        browser.run(&format!("Allclear.open('{id}')")).await;
        browser
            .wait_for("the card", |tree| {
                tree.notice(&id)
                    .is_some_and(|notice| notice.part("card").is_some())
            })
            .await;
        assert_no_violations(&browser, "expanded").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_in_slots_and_inline_pass_axe() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage_of_impact("critical"));
    let embed = site.server.embed(
        "acme",
        "data-shadow=open data-position=inline data-target=#here",
    );
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1><div id=here></div>\
         <dialog id=dialogue aria-label=Share><div data-allclear-slot=sending></div></dialog>{embed}"
    ));
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = open_page(&page, scheme, &incident).await;
        expand(&browser, &incident).await;
        assert_no_violations(&browser, "in the flow").await;
        browser
            .run("document.getElementById('dialogue').showModal()")
            .await;
        assert_no_violations(&browser, "in a dialog").await;
        browser
            .run("document.querySelector('allclear-slot').shadowRoot.querySelector('[part=card]').append(document.createElement('button'))")
            .await;
        let found = browser.axe_violations(AxeScope::Cards).await;
        assert!(
            found.iter().any(|one| one.starts_with("button-name")),
            "axe looks into the slot: {found:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_pass_axe() {
    let site = Site::empty();
    let page = page(&site, "");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        for impact in [
            "minor",
            "major",
            "critical",
            "maintenance",
            "announcement",
            "restored",
        ] {
            browser
                .goto(&page.at(&format!("/?allclear-preview={impact}")))
                .await;
            let id = format!("inc_preview{impact}");
            browser
                .wait_for("the preview", |tree| tree.notice(&id).is_some())
                .await;
            assert_no_violations(&browser, impact).await;
            browser.run(&format!("Allclear.open('{id}')")).await;
            browser
                .wait_for("the open preview", |tree| {
                    tree.notice(&id)
                        .is_some_and(|notice| notice.part("toggle").is_some())
                })
                .await;
            assert_no_violations(&browser, impact).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drills_and_restored_components_pass_axe() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let mut both = outage_of_impact("major");
    both["drill"] = json!(true);
    both["components"] = json!([{ "id": "sending", "status": "partial_outage" }, { "id": "receiving", "status": "partial_outage" }]);
    let incident = site.publish(&both);
    let page = page(&site, "data-components=sending");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        browser.goto(&page.at("/#allclear-drill")).await;
        browser
            .wait_for("the drill", |tree| e2e::has_text(tree, &incident, "Drill"))
            .await;
        e2e::wait_until_seen(&browser, &incident).await;
        assert_no_violations(&browser, "drill").await;
        site.update(&incident, &json!({ "status": "identified", "body": "Half of it.", "components": [{ "id": "sending", "status": "operational" }] }));
        e2e::poll_until(&browser, "the restored component", |tree| {
            e2e::has_text(tree, &incident, "Back since ")
        })
        .await;
        assert_no_violations(&browser, "a component is back").await;
        site.update(&incident, &json!({ "status": "identified", "body": "Again.", "components": [{ "id": "sending", "status": "partial_outage" }] }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_passes_axe() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&outage_of_impact("major"));
    let page = page(&site, "");
    for scheme in [Scheme::Light, Scheme::Dark] {
        let browser = Browser::start().await;
        browser.set_media(scheme, Motion::Reduced).await;
        browser
            .before_each_page(
                "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming",
            )
            .await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the plain card", |tree| tree.notice(&incident).is_some())
            .await;
        assert!(
            tree.find(|node| node.name == "section" && node.has_part("card"))
                .is_some(),
            "this is not the plain card:\n{tree}",
            tree = tree.text()
        );
        assert_no_violations(&browser, "collapsed").await;
        press(&browser, &incident, "toggle").await;
        browser
            .wait_for("the expanded card", |tree| {
                e2e::has_text(tree, &incident, "Do not resend.")
            })
            .await;
        assert_no_violations(&browser, "expanded").await;
    }
}
