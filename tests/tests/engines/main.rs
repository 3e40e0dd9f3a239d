//! One short story in browsers of other engines than Chromium's: an incident is published in the console, its card is operated on
//! a host page until the all-clear, and the plain card is drawn where wasm is forbidden.
//!
//! Where an engine is missing, its test passes without running, and `cargo xtask test` says so.

use e2e::{Engine, EngineBrowser, Page, Reply, Site, labels, page};
use serde_json::{Value, json};

const TITLE: &str = "Messages leave us late";
const ADVICE: &str = "Do not resend.";
const CHECK: &str = "Look into your outbox.";

/// Collects the errors and rejections that the host page must not see.
const WATCHER: &str = "
    window.__errors = [];
    addEventListener('error', (event) => __errors.push(String(event.message ?? event.target.src)), true);
    addEventListener('unhandledrejection', (event) => __errors.push(String(event.reason)));
";

/// Describes the notice that is drawn in the element `HOST`; null while there is none.
const NOTICE: &str = "
    const notice = document.querySelector('HOST')?.shadowRoot.querySelector('[data-notice]');
    const card = notice?.closest('[part~=card]') ?? notice?.querySelector('[part~=card]');
    if (!card) return null;
    const { backgroundColor } = getComputedStyle(card);
    const { left, top, width } = card.getBoundingClientRect();
    return {
        kind: notice.dataset.kind,
        text: notice.textContent,
        isExpanded: !!notice.querySelector('[part~=toggle][aria-expanded=true]'),
        isPlain: notice.localName === 'section',
        isOpaque: !/transparent|, 0\\)/.test(backgroundColor),
        isInView: card.contains(card.getRootNode().elementFromPoint(left + width / 2, top + 20)),
    };
";

