//! Ten thousand polls in one page leave nothing behind.

use e2e::{Browser, Mirror, Page, mirror};
use serde_json::json;

/// What a page may grow by, in bytes.
const MOST: f64 = 1_048_576.0;
/// What the wasm's memory may grow by: one page of it. What leaks a few bytes a poll takes several.
const MOST_WASM: f64 = 65_536.0;

/// Answers feeds in the page itself, each a newer one, and keeps the wasm's memory at hand.
const NETWORK: &str = "
    let rev = 10, feed = null;
    const real = window.fetch;
    window.fetch = (url, options) => String(url).includes('/feed?') && feed
        ? Promise.resolve(new Response(JSON.stringify({ ...feed, rev: rev++ }), { headers: {
            Date: new Date().toUTCString(), 'Allclear-Confirmed-At': new Date().toISOString() } }))
        : real(url, options);
    window.serve = known => { feed = known; };
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
        const made = await start(...given);
        window.memory = made.instance.exports.memory;
        return made;
    };";

/// So many polls, one after the other.
fn polls(count: usize) -> String {
    format!(
        "return new Promise(done => {{
            let left = {count};
            const off = Allclear.on('change', () => {{
                if (left-- > 0) setTimeout(Allclear.refresh);
                else done(off());
            }});
            Allclear.refresh();
        }})"
    )
}

/// What is in use once garbage has been collected, and how large the wasm's memory is, in bytes.
async fn used(browser: &Browser) -> (f64, f64) {
    for _ in 0..3 {
        browser
            .devtools("HeapProfiler.collectGarbage", json!({}))
            .await;
    }
    let heap = browser.devtools("Runtime.getHeapUsage", json!({})).await;
    let wasm = browser
        .run("return window.memory?.buffer.byteLength ?? 0")
        .await;
    (heap["usedSize"].as_f64().unwrap(), wasm.as_f64().unwrap())
}

async fn grows_little(attributes: &str, notices: &[serde_json::Value], wasm: bool) {
    let mirror = Mirror::start();
    let feed = mirror::feed(5, notices);
    mirror.put_feed("acme", &feed);
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{}",
        mirror.embed("acme", attributes)
    ));
    let browser = Browser::start().await;
    browser.before_each_page(NETWORK).await;
    browser.devtools("HeapProfiler.enable", json!({})).await;
    browser.goto(&page.url()).await;
    if notices.is_empty() {
        browser
            .wait_for_script(
                "the feed",
                "return Boolean(window.Allclear?.state.feed)",
                |known| *known == true,
            )
            .await;
    } else {
        browser
            .wait_for("the card", |tree| tree.notice("inc_1").is_some())
            .await;
    }
    browser.run(&format!("serve({feed})")).await;
    // Whatever is made once is made by then.
    browser.run(&polls(200)).await;
    let (before, wasm_before) = used(&browser).await;
    let count = 10_000;
    browser.run(&polls(count)).await;
    let (after, wasm_after) = used(&browser).await;
    let rev = browser.run("return Allclear.state.feed.rev").await;
    assert!(rev.as_u64() >= Some(count as u64), "it has polled: {rev}");
    let grown = (after - before) + (wasm_after - wasm_before);
    eprintln!("{count} polls: heap {before} to {after}, wasm {wasm_before} to {wasm_after}");
    assert!(grown < MOST, "{grown} bytes after {count} polls");
    assert!(
        wasm_after - wasm_before <= MOST_WASM,
        "the wasm leaks: {wasm_before} to {wasm_after}"
    );
    assert_eq!(wasm_after > 0.0, wasm, "whether the widget was there");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_polls_of_a_quiet_page() {
    grows_little("", &[], false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_polls_with_a_card() {
    let notices = [
        mirror::outage("inc_1", "Messages are delayed"),
        mirror::outage("inc_2", "Reports are late"),
    ];
    grows_little("", &notices, true).await;
}
