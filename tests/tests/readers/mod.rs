//! What tests of the card's readers share: a host with a feed of the test's own, and a look into an open shadow.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use e2e::{Browser, Mirror, Page, mirror};
use serde_json::{Value, json};

/// What scripts here look into.
pub const ROOT: &str = "const root = document.querySelector('allclear-banner').shadowRoot;
    const all = selector => [...root.querySelectorAll(selector)];
    const box = selector => root.querySelector(selector).getBoundingClientRect();";

/// A host with this feed, and a page that embeds it.
pub struct Host {
    pub mirror: Mirror,
    pub page: Page,
}

/// Serves this feed, in this language.
pub fn host(attributes: &str, language: &str, notices: &[Value]) -> Host {
    let mirror = Mirror::start();
    let mut feed = mirror::feed(5, notices);
    feed["lang"] = json!(language);
    mirror.put_feed("acme", &feed);
    let embed = mirror.embed("acme", &format!("data-shadow=open {attributes}"));
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width, viewport-fit=cover'>\
         <title>Host</title><h1>Host</h1><button id=own>Own</button>{embed}"
    ));
    Host { mirror, page }
}

/// An outage with everything that a card can hold.
pub fn outage(id: &str, title: &str) -> Value {
    let mut outage = mirror::outage(id, title);
    for (name, value) in [
        ("advice", json!("Do not resend: it will arrive.")),
        ("works", json!(["Contacts"])),
        ("broken", json!(["Sending arrives late."])),
        ("next_update_at", json!(e2e::in_minutes(100))),
        (
            "contacts",
            json!([{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }]),
        ),
        (
            "components",
            json!([{ "id": "cmp_1", "slug": "sending", "name": "Sending", "status": "partial_outage", "since": e2e::in_minutes(-30) }]),
        ),
    ] {
        outage[name] = value;
    }
    outage
}

/// Opens the page, and waits until the card says these words.
pub async fn opened(browser: &Browser, host: &Host, words: &str) {
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card", |tree| {
            tree.banner()
                .is_some_and(|banner| banner.text().contains(words))
        })
        .await;
    assert!(!host.mirror.asked().is_empty());
}

/// Opens the card, and waits until it is drawn.
pub async fn expand(browser: &Browser) {
    browser
        .run(&format!(
            "{ROOT} root.querySelector('[part=toggle],[part=pill]').click()"
        ))
        .await;
    browser
        .wait_for("the open card", |tree| {
            tree.part("toggle")
                .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
        })
        .await;
}

/// Runs this where `root` is the card's shadow, `all` finds elements in it, and `box` measures one.
pub async fn look(browser: &Browser, script: &str) -> Value {
    browser.run(&format!("{ROOT} {script}")).await
}
