//! Status services that are hard to reach: the loader requests the next origin, and the card shows
//! the age of its feed.

use e2e::{Browser, Mirror, Page, RefusingHost, Reply, Site, has_text, mirror, outage, poll_until};
use serde_json::json;

use crate::host::shortened;

const FEED: &str = "/v1/sites/acme/feed";

fn site_in_outage() -> (Site, String) {
    let site = Site::empty();
    let incident = site.publish(&outage());
    (site, incident)
}

/// The path of a file of this build.
fn file(name: &str) -> String {
    let release = std::fs::read(xtask::workspace::dist().join("assets/embed.json")).unwrap();
    let release: serde_json::Value = serde_json::from_slice(&release).unwrap();
    format!("/embed/{}/{name}", release["version"].as_str().unwrap())
}

/// An answer that any origin may read.
fn allow_any_origin(reply: Reply) -> Reply {
    reply.header("access-control-allow-origin", "*")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_origin_answers_for_the_first() {
    let (site, incident) = site_in_outage();
    let refusing = RefusingHost::start();
    let html = Page::host("");
    html.put(FEED, allow_any_origin(Reply::html("<h1>It works!</h1>")));
    let hanging = Page::host("");
    hanging.put(FEED, Reply::hang());
    let browser = Browser::watching().await;
    // Shortens the 8 s after which the loader gives up a host that hangs.
    browser.before_each_page(&shortened(8_000, 500)).await;
    for (why, first) in [
        ("refuses", refusing.origin()),
        ("serves HTML with 200", html.url()),
        ("hangs", hanging.url()),
    ] {
        let page = site.page(&format!("data-api='{first} {}'", site.server.url()));
        browser.goto(&page.url()).await;
        browser
            .wait_for(why, |tree| {
                has_text(tree, &incident, "Messages are delayed")
            })
            .await;
        let watched = browser.watched().await;
        assert!(watched.is_error_free(), "{why}: {watched:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovered_first_origin_is_used_again() {
    let site = Site::empty();
    let first = Page::host("");
    first.put(
        FEED,
        allow_any_origin(Reply::new("application/json", "{}").status(503)),
    );
    let page = site.page(&format!("data-api='{} {}'", first.url(), site.server.url()));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let has_feed = "return Boolean(window.Allclear?.state.feed)";
    browser
        .wait_for_script("the feed of the second origin", has_feed, |has_feed| {
            has_feed == true
        })
        .await;
    let request_count = || first.requests().len();
    let while_down = request_count();
    first.put(
        FEED,
        allow_any_origin(Reply::new("application/json", site.feed().text())),
    );
    let refreshed = "Allclear.refresh(); return new Promise(done => setTimeout(done, 100))";
    for _ in 0..5 {
        browser.run(refreshed).await;
    }
    assert_eq!(
        request_count(),
        while_down,
        "the page stays with the working origin"
    );
    browser
        .wait_for_script("the page to return to the first origin", refreshed, |_| {
            request_count() > while_down + 2
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_and_unreachable_are_distinguished() {
    let (mut site, incident) = site_in_outage();
    let page = site.page("");
    let browser = Browser::start().await;
    browser
        .before_each_page(
            "window.later = 0; const now = Date.now; Date.now = () => now() + later;
             window.Date = new Proxy(Date, { construct: (Real, given) => new Real(...(given.length ? given : [Date.now()])) })",
        )
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    browser
        .run(
            "window.reported = []; Allclear.on('stale', () => reported.push(Allclear.state.stale))",
        )
        .await;
    browser.set_offline(true).await;
    browser
        .wait_for("the message that the browser is offline", |tree| {
            has_text(tree, &incident, "You are offline. As of ")
        })
        .await;
    let new_state = "a listener finds the new state";
    browser
        .assert_eventually(new_state, "return reported", json!([true]))
        .await;
    browser.set_offline(false).await;
    browser
        .wait_for("the connected state", |tree| {
            !has_text(tree, &incident, "You are offline.")
        })
        .await;

    site.server.kill();
    browser
        .run("later = 14 * 60e3; dispatchEvent(new Event('online'))")
        .await;
    let fresh = browser.run("return Allclear.state.stale").await;
    assert_eq!(fresh, json!(false), "a feed of 14 minutes is not stale");
    browser
        .run("later = 16 * 60e3; dispatchEvent(new Event('online'))")
        .await;
    browser
        .wait_for("the note that the server is unreachable", |tree| {
            has_text(
                tree,
                &incident,
                "We cannot reach our status service; this may have changed.",
            )
        })
        .await;
    browser
        .assert_eventually("stale", "return Allclear.state.stale", json!(true))
        .await;
    let tree = browser.pierce().await;
    assert!(
        has_text(&tree, &incident, "Messages are delayed")
            && !has_text(&tree, &incident, "offline")
    );

    site.server.start_again();
    site.server.restart_with_clock_offset(16 * 60);
    poll_until(&browser, "the confirmed card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
            && !has_text(tree, &incident, "We cannot reach")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_whose_files_failed_loads_after_a_later_poll() {
    let mirror = Mirror::start();
    mirror.put_feed(
        "acme",
        &mirror::feed(5, &[mirror::notice("inc_1", "Messages are delayed")]),
    );
    let path = file("rules.js");
    mirror
        .page()
        .put(&path, allow_any_origin(Reply::script("").status(503)));
    let page = Page::with_body(&mirror.embed("acme", ""));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let tried = || {
        mirror
            .page()
            .requests()
            .iter()
            .filter(|seen| seen.path == path)
            .count()
    };
    browser.wait_until("a second attempt", || tried() > 1).await;
    let rules = std::fs::read(
        xtask::workspace::dist()
            .join("assets")
            .join(path.trim_start_matches('/')),
    );
    mirror.page().put(
        &path,
        allow_any_origin(Reply::new("text/javascript", rules.unwrap())),
    );
    browser
        .wait_for("the card", |tree| {
            has_text(tree, "inc_1", "Messages are delayed")
        })
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_missing_on_the_first_origin_come_from_the_second() {
    let outage_feed = mirror::feed(5, &[mirror::notice("inc_1", "Messages are delayed")]);
    let [first, second] = [Mirror::start(), Mirror::start()];
    for mirror in [&first, &second] {
        mirror.put_feed("acme", &outage_feed);
    }
    let missing = allow_any_origin(Reply::html("<h1>No such file</h1>").status(404));
    first.page().put(&file("rules.js"), missing);
    let origins = format!("data-api='{} {}'", first.origin(), second.origin());
    let page = Page::with_body(&first.embed("acme", &origins));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, "inc_1", "Messages are delayed")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_that_never_loads_is_replaced_by_the_plain_card() {
    let mirror = Mirror::start();
    mirror.put_feed(
        "acme",
        &mirror::feed(5, &[mirror::notice("inc_1", "Messages are delayed")]),
    );
    mirror.page().put(&file("widget_bg.wasm"), Reply::hang());
    let page = Page::with_body(&mirror.embed("acme", ""));
    let browser = Browser::watching().await;
    // Shortens the 8 s after which the plain card is drawn.
    browser.before_each_page(&shortened(8_000, 500)).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| {
            has_text(tree, "inc_1", "Messages are delayed")
        })
        .await;
    browser.watched().await.assert_no_errors();
}
