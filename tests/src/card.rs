//! Finds, awaits and operates the card of an incident on a host page.

use serde_json::{Value, json};

use crate::{Browser, Node, Page, Site, Tree};

/// A browser in which a notice of the site `acme` has been seen, on a page that declares nothing.
#[derive(Debug)]
pub struct Witness {
    pub site: Site,
    pub page: Page,
    /// The browser, at that page.
    pub browser: Browser,
    pub incident: String,
}

/// Publishes this incident on a site of its own, and opens a page until its title has been seen.
pub async fn witness(incident: &Value) -> Witness {
    let site = Site::empty();
    let page = site.page("");
    let id = site.publish(incident);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let title = incident["title"].as_str().expect("a title");
    poll_until(&browser, "the card", |tree| has_text(tree, &id, title)).await;
    wait_until_seen(&browser, &id).await;
    Witness {
        site,
        page,
        browser,
        incident: id,
    }
}

/// Waits until this browser counts the notice as seen: one second after its title came into view.
pub async fn wait_until_seen(browser: &Browser, incident: &str) {
    let stored = format!(
        "return JSON.parse(localStorage['allclear:acme:seen'] || '{{}}')['{incident}'] ?? null"
    );
    browser
        .wait_for_script("the notice to be seen", &stored, |attention| {
            attention.is_number()
        })
        .await;
}

/// Makes the page poll now, and waits for a condition.
pub async fn poll_until(browser: &Browser, what: &str, condition: impl Fn(&Tree) -> bool) -> Tree {
    browser.run("window.Allclear?.refresh?.()").await;
    browser.wait_for(what, condition).await
}

/// Whether the notice of this incident contains a text.
pub fn has_text(tree: &Tree, incident: &str, text: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.text().contains(text))
}

/// Whether the notice is drawn as a pill.
pub fn is_pill(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.part("pill").is_some() && notice.part("card").is_none())
}

/// Whether the card in this element is expanded.
pub fn is_expanded(card: Option<&Node>) -> bool {
    card.and_then(|card| card.part("toggle"))
        .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
}

/// Expands the card, if it is collapsed.
pub async fn expand(browser: &Browser, incident: &str) -> Tree {
    let tree = browser
        .wait_for("the notice's button", |tree| {
            tree.notice(incident)
                .is_some_and(|notice| notice.part("toggle").is_some())
        })
        .await;
    if !is_expanded(tree.notice(incident)) {
        press(browser, incident, "toggle").await;
    }
    browser
        .wait_for("the expanded card", |tree| {
            is_expanded(tree.notice(incident))
        })
        .await
}

/// Clicks a part of a notice as soon as it is shown, also when the card is drawn again meanwhile.
pub async fn press(browser: &Browser, incident: &str, part: &str) {
    browser
        .click_on(part, |tree| tree.notice(incident)?.part(part))
        .await;
}

/// Script that returns true once the page has decided whether to show a notice of its feed: once `rules.js`, which decides it,
/// has run.
const DECIDED: &str = "return (async () => {
    const { feed } = window.Allclear?.state ?? {};
    if (!feed) return false;
    if (!feed.notices.length) return true;
    const files = performance.getEntriesByType('resource');
    const rules = files.find(({ name }) => name.endsWith('/rules.js'));
    if (!rules) return false;
    await import(rules.name);
    await new Promise((done) => setTimeout(done));
    return true;
})()";

/// Waits until the page has decided what to show of its feed, and panics if it shows this notice. If the page has requested
/// the files of a card, waits for the card first.
pub async fn assert_not_shown(browser: &Browser, incident: &str) {
    wait_until_decided(browser).await;
    if requests_card(browser).await {
        browser
            .wait_for("the card", |tree| tree.banner().is_some())
            .await;
    }
    let tree = browser.pierce().await;
    assert!(tree.notice(incident).is_none(), "{}", tree.text());
}

/// Waits until the page has decided what to show of its feed, and panics if it draws or requests a card.
pub async fn assert_no_card(browser: &Browser) {
    wait_until_decided(browser).await;
    let tree = browser.pierce().await;
    assert!(tree.banner().is_none(), "{}", tree.text());
    assert!(!requests_card(browser).await, "the card is being loaded");
}

async fn wait_until_decided(browser: &Browser) {
    browser
        .assert_eventually("the decision", DECIDED, json!(true))
        .await;
}

/// Whether the page has requested the files of a card since it was opened.
async fn requests_card(browser: &Browser) -> bool {
    let requests = browser.network_requests().await;
    let mut of_page = requests
        .iter()
        .rev()
        .take_while(|request| request.kind != "Document");
    let is_card = |url: &str| url.ends_with("/widget.js") || url.ends_with("/plain.js");
    of_page.any(|request| is_card(&request.url))
}

/// A part of a notice; panics when it is missing.
pub fn part(tree: &Tree, incident: &str, part: &str) -> Node {
    let notice = tree
        .notice(incident)
        .unwrap_or_else(|| panic!("no notice of {incident}"));
    let found = notice.part(part);
    found
        .unwrap_or_else(|| panic!("no {part} in: {}", notice.text()))
        .clone()
}
