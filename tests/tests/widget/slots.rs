//! Slots show notices where the page wants them, with one poll for all: in dialogs, in portals, in
//! apps that replace their DOM. A removed slot leaves nothing behind.

use crate::host::{STOPPED_CLOCK, pass};
use e2e::{Browser, Node, Page, Reply, Site, Tree, has_text, hosts, is_expanded};
use serde_json::{Value, json};

const TITLE: &str = "Sharing is slow";
const BILLING: &str = "Invoices are late";

/// A site with two outages of two components.
fn site_in_two_outages() -> (Site, String, String) {
    let site = Site::new("acme", "Acme", &["Share", "Billing"]);
    let publish = |title: &str, component: &str| {
        site.publish(&json!({ "kind": "incident", "title": title, "impact": "major", "body": "We are looking into it.",
            "advice": "Do not share again.", "components": [{ "id": component, "status": "partial_outage" }] }))
    };
    let (share, billing) = (publish(TITLE, "share"), publish(BILLING, "billing"));
    (site, share, billing)
}

fn page(site: &Site, attributes: &str, body: &str) -> Page {
    let embed = site.server.embed(site.slug, attributes);
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title>{body}{embed}"
    ))
}

/// Asserts that nothing was thrown or refused. A card in a slot takes the space that the page gives it, so shifts are
/// allowed.
async fn assert_unharmed(browser: &Browser) {
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
    let errors = browser.console_errors().await;
    assert!(errors.is_empty(), "{errors:?}");
}

/// The slot's content in the element with this id.
fn slot<'tree>(tree: &'tree Tree, id: &str) -> Option<&'tree Node> {
    tree.find(|node| node.attribute("id") == Some(id))?
        .element("allclear-slot")
}

fn slot_has_text(tree: &Tree, id: &str, words: &str) -> bool {
    slot(tree, id).is_some_and(|slot| slot.text().contains(words))
}

