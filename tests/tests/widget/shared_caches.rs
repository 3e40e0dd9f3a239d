//! Shared caches and proxies in front of the real server that replay answers: what is over is never shown as open and confirmed.

use std::time::Duration;

use e2e::{Browser, Caching, Front, Page, Site, TITLE, has_text, outage};
use serde_json::json;

use crate::hosts::top_layer::BOTH_CARDS;

/// A clock of this computer that a test sets: `localStorage.later` is its offset, in milliseconds.
const CLOCK: &str = "{ const later = Number(localStorage.later || 0);
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Real.now() + later) }) }";
/// Notes in `window.wrong` each moment after `localStorage.isOver` at which the page calls the notice open and its feed confirmed.
const WATCH: &str = "window.wrong = 0; window.seen = 0; setInterval(() => {
      const { state } = window.Allclear || {};
      if (!localStorage.isOver || !state?.shown?.length || state.feed.notices[0]?.restored) return;
      window.seen++;
      if (!state.stale) window.wrong++;
    }, 20);";
/// Requests the feed once more, and returns the number of answers.
const ANSWERS: &str = "Allclear.refresh(); return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed')).length";
const COUNTS: &str = "return [window.wrong, window.seen > 0]";
/// The time by which the cache is old for a new reader.
const TWO_HOURS: Duration = Duration::from_secs(7_200);

/// The page's own view: no confirmed outage, though an outage was shown.
async fn assert_never_wrong(browser: &Browser, why: &str) {
    assert_eq!(browser.run(COUNTS).await, json!([0, true]), "{why}");
}

async fn replay(caching: Caching, policy: Option<&str>) {
    let why = format!("{caching:?} {policy:?}");
    let site = Site::empty();
    let incident = site.publish(&outage());
    let front = Front::start(&site.server.url(), caching);
    let tag = format!(
        "<script async src=\"{}/embed.js\" data-site=acme></script>",
        front.origin()
    );
    let page = Page::with_policy(&format!("<script>{WATCH}</script>{tag}"), policy);
    let browser = Browser::watching().await;
    browser.before_each_page(CLOCK).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for(&why, |tree| {
            has_text(tree, &incident, TITLE) && !has_text(tree, &incident, "As of ")
        })
        .await;
    e2e::wait_until_seen(&browser, &incident).await;

    // A page that stays open gets the answer again and again: the time of its confirmation stays.
    let at = "return Allclear.state.confirmed_at";
    let confirmed_at = browser.run(at).await;
    let resolved = json!({ "status": "resolved", "body": "It is fixed." });
    site.update(&incident, &resolved);
    browser
        .eventually(&why, ANSWERS, |count| count.as_u64() >= Some(4))
        .await;
    assert_eq!(browser.run(at).await, confirmed_at, "{why}");

    // A reader who comes 2 h later, with nothing stored.
    front.advance(TWO_HOURS);
    let later = TWO_HOURS.as_millis();
    browser
        .run(&format!(
            "for (const key of Object.keys(localStorage)) if (key.endsWith(':feed:en')) delete localStorage[key];
             localStorage.isOver = 1; localStorage.later = {later}"
        ))
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for(&why, |tree| {
            has_text(tree, &incident, TITLE) && has_text(tree, &incident, "As of ")
        })
        .await;
    browser
        .eventually(&why, ANSWERS, |count| count.as_u64() >= Some(8))
        .await;
    assert_never_wrong(&browser, &why).await;

    // The cache is gone: the all-clear arrives.
    front.purge();
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for(&why, |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.attribute("data-kind") == Some("restored"))
        })
        .await;
    assert_never_wrong(&browser, &why).await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_cache_that_replays_answers_confirms_nothing() {
    for policy in BOTH_CARDS {
        replay(Caching::Replaying, policy).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaying_proxy_without_age_confirms_nothing() {
    for policy in BOTH_CARDS {
        replay(Caching::ReplayingWithoutAge, policy).await;
    }
}
