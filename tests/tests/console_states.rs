//! Nothing yet, not yet, not now, not at all: what operators read then.

mod desk;

use desk::{Hand, Site};
use e2e::{Node, labels};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_site_says_what_to_do_first() {
    let site = Site::empty();
    let hand = Hand::of_owner(&site, "").await;
    for (place, words) in [
        ("", labels::SITE_IS_NEW_STEPS),
        ("new/incident", labels::NO_COMPONENTS_TO_PICK),
        ("maintenance", labels::NO_MAINTENANCE),
        ("resolved", labels::NO_HISTORY),
        ("settings/templates", labels::NO_TEMPLATES),
        ("components", labels::NO_COMPONENTS),
    ] {
        hand.browser
            .wait_for("the console", |tree| tree.element("h1").is_some())
            .await;
        hand.go(place).await;
        hand.sees(words).await;
    }
    hand.assert_calm().await;
}

/// Keeps requests whose address contains this from leaving, until `opened` is called.
fn gate(part: &str) -> String {
    format!(
        "const real = window.fetch, gate = new Promise(open => window.opened = open);
         window.fetch = async (request, options) => {{
             if (String(request.url ?? request).includes('{part}')) await gate;
             return real(request, options);
         }};"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_said() {
    let site = Site::new();
    let hand = Hand::invited(&site).await;
    hand.browser.before_each_page(&gate("/v1/")).await;
    hand.browser.reload().await;
    let tree = hand.sees(labels::READING_SITE).await;
    let is_busy = |node: &Node| node.attribute("aria-busy") == Some("true");
    assert!(tree.find(is_busy).is_some(), "{}", tree.text());
    hand.browser.run("opened()").await;
    hand.sees(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_said_cannot_be_corrected() {
    let site = Site::new();
    let incident = site.incident();
    let hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/correct/upd_none"))
        .await;
    hand.sees(labels::NOTHING_TO_CORRECT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_reading_says_how_far_it_has_come() {
    let site = Site::new();
    for number in 0..101 {
        site.post(
            "/incidents",
            &json!({ "kind": "incident", "title": format!("Minor {number}"), "impact": "minor", "body": "Slow." }),
        );
    }
    let hand = Hand::invited_to(&site, labels::OPEN_101).await;
    hand.browser.before_each_page(&gate("cursor=")).await;
    hand.browser.reload().await;
    hand.sees("Loading the site … 100 open incidents so far")
        .await;
    hand.browser.run("opened()").await;
    hand.sees(labels::OPEN_101).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_could_be_read_is_tried_again() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    let down = "const real = window.fetch; window.fetch = async (request, options) => {
        if (!window.up && String(request.url ?? request).includes('/v1/')) throw new TypeError('down');
        return real(request, options);
    };";
    hand.browser.before_each_page(down).await;
    hand.browser.reload().await;
    hand.sees(labels::CANNOT_REACH_SERVER).await;
    hand.sees(labels::FORMS_KEPT).await;
    hand.browser.run("window.up = true").await;
    hand.tap(labels::TRY_AGAIN).await;
    hand.sees(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_and_a_network_that_is_gone_are_told_apart() {
    let mut site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident/say").await;
    hand.write("title", "Typed meanwhile").await;
    let look = "window.dispatchEvent(new Event('focus'))";
    let away = |words: &'static str| move |text: &Value| !text.as_str().unwrap().contains(words);
    let shown = "return document.body.innerText";

    site.server.kill9();
    hand.browser.run(look).await;
    let words = labels::NO_ANSWER_NOW_BANNER;
    hand.sees(words).await;
    hand.write("body", "And this.").await;
    site.server.start_again();
    hand.browser.run(look).await;
    hand.browser
        .wait_for_script("an answer", shown, away(words))
        .await;

    hand.browser.set_offline(true).await;
    let words = labels::OFFLINE_BANNER;
    hand.sees(words).await;
    hand.browser.set_offline(false).await;
    hand.browser
        .wait_for_script("the network", shown, away(words))
        .await;
    assert_eq!(hand.value("title").await, "Typed meanwhile");
    assert_eq!(hand.value("body").await, "And this.");
}
