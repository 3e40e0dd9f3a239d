//! The back/forward cache: a restored page polls again, and a page in the cache holds nothing that other tabs wait for.

use e2e::{
    Browser, Mirror, Page, Reply,
    mirror::{feed, notice},
};
use serde_json::json;

/// A script that returns the names of the locks that the browser's pages hold or wait for.
const HELD: &str = "return navigator.locks.query().then(({ held, pending }) => [...held, ...pending].map(({ name }) => name))";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_the_back_forward_cache_polls_again() {
    for is_plain in [false, true] {
        let mirror = Mirror::start();
        let notices = if is_plain {
            vec![notice("inc_1", "Messages are delayed")]
        } else {
            Vec::new()
        };
        mirror.put_feed("acme", &feed(5, &notices));
        let policy = is_plain.then(|| mirror.policy_without_wasm());
        let page = Page::with_policy(&mirror.embed("acme", ""), policy.as_deref());
        page.put(
            "/next",
            Reply::html("<!doctype html><title>Next</title><h1>Next</h1>"),
        );
        let browser = Browser::watching().await;
        browser
            .before_each_page(
                "addEventListener('pageshow', event => { window.fromCache = event.persisted })",
            )
            .await;
        browser.goto(&page.url()).await;
        browser
            .wait_for_script("the lock", HELD, |held| {
                *held == json!(["allclear:acme:en"])
            })
            .await;
        browser
            .wait_for_script(
                "the feed",
                "return window.Allclear?.state.feed?.rev",
                |rev| *rev == 5,
            )
            .await;
        if is_plain {
            browser
                .wait_for("the plain card", |tree| tree.notice("inc_1").is_some())
                .await;
        }

        browser.goto(&page.at("/next")).await;
        browser
            .assert_eventually("the lock's release", HELD, json!([]))
            .await;
        let requests_before = mirror.feed_requests().len();
        mirror.put_feed("acme", &feed(6, &[notice("inc_2", "Sending fails")]));
        browser.run("history.back()").await;
        browser
            .wait_for_script(
                "the same page from the cache",
                "return window.fromCache ?? null",
                |kept| *kept == true,
            )
            .await;
        let tree = browser
            .wait_for("the newer feed", |tree| {
                tree.notice("inc_2")
                    .is_some_and(|notice| notice.text().contains("Sending fails"))
            })
            .await;
        assert!(mirror.feed_requests().len() > requests_before);
        assert_eq!(
            tree.find_all(|node| node.name == "allclear-banner").len(),
            1,
            "{is_plain}"
        );
        browser
            .assert_eventually("the lock", HELD, json!(["allclear:acme:en"]))
            .await;
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty()
                && watched.rejections.is_empty()
                && watched.shift.abs() < f64::EPSILON,
            "{is_plain}: {watched:?}"
        );
    }
}
