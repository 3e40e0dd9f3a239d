//! One tab polls for all tabs of an origin in view; another takes over when it closes.

use std::time::{Duration, Instant};

use e2e::{
    Browser, Mirror, Page, Tab,
    mirror::{feed, notice},
};
use serde_json::json;

/// Number of open tabs.
const MANY: usize = 20;
/// A script that returns the number of feed requests of this tab.
const ASKED: &str = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
/// The revision of this tab's feed; null while there is none.
const KNOWS: &str = "return window.Allclear?.state.feed?.rev ?? null";

/// A host page that embeds a site of this mirror.
fn page(mirror: &Mirror, attributes: &str) -> Page {
    page_with(&mirror.embed("acme", attributes))
}

fn page_with(embed: &str) -> Page {
    Page::with_body(embed)
}

/// Opens this many windows of a page, and waits until each has the feed.
async fn open_windows(browser: &Browser, url: &str, count: usize) -> Vec<Tab> {
    browser.goto(url).await;
    let mut tabs = vec![browser.tab().await];
    while tabs.len() < count {
        tabs.push(browser.open_window(url).await);
    }
    for tab in &tabs {
        browser.switch_to(tab).await;
        browser
            .wait_for_script("the feed", KNOWS, |rev| !rev.is_null())
            .await;
    }
    tabs
}

async fn requests_of_each(browser: &Browser, tabs: &[Tab]) -> Vec<u64> {
    let counts = browser.run_in(tabs, ASKED).await;
    counts
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .collect()
}

/// Number of tabs that have requested the feed between two results of [`requests_of_each`].
fn count_polling(before: &[u64], after: &[u64]) -> usize {
    let each = before.iter().zip(after);
    each.filter(|(before, after)| after > before).count()
}

