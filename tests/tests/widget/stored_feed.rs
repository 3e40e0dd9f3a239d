//! The stored feed when no server can be reached: after a reload, on waking, with a wrong clock.

use e2e::{
    Browser, Mirror, Page, TITLE, assert_no_card, has_text,
    mirror::{feed, notice},
    press,
};
use serde_json::{Value, json};

use crate::host::shortened;

const UNREACHABLE: &str = "We cannot reach our status service";
/// Replaces the monotonic clock by one that the test sets: `passed` is its offset, in milliseconds.
const MONOTONIC: &str = "const elapsed = performance.now.bind(performance); performance.now = () => elapsed() + (window.passed || 0);";
/// Replaces the clock by one that the test sets: `later` is its offset, in milliseconds.
const CLOCK: &str = "window.later = Number(sessionStorage.later || 0); const now = Date.now; Date.now = () => now() + later;
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Date.now()) })";

fn outage_feed() -> Value {
    feed(5, &[notice("inc_1", TITLE)])
}

/// Opens a page and waits until it shows the outage; then all files are in the browser's cache.
async fn visit(mirror: &Mirror, browser: &Browser, attributes: &str) -> Page {
    mirror.put_feed("acme", &outage_feed());
    let page = Page::with_body(&mirror.embed("acme", attributes));
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    page
}

/// Leaves the page, whose polls would be counted with those of the next one.
async fn leave(browser: &Browser, page: &Page) {
    browser.goto(&page.at("/elsewhere")).await;
}

async fn assert_stale(browser: &Browser, expected: bool, why: &str) {
    let stale = "return Allclear.state.stale";
    browser.assert_eventually(why, stale, json!(expected)).await;
}

/// Sets the clock of the next page a minute ahead.
async fn let_a_minute_pass(browser: &Browser) {
    browser.run("sessionStorage.later = 60e3").await;
}

