//! The focus when its element is removed: it returns to the element that had it before, and is
//! never taken from the page; with both cards.

use e2e::{Browser, Mirror, Page, Tree, mirror, wait_until_seen};
use serde_json::{Value, json};

/// The content policies of the page: none, and one that forbids wasm.
const POLICIES: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

/// The element with the focus in the page.
const FOCUSED: &str = "return document.activeElement.id || document.activeElement.localName";

struct Host {
    mirror: Mirror,
    page: Page,
}

fn host(policy: Option<&str>) -> Host {
    let mirror = Mirror::with_notices(&[notice_with_contact()]);
    let fields = "<input id=other><input id=field>";
    let page = Page::with_policy(&format!("{fields}{}", mirror.embed("acme", "")), policy);
    Host { mirror, page }
}

fn notice_with_contact() -> Value {
    let mut notice = mirror::notice("inc_1", "Messages are delayed");
    notice["contacts"] =
        json!([{ "kind": "link", "label": "Chat", "value": "https://chat.example/" }]);
    notice
}

fn restored() -> Value {
    mirror::restored(notice_with_contact(), &json!({}))
}

async fn open_page(host: &Host) -> Browser {
    let browser = Browser::watching().await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card", |tree| tree.notice("inc_1").is_some())
        .await;
    browser
}

/// Presses Tab from the page's last field into the card.
async fn tab_into_card(browser: &Browser) {
    browser.run("field.focus()").await;
    browser.press("Tab").await;
    wait_for_focus(browser, "allclear-banner").await;
}

async fn wait_for_focus(browser: &Browser, place: &str) {
    browser
        .wait_for_script("the focus", FOCUSED, |at| *at == json!(place))
        .await;
}

/// Serves a feed without notices, and waits until the notice is removed.
async fn remove_notice(host: &Host, browser: &Browser) {
    host.mirror.put_feed("acme", &mirror::feed(9, &[]));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("no notice", |tree| tree.notice("inc_1").is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_removed_under_the_focus_returns_it_to_the_page() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = open_page(&host).await;
        tab_into_card(&browser).await;
        wait_until_seen(&browser, "inc_1").await;
        // The all-clear is another card: it takes over the focus.
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
        wait_for_focus(&browser, "allclear-banner").await;
        remove_notice(&host, &browser).await;
        wait_for_focus(&browser, "field").await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returning_the_focus_does_not_scroll_the_page() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = open_page(&host).await;
        tab_into_card(&browser).await;
        browser
            .run("document.body.style.height = '4000px'; scrollTo(0, 2000)")
            .await;
        remove_notice(&host, &browser).await;
        wait_for_focus(&browser, "field").await;
        assert_eq!(browser.run("return scrollY").await, json!(2000));
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_focus_in_the_page_is_never_taken() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = open_page(&host).await;
        tab_into_card(&browser).await;
        browser.run("other.focus()").await;
        remove_notice(&host, &browser).await;
        wait_for_focus(&browser, "other").await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn collapsing_under_the_focus_moves_it_to_the_toggle() {
    for policy in POLICIES {
        let host = host(policy);
        let browser = open_page(&host).await;
        tab_into_card(&browser).await;
        browser.press("Enter").await;
        browser
            .wait_for("the contact", |tree| tree.part("contact").is_some())
            .await;
        // Tab moves the focus to the contact's link, which will be removed: forwards past "Hide" in
        // the widget's card, backwards (with Shift) in the plain card.
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
            .wait_for("the collapsed card", |tree| {
                tree.notice("inc_1").is_some() && tree.part("contact").is_none()
            })
            .await;
        wait_for_focus(&browser, "allclear-banner").await;
        // The focus is on the button that expands the card again.
        browser.press("Enter").await;
        browser
            .wait_for("the expanded card", |tree| tree.part("contact").is_some())
            .await;
        browser.watched().await.assert_no_errors();
    }
}

/// The parts that Tab reaches, in order.
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
