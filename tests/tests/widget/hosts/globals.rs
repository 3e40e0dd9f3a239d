//! Pages that declare or replace the browser's own objects: the result is the card, the plain card
//! or nothing. There is no error and no warning on the console, and times and states are right;
//! with both cards.

use std::time::{Duration, Instant};

use e2e::{Browser, Mirror, Page, Reply, TITLE, Tree, has_text, mirror, page};
use serde_json::{Value, json};

use super::both_cards::*;

/// Maximum time between two frames that draw a card: they load at the same time.
const PATIENCE: Duration = Duration::from_secs(2);
/// Maximum time until the first card, on a busy machine.
const FIRST_CARD: Duration = Duration::from_secs(20);

/// Objects of the browser and of JavaScript that the loader and the cards use.
const NAMES: [&str; 14] = [
    "Node",
    "Window",
    "Event",
    "URL",
    "Response",
    "AbortSignal",
    "AbortController",
    "CustomEvent",
    "EventTarget",
    "Map",
    "Set",
    "MutationObserver",
    "ResizeObserver",
    "CSSStyleSheet",
];

/// Other objects and functions that a page may declare, without those of the language that the loader uses.
const OTHER_NAMES: [&str; 25] = [
    "Boolean",
    "DataView",
    "Error",
    "FinalizationRegistry",
    "Intl",
    "Number",
    "Promise",
    "Reflect",
    "RegExp",
    "String",
    "TextDecoder",
    "Uint8Array",
    "WeakMap",
    "addEventListener",
    "cancelAnimationFrame",
    "clearTimeout",
    "fetch",
    "getComputedStyle",
    "innerHeight",
    "matchMedia",
    "navigator",
    "performance",
    "queueMicrotask",
    "requestAnimationFrame",
    "setTimeout",
];

/// Opens a page with this script before our tag.
async fn open_page(browser: &Browser, script: &str, policy: Option<&str>) -> Host {
    let mut host = host("", "", policy);
    let embed = host.mirror.embed("acme", "data-components=sending");
    let body =
        format!("<div id=slot data-allclear-slot=reports></div><script>{script}</script>{embed}");
    host.page = Page::host_with_policy(&page::html(&body), policy);
    browser.goto(&host.page.url()).await;
    host
}

/// Asserts that the page saw no exception, and that the console has no line.
async fn assert_silent(browser: &Browser, what: &str) {
    let watched = browser.watched().await;
    assert!(watched.is_error_free(), "{what}: {watched:?}");
    let console = browser.console().await;
    let ours = console.iter().filter(|line| {
        // The plain card's page forbids wasm, which Chromium reports.
        !line.text.contains("Content Security Policy") && !line.text.contains("unsafe-eval")
    });
    let ours: Vec<_> = ours.collect();
    assert!(ours.is_empty(), "{what}: {ours:?}");
}

