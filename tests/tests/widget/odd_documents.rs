//! Unusual pages and browsers: elements with our names, libraries that extend every array, old browsers, documents that
//! are not HTML. The card is drawn where it can be; nothing is thrown and nothing shifts.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use e2e::{
    Browser, Mirror, Page, Reply, TITLE, Tree, has_text,
    mirror::{feed, notice},
    press,
};
use serde_json::{Value, json};

use crate::host::shortened;

async fn assert_undisturbed(browser: &Browser, why: &str) {
    let watched = browser.watched().await;
    assert!(
        watched.is_error_free() && watched.shift.abs() < f64::EPSILON,
        "{why}: {watched:?}"
    );
}

async fn wait_for_card(browser: &Browser, why: &str) -> Tree {
    let tree = browser
        .wait_for(why, |tree| has_text(tree, "inc_1", TITLE))
        .await;
    assert_undisturbed(browser, why).await;
    tree
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_named_like_our_globals_do_no_harm() {
    let browser = Browser::watching().await;
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    for before in [
        "<a id=Allclear></a>",
        "<a id=Allclear></a><a id=Allclear></a>",
        "<form name=Allclear><input name=forEach></form>",
        "<iframe name=Allclear src='about:blank'></iframe>",
        "<script>window.Allclear = function () {}</script>",
        "<script>window.Allclear = 'mine'</script>",
    ] {
        let page = Page::with_body(&format!("{before}{}", mirror.embed("acme", "")));
        browser.goto(&page.url()).await;
        wait_for_card(&browser, before).await;
    }
    // `document.currentScript` is an image: the loader warns and does nothing.
    let page = Page::with_body(&format!(
        "<img name=currentScript>{}",
        mirror.embed("acme", "")
    ));
    browser.goto(&page.url()).await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    assert_undisturbed(&browser, "currentScript is an image").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn libraries_that_extend_prototypes_do_no_harm() {
    let browser = Browser::watching().await;
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    // The extensions of Prototype 1.6 and MooTools, and a host that wraps built-in functions.
    let old = "<script>
        Array.prototype.toJSON = function () { return '[' + this.map(item => JSON.stringify(item)).join(', ') + ']' };
        String.prototype.toJSON = function () { return JSON.stringify([String(this)]).slice(1, -1) };
        Array.prototype.each = function (act) { this.forEach(act) };
        Object.prototype.extend = function () { return this };
        Object.prototype.key = 5;
        const { fetch, JSON: { parse } } = window;
        window.fetch = (...given) => fetch.apply(window, given);
        JSON.parse = function (text) { return parse.call(JSON, text) };
    </script>";
    for attributes in ["", "data-position=corner"] {
        let page = Page::with_body(&format!("{old}{}", mirror.embed("acme", attributes)));
        browser.goto(&page.url()).await;
        wait_for_card(&browser, "at first").await;
        // The next load reads our stored values, which the page's functions have damaged.
        browser.reload().await;
        wait_for_card(&browser, "after a reload").await;
        press(&browser, "inc_1", "hide").await;
        let is_pill = |tree: &Tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("pill").is_some())
        };
        browser.wait_for("the pill", is_pill).await;
        browser.reload().await;
        browser.wait_for("the pill still", is_pill).await;
        assert_undisturbed(&browser, "hidden").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_fetch_fails_sees_no_error() {
    let browser = Browser::watching().await;
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    for own in [
        "window.fetch = () => { throw new Error('no') }",
        "window.fetch = () => Promise.reject(5)",
        "window.fetch = () => Promise.resolve(undefined)",
        "delete window.fetch; window.fetch = undefined",
    ] {
        let page = Page::with_body(&format!(
            "<script>{own}</script>{}",
            mirror.embed("acme", "")
        ));
        browser.goto(&page.url()).await;
        browser
            .wait_for_script(
                "the loader's first attempt",
                "return new Promise(done => setTimeout(() => requestIdleCallback(() => setTimeout(() => done(!!window.Allclear?.state)))))",
                |there| *there == true,
            )
            .await;
        assert_undisturbed(&browser, own).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn base_elements_and_xhtml_documents_get_the_card() {
    let browser = Browser::watching().await;
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    let base = Page::host("");
    base.put(
        "/",
        Reply::html(&format!(
            "<!doctype html><html lang=en><base href='https://elsewhere.example/deep/'><title>Host</title><h1>Host</h1>{}",
            mirror.embed("acme", "")
        )),
    );
    browser.goto(&base.url()).await;
    wait_for_card(&browser, "a base").await;

    let xhtml = Page::host("");
    xhtml.put(
        "/",
        Reply::new(
            "application/xhtml+xml",
            format!(
                "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml' lang='en'><head><title>Host</title></head>
                 <body><h1>Host</h1><script async='async' src='{}/embed.js' data-site='acme'></script></body></html>",
                mirror.origin()
            ),
        ),
    );
    browser.goto(&xhtml.url()).await;
    wait_for_card(&browser, "XHTML").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_browser_gets_a_card_or_an_unchanged_page() {
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    for lacks in [
        "delete AbortSignal.timeout; delete window.EventTarget; delete window.CustomEvent; delete window.URL",
        "delete window.requestIdleCallback; delete window.BroadcastChannel; delete Navigator.prototype.locks",
    ] {
        let browser = Browser::watching().await;
        browser.before_each_page(lacks).await;
        browser
            .goto(&Page::with_body(&mirror.embed("acme", "")).url())
            .await;
        wait_for_card(&browser, lacks).await;
    }
    // In these browsers nothing can be drawn, and the page is unchanged.
    for lacks in [
        "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        "delete Element.prototype.attachShadow",
        "delete window.WebAssembly; window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        "delete window.AbortController",
    ] {
        let browser = Browser::watching().await;
        browser.before_each_page(lacks).await;
        let page = Page::with_body(&mirror.embed("acme", ""));
        browser.goto(&page.url()).await;
        browser
            .run("return new Promise(done => setTimeout(() => requestIdleCallback(() => setTimeout(done)), 1100))")
            .await;
        assert_undisturbed(&browser, lacks).await;
        assert!(browser.pierce().await.notice("inc_1").is_none(), "{lacks}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_with_unknown_fields_and_values_is_shown() {
    let browser = Browser::watching().await;
    let mirror = Mirror::start();
    let mut newer = notice("inc_1", TITLE);
    for (name, value) in [
        ("status", json!("pondering")),
        ("confidence", json!("absolute")),
        ("estimated_end_at", json!(e2e::in_minutes(60))),
        ("mood", json!({ "deep": [1, { "deeper": null }] })),
        (
            "components",
            json!([{ "id": "cmp_1", "slug": "sending", "name": "Sending", "status": "on_fire", "since": e2e::in_minutes(-5), "x": 1 }]),
        ),
        (
            "contacts",
            json!([{ "kind": "pigeon", "label": "Loft", "value": "https://acme.example/loft" }]),
        ),
    ] {
        newer[name] = value;
    }
    let mut strange = notice("inc_2", "Strange");
    strange["kind"] = json!("rumour");
    strange["impact"] = json!("cosmic");
    strange["in_app"] = json!("hologram");
    let mut newer_feed = feed(5, &[newer, strange]);
    newer_feed["v"] = json!(2);
    newer_feed["weather"] = json!("fair");
    mirror.put_feed("acme", &newer_feed);
    for policy in [None, Some(mirror.policy_without_wasm())] {
        let page = Page::with_policy(&mirror.embed("acme", ""), policy.as_deref());
        browser.goto(&page.url()).await;
        wait_for_card(&browser, "the newer feed").await;
        press(&browser, "inc_1", "toggle").await;
        browser
            .wait_for("the expanded card", |tree| has_text(tree, "inc_1", "Loft"))
            .await;
        assert_undisturbed(&browser, "expanded").await;
        assert!(!browser.pierce().await.text().contains("on_fire"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_feed_is_shown() {
    let browser = Browser::watching().await;
    let mirror = Mirror::start();
    let body = "Words that go on and on, as long as anybody will read them. ".repeat(30);
    let notices: Vec<Value> = (0..30)
        .map(|number| {
            let mut notice = notice(&format!("inc_{number}"), &format!("{TITLE} {number}"));
            notice["updates"][0]["body"] = json!(body);
            notice
        })
        .collect();
    let large = feed(5, &notices);
    assert!(large.to_string().len() > 64 * 1024);
    mirror.put_feed("acme", &large);
    let page = Page::with_body(&mirror.embed("acme", ""));
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| tree.notice("inc_0").is_some())
        .await;
    // The feed is stored, and drawn again after a reload.
    browser.reload().await;
    browser
        .wait_for("the card again", |tree| tree.notice("inc_0").is_some())
        .await;
    assert_undisturbed(&browser, "a large feed").await;
}

/// A host that answers with headers and the beginning of a body, and never sends the rest.
fn stalling_host() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\naccess-control-allow-origin: *\r\ncontent-length: 5000\r\n\r\n{\"v\":1,",
            );
            open.push(stream);
        }
    });
    origin
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_stalls_midway_is_given_up() {
    let browser = Browser::watching().await;
    browser.before_each_page(&shortened(8_000, 500)).await;
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    let page = Page::with_body(&mirror.embed(
        "acme",
        &format!("data-api='{} {}'", stalling_host(), mirror.origin()),
    ));
    // After 8 s, which `shortened` makes 0.5 s, the loader requests the second origin.
    browser.goto(&page.url()).await;
    wait_for_card(&browser, "the card of the second origin").await;
}
