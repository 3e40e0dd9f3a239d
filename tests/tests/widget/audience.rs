//! Declarations after the script tag: segments, components of slots and mounts, language.

use e2e::{Browser, Page, Site, has_text};
use serde_json::json;

/// A site with an outage for one segment.
fn outage_for_europe() -> (Site, String) {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Billing"]);
    let changed = site
        .server
        .request("PATCH", &site.path(""))
        .token(&site.token)
        .header("if-match", "*")
        .json(&json!({ "segments": [{ "slug": "eu", "label": "European customers" }], "languages": ["en", "de"] }))
        .send()
        .unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
    let incident = site.publish(&json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are on it.",
        "audience": { "segments": ["eu"], "undeclared": "show" } }));
    (site, incident)
}

/// Records when the card first appears, in milliseconds since the page was loaded.
const SHOWN: &str = "<script>(window.Allclear ||= []).push(['on', 'show', () => { window.shown ??= performance.now() }])</script>";

fn page(site: &Site, attributes: &str) -> Page {
    let embed = site.server.embed(site.slug, attributes);
    Page::with_body(&format!("{SHOWN}{embed}"))
}

async fn wait_for_feed(browser: &Browser) {
    browser
        .wait_for_script(
            "the feed",
            "return Boolean(window.Allclear?.state.feed)",
            |known| *known == true,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_segments_hold_the_card_for_at_most_5_s() {
    let (site, incident) = outage_for_europe();
    let page = page(&site, "data-audience=pending");
    let browser = Browser::start().await;

    // Without a declaration: after five seconds the page counts as undeclared.
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    let shown = browser.run("return window.shown").await;
    assert!(shown.as_f64() >= Some(4_900.0), "not held for 5 s: {shown}");

    // The page declares its segment.
    browser.goto(&page.url()).await;
    wait_for_feed(&browser).await;
    browser.run("Allclear.configure({ audience: 'eu' })").await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    let shown = browser.run("return window.shown").await;
    assert!(shown.as_f64() < Some(4_900.0), "not at once: {shown}");

    // The segment does not match: no card, also after five seconds.
    browser.goto(&page.url()).await;
    wait_for_feed(&browser).await;
    browser.run("Allclear.configure({ audience: [] })").await;
    browser
        .wait_for_script(
            "the five seconds to pass",
            "return performance.now() > 5500",
            |over| *over == true,
        )
        .await;
    assert!(browser.pierce().await.banner().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_for_a_component_declares_it() {
    let (site, _) = outage_for_europe();
    let incident = site.publish(&json!({ "kind": "incident", "title": "Invoices are late", "impact": "major", "body": "We are on it.",
        "audience": { "components": ["billing"] } }));
    let page = page(&site, "data-audience='' data-components=sending");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    wait_for_feed(&browser).await;
    browser
        .run("window.off = Allclear.mount(document.querySelector('h1'), { components: ['billing'] })")
        .await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Invoices are late")
        })
        .await;
    browser.run("off()").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_language_requests_its_feed_at_once() {
    let (site, _) = outage_for_europe();
    let incident = site.publish(&json!({ "kind": "incident", "title": "Sending fails", "impact": "critical", "body": "We are on it.",
        "text": { "de": { "title": "Senden geht nicht", "body": "Wir sind dran." } } }));
    let page = page(&site, "");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Sending fails")
        })
        .await;
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for("the card in German", |tree| {
            has_text(tree, &incident, "Senden geht nicht")
                && has_text(tree, &incident, "Ausblenden")
        })
        .await;
    let held = "return navigator.locks.query().then(({ held }) => held.map(({ name }) => name))";
    assert_eq!(browser.run(held).await, json!(["allclear:acme:de"]));
}
