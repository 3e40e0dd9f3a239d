//! Pages and browsers that are odd: names taken by elements, old libraries that add to every array, browsers that lack
//! what is new, documents that are not HTML. The card comes where it can; nothing is thrown and nothing shifts.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use e2e::{
    Browser, Mirror, Page, Reply, Tree,
    mirror::{feed, outage},
};
use serde_json::{Value, json};

const TITLE: &str = "Messages are delayed";

fn broken() -> Mirror {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[outage("inc_1", TITLE)]));
    mirror
}

fn page(body: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{body}"
    ))
}

fn says(tree: &Tree, words: &str) -> bool {
    tree.notice("inc_1")
        .is_some_and(|notice| notice.text().contains(words))
}

async fn watching(page: &Page) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
}

async fn undisturbed(browser: &Browser, why: &str) {
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty()
            && watched.rejections.is_empty()
            && watched.shift.abs() < f64::EPSILON,
        "{why}: {watched:?}"
    );
}

async fn sees(browser: &Browser, why: &str) -> Tree {
    let tree = browser.wait_for(why, |tree| says(tree, TITLE)).await;
    undisturbed(browser, why).await;
    tree
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_and_others_that_have_our_names() {
    let mirror = broken();
    for before in [
        "<a id=Allclear></a>",
        "<a id=Allclear></a><a id=Allclear></a>",
        "<form name=Allclear><input name=forEach></form>",
        "<iframe name=Allclear src='about:blank'></iframe>",
        "<script>window.Allclear = function () {}</script>",
        "<script>window.Allclear = 'mine'</script>",
    ] {
        let page = page(&format!("{before}{}", mirror.embed("acme", "")));
        sees(&watching(&page).await, before).await;
    }
    // What only seems to be our tag: it says what it lacks, and no more.
    let page = page(&format!(
        "<img name=currentScript>{}",
        mirror.embed("acme", "")
    ));
    let browser = watching(&page).await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    undisturbed(&browser, "currentScript is an image").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn libraries_of_old_that_add_to_everything() {
    let mirror = broken();
    // As Prototype 1.6, Mootools and their like have it, and a host that wraps what it likes.
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
        let page = page(&format!("{old}{}", mirror.embed("acme", attributes)));
        let browser = watching(&page).await;
        sees(&browser, "at first").await;
        // What it wrote there itself, spoilt by the page.
        browser.reload().await;
        let tree = sees(&browser, "after a reload").await;
        let hide = tree.notice("inc_1").unwrap().part("hide").unwrap().clone();
        browser.click(&hide).await;
        let is_pill = |tree: &Tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("pill").is_some())
        };
        browser.wait_for("the pill", is_pill).await;
        browser.reload().await;
        browser.wait_for("the pill still", is_pill).await;
        undisturbed(&browser, "hidden").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_own_fetch_fails() {
    let mirror = broken();
    for own in [
        "window.fetch = () => { throw new Error('no') }",
        "window.fetch = () => Promise.reject(5)",
        "window.fetch = () => Promise.resolve(undefined)",
        "delete window.fetch; window.fetch = undefined",
    ] {
        let page = page(&format!(
            "<script>{own}</script>{}",
            mirror.embed("acme", "")
        ));
        let browser = watching(&page).await;
        browser
            .wait_for_script(
                "the loader's first try",
                "return new Promise(done => setTimeout(() => requestIdleCallback(() => setTimeout(() => done(!!window.Allclear?.state)))))",
                |there| *there == true,
            )
            .await;
        undisturbed(&browser, own).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_and_a_document_that_is_no_html() {
    let mirror = broken();
    let base = Page::host("");
    base.put(
        "/",
        Reply::html(&format!(
            "<!doctype html><html lang=en><base href='https://elsewhere.example/deep/'><title>Host</title><h1>Host</h1>{}",
            mirror.embed("acme", "")
        )),
    );
    sees(&watching(&base).await, "a base").await;

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
    sees(&watching(&xhtml).await, "XHTML").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_does_not_know_where_it_stands() {
    let mirror = broken();
    let origin = mirror.origin();
    let module = page(&format!(
        "<script type=module src='{origin}/embed.js?site=acme' crossorigin></script>"
    ));
    sees(&watching(&module).await, "a module").await;
    let imported = page(&format!(
        "<script>import('{origin}/embed.js?site=acme').then(() => window.imported = 1)</script>"
    ));
    let browser = watching(&imported).await;
    browser
        .wait_for_script("the import", "return window.imported ?? 0", |done| {
            *done == 1
        })
        .await;
    undisturbed(&browser, "imported, without a tag of its own").await;
    let console = browser.console().await;
    let ours = console.iter().filter(|line| line.text.contains("Allclear"));
    assert_eq!(ours.count(), 1, "it says so: {console:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_too_old() {
    let mirror = broken();
    for lacks in [
        "delete AbortSignal.timeout",
        "delete window.requestIdleCallback; delete window.BroadcastChannel; delete Navigator.prototype.locks",
    ] {
        let browser = Browser::start().await;
        browser.watch().await;
        browser.before_each_page(lacks).await;
        browser.goto(&page(&mirror.embed("acme", "")).url()).await;
        sees(&browser, lacks).await;
    }
    // Where nothing can be drawn nothing is, and the page is as it was.
    for lacks in [
        "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        "delete Element.prototype.attachShadow",
        "delete window.WebAssembly; window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        "delete window.AbortController",
        "delete window.EventTarget",
    ] {
        let browser = Browser::start().await;
        browser.watch().await;
        browser.before_each_page(lacks).await;
        let page = page(&mirror.embed("acme", ""));
        browser.goto(&page.url()).await;
        let asked = mirror.asked().len();
        browser
            .run("return new Promise(done => setTimeout(() => requestIdleCallback(() => setTimeout(done)), 1100))")
            .await;
        undisturbed(&browser, lacks).await;
        assert!(browser.pierce().await.notice("inc_1").is_none(), "{lacks}");
        assert!(asked <= mirror.asked().len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_of_a_newer_service() {
    let mirror = Mirror::start();
    let mut newer = outage("inc_1", TITLE);
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
    let mut strange = outage("inc_2", "Strange");
    strange["kind"] = json!("rumour");
    strange["impact"] = json!("cosmic");
    strange["in_app"] = json!("hologram");
    let mut both = feed(5, &[newer, strange]);
    both["v"] = json!(2);
    both["weather"] = json!("fair");
    mirror.put_feed("acme", &both);
    let origin = mirror.origin();
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    for policy in [None, Some(policy)] {
        let page = page("");
        let html = Reply::html(&format!(
            "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{}",
            mirror.embed("acme", "")
        ));
        page.put(
            "/",
            match &policy {
                Some(policy) => html.header("content-security-policy", policy),
                None => html,
            },
        );
        let browser = watching(&page).await;
        let tree = sees(&browser, "the newer feed").await;
        let toggle = tree
            .notice("inc_1")
            .unwrap()
            .part("toggle")
            .unwrap()
            .clone();
        browser.click(&toggle).await;
        browser
            .wait_for("the rest", |tree| says(tree, "Loft"))
            .await;
        undisturbed(&browser, "opened").await;
        assert!(!browser.pierce().await.text().contains("on_fire"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_much_as_a_feed_can_hold() {
    let mirror = Mirror::start();
    let body = "Words that go on and on, as long as anybody will read them. ".repeat(30);
    let notices: Vec<Value> = (0..30)
        .map(|number| {
            let mut notice = outage(&format!("inc_{number}"), &format!("{TITLE} {number}"));
            notice["updates"][0]["body"] = json!(body);
            notice
        })
        .collect();
    let large = feed(5, &notices);
    assert!(large.to_string().len() > 64 * 1024);
    mirror.put_feed("acme", &large);
    let page = page(&mirror.embed("acme", ""));
    let browser = watching(&page).await;
    browser
        .wait_for("the card", |tree| tree.notice("inc_0").is_some())
        .await;
    // Kept, and drawn again.
    browser.reload().await;
    browser
        .wait_for("the card again", |tree| tree.notice("inc_0").is_some())
        .await;
    undisturbed(&browser, "a large feed").await;
}

/// A host that answers with headers, and then never says another word.
fn begins_and_stalls() -> String {
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
async fn a_host_that_begins_to_answer_and_stalls() {
    let mirror = broken();
    let page = page(&mirror.embed(
        "acme",
        &format!("data-api='{} {}'", begins_and_stalls(), mirror.origin()),
    ));
    // After eight seconds the second one is asked.
    sees(&watching(&page).await, "what the second one says").await;
}
