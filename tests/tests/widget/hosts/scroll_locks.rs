//! Pages that lock scrolling while a dialog is open: an expanded card still scrolls, by wheel and by touch; with both cards.

use e2e::{Browser, hosts};
use serde_json::json;

use super::both_cards::*;

/// Cancels all scrolling by wheel and touch.
const LOCK: &str = "<script>
        for (const target of [document, document.body, document.documentElement])
            for (const type of ['wheel', 'touchmove'])
                for (const capture of [true, false])
                    target.addEventListener(type, event => event.preventDefault(), { capture, passive: false });
    </script>";

/// The distance of the notice's last update from the top of the screen.
async fn top_of_text(browser: &Browser) -> f64 {
    let tree = browser.pierce().await;
    let notice = tree.notice("inc_1").expect("the notice");
    let text = notice
        .find_all(|node| node.name == "p")
        .pop()
        .expect("a text");
    let [_, top, ..] = browser.rectangle(text).await.expect("it is drawn");
    top
}

async fn assert_scrolls(browser: &Browser, by: &str) {
    let tree = browser.pierce().await;
    let card = e2e::part(&tree, "inc_1", "card");
    let [left, top, width, height] = browser.rectangle(&card).await.expect("it is shown");
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    let before = top_of_text(browser).await;
    // A click has scrolled the plain card to its button, which is at the end.
    let down = if before < top + height { -1.0 } else { 1.0 };
    if by == "wheel" {
        let wheel =
            json!({ "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": 40.0 * down });
        browser.devtools("Input.dispatchMouseEvent", wheel).await;
    } else {
        let points: Vec<_> = (0..10)
            .map(|step| (x, y - 6.0 * down * f64::from(step)))
            .collect();
        browser.touch(&points).await;
    }
    let mut after = before;
    for _ in 0..100 {
        after = top_of_text(browser).await;
        if (after - before).abs() > 10.0 {
            return;
        }
        // The compositor scrolls in its next frames.
        browser
            .run("return new Promise(done => requestAnimationFrame(() => done()))")
            .await;
    }
    panic!("{by}: {before} and {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expanded_card_scrolls_while_the_page_is_locked() {
    let radix = hosts::bundle("radix.jsx", &["--jsx=automatic"]);
    let app = "<div id=app></div><script src=/host.js></script>";
    for (body, script) in [(LOCK, ""), (app, radix.as_str())] {
        for policy in POLICIES {
            let host = host_with_script(body, script, policy);
            let browser = Browser::watching().await;
            browser.set_viewport(800, 600, 1.0).await;
            open_card(&browser, &host).await;
            if body == app {
                wait_for_focus(&browser, "text").await;
            }
            click(&browser, "toggle").await;
            wait_until_expanded(&browser, true).await;
            assert_scrolls(&browser, "wheel").await;
            assert_scrolls(&browser, "touch").await;
            browser.watched().await.assert_no_errors();
        }
    }
}
