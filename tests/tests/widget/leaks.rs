//! 10,000 polls in one page leak nothing.

use e2e::{Browser, Mirror, Page, mirror};
use serde_json::json;

/// Greatest growth of a page, in bytes.
const MOST: f64 = 1_048_576.0;
/// Greatest growth of the wasm's memory: one wasm page, in bytes. A leak of a few bytes per poll takes several.
const MOST_WASM: f64 = 65_536.0;

/// Answers feeds within the page, each with a higher revision, and exposes the wasm's memory.
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

/// A script that polls this many times in sequence.
fn poll_script(count: usize) -> String {
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

/// Heap in use after garbage collection, and size of the wasm's memory, in bytes.
async fn memory_in_use(browser: &Browser) -> (f64, f64) {
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

/// Asserts that 10,000 polls leak nothing. `wasm` says whether the page loads the widget.
async fn assert_no_leak(attributes: &str, notices: &[serde_json::Value], wasm: bool) {
    let mirror = Mirror::start();
    let feed = mirror::feed(5, notices);
    mirror.put_feed("acme", &feed);
    let page = Page::with_body(&mirror.embed("acme", attributes));
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
    // By then, one-time allocations have been made.
    browser.run(&poll_script(200)).await;
    let (before, wasm_before) = memory_in_use(&browser).await;
    let count = 10_000;
    // A script may take 30 s.
    for _ in 0..count / 500 {
        browser.run(&poll_script(500)).await;
    }
    let (after, wasm_after) = memory_in_use(&browser).await;
    let rev = browser.run("return Allclear.state.feed.rev").await;
    assert!(
        rev.as_u64() >= Some(count as u64),
        "polled up to revision {rev}"
    );
    let grown = (after - before) + (wasm_after - wasm_before);
    eprintln!("{count} polls: heap {before} to {after}, wasm {wasm_before} to {wasm_after}");
    assert!(grown < MOST, "{grown} bytes after {count} polls");
    assert!(
        wasm_after - wasm_before <= MOST_WASM,
        "the wasm leaks: {wasm_before} to {wasm_after}"
    );
    assert_eq!(wasm_after > 0.0, wasm, "whether the widget was loaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_leaks_nothing_in_10000_polls() {
    assert_no_leak("", &[], false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_leaks_nothing_in_10000_polls() {
    let notices = [
        mirror::notice("inc_1", "Messages are delayed"),
        mirror::notice("inc_2", "Reports are late"),
    ];
    assert_no_leak("", &notices, true).await;
}
