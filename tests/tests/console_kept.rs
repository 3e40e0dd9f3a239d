//! Nothing typed is ever lost, and nobody else finds what is kept.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_write_one_form() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident/say").await;
    let first = hand.browser.tab().await;
    let address = hand.browser.run("return location.href").await;
    let second = hand.browser.open_window(address.as_str().unwrap()).await;
    hand.sees(labels::MESSAGE_STEP).await;
    hand.browser.turn_to(&first).await;
    hand.write("title", "Typed in the first").await;
    hand.browser.turn_to(&second).await;
    let value = |id: &str| format!("return document.getElementById('{id}').value");
    hand.browser
        .wait_for_script("what the other typed", &value("title"), |text| {
            text == "Typed in the first"
        })
        .await;
    hand.write("body", "Typed in the second.").await;
    // One of them is killed; the other has it all, and so does whoever comes next.
    hand.browser.close(&second).await;
    hand.browser.turn_to(&first).await;
    hand.browser
        .wait_for_script("what the other typed", &value("body"), |text| {
            text == "Typed in the second."
        })
        .await;
    hand.browser.reload().await;
    assert_eq!(hand.value("title").await, "Typed in the first");
    assert_eq!(hand.value("body").await, "Typed in the second.");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_tab_has_sent_the_other_does_not_send_again() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/withdraw")).await;
    hand.write("reason", "Our own monitor.").await;
    let first = hand.browser.tab().await;
    let address = hand.browser.run("return location.href").await;
    let second = hand.browser.open_window(address.as_str().unwrap()).await;
    hand.tap(labels::SAVE_WITHDRAWAL).await;
    hand.sees(labels::WITHDRAWN_OWN_MONITOR).await;
    hand.browser.close(&second).await;
    hand.browser.turn_to(&first).await;
    let value = "return document.getElementById('reason').value";
    hand.browser
        .wait_for_script("an empty form", value, |text| text == "")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_browser_has_kept_every_form() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/resolve")).await;
    hand.write("body", "It was a certificate.").await;
    hand.tap(labels::CHECK_WROTE).await;
    hand.again().await;
    hand.browser.goto(&site.console("")).await;
    hand.tap(labels::DRAFT_RESOLVE).await;
    assert_eq!(hand.value("body").await, "It was a certificate.");
    assert!(
        hand.value("check")
            .await
            .starts_with("Check what you wrote between")
    );
    // And can be given up.
    hand.go("").await;
    hand.tap(labels::DISCARD).await;
    hand.tap(labels::KEEP).await;
    hand.tap(labels::DISCARD).await;
    hand.tap(labels::DISCARD_SURE).await;
    let kept = "return Object.keys(localStorage).filter(key => key.includes(':draft:')).length";
    hand.browser
        .wait_for_script("nothing kept", kept, |left| left == 0)
        .await;
}

/// In another tab as well.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_token_is_left_after_signing_out() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("")).await;
    hand.write("token", &site.token).await;
    hand.tap(labels::REMEMBER_DEVICE).await;
    hand.tap(labels::SIGN_IN).await;
    hand.sees(labels::NONE_OPEN).await;
    let first = hand.browser.tab().await;
    let second = hand.browser.open_window(&site.console("")).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.tap(labels::ACCOUNT).await;
    hand.tap(labels::SIGN_OUT).await;
    hand.sees(labels::SIGN_IN).await;
    hand.browser.close(&second).await;
    hand.browser.turn_to(&first).await;
    hand.sees(labels::SIGN_IN).await;
    let left = hand
        .browser
        .run("return JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, name])")
        .await;
    assert!(!left.as_str().unwrap().contains(&site.token), "{left}");
    for request in hand.browser.network_requests().await {
        assert!(!request.url.contains(&site.token), "{}", request.url);
    }
    hand.assert_calm().await;
}

/// What users and operators type is text, wherever it is shown.
#[tokio::test(flavor = "multi_thread")]
async fn markup_stays_text() {
    let site = Site::new();
    let evil = "<img src=x onerror=\"window.executed = true\"><b>x</b>";
    site.patch("", &json!({ "name": evil, "contacts": [{ "kind": "link", "label": evil, "value": "https://acme.example" }] }));
    site.post(
        "/components",
        &json!({ "name": evil, "group": evil, "slug": "evil" }),
    );
    let made = site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": evil, "impact": "major", "body": evil, "advice": evil, "works": [evil],
            "components": [{ "id": "evil" }] }),
    );
    site.post(
        "/templates",
        &json!({ "name": evil, "title": evil, "body": evil }),
    );
    let incident = made["id"].as_str().unwrap().to_owned();
    let hand = Hand::of_owner(&site, "").await;
    for place in [
        String::new(),
        format!("incidents/{incident}"),
        format!("incidents/{incident}/update"),
        format!("incidents/{incident}/edit"),
        format!("incidents/{incident}/share"),
        "new/incident/say".to_owned(),
        "components".to_owned(),
        "settings/templates".to_owned(),
        "settings".to_owned(),
        "settings/journal".to_owned(),
    ] {
        hand.browser
            .wait_for("a view", |tree| tree.element("h1").is_some())
            .await;
        hand.go(&place).await;
        let found = "return document.querySelectorAll('main img, main b').length + (window.executed ? 1 : 0)";
        assert_eq!(hand.browser.run(found).await, 0, "{place}");
    }
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_elsewhere_waits_until_it_is_copied() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    let made = hand.value("text").await;
    hand.write_anew("text", "Ring us instead.").await;
    hand.browser.reload().await;
    assert_eq!(hand.value("text").await, "Ring us instead.");
    hand.go("").await;
    hand.tap(labels::DRAFT_SHARE).await;
    assert_eq!(hand.value("text").await, "Ring us instead.");
    let text = "return document.getElementById('text').value";
    hand.tap(labels::RESTORE_SHARE_TEXT).await;
    hand.browser
        .wait_for_script("the words made for it", text, |text| text == made.as_str())
        .await;

    hand.write_anew("text", "Ring us.").await;
    let origin = json!({ "origin": site.server.url(), "permissions": ["clipboardSanitizedWrite"] });
    hand.browser
        .devtools("Browser.grantPermissions", origin)
        .await;
    hand.tap(labels::COPY_TEXT).await;
    hand.sees(labels::TEXT_COPIED).await;
    hand.go("").await;
    let tree = hand.sees(labels::ONE_OPEN).await;
    assert!(!tree.text().contains(labels::SHARE_TEXT), "{}", tree.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_devices_name_waits_for_the_link_to_be_opened_again() {
    let site = Site::new();
    let link = site.invitation();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&link).await;
    hand.write_anew("device", "Robin's phone").await;
    hand.browser.reload().await;
    hand.browser.goto("about:blank").await;
    hand.browser.goto(&link).await;
    assert_eq!(hand.value("device").await, "Robin's phone");
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    assert!(site.get("/tokens").text().contains("Robin's phone"));
    let kept = "return Object.keys(localStorage).filter(key => key.includes(':draft:')).length";
    assert_eq!(hand.browser.run(kept).await, 0);
}