fn has_card(tree: &Tree) -> bool {
    has_text(tree, "inc_1", TITLE)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_declares_browser_names_gets_the_card() {
    for policy in POLICIES {
        let browser = Browser::watching().await;
        // Keeps the hosts running, because the browser logs refused connections.
        let mut hosts = Vec::new();
        let class =
            |name| format!("class {name} {{ constructor(value) {{ this.value = value }} }}");
        let mut scripts: Vec<String> = NAMES.map(class).to_vec();
        scripts.push(OTHER_NAMES.map(class).join("\n"));
        for name in &scripts {
            let host = open_page(&browser, name, policy).await;
            browser.wait_for(name, has_card).await;
            let card = "return window.performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/plain.js'))";
            assert_eq!(browser.run(card).await, json!(policy.is_some()), "{name}");
            click(&browser, "toggle").await;
            wait_until_expanded(&browser, true).await;
            click(&browser, "hide").await;
            wait_until_hidden(&browser).await;
            let restored = mirror::restored(notice(), &json!({}));
            host.mirror.put_feed("acme", &mirror::feed(9, &[restored]));
            browser.run("Allclear.refresh()").await;
            browser
                .wait_for("the all-clear", |tree| {
                    let notice = tree.notice("inc_1");
                    notice.and_then(|notice| notice.attribute("data-kind")) == Some("restored")
                })
                .await;
            assert_silent(&browser, name).await;
            hosts.push(host);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_declares_node_gets_the_card_in_its_slot() {
    let body = "<script>class Node {}</script><div id=slot data-allclear-slot=sending></div>";
    let host = host(body, "", None);
    let mut slotted = notice();
    slotted["audience"]["components"] = json!(["sending"]);
    host.mirror.put_feed("acme", &mirror::feed(6, &[slotted]));
    let browser = Browser::watching().await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in the slot", |tree| {
            let slot = tree.find(|node| node.attribute("id") == Some("slot"));
            slot.is_some_and(|slot| slot.text().contains(TITLE))
        })
        .await;
    assert_silent(&browser, "class Node").await;
}

/// Scripts that replace objects of the browser.
pub(super) fn replaced_objects() -> Vec<String> {
    let mut scripts = Vec::new();
    for name in NAMES {
        scripts.push(format!("window.{name} = class {name} {{}}"));
        scripts.push(format!("window.{name} = function () {{ return this }}"));
        scripts.push(format!("window.{name} = undefined"));
    }
    scripts
}

/// Scripts that replace built-in functions of JavaScript.
pub(super) fn replaced_builtins() -> Vec<String> {
    let mut scripts = Vec::new();
    for method in METHODS {
        scripts.push(format!("Array.prototype.{method} = undefined"));
        scripts.push(format!("Array.prototype.{method} = function () {{}}"));
        scripts.push(format!(
            "Array.prototype.{method} = function () {{ return [] }}"
        ));
    }
    scripts.extend(OTHERS.map(str::to_owned));
    scripts
}

/// Methods of arrays that pages replace.
const METHODS: [&str; 25] = [
    "at",
    "concat",
    "every",
    "filter",
    "find",
    "findIndex",
    "flat",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "keys",
    "map",
    "pop",
    "push",
    "reduce",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "unshift",
    "values",
];

/// Scripts that replace other built-in functions.
const OTHERS: [&str; 27] = [
    "window.JSON = { parse() {}, stringify() { return '' } }",
    "JSON.stringify = () => undefined",
    "JSON.parse = () => ({})",
    "window.Promise = class { then() { return this } catch() { return this } static resolve() { return new Promise }
        static all() { return new Promise } static race() { return new Promise } }",
    "window.Promise = undefined",
    "Promise.all = Promise.race = Promise.resolve = undefined",
    "delete Promise.prototype.catch",
    "Array.prototype[Symbol.iterator] = function* () {}",
    "window.Intl = undefined",
    "Array.prototype.toJSON = function () { return '[]' }",
    "Array.prototype.filter = function (test) { return [].concat(this) }",
    "Array.prototype.includes = () => false",
    "Array.prototype.find = function () { return this[0] }",
    "Array.prototype[Symbol.iterator] = undefined",
    "Array.prototype[Symbol.iterator] = function () { throw new Error('iterator') }",
    "Array.prototype.some = function () { throw new Error('some') }",
    "Promise.prototype.then = function () {}",
    "Promise.prototype.then = function () { return new Promise(() => {}) }",
    "Promise.prototype.then = function () { throw new Error('then') }",
    "Promise.prototype.then = undefined",
    "Map.prototype.get = function () {}",
    "Set.prototype.has = () => false",
    "Object.keys = Object.values = Object.entries = () => []",
    "String.prototype.split = function () { return [] }",
    "window.Date = class { constructor() { throw new Error('Date') } }",
    "window.queueMicrotask = window.requestAnimationFrame = () => 1",
    "window.getComputedStyle = window.matchMedia = undefined",
];

/// Number of pages that are open at the same time, in frames.
pub(super) const AT_ONCE: usize = 24;

/// A script that returns the errors of the page in each frame, with an entry if the page has frames of its own. It does not use the
/// frames' built-in objects, which are broken.
pub(super) const FRAMES: &str = "return [...document.querySelectorAll('iframe')].map(({ contentWindow }) => {
    const { errors, rejections } = contentWindow.__watched;
    const all = contentWindow.length ? ['a frame'] : [];
    for (const list of [errors, rejections]) for (let index = 0; index < list.length; index++) all.push(list[index]);
    return all;
})";

