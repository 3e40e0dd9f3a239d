//! A guest in somebody's house: whatever is wrong with us, the host page sees no exception and no layout change.

mod story;

use std::time::{Duration, Instant};

use e2e::{Browser, Page, Reply};
use serde_json::{Value, json};
use story::{Site, says, see};

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it." })
}

/// Nothing of ours has disturbed the page.
async fn undisturbed(browser: &Browser, why: &str) {
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
async fn without_a_site_it_says_so_once_and_does_nothing() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let browser = Browser::start().await;
    browser.watch().await;
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
        undisturbed(&browser, attributes).await;
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
async fn a_feed_that_cannot_be_had_is_silence() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let browser = Browser::start().await;
    browser.watch().await;
    let cors = |reply: Reply| reply.header("access-control-allow-origin", "*");
    for (why, reply) in [
        (
            "a page instead of a feed",
            cors(Reply::html("<h1>Sign in to this network</h1>")),
        ),
        (
            "JSON of another kind",
            cors(Reply::new("application/json", "[1,2]")),
        ),
        ("null", cors(Reply::new("application/json", "null"))),
        (
            "a feed without notices",
            cors(Reply::new("application/json", "{\"v\":1}")),
        ),
        (
            "cut off",
            cors(Reply::new("application/json", "{\"v\":1,\"notices\":[")),
        ),
        (
            "an error",
            cors(Reply::new("application/json", "{}").status(503)),
        ),
        (
            "nothing at all",
            cors(Reply::new("text/plain", "").status(204)),
        ),
        (
            "a server's own error page",
            cors(Reply::html("<h1>Internal Server Error</h1>").status(500)),
        ),
        (
            "a redirect in circles",
            cors(
                Reply::new("text/plain", "")
                    .status(302)
                    .header("location", "/v1/sites/acme/feed"),
            ),
        ),
        (
            "a redirect to a page for signing in",
            cors(
                Reply::new("text/plain", "")
                    .status(302)
                    .header("location", "/"),
            ),
        ),
        (
            "another origin's refusal",
            Reply::new("application/json", "{}"),
        ),
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
        undisturbed(&browser, why).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_is_silence() {
    let mut site = Site::new("acme", "Acme SMS", &[]);
    let page = site.page("");
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("the feed", "return window.Allclear?.state?.feed", |feed| {
            feed.is_object()
        })
        .await;
    site.server.kill9();
    browser.run("Allclear.refresh()").await;
    failed_feed(&browser).await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    undisturbed(&browser, "killed").await;
}

/// Waits until the browser itself says that it could not have the feed.
async fn failed_feed(browser: &Browser) {
    let deadline = Instant::now() + Duration::from_secs(30);
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
async fn where_wasm_is_forbidden_nothing_breaks() {
    let site = Site::new("acme", "Acme SMS", &[]);
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
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_request("the widget", |request| request.url.contains("widget"))
        .await;
    browser
        .run("return new Promise(done => requestIdleCallback(() => setTimeout(done)))")
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
    assert!(watched.shift.abs() < f64::EPSILON, "{watched:?}");
}

/// The one story that waits for the widget's own rhythm instead of asking it to hurry.
#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_finds_out_by_itself() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = site.page("");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_request("the feed", |request| request.url.contains("/feed"))
        .await;
    let incident = site.publish(&outage());
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Fixed." }),
    );
    browser
        .wait_for("the all-clear", |tree| says(tree, &incident, "Resolved:"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn included_twice_it_is_there_once() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!("<h1>Host</h1>{embed}{embed}"));
    let incident = site.publish(&outage());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = see(&browser, "the card", |tree| {
        says(tree, &incident, "Messages are delayed")
    })
    .await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert_eq!(tree.notices().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_until_attention_rises() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = site.page("");
    let mut minor = outage();
    minor["impact"] = json!("minor");
    minor["in_app"] = json!("bar");
    minor["audience"] = json!({ "undeclared": "show" });
    let incident = site.publish(&minor);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    browser.click(&story::part(&tree, &incident, "hide")).await;
    let gone = |tree: &e2e::Tree| tree.notice(&incident).is_none();
    browser
        .wait_for("nothing: a minor one vanishes", gone)
        .await;
    browser.reload().await;
    browser
        .wait_for_request("the feed", |request| request.url.contains("/feed"))
        .await;
    see(&browser, "still nothing", gone).await;

    // Said again, but nothing that matters more: still hidden.
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
    assert!(gone(&browser.pierce().await));

    // Worse: it is back.
    site.update(
        &incident,
        &json!({ "body": "It is worse.", "impact": "major" }),
    );
    see(&browser, "the card again", |tree| {
        says(tree, &incident, "It is worse.")
    })
    .await;
}