/// Drops the timer of the second poll, which is due after at least 10 s: on a slow machine it would be counted.
const NO_SECOND_POLL: &str = "{ const { setTimeout } = window;
    window.setTimeout = (task, delay, ...given) => delay >= 9e3 ? 0 : setTimeout(task, delay, ...given); }";

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_shows_the_notices_of_its_components() {
    let (site, share, billing) = site_in_two_outages();
    let body = "<h1>Host</h1><div id=one data-allclear-slot=share></div><div id=two data-allclear-slot='billing other'></div>\
                <div id=all data-allclear-slot></div><div id=none data-allclear-slot=other></div>";
    let page = page(&site, "", body);
    let browser = Browser::start().await;
    browser.before_each_page(NO_SECOND_POLL).await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("all slots", |tree| {
            slot_has_text(tree, "one", TITLE)
                && slot_has_text(tree, "two", BILLING)
                && slot_has_text(tree, "all", TITLE)
                && slot_has_text(tree, "all", BILLING)
        })
        .await;
    assert!(!slot_has_text(&tree, "one", BILLING) && !slot_has_text(&tree, "two", TITLE));
    let other = slot(&tree, "none").unwrap();
    assert!(other.notices().is_empty(), "{other}");
    // A notice in a rendered slot does not float as well.
    let own = tree.banner().expect("the floating container");
    assert!(own.notices().is_empty(), "{own}");
    for id in ["one", "two", "all"] {
        let slot = slot(&tree, id).unwrap();
        let root = &slot.children[0];
        assert_eq!(root.shadow_mode.as_deref(), Some("closed"), "{slot}");
        let card = slot.part("card").unwrap();
        assert!(browser.is_shown(card).await);
    }
    let regions = |role: &str| {
        tree.find_all(|node| node.attribute("role") == Some(role))
            .len()
    };
    assert_eq!(
        (regions("status"), regions("alert")),
        (1, 1),
        "announced once"
    );

    // All slots use the same poll: one request per site.
    let feed_requests = browser.network_requests().await;
    let feed_requests = feed_requests
        .iter()
        .filter(|request| request.url.contains("/feed"))
        .count();
    assert_eq!(feed_requests, 1);

    // A notice that is hidden in one slot is hidden everywhere.
    let hide = slot(&tree, "one").unwrap().part("hide").unwrap();
    browser.click(hide).await;
    let of_share = |tree: &Tree| {
        let notices = tree.notices().into_iter();
        let of_share = notices.filter(|notice| notice.attribute("data-notice") == Some(&share));
        of_share.cloned().collect::<Vec<_>>()
    };
    let tree = browser
        .wait_for("no card of the notice", |tree| {
            slot(tree, "one").is_some_and(|slot| slot.part("card").is_none())
                && of_share(tree)
                    .iter()
                    .all(|notice| notice.part("card").is_none())
        })
        .await;
    assert_eq!(of_share(&tree).len(), 1, "one pill, in the first slot");
    let pill = slot(&tree, "one").unwrap().part("pill").unwrap();
    assert_eq!(pill.text(), format!("Major: {TITLE}"));
    assert!(
        slot(&tree, "two").unwrap().part("card").is_some(),
        "the other notice stays: {billing}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_can_be_added_changed_and_removed_at_any_time() {
    let (site, _, _) = site_in_two_outages();
    let page = page(&site, "data-shadow=open", "<h1>Host</h1>");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| tree.part("card").is_some())
        .await;
    browser
        .run("document.body.insertAdjacentHTML('beforeend', '<p><span id=late></span></p>'); late.dataset.allclearSlot = 'share'")
        .await;
    let tree = browser
        .wait_for("the notice of the slot", |tree| {
            slot_has_text(tree, "late", TITLE)
        })
        .await;
    let root = &slot(&tree, "late").unwrap().children[0];
    assert_eq!(root.shadow_mode.as_deref(), Some("open"));
    browser
        .run("late.setAttribute('data-allclear-slot', 'billing')")
        .await;
    browser
        .wait_for("the other notice", |tree| {
            slot_has_text(tree, "late", BILLING) && !slot_has_text(tree, "late", TITLE)
        })
        .await;
    browser
        .run("late.removeAttribute('data-allclear-slot')")
        .await;
    browser
        .wait_for("no slot", |tree| slot(tree, "late").is_none())
        .await;

    browser
        .run("late.setAttribute('data-allclear-slot', '')")
        .await;
    browser
        .wait_for("both notices", |tree| {
            slot_has_text(tree, "late", TITLE) && slot_has_text(tree, "late", BILLING)
        })
        .await;
    browser.run("Allclear.destroy()").await;
    browser
        .wait_for("nothing of ours", |tree| {
            tree.banner().is_none() && slot(tree, "late").is_none()
        })
        .await;
}

