//! The card changes between the press of a button and its release; with both cards.

use e2e::{Browser, Reply, mirror, part, wait_until_seen};
use serde_json::json;

use super::both_cards::*;

/// The time after which a press no longer delays redraws is 10 min in place of 5 s, because a busy machine may take that long.
const LONG_PRESSES: &str = "{ const later = window.setTimeout;
    window.setTimeout = (task, delay, ...given) => later(task, delay === 5e3 ? 6e5 : delay, ...given); }";

/// Makes the page request the feed, whose answer is sent when the test puts the next feed.
async fn request_feed(browser: &Browser, host: &Host) {
    let requested_before = host.mirror.feed_requests().len();
    let path = "/v1/sites/acme/feed";
    host.mirror.page().put(path, Reply::until_next_put());
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("a request", "return 0", |_| {
            host.mirror.feed_requests().len() > requested_before
        })
        .await;
}

/// Waits until the page has this revision of the feed, and has drawn twice since.
async fn wait_for_feed(browser: &Browser, revision: u64) {
    browser
        .assert_eventually(
            "the feed",
            "return Allclear.state.feed.rev",
            json!(revision),
        )
        .await;
    browser
        .run("return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        .await;
}

/// Waits until a part of the card no longer moves; returns its middle.
async fn middle_of(browser: &Browser, name: &str) -> (f64, f64) {
    let mut before = None;
    loop {
        let tree = browser.pierce().await;
        let now = browser.rectangle(&part(&tree, "inc_1", name)).await;
        if let Some([left, top, width, height]) = now
            && before == now
        {
            return (left + width / 2.0, top + height / 2.0);
        }
        before = now;
        browser
            .run("return new Promise(requestAnimationFrame)")
            .await;
    }
}

async fn send_mouse_event(browser: &Browser, kind: &str, (x, y): (f64, f64)) {
    let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
    browser.devtools("Input.dispatchMouseEvent", event).await;
}

async fn send_space_key(browser: &Browser, kind: &str, text: &str) {
    let event = json!({ "type": kind, "key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": text });
    browser.devtools("Input.dispatchKeyEvent", event).await;
}

/// Opens a page, and waits until its notice has been seen, so that the page gets the all-clear.
async fn open_seen(browser: &Browser, host: &Host) {
    open_card(browser, host).await;
    wait_until_seen(browser, "inc_1").await;
    browser
        .run("window.hidden = []; Allclear.on('hide', ({ id }) => hidden.push(id))")
        .await;
}

fn resolve(host: &Host) {
    let restored = mirror::restored(notice(), &json!({}));
    host.mirror.put_feed("acme", &mirror::feed(6, &[restored]));
}

async fn wait_for_all_clear(browser: &Browser) {
    browser
        .wait_for("the all-clear", |tree| {
            let notice = tree.notice("inc_1");
            notice.and_then(|notice| notice.attribute("data-kind")) == Some("restored")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_of_more_counts_when_the_advice_changes_meanwhile() {
    for policy in POLICIES {
        let host = host("", "data-shadow=open", policy);
        let browser = Browser::watching().await;
        browser.before_each_page(LONG_PRESSES).await;
        for (revision, by_key) in [(6, false), (7, true)] {
            open_card(&browser, &host).await;
            let middle = middle_of(&browser, "toggle").await;
            // A press delays new requests too.
            request_feed(&browser, &host).await;
            if by_key {
                browser
                    .run("document.querySelector('allclear-banner').shadowRoot.querySelector('[part=toggle]').focus()")
                    .await;
                send_space_key(&browser, "keyDown", " ").await;
            } else {
                send_mouse_event(&browser, "mousePressed", middle).await;
            }
            let mut changed = notice();
            changed["advice"] = json!(format!("Wait {revision} minutes."));
            host.mirror
                .put_feed("acme", &mirror::feed(revision, &[changed]));
            wait_for_feed(&browser, revision).await;
            if by_key {
                send_space_key(&browser, "keyUp", "").await;
            } else {
                send_mouse_event(&browser, "mouseReleased", middle).await;
            }
            let tree = wait_until_expanded(&browser, true).await;
            let text = tree.notice("inc_1").unwrap().text();
            assert!(text.contains(&format!("Wait {revision}")), "{text}");
        }
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hide_counts_when_the_all_clear_arrives_meanwhile() {
    for policy in POLICIES {
        let host = host("", "", policy);
        let browser = Browser::watching().await;
        browser.before_each_page(LONG_PRESSES).await;
        open_seen(&browser, &host).await;
        let middle = middle_of(&browser, "hide").await;
        request_feed(&browser, &host).await;
        send_mouse_event(&browser, "mousePressed", middle).await;
        resolve(&host);
        wait_for_feed(&browser, 6).await;
        send_mouse_event(&browser, "mouseReleased", middle).await;
        browser
            .assert_eventually("hidden", "return hidden", json!(["inc_1"]))
            .await;
        // The reader hid the outage, not what came after it.
        wait_for_all_clear(&browser).await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_press_delays_the_all_clear_by_seconds_only() {
    for policy in POLICIES {
        let host = host("", "", policy);
        let browser = Browser::watching().await;
        open_seen(&browser, &host).await;
        let middle = middle_of(&browser, "hide").await;
        request_feed(&browser, &host).await;
        send_mouse_event(&browser, "mousePressed", middle).await;
        resolve(&host);
        wait_for_feed(&browser, 6).await;
        wait_for_all_clear(&browser).await;
        send_mouse_event(&browser, "mouseReleased", middle).await;
        assert_eq!(browser.run("return hidden").await, json!([]));
        browser.watched().await.assert_no_errors();
    }
}