/// Selector of the element in which the widget draws, outside of slots.
const OWN: &str = "allclear-banner";
const SLOT: &str = "#slot > allclear-slot";

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_published_shown_and_resolved_in_firefox() {
    run_story(Engine::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_published_shown_and_resolved_in_webkitgtk() {
    run_story(Engine::WebKitGtk).await;
}

async fn run_story(engine: Engine) {
    let Some(browser) = engine.start().await else {
        return;
    };
    let site = Site::with_tiers();
    sign_in_and_publish(&browser, &site).await;
    let incidents = site.get("/incidents").json;
    let incident = incidents["items"][0]["id"].as_str().expect("an id");
    update_on_the_status_page(&browser, &site, incident).await;
    follow_card_until_the_all_clear(&browser, &site, incident).await;
    show_plain_card(&browser, &site).await;
    show_module_tag(&browser, &site).await;
    browser.quit().await;
}

async fn sign_in_and_publish(browser: &EngineBrowser, site: &Site) {
    browser.goto(&site.invitation()).await;
    browser.tap(labels::ACCEPT_INVITATION).await;
    browser.wait_for_text(labels::NONE_OPEN).await;
    browser.run(WATCHER).await;
    browser.tap(labels::NEW_INCIDENT).await;
    browser.tap("Sending").await;
    browser.tap(labels::MAJOR).await;
    browser.tap(labels::NEXT_MESSAGE).await;
    browser.type_into("title", TITLE).await;
    browser.type_into("body", "We are looking into it.").await;
    browser.tap(labels::NEXT_IN_15_MIN).await;
    browser.tap(labels::PREVIEW).await;
    browser.tap(labels::PUBLISH).await;
    browser.wait_for_text(labels::PUBLISHED).await;
    let feed = site.feed().json;
    assert_eq!(feed["notices"][0]["title"], TITLE, "{feed:#}");
    assert_no_errors(browser).await;
}

/// The open page is updated in place, and names the reader's time zone.
async fn update_on_the_status_page(browser: &EngineBrowser, site: &Site, incident: &str) {
    browser.goto(&format!("{}/s/acme", site.server.url())).await;
    browser.wait_for_text(TITLE).await;
    browser.run(WATCHER).await;
    let zone = "const { textContent, dataset } = document.getElementById('zone');
        const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
        return textContent === dataset.own.replace('%', timeZone)";
    browser
        .wait_for_script("the reader's time zone", zone, |is_own| is_own == true)
        .await;
    site.update(incident, &json!({ "body": "A carrier is down." }));
    browser.run("dispatchEvent(new Event('online'))").await;
    browser.wait_for_text("A carrier is down.").await;
    assert_no_errors(browser).await;
}

async fn follow_card_until_the_all_clear(browser: &EngineBrowser, site: &Site, incident: &str) {
    let page = host(site, None);
    browser.goto(&page.url()).await;
    let card = wait_for_notice(browser, OWN, "the card", |card| has_text(card, TITLE)).await;
    assert_eq!(card["isPlain"], false, "the widget runs: {card}");
    expand_and_hide(browser).await;

    // New advice shows the notice again.
    let update = json!({ "body": "Traffic is moved.", "advice": ADVICE });
    site.update(incident, &update);
    refresh(browser).await;
    wait_for_notice(browser, OWN, "the advice", |card| has_text(card, ADVICE)).await;

    let slot = "document.getElementById('slot').dataset.allclearSlot = 'sending'";
    browser.run(slot).await;
    wait_for_notice(browser, SLOT, "the slot", |card| has_text(card, ADVICE)).await;
    wait_until_gone(browser, OWN).await;
    browser
        .run("document.getElementById('slot').removeAttribute('data-allclear-slot')")
        .await;
    wait_for_notice(browser, OWN, "the card", |card| has_text(card, ADVICE)).await;

    wait_until_seen(browser, incident).await;
    site.update(
        incident,
        &json!({ "status": "resolved", "body": "All sent.", "restored": { "check": CHECK } }),
    );
    refresh(browser).await;
    wait_for_notice(browser, OWN, "the all-clear", |card| {
        card["kind"] == "restored" && has_text(card, CHECK)
    })
    .await;
    assert_no_errors(browser).await;
}

async fn show_plain_card(browser: &EngineBrowser, site: &Site) {
    site.publish_outage();
    let page = host(site, Some(&site.server.url()));
    browser.goto(&page.url()).await;
    let card = wait_for_notice(browser, OWN, "the plain card", |card| {
        has_text(card, e2e::TITLE)
    })
    .await;
    assert_eq!(card["isPlain"], true, "wasm is forbidden: {card}");
    expand_and_hide(browser).await;
    assert_no_errors(browser).await;
}

/// The loader finds its own tag in a module. Engines write stack traces in different ways.
async fn show_module_tag(browser: &EngineBrowser, site: &Site) {
    let tag = format!(
        "<script type=module src='{}/embed.js?v=2#x' data-site={} data-shadow=open data-storage=none></script>",
        site.server.url(),
        site.slug
    );
    let page = Page::with_body(&format!("<script>{WATCHER}</script>{tag}"));
    browser.goto(&page.url()).await;
    wait_for_notice(browser, OWN, "the card of a module", |card| {
        has_text(card, e2e::TITLE)
    })
    .await;
    assert_no_errors(browser).await;
}

/// A host page with an element for a slot, and, if `origin` is given, a content policy that allows scripts and requests of this
/// origin, but no wasm.
fn host(site: &Site, origin: Option<&str>) -> Page {
    let body = format!(
        "<script src=/watcher.js></script><div id=slot></div>{}",
        site.server.embed(site.slug, "data-shadow=open")
    );
    let page = Page::host("");
    let mut reply = Reply::html(&page::html(&body));
    if let Some(origin) = origin {
        let policy =
            format!("default-src 'none'; script-src 'self' {origin}; connect-src {origin}");
        reply = reply.header("content-security-policy", &policy);
    }
    page.put("/", reply);
    page.put("/watcher.js", Reply::script(WATCHER));
    page
}

/// Expands the card with More, and hides it.
async fn expand_and_hide(browser: &EngineBrowser) {
    press(browser, "toggle").await;
    wait_for_notice(browser, OWN, "the expanded card", |card| {
        card["isExpanded"] == true
    })
    .await;
    press(browser, "hide").await;
    wait_until_gone(browser, OWN).await;
}

async fn press(browser: &EngineBrowser, part: &str) {
    let find = format!(
        "return document.querySelector('{OWN}').shadowRoot.querySelector('[part~={part}]')"
    );
    browser.click(part, &find).await;
}

/// Makes the loader poll now.
async fn refresh(browser: &EngineBrowser) {
    browser.run("Allclear.refresh()").await;
}

/// Waits until a card that meets a condition can be read in this element.
async fn wait_for_notice(
    browser: &EngineBrowser,
    host: &str,
    what: &str,
    is_so: impl Fn(&Value) -> bool,
) -> Value {
    let script = NOTICE.replace("HOST", host);
    let is_legible = |card: &Value| card["isOpaque"] == true && card["isInView"] == true;
    browser
        .wait_for_script(what, &script, |card| is_legible(card) && is_so(card))
        .await
}

/// Waits until no card is drawn in this element. A major notice that was hidden stays as a pill.
async fn wait_until_gone(browser: &EngineBrowser, host: &str) {
    let script = NOTICE.replace("HOST", host);
    browser
        .wait_for_script("no card", &script, Value::is_null)
        .await;
}

async fn wait_until_seen(browser: &EngineBrowser, incident: &str) {
    let attention = "return Allclear.state.feed.notices[0].attention";
    let attention = browser.run(attention).await;
    let stored = format!("return JSON.parse(localStorage['allclear:acme:seen'])['{incident}']");
    browser
        .wait_for_script("the notice to be seen", &stored, |seen| *seen == attention)
        .await;
}

fn has_text(card: &Value, words: &str) -> bool {
    card["text"]
        .as_str()
        .is_some_and(|text| text.contains(words))
}

async fn assert_no_errors(browser: &EngineBrowser) {
    assert_eq!(browser.run("return window.__errors").await, json!([]));
}