/// Opens a page with a frame for each of these scripts, and returns the failures.
async fn open_frames(scripts: &[String], policy: Option<&str>) -> Vec<String> {
    let mirror = Mirror::start();
    let host = Page::host("");
    let mut body = String::new();
    for (number, script) in scripts.iter().enumerate() {
        let site = format!("acme-{number}");
        mirror.put_feed(&site, &mirror::feed(5, &[notice()]));
        let embed = mirror.embed(&site, "");
        let mut reply = Reply::html(&page::html(&format!("<script>{script}</script>{embed}")));
        if let Some(policy) = policy {
            reply = reply.header("content-security-policy", policy);
        }
        host.put(&format!("/{number}"), reply);
        body += &format!("<iframe src=/{number} width=400 height=600></iframe>");
    }
    host.put("/", Reply::html(&page::html(&body)));
    let browser = Browser::watching().await;
    browser.goto(&host.url()).await;
    let mut before = Vec::new();
    let mut changed_at = Instant::now();
    let shown = loop {
        let tree = browser.pierce().await;
        let frames = tree.find_all(|node| node.name == "iframe").into_iter();
        let shown: Vec<bool> = frames.map(|frame| frame.text().contains(TITLE)).collect();
        if shown != before {
            changed_at = Instant::now();
        }
        let patience = if shown.contains(&true) {
            PATIENCE
        } else {
            FIRST_CARD
        };
        if shown.iter().all(|shown| *shown) || changed_at.elapsed() > patience {
            break shown;
        }
        before = shown;
    };
    let mut failures = Vec::new();
    let watched = browser.run(FRAMES).await;
    for ((script, shown), watched) in scripts.iter().zip(shown).zip(watched.as_array().unwrap()) {
        println!("{script}: {}", if shown { "card" } else { "nothing" });
        if *watched != json!([]) {
            failures.push(format!("{script}: {watched}"));
        }
    }
    let console = browser.console().await;
    let lines = console
        .iter()
        .filter(|line| !line.text.contains("Content Security Policy"));
    failures.extend(lines.map(|line| format!("one of these: {}", line.text)));
    failures
}

/// Runs each of these scripts before our tag, and asserts that there is no error and no warning.
async fn assert_all_silent(scripts: &[String], policy: Option<&str>) {
    let mut failures = Vec::new();
    for scripts in scripts.chunks(AT_ONCE) {
        failures.extend(open_frames(scripts, policy).await);
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_objects_cause_no_error_and_no_warning() {
    assert_all_silent(&replaced_objects(), POLICIES[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_objects_cause_no_error_in_the_plain_card() {
    assert_all_silent(&replaced_objects(), POLICIES[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_builtins_cause_no_error_and_no_warning() {
    assert_all_silent(&replaced_builtins(), POLICIES[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_builtins_cause_no_error_in_the_plain_card() {
    assert_all_silent(&replaced_builtins(), POLICIES[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_date_class_causes_no_error_and_no_warning() {
    let scripts = [
        "class Date { constructor() { throw new Error('Date') } }",
        "class Date {}",
        "window.Date = class { constructor() { throw new Error('Date') } }",
        "window.Date = class Date { valueOf() { return NaN } }",
    ]
    .map(str::to_owned);
    for policy in POLICIES {
        assert_all_silent(&scripts, policy).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_date_parsing_leaves_the_times_right() {
    let datejs =
        std::fs::read(xtask::workspace::root().join("node_modules/datejs/lib/date-en-US.js"));
    let datejs = String::from_utf8_lossy(&datejs.expect("run `cargo xtask build`")).into_owned();
    let browser = Browser::watching().await;
    // Keeps the hosts running, because the browser logs refused connections.
    let mut hosts = Vec::new();
    for script in [
        datejs.as_str(),
        "{ const parse = Date.parse; Date.parse = text => /GMT$/.test(text) ? null : parse(text) }",
        "Date.parse = () => null",
        "Date.parse = () => new Date(0)",
        "Date.parse = undefined",
    ] {
        for policy in POLICIES {
            let mut host = host("", "", policy);
            let embed = host.mirror.embed("acme", "");
            host.page = Page::host_with_policy(
                &page::html(&format!("<script src=/host.js></script>{embed}")),
                policy,
            );
            host.page.put("/host.js", Reply::script(script));
            open_card(&browser, &host).await;
            e2e::wait_until_seen(&browser, "inc_1").await;
            let state = "return Allclear.state.stale";
            browser
                .assert_eventually("the feed is confirmed", state, json!(false))
                .await;
            let visits = browser
                .run("return Object.values(JSON.parse(localStorage['allclear:acme:visits'] || '{}'))")
                .await;
            let hours = "return Date.now() / 36e5";
            let hours = browser.run(hours).await.as_f64().unwrap();
            let visits: Vec<f64> = visits
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_f64)
                .collect();
            assert!(
                visits.len() == 1 && (visits[0] - hours).abs() < 1.0,
                "{visits:?}"
            );
            let restored = mirror::restored(notice(), &json!({}));
            host.mirror.put_feed("acme", &mirror::feed(9, &[restored]));
            browser.run("Allclear.refresh()").await;
            let is_all_clear = |tree: &Tree| {
                tree.notice("inc_1").is_some_and(|notice| {
                    notice.attribute("data-kind") == Some("restored")
                        && notice.part("card").is_some()
                })
            };
            browser.wait_for("the all-clear", is_all_clear).await;
            browser.reload().await;
            browser.wait_for("the all-clear again", is_all_clear).await;
            assert_silent(&browser, "datejs").await;
            hosts.push(host);
        }
    }
}
