//! Slots: notices where the page wants them as well, from the same poll. In a dialogue, in a portal, in an app that swaps
//! everything, and gone without a trace.

mod story;

use e2e::{Browser, Node, Page, Reply, Tree, hosts};
use serde_json::{Value, json};
use story::{Site, says};

const TITLE: &str = "Sharing is slow";
const BILLING: &str = "Invoices are late";

/// A site whose sharing has a problem, and whose billing has another.
fn broken() -> (Site, String, String) {
    let site = Site::new("acme", "Acme", &["Share", "Billing"]);
    let of = |title: &str, component: &str| {
        site.publish(&json!({ "kind": "incident", "title": title, "impact": "major", "body": "We are looking into it.",
            "advice": "Do not share again.", "components": [{ "id": component, "status": "partial_outage" }] }))
    };
    let (share, billing) = (of(TITLE, "share"), of(BILLING, "billing"));
    (site, share, billing)
}

fn page(site: &Site, attributes: &str, body: &str) -> Page {
    let embed = site.server.embed(site.slug, attributes);
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title>{body}{embed}"
    ))
}

async fn watching() -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser
}

/// Nothing was thrown and nothing refused. What is in a slot takes the room that the page gives it.
async fn unharmed(browser: &Browser) {
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );
    let said = browser.console_errors().await;
    assert!(said.is_empty(), "{said:?}");
}

/// What we have put into the element with this id.
fn slot<'tree>(tree: &'tree Tree, id: &str) -> Option<&'tree Node> {
    tree.find(|node| node.attribute("id") == Some(id))?
        .element("allclear-slot")
}

/// Whether there is an open card in it.
fn is_open(within: Option<&Node>) -> bool {
    within
        .and_then(|node| node.part("toggle"))
        .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
}

