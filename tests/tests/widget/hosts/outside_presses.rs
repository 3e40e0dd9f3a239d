//! Pages with a dialog or menu that closes on a press outside of it: presses on the card do not close it; with both cards.

use e2e::{Browser, hosts};
use serde_json::{Value, json};

use super::both_cards::*;

/// Closes on each event outside of the panel, and records its type in `outside`.
const PANEL: &str = "<div id=panel><textarea id=text>half written</textarea></div>
    <h2 id=elsewhere>Elsewhere</h2>
    <script>
        window.outside = [];
        const panel = document.getElementById('panel');
        const close = event => { if (!panel.contains(event.target)) outside.push(event.type); };
        for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu', 'touchstart',
            'touchend', 'focusin'])
            for (const target of [document, document.body])
                for (const capture of [true, false]) target.addEventListener(type, close, { capture, passive: true });
        panel.addEventListener('focusout', ({ type, relatedTarget }) =>
            panel.contains(relatedTarget) || outside.push(type));
        document.getElementById('text').focus();
    </script>";

/// A script that returns the recorded types, and clears them.
const OUTSIDE: &str = "return [...new Set(outside.splice(0))].sort()";

/// The position of the centre of a part of the card.
async fn centre(browser: &Browser, part: &str) -> (f64, f64) {
    let tree = browser.pierce().await;
    let node = e2e::part(&tree, "inc_1", part);
    let [left, top, width, height] = browser.rectangle(&node).await.expect("it is shown");
    (left + width / 2.0, top + height / 2.0)
}

