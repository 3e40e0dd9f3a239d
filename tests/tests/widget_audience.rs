//! What a page says of itself and its user later than its script tag: segments, components by slots and mounts, language.

mod story;

use e2e::{Browser, Page};
use serde_json::json;
use story::{Site, says};

/// A site with an outage for one segment.
fn for_europe() -> (Site, String) {
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

/// The page, and when the card came onto it, in milliseconds since it was loaded.
const SHOWN: &str = "<script>(window.Allclear ||= []).push(['on', 'show', () => { window.shown ??= performance.now() }])</script>";

fn page(site: &Site, attributes: &str) -> Page {
    let embed = site.server.embed(site.slug, attributes);
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{SHOWN}{embed}"
    ))
}

async fn knows(browser: &Browser) {
    browser
        .wait_for_script(
            "the feed",
            "return Boolean(window.Allclear?.state.feed)",
            |known| *known == true,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_that_come_later_are_waited_for() {
    let (site, incident) = for_europe();
    let page = page(&site, "data-audience=pending");
    let browser = Browser::start().await;

    // Nobody says anything: five seconds, and then as if nothing had been declared.
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    let shown = browser.run("return window.shown").await;
    assert!(shown.as_f64() >= Some(4_900.0), "held until then: {shown}");

    // The page says who its user is.
    browser.goto(&page.url()).await;
    knows(&browser).await;
    browser.run("Allclear.configure({ audience: 'eu' })").await;
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    let shown = browser.run("return window.shown").await;
    assert!(shown.as_f64() < Some(4_900.0), "at once: {shown}");

    // It is somebody else: never, also when the five seconds are over.
    browser.goto(&page.url()).await;
    knows(&browser).await;
    browser.run("Allclear.configure({ audience: [] })").await;
    browser
        .wait_for_script(
            "the time to be over",
            "return performance.now() > 5500",
            |over| *over == true,
        )
        .await;
    assert!(browser.pierce().await.banner().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_for_a_component_makes_it_one_of_the_page() {
    let (site, _) = for_europe();
    let incident = site.publish(&json!({ "kind": "incident", "title": "Invoices are late", "impact": "major", "body": "We are on it.",
        "audience": { "components": ["billing"] } }));
    let page = page(&site, "data-audience='' data-components=sending");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    knows(&browser).await;
    browser
        .run("window.off = Allclear.mount(document.querySelector('h1'), { components: ['billing'] })")
        .await;
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Invoices are late")
        })
        .await;
    browser.run("off()").await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_asked_for_at_once() {
    let (site, _) = for_europe();
    let incident = site.publish(&json!({ "kind": "incident", "title": "Sending fails", "impact": "critical", "body": "We are on it.",
        "text": { "de": { "title": "Senden geht nicht", "body": "Wir sind dran." } } }));
    let page = page(&site, "");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| says(tree, &incident, "Sending fails"))
        .await;
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for("the card in German", |tree| {
            says(tree, &incident, "Senden geht nicht") && says(tree, &incident, "Ausblenden")
        })
        .await;
    let held = "return navigator.locks.query().then(({ held }) => held.map(({ name }) => name))";
    assert_eq!(browser.run(held).await, json!(["allclear:acme:de"]));
}