/// Until the next poll is due, a stored feed is as current as on a page that stays open.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_stored_within_its_poll_interval_is_drawn_as_current() {
    for is_plain in [false, true] {
        let mirror = Mirror::start();
        let mut outage = outage_feed();
        outage["poll_after_s"] = json!(600);
        mirror.put_feed("acme", &outage);
        let browser = Browser::start().await;
        let policy = is_plain.then(|| mirror.policy_without_wasm());
        let page = Page::with_policy(&mirror.embed("acme", "data-lang=en"), policy.as_deref());
        for _ in 0..2 {
            browser.goto(&page.url()).await;
            let tree = browser
                .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
                .await;
            assert!(!has_text(&tree, "inc_1", "As of "), "{}", tree.text());
            assert_stale(&browser, false, "current").await;
            mirror.hang_feed("acme");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_without_network_shows_the_stored_card() {
    let mirror = Mirror::start();
    let browser = Browser::watching().await;
    browser.before_each_page(CLOCK).await;
    let page = visit(&mirror, &browser, "").await;
    let confirmed_at = browser.run("return Allclear.state.confirmed_at").await;
    drop(mirror);
    let_a_minute_pass(&browser).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the stored card with its age", |tree| {
            has_text(tree, "inc_1", TITLE)
                && has_text(tree, "inc_1", "As of ")
                && has_text(tree, "inc_1", UNREACHABLE)
        })
        .await;
    let state = "return [Allclear.state.stale, Allclear.state.confirmed_at, Allclear.state.shown]";
    let stored = json!([true, confirmed_at, ["inc_1"]]);
    browser
        .assert_eventually("the stored state", state, stored)
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stored_card_is_drawn_at_once_and_then_confirmed() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    let page = visit(&mirror, &browser, "").await;
    mirror.hang_feed("acme");
    let_a_minute_pass(&browser).await;
    leave(&browser, &page).await;
    let requests_before = mirror.feed_requests().len();
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the stored card", |tree| {
            has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ")
        })
        .await;
    assert!(
        !has_text(&tree, "inc_1", UNREACHABLE),
        "the server has not failed yet: {}",
        tree.text()
    );
    assert!(
        mirror.feed_requests().len() <= requests_before + 1,
        "the card is drawn before the first answer"
    );
    assert_stale(&browser, true, "not confirmed").await;

    // After the answer the stored state is confirmed or replaced.
    mirror.refuse_feed("acme", 1);
    browser.goto(&page.url()).await;
    browser
        .wait_for("the note that the server is unreachable", |tree| {
            has_text(tree, "inc_1", UNREACHABLE)
        })
        .await;
    mirror.put_feed("acme", &outage_feed());
    browser
        .wait_for("the confirmation", |tree| {
            has_text(tree, "inc_1", TITLE) && !has_text(tree, "inc_1", "As of ")
        })
        .await;
    assert_stale(&browser, false, "confirmed").await;
    mirror.put_feed("acme", &feed(6, &[]));
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the newer feed",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 6,
        )
        .await;
    browser
        .wait_for("no notice", |tree| tree.notice("inc_1").is_none())
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed again",
            "return window.Allclear?.state.feed?.rev",
            |rev| *rev == 6,
        )
        .await;
    // A resolved notice is not drawn again.
    assert_no_card(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_stored_a_day_ago_is_not_drawn() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    let page = visit(&mirror, &browser, "").await;
    mirror.refuse_feed("acme", 1);
    for (hours, drawn) in [(23, true), (25, false)] {
        browser
            .run(&format!("sessionStorage.later = {hours} * 3600e3"))
            .await;
        leave(&browser, &page).await;
        let requests_before = mirror.feed_requests().len();
        browser.goto(&page.url()).await;
        if drawn {
            browser
                .wait_for("the stored card", |tree| has_text(tree, "inc_1", TITLE))
                .await;
        } else {
            browser
                .wait_for_script("two failures", "return window.Allclear ? 1 : 0", |_| {
                    mirror.feed_requests().len() > requests_before + 1
                })
                .await;
            // The loader gives the stored feed to `rules.js` at once; the script waits until
            // `rules.js` has decided.
            let decided = "return (async () => {
                const files = performance.getEntriesByType('resource');
                await import(files.find(({ name }) => name.endsWith('/rules.js')).name);
                await new Promise((done) => setTimeout(done));
                return true;
            })()";
            browser
                .assert_eventually("the decision of `rules.js`", decided, json!(true))
                .await;
            assert!(browser.pierce().await.banner().is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_draws_the_stored_feed() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    mirror.put_feed("acme", &outage_feed());
    let policy = mirror.policy_without_wasm();
    let page = Page::with_policy(&mirror.embed("acme", "data-lang=en"), Some(&policy));
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    drop(mirror);
    let_a_minute_pass(&browser).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the stored card with its age", |tree| {
            has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waking_up_marks_the_card_until_it_is_confirmed() {
    for slept in [true, false] {
        let mirror = Mirror::start();
        let browser = Browser::start().await;
        browser.before_each_page(CLOCK).await;
        visit(&mirror, &browser, "").await;
        if !slept {
            browser.set_minimized(true).await;
            browser
                .wait_for_script("the tab to be hidden", "return document.hidden", |hidden| {
                    *hidden == true
                })
                .await;
        }
        mirror.hang_feed("acme");
        let requests_before = mirror.feed_requests().len();
        browser.run("later = 3 * 3600e3").await;
        if slept {
            // A computer that wakes gets its network back.
            browser.run("dispatchEvent(new Event('online'))").await;
        } else {
            browser.set_minimized(false).await;
        }
        let tree = browser
            .wait_for("the card's age", |tree| {
                has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ")
            })
            .await;
        assert!(
            !has_text(&tree, "inc_1", UNREACHABLE),
            "the server has not failed yet"
        );
        browser
            .wait_until("the request", || {
                mirror.feed_requests().len() > requests_before
            })
            .await;
    }
}

/// After many failures the next poll is minutes away, and the browser fires no `online` event if it was never offline.
#[tokio::test(flavor = "multi_thread")]
async fn waking_up_is_noticed_without_a_browser_event() {
    let mirror = Mirror::start();
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    // The interval at which a card is drawn again, and detects that time has passed.
    browser.before_each_page(&shortened(15_000, 500)).await;
    visit(&mirror, &browser, "").await;
    mirror.refuse_feed("acme", 1);
    let answered = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed')).length";
    for _ in 0..7 {
        let before = browser.run(answered).await;
        // One poll in each round: a second call would cause a second request after waking.
        browser.run("Allclear.refresh()").await;
        browser
            .wait_for_script("another answer", answered, |now| *now != before)
            .await;
    }
    mirror.put_feed("acme", &feed(6, &[notice("inc_1", "It is the carrier")]));
    browser.run("later = 3 * 3600e3").await;
    browser
        .wait_for("the newer feed", |tree| {
            has_text(tree, "inc_1", "It is the carrier")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_off_by_hours_is_confirmed_by_a_second_answer() {
    let mirror = Mirror::start();
    let mut incident = notice("inc_1", TITLE);
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
        browser.before_each_page(MONOTONIC).await;
        let page = Page::with_body(&mirror.embed("acme", ""));
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
            .await;
        assert!(
            has_text(&tree, "inc_1", "next update by") && !has_text(&tree, "inc_1", "It is late"),
            "{hours}: {}",
            tree.text()
        );
        // Until a second answer, a wrong clock looks the same as a service worker that replays an old answer.
        assert!(has_text(&tree, "inc_1", "As of "), "{hours}");
        assert!(!has_text(&tree, "inc_1", UNREACHABLE), "{hours}");
        assert_stale(&browser, true, &hours.to_string()).await;
        // 6 s pass for the server and the browser.
        mirror.put_feed_dated("acme", &feed(5, std::slice::from_ref(&incident)), 6);
        browser.run("later += 6e3; window.passed = 6e3").await;
        let tree = browser
            .wait_for("the confirmed card", |tree| {
                has_text(tree, "inc_1", TITLE) && !has_text(tree, "inc_1", "As of ")
            })
            .await;
        assert!(
            has_text(&tree, "inc_1", "next update by") && !has_text(&tree, "inc_1", "It is late"),
            "{hours}: {}",
            tree.text()
        );
        assert_stale(&browser, false, &hours.to_string()).await;
        press(&browser, "inc_1", "toggle").await;
        browser
            .wait_for("the update's age, by the server's clock", |tree| {
                has_text(tree, "inc_1", "10 min ago")
            })
            .await;
    }
}
