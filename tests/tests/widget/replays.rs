//! Answers that something in front of the server has replayed: a service worker, a shared cache, a
//! proxy; and requests that a page's wrapper of `fetch` delays.

use std::time::{Duration, SystemTime};

use e2e::{
    Browser, Mirror, Page, Reply, TITLE, has_text, in_minutes,
    mirror::{feed, notice},
};
use serde_json::{Value, json};

/// Replaces the computer's clock by one that a test sets: `localStorage.later` is its offset, in
/// milliseconds.
const CLOCK: &str = "{ const later = Number(localStorage.later || 0); const now = Date.now; Date.now = () => now() + later;
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Date.now()) }) }";
/// A service worker that answers a request from its cache if it has ever received an answer to it.
const CACHE_FIRST: &str = "
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    self.addEventListener('fetch', (event) => event.respondWith((async () => {
      const cache = await caches.open('all');
      const found = await cache.match(event.request);
      if (found) return found;
      const response = await fetch(event.request);
      await cache.put(event.request, response.clone());
      return response;
    })()));";
/// Looks at the state every 20 ms. `window.seen` counts how often the notice was shown,
/// `window.wrong` how often its feed counted as confirmed then.
const WATCH: &str = "window.wrong = 0; window.seen = 0; setInterval(() => {
      const { state } = window.Allclear || {};
      if (!state?.shown?.includes('inc_1')) return;
      window.seen++;
      if (!state.stale) window.wrong++;
    }, 20);";
/// A script that returns the number of the page's feed requests.
const REQUESTS: &str = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed')).length";

/// Serves the outage's feed with the headers Date and Allclear-Confirmed-At of a time, in minutes
/// from now (0 or less), and with an Age.
fn put_dated_feed(mirror: &Mirror, minutes: i64, age_s: u32) {
    let at = in_minutes(minutes);
    let seconds = u64::try_from(-minutes * 60).expect("a time in the past");
    let date = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(seconds));
    let outage = feed(5, &[notice("inc_1", TITLE)]);
    let reply = Reply::new("application/json", outage.to_string())
        .header("access-control-allow-origin", "*")
        .header(
            "access-control-expose-headers",
            "ETag, Date, Age, Retry-After, Allclear-Confirmed-At",
        )
        .header("date", &date)
        .header("age", &age_s.to_string())
        .header("allclear-confirmed-at", &at);
    mirror.page().put("/v1/sites/acme/feed", reply);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_replayed_by_a_service_worker_confirms_nothing() {
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    let browser = Browser::watching().await;
    browser.before_each_page(CLOCK).await;
    let page = Page::with_body(&format!(
        "<script>{WATCH} navigator.serviceWorker.register('/worker.js')</script>{}",
        mirror.embed("acme", "")
    ));
    page.put("/worker.js", Reply::script(CACHE_FIRST));
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the worker",
            "return !!navigator.serviceWorker.controller",
            |is| *is == true,
        )
        .await;
    // A second load, so that the worker has stored every answer.
    browser.reload().await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    let requests_before = mirror.feed_requests().len();
    mirror.put_feed("acme", &feed(6, &[]));
    browser.run("localStorage.later = 2 * 3600e3").await;

    browser.reload().await;
    browser
        .wait_for("the replayed notice", |tree| {
            has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ")
        })
        .await;
    // The loader believes a second answer that agrees with the first, at least 5 s after it.
    browser
        .wait_for_script("eight answers", REQUESTS, |count| count.as_u64() >= Some(8))
        .await;
    let state = browser
        .run(
            "return [window.wrong, window.seen > 0, Allclear.state.stale, Allclear.state.feed.rev]",
        )
        .await;
    assert_eq!(state, json!([0, true, true, 5]));
    let tree = browser.pierce().await;
    assert!(has_text(&tree, "inc_1", "As of "), "{}", tree.text());
    assert_eq!(
        mirror.feed_requests().len(),
        requests_before,
        "the worker answered"
    );
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_high_age_confirms_nothing() {
    let browser = Browser::watching().await;
    for (minutes, age_s, is_stale) in [
        (-120, 7200, true),
        (-1, 60, true),
        (0, 35, false),
        (0, 0, false),
    ] {
        for is_plain in [false, true] {
            let mirror = Mirror::start();
            put_dated_feed(&mirror, minutes, age_s);
            let policy = is_plain.then(|| mirror.policy_without_wasm());
            let page = Page::with_policy(&mirror.embed("acme", ""), policy.as_deref());
            browser.goto(&page.url()).await;
            browser
                .wait_for("the card", |tree| {
                    has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ") == is_stale
                })
                .await;
            for count in 2..=3 {
                browser.run("Allclear.refresh()").await;
                browser
                    .wait_for_script("another answer", REQUESTS, |answers| {
                        answers.as_u64() >= Some(count)
                    })
                    .await;
            }
            let state = browser
                .run("return [Allclear.state.stale, new Date() - new Date(Allclear.state.confirmed_at)]")
                .await;
            assert_eq!(state[0], json!(is_stale), "{minutes} {age_s}");
            let confirmed_ms = state[1].as_i64().unwrap_or_default();
            assert!(
                confirmed_ms / 60_000 >= -minutes - 1,
                "{minutes} {age_s}: {confirmed_ms}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_fetch_delays_requests_gets_the_card_later() {
    let hold = "<script>{ const { fetch } = window; window.held = []; let isHeld = true;
          window.release = () => { isHeld = false; held.forEach((go) => go()) };
          window.fetch = async (...given) => {
            if (isHeld && String(given[0]).includes('/feed')) await new Promise((go) => held.push(go));
            return fetch(...given);
          } }</script>";
    // Shortens the 8 s after which the loader sends another request.
    let short_timeout = "{ const later = window.setTimeout;
          window.setTimeout = (task, delay, ...given) => later(task, delay === 8e3 ? 200 : delay, ...given); }";
    let mirror = Mirror::with_notices(&[notice("inc_1", TITLE)]);
    let browser = Browser::watching().await;
    browser.before_each_page(short_timeout).await;
    let page = Page::with_body(&format!("{hold}{}", mirror.embed("acme", "")));
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("a second request", "return held.length", |count| {
            count.as_u64() >= Some(2)
        })
        .await;
    assert!(mirror.feed_requests().is_empty());
    browser.run("release()").await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    let state: Value = browser.run("return Allclear.state.stale").await;
    assert_eq!(state, json!(false));
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_headers_cannot_be_read_confirms_nothing() {
    for is_plain in [false, true] {
        let mirror = Mirror::start();
        let outage = feed(5, &[notice("inc_1", TITLE)]);
        let reply = Reply::new("application/json", outage.to_string())
            .header("access-control-allow-origin", "*")
            .header("allclear-confirmed-at", &in_minutes(0));
        mirror.page().put("/v1/sites/acme/feed", reply);
        let policy = is_plain.then(|| mirror.policy_without_wasm());
        let browser = Browser::watching().await;
        browser.before_each_page(WATCH).await;
        let page = Page::with_policy(&mirror.embed("acme", ""), policy.as_deref());
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card, with its age", |tree| {
                has_text(tree, "inc_1", TITLE) && has_text(tree, "inc_1", "As of ")
            })
            .await;
        browser
            .wait_for_script("three answers", REQUESTS, |count| count.as_u64() >= Some(3))
            .await;
        let state = browser
            .run("return [window.wrong, window.seen > 0, Allclear.state.stale]")
            .await;
        assert_eq!(state, json!([0, true, true]), "plain: {is_plain}");
    }
}
