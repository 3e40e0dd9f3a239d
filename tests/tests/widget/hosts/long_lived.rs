//! Pages that live long and change all the time: views that are swapped, HTML that is written again, elements of ours that are
//! removed or copied. The card and the slots come back, and the page is never kept busy.

use e2e::{Browser, Mirror, Page, TITLE, Tree, has_text, is_pill, mirror, press};
use serde_json::json;

use super::{
    both_cards::{click, host, open_card, wait_until_expanded, wait_until_hidden},
    top_layer::BOTH_CARDS,
};

fn mirror() -> Mirror {
    Mirror::with_notices(&[mirror::notice("inc_1", TITLE)])
}

/// Opens a page and waits for the card. The page is served as long as the returned value lives.
async fn open_page(
    browser: &Browser,
    mirror: &Mirror,
    policy: Option<&str>,
    attributes: &str,
    body: &str,
) -> Page {
    let embed = mirror.embed("acme", &format!("data-shadow=open {attributes}"));
    let page = Page::with_policy(&format!("{body}{embed}"), policy);
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    page
}

/// Swaps the view 1,000 times, each in a task of its own, so that the card is inserted in between.
async fn swap_views(browser: &Browser, swap: &str) {
    let script = format!(
        "const swap = (view) => {{ {swap} }};
         for (let view = 1; view <= 1000; view++) {{
             swap(view);
             await new Promise(next => {{ const {{ port1, port2 }} = new MessageChannel(); port1.onmessage = next; port2.postMessage(0) }});
         }}"
    );
    browser
        .run(&format!("return (async () => {{ {script} }})()"))
        .await;
}

fn count(tree: &Tree, name: &str) -> usize {
    tree.find_all(|node| node.name == name).len()
}

