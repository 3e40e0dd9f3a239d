//! Declarations after the script tag: segments, components of slots and mounts, language.

use e2e::{Browser, Page, Site, assert_no_card, has_text};
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

fn page(site: &Site, attributes: &str) -> Page {
    site.page(attributes)
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

/// Captures the timer of 5 s after which a page with pending segments counts as undeclared.
const PENDING_TIMER: &str = "{ const { setTimeout } = window;
    window.setTimeout = (task, delay, ...given) =>
        delay === 5e3 ? (window.endOfPending = task, 0) : setTimeout(task, delay, ...given); }";

async fn wait_for_pending_timer(browser: &Browser) {
    browser
        .assert_eventually("the timer", "return !!window.endOfPending", json!(true))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_segments_hold_the_card_for_at_most_5_s() {
    let (site, incident) = outage_for_europe();
    let page = page(&site, "data-audience=pending");
    let browser = Browser::start().await;
    browser.before_each_page(PENDING_TIMER).await;

    // Without a declaration: after five seconds the page counts as undeclared.
    browser.goto(&page.url()).await;
    wait_for_pending_timer(&browser).await;
    assert_no_card(&browser).await;
    browser.run("endOfPending()").await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;

    // The page declares its segment: the card does not wait.
    browser.goto(&page.url()).await;
    wait_for_feed(&browser).await;
    browser.run("Allclear.configure({ audience: 'eu' })").await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;

    // The segment does not match: no card, also after five seconds.
    browser.goto(&page.url()).await;
    wait_for_feed(&browser).await;
    browser.run("Allclear.configure({ audience: [] })").await;
    wait_for_pending_timer(&browser).await;
    browser.run("endOfPending()").await;
    assert_no_card(&browser).await;
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
    browser
        .assert_eventually("the lock", held, json!(["allclear:acme:de"]))
        .await;
}
