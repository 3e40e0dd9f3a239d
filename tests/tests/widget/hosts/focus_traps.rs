//! Pages that keep the focus in a dialog: the card's buttons work, and F6 moves the focus to them; with both cards.

use e2e::{Browser, hosts};
use serde_json::json;

use super::both_cards::*;

/// A dialog with an input that traps the focus, and the script that it loads.
struct Trap {
    what: &'static str,
    body: String,
    script: String,
    /// The element with the focus while the dialog is open.
    focused: &'static str,
}

/// A trap made of a script of the page, which handles events of the document.
fn hand_made(what: &'static str, script: &str) -> Trap {
    Trap {
        what,
        body: format!(
            "<div id=dialog><input id=text><button>Close</button></div><script>{script}; document.getElementById('text').focus()</script>"
        ),
        script: String::new(),
        focused: "text",
    }
}

fn radix(what: &'static str, arguments: &[&str]) -> Trap {
    Trap {
        what,
        body: "<div id=app></div><script src=/host.js></script>".to_owned(),
        script: hosts::bundle("radix.jsx", &[arguments, &["--jsx=automatic"]].concat()),
        focused: "text",
    }
}

fn traps() -> Vec<Trap> {
    vec![
        Trap {
            what: "focus-trap",
            body: "<div id=dialog><input id=text><button>Close</button></div><script src=/host.js></script>
                   <script>focusTrap.createFocusTrap('#dialog').activate()</script>"
                .to_owned(),
            script: hosts::bundle("focus_trap.js", &["--global-name=focusTrap"]),
            focused: "text",
        },
        radix("Radix", &[]),
        radix("Radix 1.1.2", &["--alias:@radix-ui/react-dialog=radix-dialog-1-1-2"]),
        hand_made(
            "a listener for focus",
            "document.addEventListener('focus', event => {
                if (!dialog.contains(event.target)) { event.stopPropagation(); document.getElementById('text').focus(); }
            }, true)",
        ),
        hand_made(
            "a listener for focusout",
            "document.addEventListener('focusout', event => {
                if (dialog.contains(event.target) && !dialog.contains(event.relatedTarget)) setTimeout(() => event.target.focus());
            }, true)",
        ),
        hand_made(
            "a listener for Tab",
            "document.addEventListener('keydown', event => {
                if (event.key !== 'Tab') return;
                event.preventDefault();
                const [input, button] = dialog.children;
                (document.activeElement === input ? button : input).focus();
            }, true)",
        ),
    ]
}

/// Opens each page with each card, and waits until the trap has the focus.
async fn for_each_trap(act: impl AsyncFn(&Browser, &str)) {
    let browser = Browser::watching().await;
    for trap in traps() {
        for policy in POLICIES {
            let host = host_with_script(&trap.body, &trap.script, policy);
            open_card(&browser, &host).await;
            wait_for_focus(&browser, trap.focused).await;
            println!("{}, {policy:?}", trap.what);
            act(&browser, trap.focused).await;
            let open = "return !!document.querySelector('#dialog') && !window.dismissed";
            assert_eq!(browser.run(open).await, json!(true), "{}", trap.what);
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_and_hide_work_by_mouse_in_a_focus_trap() {
    for_each_trap(async |browser, _| {
        click(browser, "toggle").await;
        wait_until_expanded(browser, true).await;
        click(browser, "hide").await;
        wait_until_hidden(browser).await;
        click(browser, "pill").await;
        wait_until_expanded(browser, true).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_and_tab_reach_the_cards_buttons_in_a_focus_trap() {
    for_each_trap(async |browser, _| {
        browser.press("F6").await;
        wait_for_focus(browser, "allclear-banner").await;
        browser.press("Enter").await;
        wait_until_expanded(browser, true).await;
        browser.press("Escape").await;
        wait_until_expanded(browser, false).await;
        browser.press("Tab").await;
        browser.press(" ").await;
        wait_until_hidden(browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_and_shift_f6_return_the_focus_to_the_trap() {
    for_each_trap(async |browser, focused| {
        for is_shifted in [false, true] {
            browser.press("F6").await;
            wait_for_focus(browser, "allclear-banner").await;
            if is_shifted {
                browser.press_with_shift("F6").await;
            } else {
                browser.press("F6").await;
            }
            wait_for_focus(browser, focused).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_visits_each_container_in_the_pages_order() {
    let browser = Browser::watching().await;
    for policy in POLICIES {
        let slot = "<input id=field><div data-allclear-slot=reports></div>";
        let host = host(slot, "", policy);
        let mut other = notice();
        other["id"] = json!("inc_2");
        other["audience"]["components"] = json!(["reports"]);
        other["audience"]["undeclared"] = json!("hide");
        host.mirror
            .put_feed("acme", &e2e::mirror::feed(6, &[notice(), other]));
        open_card(&browser, &host).await;
        browser.run("field.focus()").await;
        // The plain card draws no slots.
        let places: &[&str] = match policy {
            None => &["allclear-slot", "allclear-banner", "field"],
            Some(_) => &["allclear-banner", "field"],
        };
        let drawn = browser.pierce().await;
        let has_banner = drawn
            .banner()
            .is_some_and(|banner| !banner.parts("toggle").is_empty());
        for place in places {
            if *place == "allclear-banner" && !has_banner {
                continue;
            }
            browser.press("F6").await;
            wait_for_focus(&browser, place).await;
        }
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_reaches_the_page_while_nothing_is_shown() {
    for policy in POLICIES {
        let listener = "<script>window.keys = []; addEventListener('load', () =>
            document.addEventListener('keydown', ({ key, defaultPrevented }) => keys.push(key + defaultPrevented)))</script>";
        let host = host(&format!("{listener}<input id=field>"), "", policy);
        let browser = Browser::start().await;
        open_card(&browser, &host).await;
        host.mirror.put_feed("acme", &e2e::mirror::feed(9, &[]));
        browser.run("Allclear.refresh()").await;
        browser
            .wait_for("no notice", |tree| tree.notice("inc_1").is_none())
            .await;
        browser.run("field.focus()").await;
        browser.press("F6").await;
        assert_eq!(browser.run("return keys").await, json!(["F6false"]));
    }
}