/// Waits until the state lists the notice, as it does while the card is in the document.
async fn assert_listed(browser: &Browser) {
    browser
        .wait_for_script("the state", "return Allclear.state.shown", |shown| {
            *shown == json!(["inc_1"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_filled_after_1000_views() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let swap = "document.querySelector('main').innerHTML = `<h2>${view}</h2><div id=v${view} data-allclear-slot></div>`";
    let _page = open_page(&browser, &mirror, None, "", "<main></main>").await;
    swap_views(&browser, swap).await;
    let tree = browser
        .wait_for("the card in the last view", |tree| {
            let view = tree.find(|node| node.attribute("id") == Some("v1000"));
            view.is_some_and(|view| view.part("card").is_some())
                && tree.banner().is_some_and(|own| own.part("card").is_none())
        })
        .await;
    assert_eq!(
        (
            count(&tree, "allclear-slot"),
            count(&tree, "allclear-banner")
        ),
        (1, 1)
    );
    assert_listed(&browser).await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_card_is_there_after_1000_views() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let swap = "document.querySelector('main').innerHTML = `<h2>${view}</h2><div class=notices id=v${view}></div>`";
    let attributes = "data-position=inline data-target='main > .notices'";
    let _page = open_page(&browser, &mirror, None, attributes, "<main></main>").await;
    swap_views(&browser, swap).await;
    let tree = browser
        .wait_for("the card in the last view", |tree| {
            let view = tree.find(|node| node.attribute("id") == Some("v1000"));
            view.is_some_and(|view| view.part("card").is_some())
        })
        .await;
    assert_eq!(count(&tree, "allclear-banner"), 1);
    assert_listed(&browser).await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_floating_card_is_there_after_1000_views() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        for swap in [
            "const body = document.createElement('body'); body.textContent = view; document.body.replaceWith(body)",
            "document.body.innerHTML = `<h2>${view}</h2>`",
            "document.querySelector('allclear-banner')?.remove()",
            "const root = document.createElement('html'); root.append(document.createElement('body')); document.documentElement.replaceWith(root)",
        ] {
            let _page = open_page(&browser, &mirror, policy, "", "<p>Text</p>").await;
            swap_views(&browser, swap).await;
            browser
                .wait_for_script(
                    "the card at the end of the body",
                    "return document.body.lastElementChild?.localName ?? ''",
                    |name| name == "allclear-banner",
                )
                .await;
            assert_listed(&browser).await;
            assert_eq!(
                count(&browser.pierce().await, "allclear-banner"),
                1,
                "{swap}"
            );
            press(&browser, "inc_1", "hide").await;
            browser
                .wait_for("the pill", |tree| is_pill(tree, "inc_1"))
                .await;
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fights_each_insertion_stays_responsive() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let _page = open_page(&browser, &mirror, policy, "", "<p>Text</p>").await;
        // The page removes the card at once after each of 25 insertions. There are at most ten
        // insertions within a second.
        let count = "return (async () => {
            let inserted = 0;
            const fight = new MutationObserver(records => {
                for (const { addedNodes } of records) for (const node of addedNodes) {
                    if (node.localName === 'allclear-banner') { inserted++; node.remove(); }
                }
            });
            const started = performance.now();
            fight.observe(document, { childList: true, subtree: true });
            document.querySelector('allclear-banner').remove();
            let frames = 0;
            while (inserted < 25) { await new Promise(requestAnimationFrame); frames++; }
            fight.disconnect();
            return [performance.now() - started, frames];
        })()";
        let counted = browser.run(count).await;
        let (took_ms, frames) = (counted[0].as_f64().unwrap(), counted[1].as_u64().unwrap());
        assert!(took_ms > 1_900.0, "25 insertions in {took_ms} ms");
        assert!(frames > 5, "{frames} frames in {took_ms} ms");
        browser
            .wait_for_script(
                "the card afterwards",
                "return document.body.lastElementChild.localName",
                |name| name == "allclear-banner",
            )
            .await;
        assert_listed(&browser).await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_recreated_with_each_slot_stays_responsive() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let body = "<main></main><aside data-allclear-slot></aside><script>
        const main = document.querySelector('main');
        const render = () => { main.innerHTML = '<div data-allclear-slot=share></div>'; };
        window.renders = 0;
        // Draws the view again whenever it contains an element of somebody else.
        window.watcher = new MutationObserver(() => { if (main.firstChild?.firstChild) { renders++; render(); } });
        watcher.observe(main, { childList: true, subtree: true });
        render();</script>";
    let _page = open_page(&browser, &mirror, None, "", body).await;
    browser
        .wait_for("the other slot", |tree| {
            tree.element("aside")
                .is_some_and(|slot| slot.part("card").is_some())
        })
        .await;
    let frames = browser
        .run("return (async () => {
            const [before, started] = [renders, performance.now()];
            let frames = 0;
            while (performance.now() - started < 2000) { await new Promise(requestAnimationFrame); frames++; }
            return [frames, renders - before, (performance.now() - started) / 1e3];
        })()")
        .await;
    // At most ten times within a second.
    let most = (frames[2].as_f64().unwrap() + 1.0).ceil() * 10.0 + 1.0;
    assert!(
        frames[0].as_u64() > Some(5) && frames[1].as_f64() <= Some(most),
        "{frames}"
    );
    browser.run("watcher.disconnect()").await;
    browser
        .wait_for("the slot", |tree| {
            tree.element("main")
                .is_some_and(|main| main.element("allclear-slot").is_some())
        })
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn html_rewritten_every_200_ms_leaves_one_usable_card() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let body = "<div id=place data-allclear-slot=sending></div><script>
            window.writing = setInterval(() => { document.body.innerHTML += '<i>.</i>' }, 200)</script>";
        let _page = open_page(&browser, &mirror, policy, "", body).await;
        if policy.is_none() {
            browser
                .wait_for("the filled slot", |tree| {
                    let place = tree.find(|node| node.attribute("id") == Some("place"));
                    place.is_some_and(|place| place.part("card").is_some())
                })
                .await;
        }
        browser
            .wait_for_script(
                "30 rewrites",
                "return document.querySelectorAll('i').length",
                |dots| dots.as_u64() > Some(30),
            )
            .await;
        let tree = browser.pierce().await;
        assert_eq!(count(&tree, "allclear-banner"), 1);
        assert_eq!(count(&tree, "allclear-slot"), usize::from(policy.is_none()));
        // A press is lost if the page writes its HTML again before the release, also on the page's
        // own buttons. A click by script takes no time.
        browser
            .run(
                "[...document.querySelectorAll('allclear-banner, allclear-slot')]
                    .map(({ shadowRoot }) => shadowRoot.querySelector('[part=toggle]')).find(Boolean).click()",
            )
            .await;
        browser
            .wait_for("the expanded card", |tree| has_text(tree, "inc_1", "Less"))
            .await;
        browser.run("clearInterval(writing)").await;
        browser
            .click_on("the button", |tree| tree.part("hide"))
            .await;
        browser
            .wait_for("the pill", |tree| is_pill(tree, "inc_1"))
            .await;
        assert_listed(&browser).await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_our_elements_are_removed() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let _page = open_page(
            &browser,
            &mirror,
            policy,
            "",
            "<main><div data-allclear-slot></div></main>",
        )
        .await;
        let copies = "const ours = document.querySelectorAll('allclear-banner, allclear-slot');
            const box = document.createElement('section');
            for (const element of ours) box.append(element.cloneNode(true));
            box.insertAdjacentHTML('beforeend', document.querySelector('main').outerHTML + document.querySelector('allclear-banner').outerHTML);
            document.body.append(box);
            document.body.insertAdjacentHTML('beforeend', document.querySelector('allclear-banner').outerHTML);
            return new Promise(done => setTimeout(done));";
        browser.run(copies).await;
        let left = "return [document.querySelectorAll('allclear-banner').length, document.querySelectorAll('allclear-slot').length,
            document.querySelectorAll('[data-allclear-slot]').length]";
        let slots = if policy.is_none() { 2 } else { 0 };
        browser
            .assert_eventually("no copies", left, json!([1, slots, 2]))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_not_in_the_document_is_not_listed() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let _page = open_page(&browser, &mirror, policy, "", "<p>Text</p>").await;
        browser
            .run("window.fight = new MutationObserver(() => document.querySelector('allclear-banner')?.remove());
                  fight.observe(document, { childList: true, subtree: true });
                  document.querySelector('allclear-banner').remove()")
            .await;
        browser.run("Allclear.configure({})").await;
        browser
            .wait_for_script("the state", "return Allclear.state.shown", |shown| {
                *shown == json!([])
            })
            .await;
        browser.run("fight.disconnect()").await;
        assert_listed(&browser).await;
    }
}

/// The space that is reserved at the lower edge; empty when the page's own value is restored.
const RESERVED: &str = "return document.documentElement.style.paddingBottom";

async fn wait_for_space(browser: &Browser, what: &str, is_there: bool) {
    browser
        .wait_for_script(what, RESERVED, |space| {
            let pixels = space
                .as_str()
                .unwrap()
                .trim_end_matches("px")
                .parse::<f64>();
            pixels.is_ok_and(|pixels| pixels > 40.0) == is_there
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_space_follows_the_root_element() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let _page = open_page(
        &browser,
        &mirror,
        None,
        "data-reserve",
        "<p style='height:1500px'>Text</p>",
    )
    .await;
    wait_for_space(&browser, "the space", true).await;
    for (what, change) in [
        (
            "swapped attributes",
            "const root = document.documentElement; for (const { name } of [...root.attributes]) root.removeAttribute(name); root.lang = 'de'",
        ),
        (
            "a replaced style",
            "document.documentElement.style.cssText = 'color: red'",
        ),
        (
            "a replaced root element",
            "const root = document.documentElement.cloneNode(true); root.removeAttribute('style'); document.documentElement.replaceWith(root)",
        ),
    ] {
        browser.run(change).await;
        wait_for_space(&browser, what, true).await;
    }
    browser.run("Allclear.destroy()").await;
    browser
        .assert_eventually("no space", RESERVED, json!(""))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_space_outlives_a_scroll_lock() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for (lock, unlock) in [
        (
            "window.saved = document.documentElement.style.cssText; document.documentElement.style.overflow = 'hidden'; document.documentElement.style.padding = '0 15px 0 0'",
            "document.documentElement.style.cssText = saved",
        ),
        (
            "window.saved = document.documentElement.style.paddingBottom; document.documentElement.style.paddingBottom = '0px'",
            "document.documentElement.style.paddingBottom = saved",
        ),
        (
            "window.saved = document.documentElement.getAttribute('style') ?? ''; document.documentElement.setAttribute('style', 'position:fixed')",
            "document.documentElement.setAttribute('style', saved)",
        ),
    ] {
        mirror.put_feed("acme", &mirror::feed(5, &[mirror::notice("inc_1", TITLE)]));
        let _page = open_page(
            &browser,
            &mirror,
            None,
            "data-reserve",
            "<p style='height:1500px'>Text</p>",
        )
        .await;
        wait_for_space(&browser, "the space", true).await;
        browser.run(lock).await;
        wait_for_space(&browser, "the space in a locked page", true).await;
        browser.run(unlock).await;
        wait_for_space(&browser, "the space afterwards", true).await;
        // The card disappears while the page is locked.
        browser.run(lock).await;
        mirror.put_feed("acme", &mirror::feed(6, &[]));
        browser
            .wait_for("no card", |tree| tree.notice("inc_1").is_none())
            .await;
        wait_for_space(&browser, "no space", false).await;
        browser.run(unlock).await;
        wait_for_space(&browser, "no space afterwards", false).await;
        browser.assert_eventually(lock, RESERVED, json!("")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cards_buttons_work_after_document_write() {
    for policy in BOTH_CARDS {
        let host = host("", "", policy);
        let browser = Browser::watching().await;
        open_card(&browser, &host).await;
        browser
            .run("document.open(); document.write('<!doctype html><html><body><h1>Written</h1>'); document.close()")
            .await;
        click(&browser, "toggle").await;
        wait_until_expanded(&browser, true).await;
        click(&browser, "hide").await;
        wait_until_hidden(&browser).await;
    }
}
