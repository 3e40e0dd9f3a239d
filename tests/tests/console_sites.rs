//! The deployment's own token: all sites, and a new one.

mod desk;

use desk::{Hand, Site};
use e2e::ROOT_TOKEN;
use e2e::labels;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn root_sees_all_sites_and_makes_one() {
    let site = Site::new();
    let mut hand = Hand::of_root(&site).await;
    hand.sees("acme").await;
    hand.write("name", "Acme Mail").await;
    assert_eq!(hand.value("slug").await, "acme-mail");
    hand.write_anew("slug", "acme").await;
    hand.tap(labels::CREATE_SITE).await;
    hand.sees(labels::SLUG_TAKEN).await;
    hand.write_anew("slug", "mail").await;
    hand.tap(labels::CREATE_SITE).await;
    hand.sees(labels::MAIL_CREATED).await;
    let shown = hand
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    let token = shown.as_str().unwrap().to_owned();
    assert!(token.starts_with("ac_mail_"), "{token}");
    hand.tap(labels::GO_TO_MAIL).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.sees(labels::SITE_IS_NEW).await;
    // It is the site's own token that this device goes on with.
    let kept = hand
        .browser
        .run("return JSON.stringify(sessionStorage)")
        .await;
    assert!(kept.as_str().unwrap().contains(&token), "{kept}");
    let made = site.server.get_as(&token, "/v1/sites/mail");
    assert_eq!(made.json["name"], "Acme Mail");
    for request in hand.browser.network_requests().await {
        assert!(
            !request.url.contains(&token) && !request.url.contains(ROOT_TOKEN),
            "{}",
            request.url
        );
    }

    hand.tap(labels::ACCOUNT).await;
    hand.tap(labels::ALL_SITES).await;
    hand.tap("acme").await;
    hand.sees(labels::NONE_OPEN).await;
    // Signing out of one that root opened is signing out root.
    hand.tap(labels::ACCOUNT).await;
    hand.tap(labels::SIGN_OUT).await;
    hand.sees(labels::SIGN_IN).await;
    let left = hand
        .browser
        .run("return JSON.stringify([localStorage, sessionStorage])")
        .await;
    assert!(!left.as_str().unwrap().contains(ROOT_TOKEN), "{left}");
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_whose_answer_was_lost_is_made_once() {
    let site = Site::new();
    let mut hand = Hand::of_root(&site).await;
    hand.write("name", "Acme Mail").await;
    hand.lose_an_answer("POST").await;
    hand.tap(labels::CREATE_SITE).await;
    hand.sees(labels::SAFE_TO_RESEND).await;
    hand.tap(labels::CREATE_SITE).await;
    hand.sees(labels::SECRET_LOST).await;
    hand.tap(labels::GO_TO_MAIL).await;
    hand.sees(labels::NONE_OPEN).await;
    let all = site.server.get_as(ROOT_TOKEN, "/v1/sites").json;
    let slugs: Vec<_> = all["items"].as_array().unwrap().iter().collect();
    assert_eq!(
        slugs,
        [&json!({ "slug": "acme" }), &json!({ "slug": "acme-mail" })]
    );
}

/// Settings of the one are never taken for those of the other: the address alone changes between them.
#[tokio::test(flavor = "multi_thread")]
async fn sites_of_one_token_are_kept_apart() {
    let site = Site::new();
    site.server.post(
        "/v1/sites",
        ROOT_TOKEN,
        &json!({ "slug": "mail", "name": "Acme Mail" }),
    );
    let mut hand = Hand::of_root(&site).await;
    hand.tap("mail").await;
    hand.sees("Acme Mail").await;
    hand.browser.run("location.hash = '#sites'").await;
    hand.tap("acme").await;
    hand.sees("Acme SMS").await;
    hand.go("settings").await;
    assert_eq!(hand.value("name").await, "Acme SMS");
    hand.browser.run("location.hash = '#/mail/settings'").await;
    let name = "return document.getElementById('name')?.value ?? ''";
    hand.browser
        .wait_for_script("the other's name", name, |name| name == "Acme Mail")
        .await;
}
