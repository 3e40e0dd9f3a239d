//! Keys that are pressed in the card do not reach the page's shortcuts; with both cards.

use e2e::{Browser, Node, Tree, is_expanded};
use serde_json::json;

use super::both_cards::*;

/// Shortcuts of the page, which record a key and prevent its default action.
const SHORTCUTS: &str = "<input id=field><script>
        window.received = [];
        const shortcut = event => { received.push(event.key); if (event.key !== 'Tab') event.preventDefault(); };
        for (const type of ['keydown', 'keypress', 'keyup'])
            for (const capture of [true, false]) document.addEventListener(type, shortcut, capture);
    </script>";

#[tokio::test(flavor = "multi_thread")]
async fn keys_pressed_in_the_card_stay_in_it() {
    let browser = Browser::watching().await;
    for attributes in ["", "data-position=inline"] {
        for policy in POLICIES {
            let host = host(SHORTCUTS, attributes, policy);
            open_card(&browser, &host).await;
            // A listener of the window that the page adds when the card is there.
            browser
                .run("for (const type of ['keydown', 'keyup']) addEventListener(type, ({ key }) => received.push('late ' + key), true)")
                .await;
            browser.press("F6").await;
            wait_for_focus(&browser, "allclear-banner").await;
            browser.run("received.length = 0").await;
            for key in ["j", "/", "?", "Enter"] {
                browser.press(key).await;
            }
            wait_until_expanded(&browser, true).await;
            browser.press("Escape").await;
            wait_until_expanded(&browser, false).await;
            // With nothing open, Escape still does not reach the page.
            browser.press("Escape").await;
            browser.press(" ").await;
            wait_until_expanded(&browser, true).await;
            assert_eq!(browser.run("return received").await, json!([]));
            browser.run("field.focus()").await;
            browser.press("j").await;
            let received = browser.run("return received.slice(0, 3)").await;
            assert_eq!(
                received,
                json!(["late j", "j", "j"]),
                "keys pressed in the page reach the page"
            );
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_in_a_slot_stay_in_it() {
    let slot = format!("<div data-allclear-slot=sending></div>{SHORTCUTS}");
    let host = host(&slot, "", None);
    let browser = Browser::watching().await;
    open_card(&browser, &host).await;
    browser.press("F6").await;
    wait_for_focus(&browser, "allclear-slot").await;
    browser.run("received.length = 0").await;
    for key in ["j", "Enter"] {
        browser.press(key).await;
    }
    wait_until_expanded(&browser, true).await;
    assert_eq!(browser.run("return received").await, json!([]));
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn escape_in_the_card_does_not_close_panels_of_the_page() {
    let body = "<div id=auto popover>Menu</div>";
    let browser = Browser::watching().await;
    for policy in POLICIES {
        let host = host(body, "", policy);
        open_card(&browser, &host).await;
        browser
            .run("document.getElementById('auto').showPopover()")
            .await;
        browser.press("F6").await;
        wait_for_focus(&browser, "allclear-banner").await;
        browser.press("Escape").await;
        browser.press("Enter").await;
        wait_until_expanded(&browser, true).await;
        let is_open = "return document.getElementById('auto').matches(':popover-open')";
        assert_eq!(browser.run(is_open).await, json!(true));
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_reaches_a_card_in_a_shadow_root_of_the_page() {
    let (browser, _host) = open_mounted("open").await;
    browser.press("F6").await;
    browser.press("Enter").await;
    wait_until_mounted_card_is_expanded(&browser).await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_in_a_closed_shadow_root_of_the_page_can_be_pressed() {
    let (browser, _host) = open_mounted("closed").await;
    browser
        .click_on("toggle", |tree| mounted(tree)?.part("toggle"))
        .await;
    wait_until_mounted_card_is_expanded(&browser).await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mount_in_a_shadow_root_that_is_emptied_gets_its_card_back() {
    let (browser, _host) = open_mounted("open").await;
    browser.run("window.mounted.innerHTML = ''").await;
    browser
        .wait_for("the card again", |tree| mounted(tree).is_some())
        .await;
    browser.watched().await.assert_no_errors();
}

/// Opens a page that calls `mount` with an element in a shadow root, whose mode is open or closed;
/// waits for the card.
async fn open_mounted(mode: &str) -> (Browser, Host) {
    let body = format!(
        "<div id=box></div><script>{{
            const root = document.getElementById('box').attachShadow({{ mode: '{mode}' }});
            window.mounted = root.appendChild(document.createElement('div'));
            (window.Allclear ||= []).push(['mount', window.mounted, {{ components: ['sending'] }}]);
        }}</script>"
    );
    let mut slotted = notice();
    slotted["audience"]["components"] = json!(["sending"]);
    let host = host(&body, "data-components=billing", None);
    host.mirror
        .put_feed("acme", &e2e::mirror::feed(6, &[slotted]));
    let browser = Browser::watching().await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in the page's shadow root", |tree| {
            mounted(tree).is_some_and(|notice| notice.part("toggle").is_some())
        })
        .await;
    (browser, host)
}

/// The notice in the page's shadow root.
fn mounted(tree: &Tree) -> Option<&Node> {
    let place = tree.find(|node| node.attribute("id") == Some("box"))?;
    place.find(|node| node.attribute("data-notice") == Some("inc_1"))
}

async fn wait_until_mounted_card_is_expanded(browser: &Browser) {
    browser
        .wait_for("the expanded card", |tree| is_expanded(mounted(tree)))
        .await;
}
