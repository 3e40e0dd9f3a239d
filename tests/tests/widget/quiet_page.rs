//! The files that a quiet page loads: the loader and the feed; with a notice that does not match, `rules.js` too; never
//! the card.

use std::collections::BTreeSet;

use e2e::{Browser, Mirror, Page, in_minutes, mirror};
use serde_json::{Value, json};

/// A day, in minutes.
const DAY: i64 = 24 * 60;

/// Opens a page with these notices, and waits until `last` and then the feed twice more have been
/// requested. Returns the names of the requested files. `remembered` is a script that runs before
/// the page.
async fn loaded_files(notices: &[Value], remembered: &str, last: &str) -> BTreeSet<String> {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, notices));
    let embed = mirror.embed("acme", "data-audience=us");
    let page = Page::with_body(&embed);
    let browser = Browser::start().await;
    browser.before_each_page(remembered).await;
    browser.goto(&page.url()).await;
    let name = |path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    };
    let files = || -> BTreeSet<String> {
        let requests = mirror.page().requests().into_iter();
        requests.map(|request| name(&request.path)).collect()
    };
    browser.wait_until(last, || files().contains(last)).await;
    let polled = mirror.feed_requests().len();
    browser
        .wait_until("two more polls", || {
            mirror.feed_requests().len() > polled + 1
        })
        .await;
    files()
}

/// A script after which the reader has hidden the notice at this attention.
fn hiding_script(attention: u32) -> String {
    format!("localStorage['allclear:acme:hidden'] = '{{\"inc_1\":{attention}}}'")
}

fn minor() -> Value {
    let mut notice = mirror::notice("inc_1", "Messages are delayed");
    notice["impact"] = json!("minor");
    notice
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_page_loads_only_loader_and_feed() {
    let files = loaded_files(&[], "", "feed").await;
    assert_eq!(files, ["embed.js", "feed"].map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_notices_do_not_match_loads_rules_js_too() {
    let mut elsewhere = mirror::notice("inc_1", "Messages are delayed");
    elsewhere["audience"]["segments"] = json!([{ "slug": "eu", "label": "Europe" }]);
    let mut restored = mirror::notice("inc_1", "Messages are delayed");
    restored["kind"] = json!("restored");
    restored["restored"] = json!({ "at": in_minutes(-300), "seconds": 600, "back": [], "check": null, "still": [],
        "returning_until": in_minutes(DAY - 300), "everyone_until": in_minutes(-180),
        "expires_at": in_minutes(3 * DAY - 300), "withdrawn": null, "postmortem": null });
    for (why, notice, remembered) in [
        ("it was hidden", minor(), hiding_script(1)),
        ("it is for others", elsewhere, String::new()),
        (
            "it is over, and the reader was not present",
            restored,
            String::new(),
        ),
    ] {
        let files = loaded_files(&[notice], &remembered, "rules.js").await;
        let expected = ["embed.js", "feed", "rules.js"].map(str::to_owned);
        assert_eq!(files, expected.into(), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_notice_loads_the_widget() {
    let major = mirror::notice("inc_1", "Messages are delayed");
    for (why, notice, remembered) in [
        ("it is new", minor(), String::new()),
        (
            "it matters more than when it was hidden",
            minor(),
            hiding_script(0),
        ),
        (
            "a major one that was hidden leaves a pill",
            major,
            hiding_script(1),
        ),
    ] {
        let files = loaded_files(&[notice], &remembered, "widget_bg.wasm").await;
        assert!(files.contains("widget.js"), "{why}: {files:?}");
        assert!(!files.contains("plain.js"), "{why}: {files:?}");
    }
}
