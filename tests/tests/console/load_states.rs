//! Empty, loading, unreachable and missing states.

use e2e::{Node, Operator, Site, labels};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_site_lists_the_first_steps() {
    let site = Site::empty();
    let operator = Operator::signed_in_as_owner(&site, "").await;
    for (place, words) in [
        ("", labels::SITE_IS_NEW_STEPS),
        ("new/incident", labels::NO_COMPONENTS_TO_PICK),
        ("maintenance", labels::NO_MAINTENANCE),
        ("resolved", labels::NO_HISTORY),
        ("settings/templates", labels::NO_TEMPLATES),
        ("components", labels::NO_COMPONENTS),
    ] {
        operator
            .browser
            .wait_for("the console", |tree| tree.element("h1").is_some())
            .await;
        operator.navigate(place).await;
        operator.wait_for_text(words).await;
    }
    operator.assert_no_errors().await;
}

/// Holds requests whose address contains this until `opened` is called.
fn hold_until_opened(part: &str) -> String {
    format!(
        "const real = window.fetch, gate = new Promise(open => window.opened = open);
         window.fetch = async (request, options) => {{
             if (String(request.url ?? request).includes('{part}')) await gate;
             return real(request, options);
         }};"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_is_announced() {
    let site = Site::with_tiers();
    let operator = Operator::invited(&site).await;
    operator
        .browser
        .before_each_page(&hold_until_opened("/v1/"))
        .await;
    operator.browser.reload().await;
    let tree = operator.wait_for_text(labels::LOADING_SITE).await;
    let is_busy = |node: &Node| node.attribute("aria-busy") == Some("true");
    assert!(tree.find(is_busy).is_some(), "{}", tree.text());
    operator.browser.run("opened()").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn correcting_a_missing_update_shows_an_error() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/correct/upd_none"))
        .await;
    operator.wait_for_text(labels::UPDATE_NOT_THERE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_a_large_site_shows_progress() {
    let site = Site::with_tiers();
    for number in 0..101 {
        site.create(
            "/incidents",
            &json!({ "kind": "incident", "title": format!("Minor {number}"), "impact": "minor", "body": "Slow." }),
        );
    }
    let operator = Operator::invited_until_shown(&site, labels::OPEN_101).await;
    operator
        .browser
        .before_each_page(&hold_until_opened("cursor="))
        .await;
    operator.browser.reload().await;
    operator
        .wait_for_text("Loading the site … 100 open incidents so far")
        .await;
    operator.browser.run("opened()").await;
    operator.wait_for_text(labels::OPEN_101).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_first_load_can_be_retried() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    let down = "const real = window.fetch; window.fetch = async (request, options) => {
        if (!window.up && String(request.url ?? request).includes('/v1/')) throw new TypeError('down');
        return real(request, options);
    };";
    operator.browser.before_each_page(down).await;
    operator.browser.reload().await;
    operator.wait_for_text(labels::CANNOT_REACH_SERVER).await;
    operator.wait_for_text(labels::DRAFTS_KEPT).await;
    operator.browser.run("window.up = true").await;
    operator.tap(labels::TRY_AGAIN).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_and_an_unreachable_server_are_distinguished() {
    let mut site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident/say").await;
    operator.type_into("title", "Typed meanwhile").await;
    let refocus = "window.dispatchEvent(new Event('focus'))";
    let lacks = |words: &'static str| move |text: &Value| !text.as_str().unwrap().contains(words);
    let shown = "return document.body.innerText";

    site.server.kill();
    operator.browser.run(refocus).await;
    let words = labels::NO_ANSWER_BANNER;
    operator.wait_for_text(words).await;
    operator.type_into("body", "And this.").await;
    site.server.start_again();
    operator.browser.run(refocus).await;
    operator
        .browser
        .wait_for_script("an answer", shown, lacks(words))
        .await;

    operator.browser.set_offline(true).await;
    let words = labels::OFFLINE_BANNER;
    operator.wait_for_text(words).await;
    operator.browser.set_offline(false).await;
    operator
        .browser
        .wait_for_script("the network", shown, lacks(words))
        .await;
    operator.assert_value("title", "Typed meanwhile").await;
    operator.assert_value("body", "And this.").await;
}
