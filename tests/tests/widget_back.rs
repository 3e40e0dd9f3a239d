//! Out of the back/forward cache: a page that comes back joins the others again and hears the news; while it is away it
//! holds nothing that another tab waits for.

use e2e::{
    Browser, Mirror, Page, Reply,
    mirror::{feed, outage},
};
use serde_json::json;

const HELD: &str = "return navigator.locks.query().then(({ held, pending }) => [...held, ...pending].map(({ name }) => name))";

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_and_a_plain_card_come_back_to_the_news() {
    for is_plain in [false, true] {
        let mirror = Mirror::start();
        let notices = if is_plain {
            vec![outage("inc_1", "Messages are delayed")]
        } else {
            Vec::new()
        };
        mirror.put_feed("acme", &feed(5, &notices));
        let origin = mirror.origin();
        let page = Page::host("");
        let html = Reply::html(&format!(
            "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{}",
            mirror.embed("acme", "")
        ));
        let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
        page.put(
            "/",
            if is_plain {
                html.header("content-security-policy", &policy)
            } else {
                html
            },
        );
        page.put(
            "/next",
            Reply::html("<!doctype html><title>Next</title><h1>Next</h1>"),
        );
        let browser = Browser::start().await;
        browser.watch().await;
        browser
            .before_each_page(
                "addEventListener('pageshow', event => { window.fromCache = event.persisted })",
            )
            .await;
        browser.goto(&page.url()).await;
        browser
            .wait_for_script("the lead", HELD, |held| {
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
        let held = browser.run(HELD).await;
        assert_eq!(held, json!([]), "it let go: {is_plain}");
        let asked = mirror.asked().len();
        mirror.put_feed("acme", &feed(6, &[outage("inc_2", "Sending fails")]));
        browser.run("history.back()").await;
        browser
            .wait_for_script(
                "the very page, out of the cache",
                "return window.fromCache ?? null",
                |kept| *kept == true,
            )
            .await;
        let tree = browser
            .wait_for("the news", |tree| {
                tree.notice("inc_2")
                    .is_some_and(|notice| notice.text().contains("Sending fails"))
            })
            .await;
        assert!(mirror.asked().len() > asked);
        assert_eq!(
            tree.find_all(|node| node.name == "allclear-banner").len(),
            1,
            "{is_plain}"
        );
        assert_eq!(browser.run(HELD).await, json!(["allclear:acme:en"]));
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty()
                && watched.rejections.is_empty()
                && watched.shift.abs() < f64::EPSILON,
            "{is_plain}: {watched:?}"
        );
    }
}
