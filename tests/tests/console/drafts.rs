//! Drafts are never lost, and nothing is left for the next user of the device.

use e2e::{Operator, Site, labels};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_share_one_draft() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident/say").await;
    let first = operator.browser.tab().await;
    let address = operator.browser.run("return location.href").await;
    let second = operator
        .browser
        .open_window(address.as_str().unwrap())
        .await;
    operator.wait_for_text(labels::MESSAGE_STEP).await;
    operator.browser.switch_to(&first).await;
    operator.type_into("title", "Typed in the first").await;
    operator.browser.switch_to(&second).await;
    let value = |id: &str| format!("return document.getElementById('{id}').value");
    operator
        .browser
        .wait_for_script("the other tab's text", &value("title"), |text| {
            text == "Typed in the first"
        })
        .await;
    operator.type_into("body", "Typed in the second.").await;
    // One tab is closed; the other one, and the same one after a reload, has the whole draft.
    operator.browser.close(&second).await;
    operator.browser.switch_to(&first).await;
    operator
        .browser
        .wait_for_script("the other tab's text", &value("body"), |text| {
            text == "Typed in the second."
        })
        .await;
    operator.browser.reload().await;
    operator.assert_value("title", "Typed in the first").await;
    operator.assert_value("body", "Typed in the second.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_in_one_tab_is_emptied_in_the_other() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/withdraw"))
        .await;
    operator.type_into("reason", "Our own monitor.").await;
    let first = operator.browser.tab().await;
    let address = operator.browser.run("return location.href").await;
    let second = operator
        .browser
        .open_window(address.as_str().unwrap())
        .await;
    operator.tap(labels::SAVE_WITHDRAWAL).await;
    operator.wait_for_text(labels::WITHDRAWN_OWN_MONITOR).await;
    operator.browser.close(&second).await;
    operator.browser.switch_to(&first).await;
    let value = "return document.getElementById('reason').value";
    operator
        .browser
        .wait_for_script("an empty form", value, |text| text == "")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_survive_a_browser_crash() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/resolve"))
        .await;
    operator.type_into("body", "It was a certificate.").await;
    operator.tap(labels::CHECK_WROTE).await;
    operator.restart_browser().await;
    operator.browser.goto(&site.console("")).await;
    operator.tap(labels::DRAFT_RESOLVE).await;
    operator.assert_value("body", "It was a certificate.").await;
    operator
        .wait_for_value("check", |text| {
            text.starts_with("Check what you wrote between")
        })
        .await;
    // The draft can be discarded.
    operator.navigate("").await;
    operator.tap(labels::DISCARD).await;
    operator.tap(labels::KEEP).await;
    operator.tap(labels::DISCARD).await;
    operator.tap(labels::CONFIRM_DISCARD).await;
    let stored_drafts =
        "return Object.keys(localStorage).filter(key => key.includes(':draft:')).length";
    operator
        .browser
        .wait_for_script("nothing kept", stored_drafts, |left| left == 0)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_removes_the_token_in_every_tab() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("")).await;
    operator.type_into("token", &site.token).await;
    operator.tap(labels::REMEMBER_DEVICE).await;
    operator.tap(labels::SIGN_IN).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let first = operator.browser.tab().await;
    let second = operator.browser.open_window(&site.console("")).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.tap(labels::ACCOUNT).await;
    operator.tap(labels::SIGN_OUT).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    operator.browser.close(&second).await;
    operator.browser.switch_to(&first).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    let left = operator
        .browser
        .run("return JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, name])")
        .await;
    assert!(!left.as_str().unwrap().contains(&site.token), "{left}");
    for request in operator.browser.network_requests().await {
        assert!(!request.url.contains(&site.token), "{}", request.url);
    }
    operator.assert_no_errors().await;
}

/// Texts of users and operators are never interpreted as markup.
#[tokio::test(flavor = "multi_thread")]
async fn markup_in_texts_is_not_interpreted() {
    let site = Site::with_tiers();
    let evil = "<img src=x onerror=\"window.executed = true\"><b>x</b>";
    site.patch("", &json!({ "name": evil, "contacts": [{ "kind": "link", "label": evil, "value": "https://acme.example" }] }));
    site.create(
        "/components",
        &json!({ "name": evil, "group": evil, "slug": "evil" }),
    );
    let created = site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": evil, "impact": "major", "body": evil, "advice": evil, "works": [evil],
            "components": [{ "id": "evil" }] }),
    );
    site.create(
        "/templates",
        &json!({ "name": evil, "title": evil, "body": evil }),
    );
    let incident = created["id"].as_str().unwrap().to_owned();
    let operator = Operator::signed_in_as_owner(&site, "").await;
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
        operator
            .browser
            .wait_for("a view", |tree| tree.element("h1").is_some())
            .await;
        operator.navigate(&place).await;
        let found = "return document.querySelectorAll('main img, main b').length + (window.executed ? 1 : 0)";
        assert_eq!(operator.browser.run(found).await, 0, "{place}");
    }
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_share_text_is_kept_until_it_is_copied() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    let created = operator.value("text").await;
    operator.replace("text", "Ring us instead.").await;
    operator.browser.reload().await;
    operator.assert_value("text", "Ring us instead.").await;
    operator.navigate("").await;
    operator.tap(labels::DRAFT_SHARE).await;
    operator.assert_value("text", "Ring us instead.").await;
    let text = "return document.getElementById('text').value";
    operator.tap(labels::RESTORE_SHARE_TEXT).await;
    operator
        .browser
        .wait_for_script("the composed text", text, |text| text == created.as_str())
        .await;

    operator.replace("text", "Ring us.").await;
    let origin = json!({ "origin": site.server.url(), "permissions": ["clipboardSanitizedWrite"] });
    operator
        .browser
        .devtools("Browser.grantPermissions", origin)
        .await;
    operator.tap(labels::COPY_TEXT).await;
    operator.wait_for_text(labels::TEXT_COPIED).await;
    operator.navigate("").await;
    let tree = operator.wait_for_text(labels::ONE_OPEN).await;
    assert!(!tree.text().contains(labels::SHARE_TEXT), "{}", tree.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_name_is_kept_until_the_link_is_opened_again() {
    let site = Site::with_tiers();
    let link = site.invitation();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&link).await;
    operator.replace("device", "Robin's phone").await;
    operator.browser.reload().await;
    operator.browser.goto("about:blank").await;
    operator.browser.goto(&link).await;
    operator.assert_value("device", "Robin's phone").await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    assert!(site.get("/tokens").text().contains("Robin's phone"));
    let stored_drafts =
        "return Object.keys(localStorage).filter(key => key.includes(':draft:')).length";
    assert_eq!(operator.browser.run(stored_drafts).await, 0);
}
