//! One tab asks for all tabs of an origin that are in view, and another when that one goes.

use std::time::{Duration, Instant};

use e2e::{
    Browser, Mirror, Page, Tab,
    mirror::{feed, outage},
};
use serde_json::json;

/// How many tabs somebody has open who never closes one.
const MANY: usize = 20;
/// How often this tab has asked for a feed by itself.
const ASKED: &str = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
const KNOWS: &str = "return window.Allclear?.state.feed?.rev ?? null";

/// A page of somebody's that embeds a site of this host.
fn page(mirror: &Mirror, attributes: &str) -> Page {
    page_with(&mirror.embed("acme", attributes))
}

fn page_with(embed: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{embed}"
    ))
}

/// So many windows of this page, each of which knows the feed.
async fn windows(browser: &Browser, url: &str, count: usize) -> Vec<Tab> {
    browser.goto(url).await;
    let mut tabs = vec![browser.tab().await];
    while tabs.len() < count {
        tabs.push(browser.open_window(url).await);
    }
    for tab in &tabs {
        browser.turn_to(tab).await;
        browser
            .wait_for_script("the feed", KNOWS, |rev| !rev.is_null())
            .await;
    }
    tabs
}

async fn asked(browser: &Browser, tabs: &[Tab]) -> Vec<u64> {
    let counts = browser.run_in(tabs, ASKED).await;
    counts
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .collect()
}

/// How many of them have asked since.
fn askers(before: &[u64], after: &[u64]) -> usize {
    let each = before.iter().zip(after);
    each.filter(|(before, after)| after > before).count()
}