/// Number of the page's DOM nodes and event listeners, and size of its JavaScript heap, in bytes.
async fn held_resources(browser: &Browser) -> (i64, i64, f64) {
    browser.devtools("HeapProfiler.enable", json!({})).await;
    for _ in 0..3 {
        browser
            .devtools("HeapProfiler.collectGarbage", json!({}))
            .await;
    }
    let counters = browser.devtools("Memory.getDOMCounters", json!({})).await;
    let heap = browser.devtools("Runtime.getHeapUsage", json!({})).await;
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    (
        number(&counters["nodes"]),
        number(&counters["jsEventListeners"]),
        heap["usedSize"].as_f64().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_opened_20_times_keeps_one_card() {
    let (site, share, _) = site_in_two_outages();
    // The dialog is created again each time, as in apps.
    let body = "<h1>Host</h1><button id=open>Share…</button><script>
        document.getElementById('open').onclick = () => {
            const dialog = document.createElement('dialog');
            dialog.id = 'dialogue';
            dialog.innerHTML = '<h2>Share</h2><div id=here data-allclear-slot=share></div><button id=close>Close</button>';
            dialog.querySelector('#close').onclick = () => dialog.close();
            dialog.onclose = () => dialog.remove();
            document.body.append(dialog);
            dialog.showModal();
        };</script>";
    let page = page(&site, "data-components=share", body);
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| has_text(tree, &share, TITLE))
        .await;
    let mut before = None;
    for round in 0..20 {
        browser.run("document.getElementById('open').click()").await;
        let tree = browser
            .wait_for("the card in the dialog", |tree| {
                slot_has_text(tree, "here", TITLE)
            })
            .await;
        let here = slot(&tree, "here").unwrap();
        let toggle = here.part("toggle").unwrap();
        assert!(browser.is_shown(here.part("card").unwrap()).await);
        if round % 5 == 0 {
            // The card reacts to clicks although the rest of the page is inert, and Tab reaches it.
            browser.click(toggle).await;
            browser
                .wait_for("the expanded card", |tree| is_expanded(slot(tree, "here")))
                .await;
            let focused = browser
                .run("return document.activeElement.closest('dialog') && document.activeElement.localName")
                .await;
            assert_eq!(focused, json!("allclear-slot"));
            // Escape collapses the card; the dialog stays.
            browser.press("Escape").await;
            browser
                .wait_for("the collapsed card", |tree| {
                    slot(tree, "here").is_some_and(|slot| slot.part("card").is_some())
                        && !is_expanded(slot(tree, "here"))
                })
                .await;
            assert_eq!(
                browser
                    .run("return !!document.querySelector('dialog[open]')")
                    .await,
                json!(true)
            );
        }
        browser
            .run("document.getElementById('close').click()")
            .await;
        browser
            .wait_for("no slot", |tree| tree.element("allclear-slot").is_none())
            .await;
        if round == 4 {
            before = Some(held_resources(&browser).await);
        }
    }
    let (nodes, listeners, bytes) = before.unwrap();
    let (more_nodes, more_listeners, more_bytes) = held_resources(&browser).await;
    // Fifteen cards would be hundreds of nodes and thirty listeners.
    assert!(more_nodes <= nodes + 40, "{nodes} nodes, then {more_nodes}");
    assert!(
        more_listeners <= listeners + 8,
        "{listeners} listeners, then {more_listeners}"
    );
    assert!(
        more_bytes < bytes + 300_000.0,
        "{bytes} bytes, then {more_bytes}"
    );
    assert_unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_react_portal_shows_the_notice() {
    let (site, share, _) = site_in_two_outages();
    let page = page(
        &site,
        "data-components=share",
        "<div id=app></div><script src=/app.js defer></script>",
    );
    page.put("/app.js", Reply::script(&hosts::react("react.jsx")));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| has_text(tree, &share, TITLE))
        .await;
    for round in 0..5 {
        browser
            .run("document.getElementById('share').click()")
            .await;
        let tree = browser
            .wait_for("the card in the dialog", |tree| {
                tree.find(|node| node.attribute("id") == Some("dialogue"))
                    .is_some_and(|dialogue| {
                        dialogue.element("allclear-slot").is_some()
                            && dialogue.text().contains(TITLE)
                    })
            })
            .await;
        let dialogue = tree
            .find(|node| node.attribute("id") == Some("dialogue"))
            .unwrap();
        let clicks = browser.run("return clicks.textContent").await;
        browser.click(dialogue.part("toggle").unwrap()).await;
        browser
            .wait_for("the expanded card", |tree| {
                is_expanded(tree.find(|node| node.attribute("id") == Some("dialogue")))
            })
            .await;
        assert_eq!(
            browser.run("return clicks.textContent").await,
            clicks,
            "the app receives no clicks on the card"
        );
        browser.press("Escape").await;
        browser
            .wait_for("the collapsed card", |tree| {
                !is_expanded(tree.find(|node| node.attribute("id") == Some("dialogue")))
            })
            .await;
        // The dialog closes, and the app replaces its DOM.
        browser
            .run(
                "document.getElementById('close').click(); document.getElementById('next').click()",
            )
            .await;
        let expected = if round % 2 == 0 { BILLING } else { TITLE };
        let tree = browser
            .wait_for("the slot of the next route", |tree| {
                tree.find(|node| node.attribute("id") == Some("app"))
                    .is_some_and(|app| app.text().contains(expected))
            })
            .await;
        assert_eq!(
            tree.find_all(|node| node.name == "allclear-slot").len(),
            1,
            "cards of earlier routes are removed"
        );
        assert_eq!(
            tree.find_all(|node| node.name == "allclear-banner").len(),
            1
        );
    }
    assert_unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yew_app_on_the_body_shows_the_notice() {
    let (script, wasm) = hosts::yew();
    for mode in ["closed", "open"] {
        let (site, share, _) = site_in_two_outages();
        let page = page(
            &site,
            &format!("data-shadow={mode}"),
            "<script type=module>import init from '/host.js'; init()</script>",
        );
        page.put("/host.js", Reply::script(&script));
        page.put(
            "/host_bg.wasm",
            Reply::new("application/wasm", wasm.clone()),
        );
        let browser = Browser::watching().await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the app, the card, and the card in the app", |tree| {
                tree.with_text("A Yew app").is_some()
                    && has_text(tree, &share, TITLE)
                    && tree
                        .element("allclear-slot")
                        .is_some_and(|slot| slot.text().contains(TITLE))
            })
            .await;
        // Clicks on the app count, clicks on the card do not.
        let more = tree
            .find(|node| node.attribute("id") == Some("more"))
            .unwrap();
        browser.click(more).await;
        browser
            .wait_for_script("one click", "return clicks.textContent", |clicks| {
                clicks == "1"
            })
            .await;
        // A notice in the app's slot does not float as well.
        browser
            .wait_for("no card that floats", |tree| {
                tree.banner().is_some_and(|own| own.part("card").is_none())
            })
            .await;
        browser
            .click_on("More", |tree| tree.element("allclear-slot")?.part("toggle"))
            .await;
        browser
            .wait_for("the expanded card in the app", |tree| {
                is_expanded(tree.element("allclear-slot"))
            })
            .await;
        assert_eq!(
            browser.run("return clicks.textContent").await,
            json!("1"),
            "{mode}"
        );
        // The app removes the slot's surroundings and adds them again.
        for _ in 0..2 {
            browser
                .run("document.getElementById('toggle-slot').click()")
                .await;
            browser
                .wait_for("no slot, and the card that floats", |tree| {
                    tree.element("allclear-slot").is_none()
                        && tree.banner().is_some_and(|own| own.part("card").is_some())
                })
                .await;
            for (what, is_opened) in [("open", true), ("collapsed", false)] {
                browser
                    .click_on("More or Less", |tree| tree.banner()?.part("toggle"))
                    .await;
                browser
                    .wait_for(what, |tree| is_expanded(tree.banner()) == is_opened)
                    .await;
            }
            assert_eq!(browser.run("return clicks.textContent").await, json!("1"));
            browser
                .run("document.getElementById('toggle-slot').click()")
                .await;
            browser
                .wait_for("the slot again", |tree| {
                    tree.element("allclear-slot")
                        .is_some_and(|slot| slot.text().contains(TITLE))
                })
                .await;
        }
        assert_unharmed(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_in_a_modal_dialog_is_announced_there() {
    let (site, share, _) = site_in_two_outages();
    let body =
        "<h1>Host</h1><dialog id=dialogue><div id=here data-allclear-slot=share></div></dialog>";
    let page = page(&site, "data-components=share", body);
    let browser = Browser::watching().await;
    browser.before_each_page(STOPPED_CLOCK).await;
    browser.goto(&page.url()).await;
    let announced = |tree: &Tree, words: &str| {
        slot(tree, "here").is_some_and(|slot| {
            slot.find(|node| {
                node.attribute("role") == Some("status") && node.text().contains(words)
            })
            .is_some()
        })
    };
    browser
        .wait_for("the card", |tree| slot_has_text(tree, "here", TITLE))
        .await;
    pass(&browser, 1).await;
    assert!(
        !announced(&browser.pierce().await, ""),
        "one announcement on the page is enough"
    );
    browser
        .run("document.getElementById('dialogue').showModal()")
        .await;
    site.update(&share, &json!({ "status": "resolved", "body": "Fixed." }));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("the all-clear", |tree| {
            slot_has_text(tree, "here", "Resolved")
        })
        .await;
    // The announcements of a notice are 30 s apart, and stay for 5 s.
    pass(&browser, 31).await;
    browser
        .wait_for("the announcement in the dialog", |tree| {
            announced(tree, "Resolved")
        })
        .await;
    assert_unharmed(&browser).await;
}