async fn send_mouse_event(browser: &Browser, kind: &str, button: &str, (x, y): (f64, f64)) {
    let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": 1 });
    browser.devtools("Input.dispatchMouseEvent", event).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presses_on_the_card_do_not_close_panels_of_the_page() {
    for attributes in ["", "data-position=inline"] {
        for policy in POLICIES {
            let host = host(PANEL, attributes, policy);
            let browser = Browser::watching().await;
            open_card(&browser, &host).await;
            click(&browser, "title").await;
            assert_eq!(browser.run(OUTSIDE).await, json!([]), "the title");
            // The right button.
            let title = centre(&browser, "title").await;
            send_mouse_event(&browser, "mousePressed", "right", title).await;
            send_mouse_event(&browser, "mouseReleased", "right", title).await;
            assert_eq!(browser.run(OUTSIDE).await, json!([]), "the right button");
            click(&browser, "toggle").await;
            wait_until_expanded(&browser, true).await;
            let toggle = centre(&browser, "toggle").await;
            browser.touch(&[toggle]).await;
            wait_until_expanded(&browser, false).await;
            click(&browser, "hide").await;
            wait_until_hidden(&browser).await;
            assert_eq!(browser.run(OUTSIDE).await, json!([]), "the buttons");
            // The page's listeners work.
            let tree = browser.pierce().await;
            let elsewhere = tree.find(|node| node.attribute("id") == Some("elsewhere"));
            browser.run("document.getElementById('text').focus()").await;
            browser.click(elsewhere.expect("the heading")).await;
            assert_eq!(
                browser.run(OUTSIDE).await,
                json!([
                    "click",
                    "focusout",
                    "mousedown",
                    "mouseup",
                    "pointerdown",
                    "pointerup"
                ])
            );
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_between_the_card_and_the_page_ends_where_it_began() {
    let browser = Browser::watching().await;
    for policy in POLICIES {
        let host = host(PANEL, "", policy);
        open_card(&browser, &host).await;
        let (title, toggle, hide) = (
            centre(&browser, "title").await,
            centre(&browser, "toggle").await,
            centre(&browser, "hide").await,
        );
        let page = (300.0, 200.0);
        // A press that leaves the card does not count as a press on the page.
        send_mouse_event(&browser, "mousePressed", "left", title).await;
        send_mouse_event(&browser, "mouseMoved", "left", page).await;
        send_mouse_event(&browser, "mouseReleased", "left", page).await;
        assert_eq!(browser.run(OUTSIDE).await, json!([]));
        browser.run("getSelection().removeAllRanges()").await;
        // The release of a drag that began in the page reaches the page, and presses nothing in the
        // card.
        send_mouse_event(&browser, "mousePressed", "left", page).await;
        send_mouse_event(&browser, "mouseMoved", "left", toggle).await;
        send_mouse_event(&browser, "mouseReleased", "left", toggle).await;
        let closed = browser.run(OUTSIDE).await;
        for kind in ["mousedown", "mouseup", "pointerdown", "pointerup"] {
            assert!(
                closed.as_array().unwrap().contains(&json!(kind)),
                "{kind}: {closed}"
            );
        }
        browser.run("getSelection().removeAllRanges()").await;
        // A press that began on another button presses nothing either.
        send_mouse_event(&browser, "mousePressed", "left", hide).await;
        send_mouse_event(&browser, "mouseMoved", "left", toggle).await;
        send_mouse_event(&browser, "mouseReleased", "left", toggle).await;
        wait_until_expanded(&browser, false).await;
        click(&browser, "toggle").await;
        wait_until_expanded(&browser, true).await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_radix_dialog_stays_open_and_the_card_accessible() {
    for alias in [
        None,
        Some("--alias:@radix-ui/react-dialog=radix-dialog-1-1-2"),
    ] {
        let arguments: Vec<&str> = alias.into_iter().chain(["--jsx=automatic"]).collect();
        let script = hosts::bundle("radix.jsx", &arguments);
        for policy in POLICIES {
            let body = "<div id=app></div><script src=/host.js></script>";
            let host = host_with_script(body, &script, policy);
            let browser = Browser::watching().await;
            open_card(&browser, &host).await;
            wait_for_focus(&browser, "text").await;
            for part in ["title", "toggle", "title", "toggle", "hide", "pill"] {
                click(&browser, part).await;
            }
            wait_until_expanded(&browser, true).await;
            // Escape turns the card into the pill that it was before, and does not close the
            // dialog.
            browser.press("Escape").await;
            wait_until_hidden(&browser).await;
            browser.press("Escape").await;
            assert_eq!(
                browser.run("return window.dismissed ?? null").await,
                Value::Null
            );
            browser
                .wait_for_script(
                    "the card for assistive technology",
                    "const host = document.querySelector('allclear-banner');
                     return host.hasAttribute('aria-hidden') || host.hasAttribute('inert')",
                    |hidden| *hidden == json!(false),
                )
                .await;
            // The dialog still closes by a press outside of it.
            send_mouse_event(&browser, "mousePressed", "left", (600.0, 100.0)).await;
            send_mouse_event(&browser, "mouseReleased", "left", (600.0, 100.0)).await;
            browser
                .wait_for_script(
                    "the end of the dialog",
                    "return window.dismissed ?? false",
                    |closed| *closed == true,
                )
                .await;
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hides_the_card_leaves_it_accessible() {
    for policy in POLICIES {
        let host = host("", "", policy);
        let browser = Browser::watching().await;
        open_card(&browser, &host).await;
        for hide in ["setAttribute('aria-hidden', 'true')", "inert = true"] {
            let script = format!("document.querySelector('allclear-banner').{hide}");
            browser.run(&script).await;
            browser
                .wait_for_script(
                    "the card",
                    "const host = document.querySelector('allclear-banner');
                     return host.hasAttribute('aria-hidden') || host.hasAttribute('inert')",
                    |hidden| *hidden == json!(false),
                )
                .await;
        }
        click(&browser, "toggle").await;
        wait_until_expanded(&browser, true).await;
    }
}

/// The browser itself closes popovers and such dialogs at a press outside of them. The press on the
/// card works all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_closes_a_popover_of_the_page_works() {
    let body = "<div id=menu popover=auto>Menu</div><dialog id=sheet closedby=any>Sheet</dialog>";
    for open in ["menu').showPopover()", "sheet').show()"] {
        for policy in POLICIES {
            let host = host(body, "", policy);
            let browser = Browser::watching().await;
            open_card(&browser, &host).await;
            browser
                .run(&format!("document.getElementById('{open}"))
                .await;
            click(&browser, "toggle").await;
            wait_until_expanded(&browser, true).await;
            browser.watched().await.assert_no_errors();
        }
    }
}