/// Which of them asks: the first of which there is another question.
async fn leader(browser: &Browser, tabs: &[Tab]) -> usize {
    let (began, before) = (Instant::now(), asked(browser, tabs).await);
    loop {
        let after = asked(browser, tabs).await;
        let mut each = before.iter().zip(&after);
        if let Some(found) = each.position(|(before, after)| after > before) {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "nobody asks any more"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the host has been asked so many times more, and says how long that took.
async fn requests(mirror: &Mirror, more: usize) -> Duration {
    let (began, before) = (Instant::now(), mirror.asked().len());
    while mirror.asked().len() < before + more {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "nobody asks any more"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tabs_make_one_tabs_requests() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let page = page(&mirror, "");
    let browser = Browser::start().await;
    let tabs = windows(&browser, &page.url(), MANY).await;
    let seen = browser
        .run_in(&tabs, "return document.visibilityState")
        .await;
    assert!(seen.iter().all(|state| state == "visible"), "{seen:?}");

    // The server allows one a second; so many tabs that each asked would be done in no time. On a machine that is slow
    // enough, one that was new has asked before it heard of the others: that was before.
    let before = asked(&browser, &tabs).await;
    let took = requests(&mirror, 6).await;
    assert!(took >= Duration::from_secs(5), "six requests in {took:?}");
    let counts = asked(&browser, &tabs).await;
    assert_eq!(askers(&before, &counts), 1, "{before:?} {counts:?}");

    // All of them learn what one of them hears.
    mirror.put_feed("acme", &feed(6, &[]));
    for tab in &tabs {
        browser.turn_to(tab).await;
        browser
            .wait_for_script("the news", KNOWS, |rev| *rev == 6)
            .await;
    }

    // Its tab dies: another asks at once, and only one.
    let gone = leader(&browser, &tabs).await;
    let mut left = tabs.clone();
    left.remove(gone);
    let counts = asked(&browser, &left).await;
    let (before, began) = (mirror.asked().len(), Instant::now());
    browser.close(&tabs[gone]).await;
    while mirror.asked().len() == before {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "nobody took over"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    requests(&mirror, 4).await;
    let after = asked(&browser, &left).await;
    assert_eq!(askers(&counts, &after), 1, "{counts:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_learn_from_each_other_too() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[outage("inc_1", "Messages are delayed")]));
    let page = page(&mirror, "");
    // One whose policy forbids wasm: the plain card, and the loader goes on polling.
    let origin = mirror.origin();
    let plain = e2e::Reply::html(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Strict</h1>{}",
        mirror.embed("acme", "")
    ));
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    page.put("/strict", plain.header("content-security-policy", &policy));
    let browser = Browser::start().await;
    let mut tabs = windows(&browser, &page.url(), 3).await;
    tabs.push(browser.open_window(&page.at("/strict")).await);
    for (rev, title) in [(6, "Messages are late"), (7, "Messages are lost")] {
        mirror.put_feed("acme", &feed(rev, &[outage("inc_1", title)]));
        for tab in &tabs {
            browser.turn_to(tab).await;
            browser
                .wait_for(title, |tree| {
                    tree.notice("inc_1")
                        .is_some_and(|notice| notice.text().contains(title))
                })
                .await;
        }
        let before = asked(&browser, &tabs).await;
        requests(&mirror, 3).await;
        let after = asked(&browser, &tabs).await;
        assert_eq!(askers(&before, &after), 1, "{before:?} {after:?}");
        let gone = tabs.remove(leader(&browser, &tabs).await);
        browser.close(&gone).await;
        browser.turn_to(&tabs[0]).await;
        requests(&mirror, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_goes_out_of_view_lets_go() {
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
    let tabs = windows(&browser, &page.url(), 2).await;
    let gone = leader(&browser, &tabs).await;
    let other = &tabs[1 - gone];
    let held = "return navigator.locks.query().then(({ held }) => held.map(({ name }) => name))";
    browser.turn_to(other).await;
    assert_eq!(browser.run(held).await, json!(["allclear:acme:en"]));

    // Into the back/forward cache.
    let count = browser.run(ASKED).await.as_u64();
    browser.turn_to(&tabs[gone]).await;
    browser.goto(&page.at("/next")).await;
    browser.turn_to(other).await;
    browser
        .wait_for_script("the other to ask", ASKED, |now| now.as_u64() > count)
        .await;
    assert_eq!(
        browser.run(held).await,
        json!(["allclear:acme:en"]),
        "its own now"
    );

    // And back: it asks nobody, since the other does.
    browser.turn_to(&tabs[gone]).await;
    let before = asked(&browser, &tabs[..0]).await;
    assert!(before.is_empty());
    browser.run("history.back()").await;
    browser
        .wait_for_script(
            "the page as it was",
            "return window.fromCache ?? null",
            |it| it == true,
        )
        .await;
    mirror.put_feed("acme", &feed(6, &[]));
    browser
        .wait_for_script("the news", KNOWS, |rev| *rev == 6)
        .await;

    // Out of view.
    browser.turn_to(other).await;
    browser.set_minimized(true).await;
    browser
        .wait_for_script("it to be out of view", "return document.hidden", |hidden| {
            *hidden == true
        })
        .await;
    let silent = asked(&browser, std::slice::from_ref(other)).await;
    requests(&mirror, 3).await;
    assert_eq!(
        asked(&browser, std::slice::from_ref(other)).await,
        silent,
        "hidden tabs are silent"
    );
    browser.turn_to(&tabs[gone]).await;
    assert_eq!(browser.run(held).await, json!(["allclear:acme:en"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_hangs_is_followed_by_another() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    let page = page(&mirror, "");
    let browser = Browser::start().await;
    // Else pages of one site share a process, and hang together.
    let other_process = e2e::BrowserOptions {
        arguments: vec!["--process-per-tab".to_owned()],
        ..e2e::BrowserOptions::default()
    };
    drop(browser);
    let browser = Browser::with(other_process).await;
    let tabs = windows(&browser, &page.url(), 3).await;
    let hung = leader(&browser, &tabs).await;
    browser.turn_to(&tabs[hung]).await;
    // Its timers stop and it answers nobody, yet it holds the lock, for far longer than it takes the others to notice.
    browser
        .run("setTimeout(() => { const until = Date.now() + 40e3; while (Date.now() < until); })")
        .await;
    let others: Vec<_> = tabs
        .iter()
        .filter(|tab| **tab != tabs[hung])
        .cloned()
        .collect();
    let (began, counts) = (Instant::now(), asked(&browser, &others).await);
    loop {
        if asked(&browser, &others).await != counts {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "nobody asks: {counts:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    mirror.put_feed("acme", &feed(6, &[]));
    for tab in &others {
        browser.turn_to(tab).await;
        browser
            .wait_for_script("the news", KNOWS, |rev| *rev == 6)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_locks_each_tab_asks_for_itself() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[]));
    for missing in [
        "Object.defineProperty(navigator, 'locks', { value: undefined })",
        "LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
    ] {
        let embed = mirror.embed("acme", "");
        let page = page_with(&format!("<script>{missing}</script>{embed}"));
        let browser = Browser::start().await;
        browser.watch().await;
        let tabs = windows(&browser, &page.url(), 3).await;
        for tab in &tabs {
            browser.turn_to(tab).await;
            browser
                .wait_for_script("a request of its own", ASKED, |count| {
                    count.as_u64() > Some(0)
                })
                .await;
        }
        browser.turn_to(&tabs[0]).await;
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty() && watched.rejections.is_empty(),
            "{watched:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_and_languages_do_not_mix() {
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
        browser.turn_to(tab).await;
        browser
            .wait_for_script("a request of its own", ASKED, |count| {
                count.as_u64() > Some(0)
            })
            .await;
    }
    let mut asked = mirror.asked();
    asked.sort();
    asked.dedup();
    assert_eq!(
        asked,
        [
            "/v1/sites/acme/feed?lang=de",
            "/v1/sites/acme/feed?lang=en",
            "/v1/sites/other/feed?lang=en"
        ]
    );
}
