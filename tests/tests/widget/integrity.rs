//! A page that pins a version loads only files with the published hashes. Changed files are refused without an error in
//! the page.

use std::time::{Duration, Instant};

use e2e::{Browser, Mirror, Page, Reply, TITLE, Tree, mirror};
use serde_json::Value;

/// The version in `/embed.json`: its folder, and the address and integrity hash of its loader.
struct Release {
    folder: String,
    src: String,
    integrity: String,
}

impl Release {
    fn read() -> Self {
        let file = xtask::workspace::dist().join("assets/embed.json");
        let json = std::fs::read(file).expect("run `cargo xtask build`");
        let json: Value = serde_json::from_slice(&json).unwrap();
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Self {
            folder: format!("/embed/{}", text("version")),
            src: text("src"),
            integrity: text("integrity"),
        }
    }

    /// The tag that the README describes.
    fn tag(&self, mirror: &Mirror, more: &str) -> String {
        let Self { src, integrity, .. } = self;
        let origin = mirror.origin();
        format!(
            "<script async src=\"{origin}{src}\" integrity=\"{integrity}\" crossorigin data-site=acme {more}></script>"
        )
    }
}

/// Serves a changed file: wasm with a changed byte, or a script with an additional line break.
fn tamper(mirror: &Mirror, path: &str) {
    let file = xtask::workspace::dist()
        .join("assets")
        .join(path.trim_start_matches('/'));
    let mut bytes = std::fs::read(&file).unwrap();
    // A line break at the end changes no script's meaning.
    bytes.push(b'\n');
    let media_type = if path.ends_with(".wasm") {
        let middle = bytes.len() / 2;
        bytes.pop();
        bytes[middle] ^= 1;
        "application/wasm"
    } else {
        "text/javascript"
    };
    let reply = Reply::new(media_type, bytes).header("access-control-allow-origin", "*");
    mirror.page().put(path, reply);
}

async fn open(tag: &str) -> (Browser, Page) {
    let page = Page::with_body(tag);
    let browser = Browser::start().await;
    // Only exceptions are recorded, because refused files cause resource errors.
    browser
        .before_each_page("window.thrown = []; addEventListener('error', event => thrown.push(event.message)); addEventListener('unhandledrejection', event => thrown.push(String(event.reason)))")
        .await;
    browser.goto(&page.url()).await;
    (browser, page)
}

async fn wait_for_card(browser: &Browser) -> Tree {
    browser
        .wait_for("a card", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.text().contains(TITLE))
        })
        .await
}

/// The plain card is a `<section>`, the widget's is not.
fn is_plain(tree: &Tree) -> bool {
    tree.find(|node| node.name == "section" && node.has_part("card"))
        .is_some()
}

/// Waits until the browser reports that a file does not have the expected hash.
async fn wait_until_refused(browser: &Browser, file: &str) {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let console = browser.console().await;
        let is_refused = |text: &str| text.contains("integrity") && text.contains(file);
        if console.iter().any(|line| is_refused(&line.text)) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{file} is not refused: {console:#?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn assert_nothing_thrown(browser: &Browser) {
    let thrown = browser.run("return thrown").await;
    assert_eq!(thrown, serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_files_are_loaded() {
    let (mirror, release) = (
        Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]),
        Release::read(),
    );
    let (browser, _page) = open(&release.tag(&mirror, "")).await;
    let tree = wait_for_card(&browser).await;
    assert!(!is_plain(&tree), "the widget itself");
    assert_nothing_thrown(&browser).await;
    let left = browser
        .run("return document.querySelectorAll('link').length")
        .await;
    assert_eq!(left, 0, "no trace of the check on the page");
    assert!(
        browser.console_errors().await.is_empty(),
        "{:?}",
        browser.console_errors().await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_files_are_loaded_under_a_strict_policy() {
    let (mirror, release) = (
        Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]),
        Release::read(),
    );
    let origin = mirror.origin();
    let page = Page::host("");
    let tag = release.tag(&mirror, "nonce=r4nd0m");
    page.put(
        "/",
        Reply::html(&format!("<!doctype html><html lang=en><title>Host</title><h1>Bank</h1>{tag}")).header(
            "content-security-policy",
            &format!(
                "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'none'; \
                 connect-src {origin}; require-trusted-types-for 'script'; trusted-types 'none'"
            ),
        ),
    );
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let tree = wait_for_card(&browser).await;
    assert!(!is_plain(&tree));
    let watched = browser.watched().await;
    assert!(
        watched.violations.is_empty() && watched.errors.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_wasm_or_glue_file_gives_the_plain_card() {
    let release = Release::read();
    for file in ["widget_bg.wasm", "widget.js"] {
        let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
        tamper(&mirror, &format!("{}/{file}", release.folder));
        let (browser, _page) = open(&release.tag(&mirror, "")).await;
        assert!(is_plain(&wait_for_card(&browser).await), "{file}");
        assert_nothing_thrown(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_loader_or_rules_file_draws_nothing() {
    let release = Release::read();
    for files in [
        vec!["rules.js"],
        vec!["widget.js", "plain.js"],
        vec!["embed.js"],
    ] {
        let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
        for file in &files {
            tamper(&mirror, &format!("{}/{file}", release.folder));
        }
        let (browser, _page) = open(&release.tag(&mirror, "")).await;
        wait_until_refused(&browser, files[files.len() - 1]).await;
        // A loader that was not refused continues to poll.
        if !files.contains(&"embed.js") {
            crate::hosts::top_layer::wait_for_polls(&browser, &mirror).await;
        }
        assert!(browser.pierce().await.banner().is_none(), "{files:?}");
        assert_nothing_thrown(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_second_origin_serves_the_card() {
    let (bad, good, release) = (
        Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]),
        Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]),
        Release::read(),
    );
    tamper(&bad, &format!("{}/rules.js", release.folder));
    let api = format!("data-api='{} {}'", bad.origin(), good.origin());
    // The first origin answers once and then fails.
    let (browser, _page) = open(&release.tag(&bad, &api)).await;
    browser
        .wait_for_request("the file", |request| request.url.ends_with("/rules.js"))
        .await;
    bad.refuse_feed("acme", 1);
    let tree = wait_for_card(&browser).await;
    assert!(!is_plain(&tree));
    assert_nothing_thrown(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpinned_page_still_checks_the_wasm() {
    let (mirror, release) = (
        Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]),
        Release::read(),
    );
    tamper(&mirror, &format!("{}/widget_bg.wasm", release.folder));
    let (browser, _page) = open(&mirror.embed("acme", "")).await;
    assert!(is_plain(&wait_for_card(&browser).await));
    assert_nothing_thrown(&browser).await;
}
