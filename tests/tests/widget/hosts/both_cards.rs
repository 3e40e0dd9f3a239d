//! Runs a host page with each of the two cards.

use e2e::{Browser, Mirror, Page, Reply, TITLE, Tree, is_expanded, is_pill, mirror, page};
use serde_json::{Value, json};

/// The content policies of a page: none, and one that forbids wasm, so that the plain card is drawn.
pub const POLICIES: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

/// A host page, and the feed that it shows.
pub struct Host {
    pub mirror: Mirror,
    pub page: Page,
}

/// A page with our script tag before this body. `attributes` are those of the tag.
pub fn host(body: &str, attributes: &str, policy: Option<&str>) -> Host {
    let mirror = Mirror::with_notices(&[notice()]);
    let embed = mirror.embed("acme", attributes);
    let page = Page::host_with_policy(&page::html(&format!("{embed}{body}")), policy);
    Host { mirror, page }
}

/// A page like that of [`host`], with a script that the body loads from `/host.js`.
pub fn host_with_script(body: &str, script: &str, policy: Option<&str>) -> Host {
    let host = host(body, "", policy);
    host.page.put("/host.js", Reply::script(script));
    host
}

/// A major incident with a timeline that is higher than the card.
pub fn notice() -> Value {
    let mut notice = mirror::notice("inc_1", TITLE);
    let update = |number: u32| {
        json!({ "id": format!("upd_{number}"), "status": "identified", "body": "We are still on it. ".repeat(9),
                "at": e2e::in_minutes(-20) })
    };
    notice["updates"] = (0..12).map(update).collect();
    notice
}

/// Opens the page, and waits for the collapsed card.
pub async fn open_card(browser: &Browser, host: &Host) {
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("toggle").is_some())
        })
        .await;
}

/// Clicks a part of the card.
pub async fn click(browser: &Browser, part: &str) {
    browser
        .click_on(part, |tree| tree.notice("inc_1")?.part(part))
        .await;
}

/// Waits until the card is expanded or collapsed.
pub async fn wait_until_expanded(browser: &Browser, expanded: bool) -> Tree {
    let what = if expanded {
        "the expanded card"
    } else {
        "the collapsed card"
    };
    browser
        .wait_for(what, |tree| {
            tree.notice("inc_1").is_some_and(|notice| {
                notice.part("toggle").is_some() && is_expanded(Some(notice)) == expanded
            })
        })
        .await
}

/// Waits until the reader has hidden the card: a major incident stays as a pill.
pub async fn wait_until_hidden(browser: &Browser) {
    browser
        .wait_for("the pill", |tree| is_pill(tree, "inc_1"))
        .await;
}

/// Waits until the focus is in an element, by id or by name.
pub async fn wait_for_focus(browser: &Browser, place: &str) {
    browser
        .wait_for_script(
            "the focus",
            "return document.activeElement.id || document.activeElement.localName",
            |at| *at == json!(place),
        )
        .await;
}
