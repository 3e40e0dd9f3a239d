//! The loader of a site: when a browser uses what it contains, and how many requests a page sends.

use std::time::Duration;

use e2e::{Browser, Caching, Front, Page, Reply, Site, TITLE, has_text, outage, outage_with};
use serde_json::{Value, json};

const LOADER: &str = "/s/acme/embed.js";
/// The revision of the page's feed; `null` until there is one.
const REV: &str = "return window.Allclear?.state.feed?.rev ?? null";
/// Replaces the computer's clock by one that a test sets: `localStorage.later` is its offset, in
/// milliseconds.
const CLOCK: &str = "{ const later = Number(localStorage.later || 0);
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Real.now() + later) }) }";

/// Opens the page, and waits until it has a feed.
async fn visit(browser: &Browser, page: &Page) {
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("a feed", REV, |rev| rev.is_u64())
        .await;
}

fn front(site: &Site) -> Front {
    Front::start(&site.server.url(), Caching::Off)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_sends_one_request_per_poll_interval() {
    let site = Site::empty();
    let front = front(&site);
    let page = Page::with_body(&front.embed("acme", ""));
    let browser = Browser::start().await;
    browser.before_each_page("window.heard = []; window.Allclear = [['on', 'change', (feed) => heard.push(feed.rev)]]").await;
    visit(&browser, &page).await;
    let state = browser.run("const { feed, stale, confirmed_at } = Allclear.state; return [feed, stale, Date.now() - new Date(confirmed_at)]").await;
    assert_eq!((&state[0], &state[1]), (&site.feed().json, &json!(false)));
    assert!(
        (0.0..20_000.0).contains(&state[2].as_f64().unwrap()),
        "{state}"
    );
    assert_eq!(browser.run("return heard.length").await, 1);
    for _ in 0..2 {
        visit(&browser, &page).await;
    }
    assert_eq!(front.files(), ["embed.js"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_in_the_browsers_cache_requests_the_feed() {
    let site = Site::empty();
    let front = front(&site);
    front.set_header(
        LOADER,
        "cache-control",
        "public, max-age=0, stale-while-revalidate=604800",
    );
    let page = Page::with_body(&front.embed("acme", ""));
    let browser = Browser::start().await;
    browser.before_each_page(CLOCK).await;
    visit(&browser, &page).await;
    browser.run("localStorage.later = 31_000").await;
    let incident = site.publish(&outage());
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    let files = front.files();
    let count = |name: &str| files.iter().filter(|file| *file == name).count();
    assert_eq!((count("embed.js"), count("feed")), (2, 1), "{files:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_304_makes_a_copy_current() {
    let site = Site::empty();
    let front = front(&site);
    front.set_header(LOADER, "cache-control", "no-cache");
    let page = Page::with_body(&front.embed("acme", "data-storage=none"));
    let browser = Browser::start().await;
    for _ in 0..3 {
        visit(&browser, &page).await;
    }
    let answered = front.answered();
    let statuses: Vec<u16> = answered.iter().map(|answered| answered.status).collect();
    assert_eq!(statuses, [200, 304, 304], "{answered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_without_a_timing_entry_requests_the_feed() {
    let site = Site::empty();
    for (why, script) in [
        ("the buffer is full", "performance.setResourceTimingBufferSize(0)"),
        (
            "the timings were cleared",
            "const get = performance.getEntriesByName;
             performance.getEntriesByName = (...given) => { performance.clearResourceTimings(); return get.apply(performance, given) }",
        ),
    ] {
        let front = front(&site);
        let page = Page::with_body(&front.embed("acme", "data-storage=none"));
        let browser = Browser::start().await;
        browser.before_each_page(script).await;
        visit(&browser, &page).await;
        assert_eq!(front.files(), ["embed.js", "feed"], "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hides_sizes_makes_the_loader_request_the_feed() {
    let site = Site::empty();
    let front = front(&site);
    front.set_header(LOADER, "timing-allow-origin", "https://other.example");
    let page = Page::with_body(&front.embed("acme", "data-storage=none"));
    let browser = Browser::start().await;
    visit(&browser, &page).await;
    assert_eq!(front.files(), ["embed.js", "feed"]);
}

/// Replaces the clock of the page's scripts by one that is ahead by `window.later` milliseconds.
const PAGE_CLOCK: &str = "window.later = 0;
     window.Date = new Proxy(Date, { construct: (Real, given) => given.length ? new Real(...given) : new Real(Real.now() + later) })";

/// Replaces the page's script tag by another one, and waits until that has a feed.
async fn insert_again(browser: &Browser) {
    browser
        .run(
            "Allclear.destroy(); const old = document.querySelector('[src$=\"embed.js\"]');
             const tag = document.createElement('script');
             tag.src = old.src; tag.dataset.storage = 'none'; old.replaceWith(tag)",
        )
        .await;
    browser
        .wait_for_script("a feed", REV, |rev| rev.is_u64())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_the_memory_cache_keeps_the_age_of_its_answer() {
    let site = Site::empty();
    let front = front(&site);
    let page = Page::with_body(&front.embed("acme", "data-storage=none"));
    let browser = Browser::start().await;
    browser.before_each_page(PAGE_CLOCK).await;
    visit(&browser, &page).await;
    // The browser adds no timing entry for a script from memory.
    for (later, files) in [
        (10_000, ["embed.js"].as_slice()),
        (31_000, &["embed.js", "feed"]),
    ] {
        browser.run(&format!("window.later = {later}")).await;
        insert_again(&browser).await;
        assert_eq!(front.files(), files, "{later}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_the_http_cache_requests_the_feed() {
    let site = Site::empty();
    let front = front(&site);
    let page = Page::with_body(&front.embed("acme", "data-storage=none"));
    let browser = Browser::start().await;
    visit(&browser, &page).await;
    visit(&browser, &page).await;
    assert_eq!(front.files(), ["embed.js", "feed"]);
    insert_again(&browser).await;
    assert_eq!(front.files(), ["embed.js", "feed", "feed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_a_service_worker_requests_the_feed() {
    let site = Site::empty();
    let front = front(&site);
    let page = Page::with_body(&format!(
        "<script>navigator.serviceWorker.register('/worker.js')</script>{}",
        front.embed("acme", "data-storage=none crossorigin")
    ));
    page.put(
        "/worker.js",
        Reply::script(
            "self.addEventListener('install', () => self.skipWaiting());
             self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
             self.addEventListener('fetch', (event) => /embed.js$/.test(event.request.url) && event.respondWith((async () => {
               const cache = await caches.open('all');
               const found = await cache.match(event.request);
               if (found) return found;
               const response = await fetch(event.request);
               await cache.put(event.request, response.clone());
               return response;
             })()));",
        ),
    );
    let browser = Browser::start().await;
    visit(&browser, &page).await;
    browser
        .wait_for_script(
            "the worker",
            "return !!navigator.serviceWorker.controller",
            |is| *is == true,
        )
        .await;
    // A second load, so that the worker has stored the script.
    visit(&browser, &page).await;
    let incident = site.publish(&outage());
    let before = front.files().len();
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    let files = front.files().split_off(before);
    assert!(
        files.contains(&"feed".to_owned()) && !files.contains(&"embed.js".to_owned()),
        "{files:?}"
    );
}

/// Opens the page in a browser with an empty profile; returns the revision of its feed, and whether
/// the feed was requested.
async fn first_visit(front: &Front) -> (Value, bool) {
    let page = Page::with_body(&front.embed("acme", ""));
    let browser = Browser::start().await;
    let before = front.files().len();
    visit(&browser, &page).await;
    let rev = browser.run(REV).await;
    let files = front.files().split_off(before);
    (rev, files.contains(&"feed".to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_from_a_shared_cache_older_than_35_s_is_current() {
    let site = Site::empty();
    let front = Front::start(&site.server.url(), Caching::On);
    let quiet = site.feed().json["rev"].clone();
    assert_eq!(first_visit(&front).await, (quiet.clone(), false));
    site.publish(&outage());
    let open = site.feed().json["rev"].clone();
    front.advance(Duration::from_secs(36));
    assert_eq!(
        first_visit(&front).await,
        (open.clone(), false),
        "the cache has fetched it"
    );
    let stored = front
        .answered()
        .into_iter()
        .filter(|answered| answered.is_cached);
    assert_eq!(stored.count(), 0);

    // A copy counts as current up to 35 s, as a feed does.
    site.change_settings(&json!({ "paused": true }));
    front.advance(Duration::from_secs(20));
    assert_eq!(first_visit(&front).await, (open, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_drawn_without_a_request_for_rules_or_feed() {
    let site = Site::empty();
    let incident = site.publish(&outage());
    for (policy, files) in [
        (
            false,
            ["embed.js", "widget.js", "widget_bg.wasm"].as_slice(),
        ),
        (true, &["embed.js", "widget_bg.wasm", "widget.js"]),
    ] {
        let front = front(&site);
        let origin = front.origin();
        let policy = policy
            .then(|| format!("default-src 'none'; script-src {origin}; connect-src {origin}"));
        let page = Page::with_policy(&front.embed("acme", ""), policy.as_deref());
        let browser = Browser::start().await;
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
            .await;
        let mut requested = front.files();
        requested.sort();
        let mut files: Vec<&str> = files.to_vec();
        files.sort_unstable();
        assert_eq!(requested, files, "{policy:?}");
        let state = browser
            .run("return [Allclear.state.stale, Allclear.state.feed]")
            .await;
        assert_eq!(state, json!([false, site.feed().json]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_get_the_notice_in_their_language() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "de"] }));
    let text = json!({ "text": { "de": { "title": "Nachrichten kommen verspätet an" } } });
    let incident = site.publish(&outage_with(&text));
    for (lang, title, asks) in [
        ("de-AT", "Nachrichten kommen verspätet an", false),
        ("en-GB", TITLE, false),
        // Only the server knows that `ger` means German, and that there is no French.
        ("ger", "Nachrichten kommen verspätet an", true),
        ("fr", TITLE, true),
    ] {
        let front = front(&site);
        let page = Page::with_body(&front.embed("acme", &format!("data-lang={lang}")));
        let browser = Browser::start().await;
        browser.goto(&page.url()).await;
        browser
            .wait_for(lang, |tree| has_text(tree, &incident, title))
            .await;
        assert_eq!(
            front.files().contains(&"feed".to_owned()),
            asks,
            "{lang}: {:?}",
            front.files()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_unknown_age_waits_for_the_answer() {
    let site = Site::empty();
    let incident = site.publish(&outage());
    let script = site.server.get(LOADER).text();
    // A copy whose server does not answer, in a browser that cannot tell its age.
    let host = Page::host("");
    host.put(LOADER, Reply::script(&script));
    host.put("/v1/sites/acme/feed", Reply::hang());
    let page = Page::with_body(&format!(
        "<script async src='{}' data-api='{} {}'></script>",
        host.at(LOADER),
        host.at(""),
        site.server.url()
    ));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, TITLE) && has_text(tree, &incident, "As of ")
        })
        .await;
    let after = browser.run("return performance.now() - performance.getEntriesByName(document.querySelector('[src$=\"embed.js\"]').src)[0].responseEnd").await;
    assert!(after.as_f64().unwrap() > 1900.0, "{after}");
    assert_eq!(browser.run("return Allclear.state.stale").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tags_attributes_and_query_apply_except_data_site() {
    let site = Site::empty();
    site.change_settings(&json!({ "segments": [{ "slug": "eu", "label": "Europe" }] }));
    let audience = json!({ "segments": ["eu"], "undeclared_segments": "hide" });
    let incident = site.publish(&outage_with(&json!({ "audience": audience })));
    for (query, attributes) in [
        ("", "data-site=other data-audience=eu"),
        ("?site=other&audience=eu", ""),
    ] {
        let front = front(&site);
        let tag = front.embed("acme", attributes);
        let page = Page::with_body(&tag.replace("embed.js", &format!("embed.js{query}")));
        let browser = Browser::start().await;
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
            .await;
        let requested = front.answered();
        assert!(
            requested
                .iter()
                .all(|request| !request.path.contains("/sites/other")),
            "{requested:?}"
        );
    }
}
