//! The host page stays undisturbed when the feed, the server or wasm fails; and polling, a duplicate tag, and hiding.

use std::time::{Duration, Instant};

use e2e::{Browser, Page, Reply, Site, assert_not_shown, has_text, outage, poll_until, press};
use serde_json::json;

/// Asserts that the page is undisturbed and that Allclear draws nothing in it.
async fn assert_undisturbed(browser: &Browser, why: &str) {
    let watched = browser.watched().await;
    assert!(watched.errors.is_empty(), "{why}: {watched:?}");
    assert!(watched.rejections.is_empty(), "{why}: {watched:?}");
    assert!(watched.shift.abs() < f64::EPSILON, "{why}: {watched:?}");
    let tree = browser.pierce().await;
    assert!(
        tree.banner().is_none_or(|banner| banner.text().is_empty()),
        "{why}: {}",
        tree.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_without_a_valid_site_warns_once_and_does_nothing() {
    let site = Site::empty();
    let browser = Browser::watching().await;
    for attributes in ["", "data-site", "data-site='Not A Slug'", "data-site=x"] {
        let page = Page::host(&format!(
            "<h1>Host</h1><script async src='{}/embed.js' {attributes}></script>",
            site.server.url()
        ));
        let already = warnings(&browser).await;
        browser.goto(&page.url()).await;
        assert_eq!(
            warnings(&browser).await - already,
            1,
            "{attributes}: one warning"
        );
        assert_undisturbed(&browser, attributes).await;
        assert_eq!(
            page.requests()
                .iter()
                .filter(|seen| seen.path.contains("feed"))
                .count(),
            0
        );
    }
}

async fn warnings(browser: &Browser) -> usize {
    let console = browser.console().await;
    console
        .iter()
        .filter(|line| line.text.contains("Allclear"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_feed_draws_and_throws_nothing() {
    let site = Site::empty();
    let browser = Browser::watching().await;
    let cors = |reply: Reply| reply.header("access-control-allow-origin", "*");
    for (why, reply) in [
        (
            "a page instead of a feed",
            cors(Reply::html("<h1>Sign in to this network</h1>")),
        ),
        (
            "a JSON array",
            cors(Reply::new("application/json", "[1,2]")),
        ),
        ("null", cors(Reply::new("application/json", "null"))),
        (
            "a feed without notices",
            cors(Reply::new("application/json", "{\"v\":1}")),
        ),
        (
            "truncated JSON",
            cors(Reply::new("application/json", "{\"v\":1,\"notices\":[")),
        ),
        (
            "an error",
            cors(Reply::new("application/json", "{}").status(503)),
        ),
        ("no content", cors(Reply::new("text/plain", "").status(204))),
        (
            "a server's own error page",
            cors(Reply::html("<h1>Internal Server Error</h1>").status(500)),
        ),
        (
            "a redirect loop",
            cors(
                Reply::new("text/plain", "")
                    .status(302)
                    .header("location", "/v1/sites/acme/feed"),
            ),
        ),
        (
            "a redirect to a sign-in page",
            cors(
                Reply::new("text/plain", "")
                    .status(302)
                    .header("location", "/"),
            ),
        ),
        ("no CORS header", Reply::new("application/json", "{}")),
    ] {
        let broken = Page::host("");
        broken.put("/v1/sites/acme/feed", reply);
        let origin = broken.url();
        let page = site.page(&format!("data-api='{}'", origin.trim_end_matches('/')));
        browser.goto(&page.url()).await;
        browser
            .wait_for_request(why, |request| {
                request.url.starts_with(&origin) && request.url.contains("/feed")
            })
            .await;
        browser
            .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
            .await;
        assert_undisturbed(&browser, why).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_draws_and_throws_nothing() {
    let mut site = Site::empty();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("the feed", "return window.Allclear?.state?.feed", |feed| {
            feed.is_object()
        })
        .await;
    site.server.kill();
    browser.run("Allclear.refresh()").await;
    wait_for_failed_feed(&browser).await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    assert_undisturbed(&browser, "killed").await;
}

/// Waits until the browser reports that the feed could not be loaded.
pub async fn wait_for_failed_feed(browser: &Browser) {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let console = browser.console().await;
        let failed = console.iter().any(|line| {
            line.source == "network" && line.text.contains("/feed") && line.text.contains("ERR_")
        });
        if failed {
            return;
        }
        assert!(Instant::now() < deadline, "nothing failed: {console:#?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_without_wasm_breaks_nothing() {
    let site = Site::empty();
    site.publish(&outage());
    let origin = site.server.url();
    let embed = site.server.embed("acme", "");
    let page = Page::host("");
    page.put(
        "/",
        Reply::html(&format!("<h1>Host</h1>{embed}")).header(
            "content-security-policy",
            &format!("default-src 'none'; script-src {origin}; connect-src {origin}"),
        ),
    );
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_request("the widget", |request| request.url.contains("widget"))
        .await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    let watched = browser.watched().await;
    watched.assert_no_errors().assert_no_shift();
}

/// The test waits for the loader's own poll, at the interval that the server's feed has.
#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_shows_a_new_notice_at_its_next_poll() {
    let site = Site::empty();
    let page = site.page("");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_request("the feed", |request| request.url.contains("/feed"))
        .await;
    let incident = site.publish(&outage());
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Fixed." }),
    );
    browser
        .wait_for("the all-clear", |tree| {
            has_text(tree, &incident, "Resolved:")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_included_twice_draws_one_card() {
    let site = Site::empty();
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!("<h1>Host</h1>{embed}{embed}"));
    let incident = site.publish(&outage());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert_eq!(tree.notices().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_notice_returns_when_attention_rises() {
    let site = Site::empty();
    let page = site.page("");
    let mut minor = outage();
    minor["impact"] = json!("minor");
    minor["in_app"] = json!("bar");
    minor["audience"] = json!({ "undeclared": "show" });
    let incident = site.publish(&minor);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    press(&browser, &incident, "hide").await;
    let is_removed = |tree: &e2e::Tree| tree.notice(&incident).is_none();
    browser
        .wait_for("nothing after hiding a minor notice", is_removed)
        .await;
    browser.reload().await;
    assert_not_shown(&browser, &incident).await;

    // A new update without higher attention: still hidden.
    site.update(
        &incident,
        &json!({ "body": "Still at it.", "status": "identified" }),
    );
    let rev = site.feed().json["rev"].as_u64().unwrap();
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("the new feed", "return Allclear.state.feed?.rev", |seen| {
            seen.as_u64() == Some(rev)
        })
        .await;
    assert_not_shown(&browser, &incident).await;

    // Higher attention: it returns.
    site.update(
        &incident,
        &json!({ "body": "It is worse.", "impact": "major" }),
    );
    poll_until(&browser, "the card again", |tree| {
        has_text(tree, &incident, "Major: Messages are delayed")
    })
    .await;
}
