//! What docs/privacy.md says, recorded: a whole session of a page that knows a lot about its user.

mod story;

use std::fs;

use e2e::Browser;
use serde_json::json;
use story::{Site, part, says, see};
use xtask::workspace;

/// What no request may say.
const SECRETS: [&str; 5] = ["vip", "sending", "ada", "invoices", "4711"];

#[tokio::test(flavor = "multi_thread")]
async fn a_session_tells_nothing_and_keeps_what_is_listed() {
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

    // Quiet, an outage, hidden, worse, over, hidden again, on the next page too.
    let incident = site.publish(&json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }] }));
    let tree = see(&browser, "the card", |tree| {
        says(tree, &incident, "Messages are delayed")
    })
    .await;
    browser.click(&part(&tree, &incident, "toggle")).await;
    browser
        .click(&part(&browser.pierce().await, &incident, "hide"))
        .await;
    browser.reload().await;
    browser
        .run("Allclear.configure({ audience: ['vip', 'ada'] })")
        .await;
    site.update(&incident, &json!({ "status": "resolved", "body": "Fixed.", "restored": { "back": ["Sending"], "check": "Check what you sent.", "still": [] } }));
    let tree = see(&browser, "the all-clear", |tree| {
        says(tree, &incident, "Check what you sent.")
    })
    .await;
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;

    let ours = site.server.url();
    let mut feeds = 0;
    for request in browser.network_requests().await {
        let Some(asked) = request.url.strip_prefix(&ours) else {
            assert!(
                request.url.starts_with(&page.url()) || !request.url.starts_with("http"),
                "somebody else: {}",
                request.url
            );
            continue;
        };
        assert_eq!(
            request.method, "GET",
            "no preflight, nothing posted: {request:?}"
        );
        let is_feed = asked == "/v1/sites/acme/feed?lang=en";
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
    let kept = browser.run("return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, Object.entries(localStorage).filter(([key]) => !key.includes(':feed:')).join()]").await;
    let keys: Vec<&str> = kept[0]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    assert!(!keys.is_empty());
    for key in keys {
        let key = key.replace("acme", "{site}").replace(":en", ":{lang}");
        let row = format!("| `{key}` |");
        assert!(
            listed.contains(&row),
            "{key} is not listed in docs/privacy.md"
        );
    }
    assert_eq!([&kept[1], &kept[2]], [&json!([]), &json!("")]);
    // The feed is kept as it is for everybody; nothing else names anything.
    let of_feed = browser
        .run("return JSON.parse(localStorage['allclear:acme:feed:en']).feed")
        .await;
    assert_eq!(of_feed, site.feed().json);
    let words = kept[3].as_str().unwrap();
    assert!(
        SECRETS.iter().all(|secret| !words.contains(secret)),
        "{words}"
    );
    let databases = browser
        .run("return indexedDB.databases().then(all => all.length)")
        .await;
    assert_eq!(databases, json!(0));
}
