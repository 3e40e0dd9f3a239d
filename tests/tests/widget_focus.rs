//! The focus, when what has it goes away by itself: back to where the reader came from, and never taken from the page;
//! with either card.

mod story;

use e2e::{Browser, Mirror, Page, Reply, Tree, mirror};
use serde_json::{Value, json};
use story::seen;

/// The content policies that a page may have: any, and one that forbids wasm.
const POLICIES: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

/// Where the page's focus is.
const FOCUSED: &str = "return document.activeElement.id || document.activeElement.localName";

struct Host {
    mirror: Mirror,
    page: Page,
}

fn host(policy: Option<&str>) -> Host {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[outage()]));
    let html = format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1><input id=other><input id=field>{}",
        mirror.embed("acme", "")
    );
    let page = Page::host("");
    let reply = Reply::html(&html);
    page.put(
        "/",
        match policy {
            Some(policy) => reply.header("content-security-policy", policy),
            None => reply,
        },
    );
    Host { mirror, page }
}

fn outage() -> Value {
    let mut outage = mirror::outage("inc_1", "Messages are delayed");
    outage["contacts"] =
        json!([{ "kind": "link", "label": "Chat", "value": "https://chat.example/" }]);
    outage
}

fn restored() -> Value {
    let mut notice = outage();
    notice["kind"] = json!("restored");
    notice["attention"] = json!(2);
    notice["restored"] = json!({ "at": e2e::in_minutes(-1), "seconds": 600, "back": ["Sending"], "check": null, "still": [],
        "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(4000), "withdrawn": null,
        "postmortem": null });
    notice
}

async fn opened(host: &Host) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card", |tree| tree.notice("inc_1").is_some())
        .await;
    browser
}

/// Goes by the keyboard from the page's last field to the card's first button.
async fn go_in(browser: &Browser) {
    browser.run("field.focus()").await;
    browser.press("Tab").await;
    is_at(browser, "allclear-banner").await;
}

async fn is_at(browser: &Browser, place: &str) {
    browser
        .wait_for_script("the focus", FOCUSED, |at| *at == json!(place))
        .await;
}

async fn vanishes(host: &Host, browser: &Browser) {
    host.mirror.put_feed("acme", &mirror::feed(9, &[]));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("nothing", |tree| tree.notice("inc_1").is_none())
        .await;
}

async fn unharmed(browser: &Browser) {
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanishes_under_the_focus_gives_it_back() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = opened(&host).await;
        go_in(&browser).await;
        seen(&browser, "inc_1").await;
        // The all-clear is another card: the focus goes on in it.
        host.mirror
            .put_feed("acme", &mirror::feed(6, &[restored()]));
        browser.run("Allclear.refresh()").await;
        let kind = |tree: &Tree| {
            let notice = tree.notice("inc_1")?;
            notice.attribute("data-kind").map(str::to_owned)
        };
        browser
            .wait_for("the all-clear", |tree| {
                kind(tree).as_deref() == Some("restored")
            })
            .await;
        is_at(&browser, "allclear-banner").await;
        vanishes(&host, &browser).await;
        is_at(&browser, "field").await;
        unharmed(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanishes_under_the_focus_leaves_the_page_where_it_was_scrolled_to() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = opened(&host).await;
        go_in(&browser).await;
        browser
            .run("document.body.style.height = '4000px'; scrollTo(0, 2000)")
            .await;
        vanishes(&host, &browser).await;
        is_at(&browser, "field").await;
        assert_eq!(browser.run("return scrollY").await, json!(2000));
        unharmed(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_focus_that_is_the_pages_own_stays() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = opened(&host).await;
        go_in(&browser).await;
        browser.run("other.focus()").await;
        vanishes(&host, &browser).await;
        is_at(&browser, "other").await;
        unharmed(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_folds_under_the_focus_leaves_it_on_its_button() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = opened(&host).await;
        go_in(&browser).await;
        browser.press("Enter").await;
        browser
            .wait_for("the contact", |tree| tree.part("contact").is_some())
            .await;
        // From "Less" past "Hide" in the one card, back from it in the other: to the link that goes away.
        let tree = browser.pierce().await;
        let parts = focusable(&tree);
        let at = |part: &str| parts.iter().position(|found| found == part).unwrap();
        let mut event =
            json!({ "type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        if at("contact") < at("toggle") {
            event["modifiers"] = json!(8);
        }
        for _ in 0..at("contact").abs_diff(at("toggle")) {
            browser
                .devtools("Input.dispatchKeyEvent", event.clone())
                .await;
        }
        browser.press("Escape").await;
        browser
            .wait_for("the folded card", |tree| {
                tree.notice("inc_1").is_some() && tree.part("contact").is_none()
            })
            .await;
        is_at(&browser, "allclear-banner").await;
        // It is the button that opens it again.
        browser.press("Enter").await;
        browser
            .wait_for("the open card", |tree| tree.part("contact").is_some())
            .await;
        unharmed(&browser).await;
    }
}

/// The parts that the keyboard goes to, in order.
fn focusable(tree: &Tree) -> Vec<String> {
    let notice = tree.notice("inc_1").unwrap();
    let found = notice.find_all(|node| {
        node.attribute("href").is_some()
            || matches!(node.attribute("part"), Some("toggle" | "hide"))
    });
    let parts = found.iter().map(|node| node.attribute("part"));
    parts
        .map(|part| part.unwrap_or_default().to_owned())
        .collect()
}