/// Index of the polling tab: the first one that requests the feed again.
async fn polling_tab(browser: &Browser, tabs: &[Tab]) -> usize {
    let (began, before) = (Instant::now(), requests_of_each(browser, tabs).await);
    loop {
        let after = requests_of_each(browser, tabs).await;
        let mut each = before.iter().zip(&after);
        if let Some(found) = each.position(|(before, after)| after > before) {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no tab polls any more"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for this many further requests, and returns the time that took.
async fn wait_for_requests(mirror: &Mirror, more: usize) -> Duration {
    let (began, before) = (Instant::now(), mirror.feed_requests().len());
    while mirror.feed_requests().len() < before + more {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no tab polls any more"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tabs_make_the_requests_of_one() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let page = page(&mirror, "");
    let browser = Browser::start().await;
    let tabs = open_windows(&browser, &page.url(), MANY).await;
    let seen = browser
        .run_in(&tabs, "return document.visibilityState")
        .await;
    assert!(seen.iter().all(|state| state == "visible"), "{seen:?}");

    // The feed allows one poll per second; 20 polling tabs would send six requests at once. On a
    // slow machine a new tab may have polled before it knew of the others: `before` has those
    // requests.
    let before = requests_of_each(&browser, &tabs).await;
    let took = wait_for_requests(&mirror, 6).await;
    assert!(took >= Duration::from_secs(5), "six requests in {took:?}");
    let counts = requests_of_each(&browser, &tabs).await;
    assert_eq!(count_polling(&before, &counts), 1, "{before:?} {counts:?}");

    // All tabs receive the answer that one of them gets.
    mirror.put_feed("acme", &feed(6, &[]));
    for tab in &tabs {
        browser.switch_to(tab).await;
        browser
            .wait_for_script("the newer feed", KNOWS, |rev| *rev == 6)
            .await;
    }

    // The polling tab closes: exactly one other takes over at once.
    let leader = polling_tab(&browser, &tabs).await;
    let mut other_tabs = tabs.clone();
    other_tabs.remove(leader);
    let counts = requests_of_each(&browser, &other_tabs).await;
    let (before, began) = (mirror.feed_requests().len(), Instant::now());
    browser.close(&tabs[leader]).await;
    while mirror.feed_requests().len() == before {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no tab took over"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    wait_for_requests(&mirror, 4).await;
    let after = requests_of_each(&browser, &other_tabs).await;
    assert_eq!(count_polling(&counts, &after), 1, "{counts:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_with_cards_share_answers() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[notice("inc_1", "Messages are delayed")]));
    let page = page(&mirror, "");
    // A page whose policy forbids wasm: it draws the plain card, and the loader polls.
    let origin = mirror.origin();
    let plain = e2e::Reply::html(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Strict</h1>{}",
        mirror.embed("acme", "")
    ));
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    page.put("/strict", plain.header("content-security-policy", &policy));
    let browser = Browser::start().await;
    let mut tabs = open_windows(&browser, &page.url(), 3).await;
    tabs.push(browser.open_window(&page.at("/strict")).await);
    for (rev, title) in [(6, "Messages are late"), (7, "Messages are lost")] {
        mirror.put_feed("acme", &feed(rev, &[notice("inc_1", title)]));
        for tab in &tabs {
            browser.switch_to(tab).await;
            browser
                .wait_for(title, |tree| {
                    tree.notice("inc_1")
                        .is_some_and(|notice| notice.text().contains(title))
                })
                .await;
        }
        let before = requests_of_each(&browser, &tabs).await;
        wait_for_requests(&mirror, 3).await;
        let after = requests_of_each(&browser, &tabs).await;
        assert_eq!(count_polling(&before, &after), 1, "{before:?} {after:?}");
        let leader = tabs.remove(polling_tab(&browser, &tabs).await);
        browser.close(&leader).await;
        browser.switch_to(&tabs[0]).await;
        wait_for_requests(&mirror, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_out_of_view_releases_the_lock() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let page = page(&mirror, "");
    page.put(
        "/next",
        e2e::Reply::html("<!doctype html><title>Next</title><h1>Next</h1>"),
    );
    let browser = Browser::start().await;
    browser
        .before_each_page(
            "addEventListener('pageshow', event => { window.fromCache = event.persisted })",
        )
        .await;
    let tabs = open_windows(&browser, &page.url(), 2).await;
    let leader = polling_tab(&browser, &tabs).await;
    let other = &tabs[1 - leader];
    let held = "return navigator.locks.query().then(({ held }) => held.map(({ name }) => name))";
    browser.switch_to(other).await;
    let lock = json!(["allclear:acme:en"]);
    browser
        .assert_eventually("one leader", held, lock.clone())
        .await;

    // The leader goes into the back/forward cache.
    let count = browser.run(ASKED).await.as_u64();
    browser.switch_to(&tabs[leader]).await;
    browser.goto(&page.at("/next")).await;
    browser.switch_to(other).await;
    browser
        .wait_for_script("the other tab to poll", ASKED, |now| now.as_u64() > count)
        .await;
    browser
        .assert_eventually("the other tab's lock", held, lock.clone())
        .await;

    // The tab comes back and does not poll, because the other tab does.
    browser.switch_to(&tabs[leader]).await;
    let before = requests_of_each(&browser, &tabs[..0]).await;
    assert!(before.is_empty());
    browser.run("history.back()").await;
    browser
        .wait_for_script(
            "the page from the back/forward cache",
            "return window.fromCache ?? null",
            |it| it == true,
        )
        .await;
    mirror.put_feed("acme", &feed(6, &[]));
    browser
        .wait_for_script("the newer feed", KNOWS, |rev| *rev == 6)
        .await;

    // The leader is minimised.
    browser.switch_to(other).await;
    browser.set_minimized(true).await;
    browser
        .wait_for_script("the tab to be hidden", "return document.hidden", |hidden| {
            *hidden == true
        })
        .await;
    // A request that the minimised tab had begun has ended when the next one is sent.
    wait_for_requests(&mirror, 2).await;
    let silent = requests_of_each(&browser, std::slice::from_ref(other)).await;
    wait_for_requests(&mirror, 3).await;
    assert_eq!(
        requests_of_each(&browser, std::slice::from_ref(other)).await,
        silent,
        "hidden tabs are silent"
    );
    browser.switch_to(&tabs[leader]).await;
    browser.assert_eventually("one leader", held, lock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_leader_is_replaced() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let page = page(&mirror, "");
    // With this option each tab has a process of its own. Otherwise pages of one site share a
    // process and hang together.
    let other_process = e2e::BrowserOptions {
        arguments: vec!["--process-per-tab".to_owned()],
        ..e2e::BrowserOptions::default()
    };
    let browser = Browser::with(other_process).await;
    let tabs = open_windows(&browser, &page.url(), 3).await;
    let hung = polling_tab(&browser, &tabs).await;
    browser.switch_to(&tabs[hung]).await;
    // The tab hangs while it holds the lock: for much longer than the others need to notice.
    browser
        .run("setTimeout(() => { const until = Date.now() + 90e3; while (Date.now() < until); })")
        .await;
    let others: Vec<_> = tabs
        .iter()
        .filter(|tab| **tab != tabs[hung])
        .cloned()
        .collect();
    let (began, counts) = (Instant::now(), requests_of_each(&browser, &others).await);
    loop {
        if requests_of_each(&browser, &others).await != counts {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(80),
            "no tab polls: {counts:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    mirror.put_feed("acme", &feed(6, &[]));
    for tab in &others {
        browser.switch_to(tab).await;
        browser
            .wait_for_script("the newer feed", KNOWS, |rev| *rev == 6)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_locks_each_tab_polls_for_itself() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    for missing in [
        "Object.defineProperty(navigator, 'locks', { value: undefined })",
        "LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
    ] {
        let embed = mirror.embed("acme", "");
        let page = page_with(&format!("<script>{missing}</script>{embed}"));
        let browser = Browser::watching().await;
        let tabs = open_windows(&browser, &page.url(), 3).await;
        for tab in &tabs {
            browser.switch_to(tab).await;
            browser
                .wait_for_script("a request of its own", ASKED, |count| {
                    count.as_u64() > Some(0)
                })
                .await;
        }
        browser.switch_to(&tabs[0]).await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_and_languages_have_separate_leaders() {
    let mirror = Mirror::start();
    for site in ["acme", "other"] {
        mirror.put_feed(site, &feed(5, &[]));
    }
    let page = Page::host("");
    let embeds = [("acme", "en"), ("acme", "de"), ("other", "en")];
    for (site, lang) in embeds {
        let embed = mirror.embed(site, &format!("data-lang={lang}"));
        page.put(
            &format!("/{site}/{lang}"),
            e2e::Reply::html(&format!("<!doctype html><title>Host</title>{embed}")),
        );
    }
    let browser = Browser::start().await;
    let mut tabs = Vec::new();
    for (site, lang) in embeds {
        tabs.push(
            browser
                .open_window(&page.at(&format!("/{site}/{lang}")))
                .await,
        );
    }
    for tab in &tabs {
        browser.switch_to(tab).await;
        browser
            .wait_for_script("a request of its own", ASKED, |count| {
                count.as_u64() > Some(0)
            })
            .await;
    }
    let mut requested = mirror.feed_requests();
    requested.sort();
    requested.dedup();
    assert_eq!(
        requested,
        [
            "/v1/sites/acme/feed?lang=de",
            "/v1/sites/acme/feed?lang=en",
            "/v1/sites/other/feed?lang=en"
        ]
    );
}