fn slot_says(tree: &Tree, id: &str, words: &str) -> bool {
    slot(tree, id).is_some_and(|slot| slot.text().contains(words))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_has_the_notices_of_its_components() {
    let (site, share, billing) = broken();
    let body = "<h1>Host</h1><div id=one data-allclear-slot=share></div><div id=two data-allclear-slot='billing other'></div>\
                <div id=all data-allclear-slot></div><div id=none data-allclear-slot=other></div>";
    let page = page(&site, "", body);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("all slots", |tree| {
            slot_says(tree, "one", TITLE)
                && slot_says(tree, "two", BILLING)
                && slot_says(tree, "all", TITLE)
                && slot_says(tree, "all", BILLING)
        })
        .await;
    assert!(!slot_says(&tree, "one", BILLING) && !slot_says(&tree, "two", TITLE));
    let other = slot(&tree, "none").unwrap();
    assert!(other.notices().is_empty(), "{other}");
    // What is in a slot that is rendered does not float as well.
    let own = tree.banner().expect("the page's own place");
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

    // From the same poll: one site, one request.
    let asked = browser.network_requests().await;
    let asked = asked
        .iter()
        .filter(|request| request.url.contains("/feed"))
        .count();
    assert_eq!(asked, 1);

    // Hidden in one place, hidden everywhere.
    let hide = slot(&tree, "one").unwrap().part("hide").unwrap();
    browser.click(hide).await;
    let of_share = |tree: &Tree| {
        let notices = tree.notices().into_iter();
        let of_share = notices.filter(|notice| notice.attribute("data-notice") == Some(&share));
        of_share.cloned().collect::<Vec<_>>()
    };
    let tree = browser
        .wait_for("no card of it anywhere", |tree| {
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
        "the other stays: {billing}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_may_come_change_and_go_at_any_time() {
    let (site, _, _) = broken();
    let page = page(&site, "data-shadow=open", "<h1>Host</h1>");
    let browser = watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| tree.part("card").is_some())
        .await;
    browser
        .run("document.body.insertAdjacentHTML('beforeend', '<p><span id=late></span></p>'); late.dataset.allclearSlot = 'share'")
        .await;
    let tree = browser
        .wait_for("its notice", |tree| slot_says(tree, "late", TITLE))
        .await;
    let root = &slot(&tree, "late").unwrap().children[0];
    assert_eq!(root.shadow_mode.as_deref(), Some("open"));
    browser
        .run("late.setAttribute('data-allclear-slot', 'billing')")
        .await;
    browser
        .wait_for("the other notice", |tree| {
            slot_says(tree, "late", BILLING) && !slot_says(tree, "late", TITLE)
        })
        .await;
    browser
        .run("late.removeAttribute('data-allclear-slot')")
        .await;
    browser
        .wait_for("nothing", |tree| slot(tree, "late").is_none())
        .await;

    browser
        .run("late.setAttribute('data-allclear-slot', '')")
        .await;
    browser
        .wait_for("both", |tree| {
            slot_says(tree, "late", TITLE) && slot_says(tree, "late", BILLING)
        })
        .await;
    browser.run("Allclear.destroy()").await;
    let tree = browser
        .wait_for("nothing of ours", |tree| tree.banner().is_none())
        .await;
    assert!(slot(&tree, "late").is_none());
}

/// How many shadow roots and listeners of ours the page holds, and how much memory its scripts use, in bytes.
async fn held(browser: &Browser) -> (i64, i64, f64) {
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
async fn a_native_dialogue_opened_twenty_times() {
    let (site, share, _) = broken();
    // As apps do: the dialogue is made anew each time.
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
    let browser = watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| says(tree, &share, TITLE))
        .await;
    let mut before = None;
    for round in 0..20 {
        browser.run("document.getElementById('open').click()").await;
        let tree = browser
            .wait_for("the card in the dialogue", |tree| {
                slot_says(tree, "here", TITLE)
            })
            .await;
        let here = slot(&tree, "here").unwrap();
        let toggle = here.part("toggle").unwrap();
        assert!(browser.is_shown(here.part("card").unwrap()).await);
        if round % 5 == 0 {
            // It answers to a finger, although the rest of the page is inert, and the keyboard reaches it.
            browser.click(toggle).await;
            browser
                .wait_for("the open card", |tree| is_open(slot(tree, "here")))
                .await;
            let focused = browser
                .run("return document.activeElement.closest('dialog') && document.activeElement.localName")
                .await;
            assert_eq!(focused, json!("allclear-slot"));
            // Escape folds the card; the dialogue stays.
            browser.press("Escape").await;
            browser
                .wait_for("the folded card", |tree| {
                    slot(tree, "here").is_some_and(|slot| slot.part("card").is_some())
                        && !is_open(slot(tree, "here"))
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
            before = Some(held(&browser).await);
        }
    }
    let (nodes, listeners, bytes) = before.unwrap();
    let (more_nodes, more_listeners, more_bytes) = held(&browser).await;
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
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_react_app_with_a_portal() {
    let (site, share, _) = broken();
    let page = page(
        &site,
        "data-components=share",
        "<div id=app></div><script src=/app.js defer></script>",
    );
    page.put("/app.js", Reply::script(&hosts::react("react.jsx")));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the page's own card", |tree| says(tree, &share, TITLE))
        .await;
    for round in 0..5 {
        browser
            .run("document.getElementById('share').click()")
            .await;
        let tree = browser
            .wait_for("the card in the dialogue", |tree| {
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
            .wait_for("the open card", |tree| {
                is_open(tree.find(|node| node.attribute("id") == Some("dialogue")))
            })
            .await;
        assert_eq!(
            browser.run("return clicks.textContent").await,
            clicks,
            "the app does not hear of clicks on our card"
        );
        browser.press("Escape").await;
        browser
            .wait_for("the folded card", |tree| {
                !is_open(tree.find(|node| node.attribute("id") == Some("dialogue")))
            })
            .await;
        // The dialogue goes, and the app swaps everything.
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
            "those of the routes before are gone"
        );
        assert_eq!(
            tree.find_all(|node| node.name == "allclear-banner").len(),
            1
        );
    }
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yew_app_on_the_whole_body() {
    let (script, wasm) = hosts::yew();
    for mode in ["closed", "open"] {
        let (site, share, _) = broken();
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
        let browser = watching().await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the app, the card, and the card in the app", |tree| {
                tree.with_text("A Yew app").is_some()
                    && says(tree, &share, TITLE)
                    && tree
                        .element("allclear-slot")
                        .is_some_and(|slot| slot.text().contains(TITLE))
            })
            .await;
        // The app's own clicks count, ours do not.
        let more = tree
            .find(|node| node.attribute("id") == Some("more"))
            .unwrap();
        browser.click(more).await;
        browser
            .wait_for_script("one click", "return clicks.textContent", |clicks| {
                clicks == "1"
            })
            .await;
        // What is in the app's slot does not float as well.
        let tree = browser.pierce().await;
        assert!(tree.banner().unwrap().part("card").is_none(), "{mode}");
        let tree = browser.pierce().await;
        let in_slot = tree.element("allclear-slot").unwrap();
        browser.click(in_slot.part("toggle").unwrap()).await;
        browser
            .wait_for("the card opened in the app", |tree| {
                is_open(tree.element("allclear-slot"))
            })
            .await;
        assert_eq!(
            browser.run("return clicks.textContent").await,
            json!("1"),
            "{mode}"
        );
        // The app takes the slot's surroundings away and brings them again.
        for _ in 0..2 {
            browser.run("document.getElementById('turn').click()").await;
            browser
                .wait_for("no slot, and the card that floats", |tree| {
                    tree.element("allclear-slot").is_none()
                        && tree.banner().is_some_and(|own| own.part("card").is_some())
                })
                .await;
            for (what, is_opened) in [("open", true), ("folded", false)] {
                let tree = browser.pierce().await;
                let toggle = tree.banner().unwrap().part("toggle").unwrap();
                browser.click(toggle).await;
                browser
                    .wait_for(what, |tree| is_open(tree.banner()) == is_opened)
                    .await;
            }
            assert_eq!(browser.run("return clicks.textContent").await, json!("1"));
            browser.run("document.getElementById('turn').click()").await;
            browser
                .wait_for("the slot again", |tree| {
                    tree.element("allclear-slot")
                        .is_some_and(|slot| slot.text().contains(TITLE))
                })
                .await;
        }
        unharmed(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_modal_dialogue_it_is_announced_there() {
    let (site, share, _) = broken();
    let body =
        "<h1>Host</h1><dialog id=dialogue><div id=here data-allclear-slot=share></div></dialog>";
    let page = page(&site, "data-components=share", body);
    let browser = watching().await;
    browser.goto(&page.url()).await;
    let announced = |tree: &Tree, words: &str| {
        slot(tree, "here").is_some_and(|slot| {
            slot.find(|node| {
                node.attribute("role") == Some("status") && node.text().contains(words)
            })
            .is_some()
        })
    };
    let tree = browser
        .wait_for("the card", |tree| slot_says(tree, "here", TITLE))
        .await;
    assert!(!announced(&tree, ""), "once is enough where the page hears");
    browser
        .run("document.getElementById('dialogue').showModal()")
        .await;
    site.update(
        &share,
        &json!({ "status": "monitoring", "body": "Fixed, we think." }),
    );
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("the announcement in the dialogue", |tree| {
            announced(tree, "It should work again. We are watching.")
        })
        .await;
    unharmed(&browser).await;
}
