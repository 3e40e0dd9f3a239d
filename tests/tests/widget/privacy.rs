//! The claims of docs/privacy.md, checked in a whole session of a page that knows a lot about its user.

use std::fs;

use e2e::{Browser, Mirror, Page, Site, has_text, poll_until, press};
use serde_json::json;
use xtask::workspace;

/// Strings that no request may contain.
const SECRETS: [&str; 5] = ["vip", "sending", "ada", "invoices", "4711"];

#[tokio::test(flavor = "multi_thread")]
async fn a_session_sends_no_identity_and_stores_the_listed_keys() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let page = site.page("data-audience='vip' data-components='sending'");
    let path = "/invoices/4711";
    let embed = site
        .server
        .embed("acme", "data-audience='vip' data-components='sending'");
    page.put(
        path,
        e2e::Reply::html(&format!(
            "<!doctype html><title>Host</title><h1>Invoice of Ada</h1>{embed}"
        )),
    );
    let browser = Browser::start().await;
    let address = page.at(&format!("{path}?user=ada#/invoices/ada"));
    browser.goto(&address).await;
    browser
        .run("Allclear.configure({ audience: ['vip', 'ada'], path: '/invoices/ada' })")
        .await;

    let confirmed = "return !!Allclear.state.confirmed_at && !Allclear.state.stale";
    browser
        .wait_for_script("the quiet feed", confirmed, |is| *is == true)
        .await;
    // The session: an outage, its card expanded and hidden, a reload, the all-clear, hidden too.
    let incident = site.publish(&json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }] }));
    poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    press(&browser, &incident, "toggle").await;
    press(&browser, &incident, "hide").await;
    browser.reload().await;
    browser
        .run("Allclear.configure({ audience: ['vip', 'ada'] })")
        .await;
    site.update(&incident, &json!({ "status": "resolved", "body": "Fixed.", "restored": { "back": ["Sending"], "check": "Check what you sent.", "still": [] } }));
    poll_until(&browser, "the all-clear", |tree| {
        has_text(tree, &incident, "Check what you sent.")
    })
    .await;
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;

    let ours = site.server.url();
    let mut feeds = 0;
    for request in browser.network_requests().await {
        let Some(asked) = request.url.strip_prefix(&ours) else {
            assert!(
                request.url.starts_with(&page.url()) || !request.url.starts_with("http"),
                "a request to a third party: {}",
                request.url
            );
            continue;
        };
        assert_eq!(
            request.method, "GET",
            "no preflight, nothing posted: {request:?}"
        );
        let is_feed = asked == "/v1/sites/acme/feed?lang=en-US";
        feeds += usize::from(is_feed);
        assert!(
            is_feed || asked == "/embed.js" || asked.starts_with("/embed/"),
            "{asked}"
        );
        for (name, value) in &request.headers {
            assert!(
                !matches!(name.as_str(), "cookie" | "authorization" | "if-none-match"),
                "{name}: {value}"
            );
            let of_page = SECRETS.iter().any(|secret| value.contains(secret));
            assert!(!of_page, "{name}: {value}");
        }
        assert!(
            SECRETS.iter().all(|secret| !asked.contains(secret)),
            "{asked}"
        );
    }
    assert!(feeds >= 3, "the session was recorded: {feeds}");

    let listed = fs::read_to_string(workspace::root().join("docs/privacy.md")).unwrap();
    let stored = browser.run("return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, Object.entries(localStorage).filter(([key]) => !key.includes(':feed:')).join()]").await;
    let keys: Vec<&str> = stored[0]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    assert!(!keys.is_empty());
    for key in keys {
        let key = key.replace("acme", "{site}").replace(":en-US", ":{lang}");
        let row = format!("| `{key}` |");
        assert!(
            listed.contains(&row),
            "{key} is not listed in docs/privacy.md"
        );
    }
    assert_eq!([&stored[1], &stored[2]], [&json!([]), &json!("")]);
    // The stored feed is the public one; no other value names anything.
    browser
        .assert_eventually(
            "the stored feed",
            "return JSON.parse(localStorage['allclear:acme:feed:en-US']).feed",
            site.feed().json,
        )
        .await;
    let values = stored[3].as_str().unwrap();
    assert!(
        SECRETS.iter().all(|secret| !values.contains(secret)),
        "{values}"
    );
    let databases = browser
        .run("return indexedDB.databases().then(all => all.length)")
        .await;
    assert_eq!(databases, json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_request_has_no_cookies_and_no_referrer() {
    let mirror = Mirror::with_notices(&[]);
    // Browsers do not separate the cookies of a host by port.
    let page = Page::with_body(&format!(
        "<script>document.cookie = 'session=ada'</script>{}",
        mirror.embed("acme", "")
    ));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let confirmed = "return document.cookie && !!Allclear.state.confirmed_at";
    browser
        .wait_for_script("the feed", confirmed, |is| *is == true)
        .await;
    let requests = mirror.page().requests().into_iter();
    let feed = requests.filter(|request| request.path.contains("/feed?"));
    let headers: Vec<_> = feed.flat_map(|request| request.headers).collect();
    assert!(!headers.is_empty());
    let is_identifying = |name: &str| matches!(name, "cookie" | "referer");
    let found = headers.iter().find(|(name, _)| is_identifying(name));
    assert_eq!(found, None);
}
