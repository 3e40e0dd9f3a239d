//! A page that pins a version takes what was published under its hash, and nothing else: files that were tampered with are
//! refused, without a word to the page.

use e2e::{Browser, Mirror, Page, Reply, Tree, mirror};
use serde_json::Value;

const TITLE: &str = "Messages are delayed";

/// What `/embed.json` says of the version: its folder, and the integrity of its loader.
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

    /// The tag that its README says to write.
    fn tag(&self, mirror: &Mirror, more: &str) -> String {
        let Self { src, integrity, .. } = self;
        let origin = mirror.origin();
        format!(
            "<script async src=\"{origin}{src}\" integrity=\"{integrity}\" crossorigin data-site=acme {more}></script>"
        )
    }
}

fn broken() -> Mirror {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[mirror::outage("inc_1", TITLE)]));
    mirror
}

/// Serves a file with one byte of it changed.
fn tamper(mirror: &Mirror, path: &str) {
    let file = xtask::workspace::dist()
        .join("assets")
        .join(path.trim_start_matches('/'));
    let mut bytes = std::fs::read(&file).unwrap();
    // The last letter of a script is in no string, and its first can be a space.
    bytes.push(b'\n');
    let of_type = if path.ends_with(".wasm") {
        let middle = bytes.len() / 2;
        bytes.pop();
        bytes[middle] ^= 1;
        "application/wasm"
    } else {
        "text/javascript"
    };
    let reply = Reply::new(of_type, bytes).header("access-control-allow-origin", "*");
    mirror.page().put(path, reply);
}

async fn open(mirror: &Mirror, tag: &str) -> (Browser, Page) {
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{tag}"
    ));
    let browser = Browser::start().await;
    // What is thrown; that a file was refused is told to whoever watches, too.
    browser
        .before_each_page("window.thrown = []; addEventListener('error', event => thrown.push(event.message)); addEventListener('unhandledrejection', event => thrown.push(String(event.reason)))")
        .await;
    browser.goto(&page.url()).await;
    assert!(!mirror.origin().is_empty());
    (browser, page)
}

async fn card(browser: &Browser) -> Tree {
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

async fn nothing_thrown(browser: &Browser) {
    let thrown = browser.run("return thrown").await;
    assert_eq!(thrown, serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_is_taken() {
    let (mirror, release) = (broken(), Release::read());
    let (browser, _page) = open(&mirror, &release.tag(&mirror, "")).await;
    let tree = card(&browser).await;
    assert!(!is_plain(&tree), "the widget itself");
    nothing_thrown(&browser).await;
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
async fn under_a_strict_policy_too() {
    let (mirror, release) = (broken(), Release::read());
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
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    let tree = card(&browser).await;
    assert!(!is_plain(&tree));
    let watched = browser.watched().await;
    assert!(
        watched.violations.is_empty() && watched.errors.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_of_the_wasm_or_its_glue_and_the_plain_card_is_drawn() {
    let release = Release::read();
    for file in ["widget_bg.wasm", "widget.js"] {
        let mirror = broken();
        tamper(&mirror, &format!("{}/{file}", release.folder));
        let (browser, _page) = open(&mirror, &release.tag(&mirror, "")).await;
        assert!(is_plain(&card(&browser).await), "{file}");
        nothing_thrown(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_of_what_all_rests_on_and_nothing_is_drawn() {
    let release = Release::read();
    for files in [
        vec!["rules.js"],
        vec!["widget.js", "plain.js"],
        vec!["embed.js"],
    ] {
        let mirror = broken();
        for file in &files {
            tamper(&mirror, &format!("{}/{file}", release.folder));
        }
        let (browser, _page) = open(&mirror, &release.tag(&mirror, "")).await;
        let last = format!("{}/{}", release.folder, files[files.len() - 1]);
        browser
            .wait_for_request("the file", |request| request.url.ends_with(&last))
            .await;
        let refused = browser
            .wait_for_script("the refusal", "return 1", |_| true)
            .await;
        assert_eq!(refused, 1);
        browser
            .run("return new Promise(done => requestIdleCallback(() => setTimeout(done, 500)))")
            .await;
        assert!(browser.pierce().await.banner().is_none(), "{files:?}");
        nothing_thrown(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_origin_that_was_not_tampered_with_serves() {
    let (bad, good, release) = (broken(), broken(), Release::read());
    tamper(&bad, &format!("{}/rules.js", release.folder));
    let api = format!("data-api='{} {}'", bad.origin(), good.origin());
    // The first answers once, and then no more.
    let (browser, _page) = open(&bad, &release.tag(&bad, &api)).await;
    browser
        .wait_for_request("the file", |request| request.url.ends_with("/rules.js"))
        .await;
    bad.refuse_feed("acme", 1);
    let tree = card(&browser).await;
    assert!(!is_plain(&tree));
    nothing_thrown(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_pins_nothing_still_checks_the_wasm() {
    let (mirror, release) = (broken(), Release::read());
    tamper(&mirror, &format!("{}/widget_bg.wasm", release.folder));
    let (browser, _page) = open(&mirror, &mirror.embed("acme", "")).await;
    assert!(is_plain(&card(&browser).await));
    nothing_thrown(&browser).await;
}
