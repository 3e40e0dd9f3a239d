//! The root token lists all sites and creates one.

use e2e::labels;
use e2e::{Operator, ROOT_TOKEN, Site};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn root_lists_all_sites_and_creates_one() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_root(&site).await;
    operator.wait_for_text("acme").await;
    operator.type_into("name", "Acme Mail").await;
    operator.assert_value("slug", "acme-mail").await;
    operator.replace("slug", "acme").await;
    operator.tap(labels::CREATE_SITE).await;
    operator.wait_for_text(labels::SLUG_TAKEN).await;
    operator.replace("slug", "mail").await;
    operator.tap(labels::CREATE_SITE).await;
    operator.wait_for_text(labels::MAIL_CREATED).await;
    let shown = operator
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    let token = shown.as_str().unwrap().to_owned();
    assert!(token.starts_with("ac_mail_"), "{token}");
    operator.tap(labels::GO_TO_MAIL).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.wait_for_text(labels::SITE_IS_NEW).await;
    // The device continues with the site's own token.
    let storage = operator
        .browser
        .run("return JSON.stringify(sessionStorage)")
        .await;
    assert!(storage.as_str().unwrap().contains(&token), "{storage}");
    let created = site.server.get_as(&token, "/v1/sites/mail");
    assert_eq!(created.json["name"], "Acme Mail");
    for request in operator.browser.network_requests().await {
        assert!(
            !request.url.contains(&token) && !request.url.contains(ROOT_TOKEN),
            "{}",
            request.url
        );
    }

    operator.tap(labels::ACCOUNT).await;
    operator.tap(labels::ALL_SITES).await;
    operator.tap("acme").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    // Signing out of a site opened with the root token signs out the root token.
    operator.tap(labels::ACCOUNT).await;
    operator.tap(labels::SIGN_OUT).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    let left = operator
        .browser
        .run("return JSON.stringify([localStorage, sessionStorage])")
        .await;
    assert!(!left.as_str().unwrap().contains(ROOT_TOKEN), "{left}");
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_created_once_when_the_answer_is_lost() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_root(&site).await;
    operator.type_into("name", "Acme Mail").await;
    operator.lose_next_answer("POST").await;
    operator.tap(labels::CREATE_SITE).await;
    operator.wait_for_text(labels::SAFE_TO_RESEND).await;
    operator.tap(labels::CREATE_SITE).await;
    operator.wait_for_text(labels::SECRET_LOST).await;
    operator.tap(labels::GO_TO_MAIL).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let all = site.server.get_as(ROOT_TOKEN, "/v1/sites").json;
    let slugs: Vec<_> = all["items"].as_array().unwrap().iter().collect();
    assert_eq!(
        slugs,
        [&json!({ "slug": "acme" }), &json!({ "slug": "acme-mail" })]
    );
}

/// Only the address changes between the two sites; the settings of one site must not be shown for
/// the other.
#[tokio::test(flavor = "multi_thread")]
async fn sites_of_one_token_do_not_share_settings() {
    let site = Site::with_tiers();
    site.server
        .create_site(&json!({ "slug": "mail", "name": "Acme Mail" }));
    let mut operator = Operator::signed_in_as_root(&site).await;
    operator.tap("mail").await;
    operator.wait_for_text("Acme Mail").await;
    operator.browser.run("location.hash = '#sites'").await;
    operator.tap("acme").await;
    operator.wait_for_text("Acme SMS").await;
    operator.navigate("settings").await;
    operator.assert_value("name", "Acme SMS").await;
    operator
        .browser
        .run("location.hash = '#/mail/settings'")
        .await;
    let name = "return document.getElementById('name')?.value ?? ''";
    operator
        .browser
        .wait_for_script("the other site's name", name, |name| name == "Acme Mail")
        .await;
}
