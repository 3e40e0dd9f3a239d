//! What was known when nothing can be asked: after a reload, on waking, with a clock that is wrong.

use e2e::{
    Browser, Mirror, Page, Tree,
    mirror::{feed, outage},
};
use serde_json::{Value, json};

const TITLE: &str = "Messages are delayed";
const UNREACHABLE: &str = "We cannot reach our status service";
/// A clock in the test's hands: `later` is how far it is ahead, in milliseconds.
const CLOCK: &str = "window.later = Number(sessionStorage.later || 0); const now = Date.now; Date.now = () => now() + later;
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Date.now()) })";

fn broken() -> Value {
    feed(5, &[outage("inc_1", TITLE)])
}

fn page(embed: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{embed}"
    ))
}

fn says(tree: &Tree, words: &str) -> bool {
    tree.notice("inc_1")
        .is_some_and(|notice| notice.text().contains(words))
}

/// A page that has seen the outage, with everything in the browser's cache.
async fn visited(mirror: &Mirror, browser: &Browser, attributes: &str) -> Page {
    mirror.put_feed("acme", &broken());
    let page = page(&mirror.embed("acme", attributes));
    browser.goto(&page.url()).await;
    browser.wait_for("the card", |tree| says(tree, TITLE)).await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_reload_while_nothing_can_be_reached() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.watch().await;
    let page = visited(&mirror, &browser, "").await;
    let confirmed_at = browser.run("return Allclear.state.confirmed_at").await;
    let port_is_free = mirror.origin();
    drop(mirror);
    browser.goto(&page.url()).await;
    browser
        .wait_for("what was known, and as of when", |tree| {
            says(tree, TITLE) && says(tree, "As of ") && says(tree, UNREACHABLE)
        })
        .await;
    let state = browser
        .run("return [Allclear.state.stale, Allclear.state.confirmed_at, Allclear.state.shown]")
        .await;
    assert_eq!(
        state,
        json!([true, confirmed_at, ["inc_1"]]),
        "{port_is_free}"
    );
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn drawn_at_once_and_then_confirmed() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    let page = visited(&mirror, &browser, "").await;
    mirror.hang_feed("acme");
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("what was known", |tree| {
            says(tree, TITLE) && says(tree, "As of ")
        })
        .await;
    assert!(
        !says(&tree, UNREACHABLE),
        "it is being asked: {}",
        tree.text()
    );
    assert_eq!(
        browser.run("return Allclear.state.stale").await,
        json!(true)
    );

    // Answered: what was known is so still, or is no more.
    mirror.refuse_feed("acme", 1);
    browser.goto(&page.url()).await;
    browser
        .wait_for("it refuses", |tree| says(tree, UNREACHABLE))
        .await;
    mirror.put_feed("acme", &broken());
    browser
        .wait_for("the confirmation", |tree| {
            says(tree, TITLE) && !says(tree, "As of ")
        })
        .await;
    assert_eq!(
        browser.run("return Allclear.state.stale").await,
        json!(false)
    );
    mirror.put_feed("acme", &feed(6, &[]));
    browser.goto(&page.url()).await;
    browser
        .wait_for("nothing", |tree| tree.notice("inc_1").is_none())
        .await;
    let gone = browser
        .wait_for_script(
            "the newer feed",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 6,
        )
        .await;
    assert_eq!(gone, 6);
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed again",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 6,
        )
        .await;
    assert!(
        browser.pierce().await.banner().is_none(),
        "what was over is not drawn again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_later_it_is_not_drawn() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    let page = visited(&mirror, &browser, "").await;
    mirror.refuse_feed("acme", 1);
    for (hours, drawn) in [(23, true), (25, false)] {
        browser
            .run(&format!("sessionStorage.later = {hours} * 3600e3"))
            .await;
        let asked = mirror.asked().len();
        browser.goto(&page.url()).await;
        if drawn {
            browser
                .wait_for("what was known", |tree| says(tree, TITLE))
                .await;
        } else {
            browser
                .wait_for_script("two failures", "return window.Allclear ? 1 : 0", |_| {
                    mirror.asked().len() > asked + 1
                })
                .await;
            assert!(browser.pierce().await.banner().is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_draws_what_was_kept_too() {
    let mirror = Mirror::start();
    let origin = mirror.origin();
    let browser = Browser::start().await;
    mirror.put_feed("acme", &broken());
    let page = page("");
    let strict = e2e::Reply::html(&format!(
        "<!doctype html><title>Host</title><h1>Host</h1>{}",
        mirror.embed("acme", "data-lang=en")
    ));
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    page.put("/", strict.header("content-security-policy", &policy));
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| says(tree, TITLE))
        .await;
    drop(mirror);
    browser.goto(&page.url()).await;
    browser
        .wait_for("what was known, as of then", |tree| {
            says(tree, TITLE) && says(tree, "As of ")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waking_and_coming_back_ask_before_anything_is_said_to_be_so() {
    for slept in [true, false] {
        let mirror = Mirror::start();
        let browser = Browser::start().await;
        browser.before_each_page(CLOCK).await;
        visited(&mirror, &browser, "").await;
        if !slept {
            browser.set_minimized(true).await;
            browser
                .wait_for_script("it to be out of view", "return document.hidden", |hidden| {
                    *hidden == true
                })
                .await;
        }
        mirror.hang_feed("acme");
        let asked = mirror.asked().len();
        browser.run("later = 3 * 3600e3").await;
        if slept {
            // What a computer that wakes brings: the network is back.
            browser.run("dispatchEvent(new Event('online'))").await;
        } else {
            browser.set_minimized(false).await;
        }
        let tree = browser
            .wait_for("its age", |tree| says(tree, TITLE) && says(tree, "As of "))
            .await;
        assert!(!says(&tree, UNREACHABLE), "it is being asked");
        browser
            .wait_for_script("the question", "return 0", |_| mirror.asked().len() > asked)
            .await;
    }
}

/// After many failures the next poll is minutes away, and a network that was never lost does not come back.
#[tokio::test(flavor = "multi_thread")]
async fn waking_is_noticed_without_a_word_from_the_browser() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    visited(&mirror, &browser, "").await;
    mirror.refuse_feed("acme", 1);
    let answered = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed')).length";
    for _ in 0..7 {
        let before = browser.run(answered).await;
        // Once each: a wish more would be a question more, after the computer has woken.
        browser.run("Allclear.refresh()").await;
        browser
            .wait_for_script("another answer", answered, |now| *now != before)
            .await;
    }
    mirror.put_feed("acme", &feed(6, &[outage("inc_1", "It is the carrier")]));
    browser.run("later = 3 * 3600e3").await;
    browser
        .wait_for("the news", |tree| says(tree, "It is the carrier"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_by_hours_changes_nothing() {
    let mirror = Mirror::start();
    let mut incident = outage("inc_1", TITLE);
    incident["next_update_at"] = json!(e2e::in_minutes(20));
    for hours in [-9, 9] {
        mirror.put_feed("acme", &feed(5, std::slice::from_ref(&incident)));
        let browser = Browser::start().await;
        browser
            .before_each_page(&CLOCK.replace(
                "Number(sessionStorage.later || 0)",
                &format!("{hours} * 3600e3"),
            ))
            .await;
        let page = page(&mirror.embed("acme", ""));
        browser.goto(&page.url()).await;
        let tree = browser.wait_for("the card", |tree| says(tree, TITLE)).await;
        assert!(
            says(&tree, "next update by") && !says(&tree, "It is late"),
            "{hours}: {}",
            tree.text()
        );
        assert!(!says(&tree, "As of "), "{hours}");
        assert_eq!(
            browser.run("return Allclear.state.stale").await,
            json!(false),
            "{hours}"
        );
        let opened = tree
            .notice("inc_1")
            .unwrap()
            .part("toggle")
            .unwrap()
            .clone();
        browser.click(&opened).await;
        browser
            .wait_for("its update's age, by the server's clock", |tree| {
                says(tree, "10 min ago")
            })
            .await;
    }
}
