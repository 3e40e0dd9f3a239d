//! README's snippet for pages whose status service has a second host, verbatim, with first hosts that fail.

use std::fs;

use e2e::{Browser, Mirror, Page, RefusingHost, Reply, mirror};
use serde_json::json;
use xtask::workspace;

/// The snippet in the README.
fn snippet() -> String {
    let readme = fs::read_to_string(workspace::root().join("README.md")).unwrap();
    let block = readme
        .split("```")
        .find(|block| block.contains("status.example.net"))
        .expect("the snippet");
    let (_language, html) = block.split_once('\n').unwrap();
    html.trim().to_owned()
}

#[test]
fn the_readmes_snippet_has_at_most_320_bytes() {
    let written = snippet();
    let size: usize = written.lines().map(|line| line.trim().len()).sum();
    assert!(size <= 320, "{size} bytes");
}

/// Captures the snippet's three-second timer in `patience`. The snippet does not wait for it if a
/// host refuses the connection.
const WATCH: &str = "window.thrown = []; window.patience = [];
    addEventListener('unhandledrejection', event => thrown.push(String(event.reason)));
    const later = window.setTimeout;
    window.setTimeout = (task, milliseconds, ...given) =>
        milliseconds === 3e3 ? patience.push(task) : later(task, milliseconds, ...given);";

#[tokio::test(flavor = "multi_thread")]
async fn the_second_host_serves_when_the_first_fails() {
    let refusing = RefusingHost::start();
    let (hanging, missing, html) = (Page::host(""), Page::host(""), Page::host(""));
    hanging.put("/embed.js", Reply::hang());
    html.put("/embed.js", Reply::html("<h1>It works!</h1>"));
    let working = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(WATCH).await;
    for (why, first) in [
        ("works", working.origin()),
        ("refuses", refusing.origin()),
        ("hangs", hanging.at("")),
        ("has no such file", missing.at("")),
        ("serves a page", html.at("")),
    ] {
        let second = Mirror::start();
        for mirror in [&working, &second] {
            mirror.put_feed(
                "acme",
                &mirror::feed(5, &[mirror::notice("inc_1", "Messages are delayed")]),
            );
        }
        let tag = snippet()
            .replace("https://status.example.com", &first)
            .replace("https://status.example.net", &second.origin());
        let page = Page::with_body(&tag);
        browser.begin(&page.url()).await;
        if why == "hangs" {
            browser
                .wait_for_script(
                    "the three-second timer",
                    "return window.patience?.length",
                    |waiting| *waiting == json!(1),
                )
                .await;
            browser.run("patience.shift()()").await;
        }
        let tree = browser
            .wait_for(why, |tree| {
                tree.notice("inc_1")
                    .is_some_and(|notice| notice.text().contains("Messages are delayed"))
            })
            .await;
        browser
            .run("while (patience.length) patience.shift()()")
            .await;
        let scripts = browser.run("return document.scripts.length").await;
        assert_eq!(scripts, json!(if why == "works" { 2 } else { 3 }), "{why}");
        let cards = tree.find_all(|node| node.name == "allclear-banner").len();
        assert_eq!(cards, 1, "{why}");
        let asked_second = !second.page().requests().is_empty();
        assert_eq!(
            asked_second,
            why != "works",
            "{why}: {:?}",
            second.page().requests()
        );
        assert_eq!(browser.run("return thrown").await, json!([]), "{why}");
    }
}
