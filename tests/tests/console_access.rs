//! Invitations, devices and tokens.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::json;

/// Taps a button in the row that holds these words.
async fn tap_in_row(hand: &Hand, words: &str, label: &str) {
    let script = format!(
        "const row = [...document.querySelectorAll('.rows li')].find(one => one.innerText.includes({words}));
         const button = [...(row?.querySelectorAll('button') ?? [])].find(one => one.innerText === {label});
         button?.click(); return !!button",
        words = json!(words),
        label = json!(label)
    );
    hand.browser
        .wait_for_script(label, &script, |found| found == true)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_invitation_is_listed_and_revoked() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings/access").await;
    hand.write("device", "Sam's phone").await;
    hand.tap(labels::INVITE).await;
    hand.sees("Pending invitations").await;
    hand.sees("Sam's phone").await;
    let link = hand
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    hand.browser.reload().await;
    hand.sees("Pending invitations").await;
    let secret = link.as_str().unwrap().rsplit_once('.').unwrap().1;
    let page = hand
        .browser
        .run("return document.documentElement.outerHTML")
        .await;
    assert!(!page.as_str().unwrap().contains(secret), "never the secret");
    tap_in_row(&hand, "Sam's phone", "Revoke").await;
    tap_in_row(&hand, "Sam's phone", "Yes, revoke it").await;
    hand.browser
        .wait_for_script("an empty list", "return document.body.innerText", |text| {
            !text.as_str().unwrap().contains("Pending invitations")
        })
        .await;
    let other = Hand::with_a_phone().await;
    other.browser.goto(link.as_str().unwrap()).await;
    other
        .sees("This invitation was used, was revoked or has expired. Ask for a new one.")
        .await;
    let text = other.browser.run("return document.body.innerText").await;
    let text = text.as_str().unwrap();
    assert_eq!(text.matches("was used").count(), 1, "said once: {text}");
    for untrue in [labels::ACCEPT_INVITATION, "works once", "acme"] {
        assert!(!text.contains(untrue), "{untrue}: {text}");
    }
    assert_eq!(site.get("/invitations").json["items"], json!([]));
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invitation_link_is_shown_whole_and_copied() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings/access").await;
    let origin = site.server.url();
    let permission = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    hand.browser
        .devtools("Browser.grantPermissions", permission)
        .await;
    hand.tap(labels::INVITE).await;
    hand.sees("Scan it with the other device's camera").await;
    let cut = hand
        .browser
        .run(
            "const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.querySelector('.secret');
             return scrollWidth > clientWidth || scrollHeight > clientHeight + 1",
        )
        .await;
    assert_eq!(cut, false);
    hand.tap("Copy").await;
    hand.sees("Copied").await;
    let copied = hand
        .browser
        .run("return navigator.clipboard.readText()")
        .await;
    let link = hand
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    assert_eq!(copied, link);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_the_own_device_says_so_and_signs_out() {
    let site = Site::new();
    let invited = site.post("/invitations", &json!({ "role": "owner", "name": "Robin" }));
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(invited["url"].as_str().unwrap()).await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.go("settings/access").await;
    hand.sees("This device").await;
    let marked = hand
        .browser
        .run("return [...document.querySelectorAll('.rows li')].filter(one => one.innerText.includes('This device')).map(one => one.innerText.split('\\n')[0])")
        .await;
    assert_eq!(marked.as_array().unwrap().len(), 1, "{marked}");
    assert!(marked[0].as_str().unwrap().starts_with("Robin"), "{marked}");
    tap_in_row(&hand, "This device", "Revoke").await;
    hand.sees("This device: you will be signed out.").await;
    assert_eq!(
        site.get("/tokens").json["items"].as_array().unwrap().len(),
        2
    );
    tap_in_row(&hand, "This device", "Yes, revoke this device").await;
    hand.sees("Sign in to acme").await;
    assert_eq!(
        site.get("/tokens").json["items"].as_array().unwrap().len(),
        1
    );
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_invited_reads_site_role_and_expiry() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.invitation()).await;
    hand.sees(labels::INVITED_TO_ACME).await;
    hand.sees("Editor – publishes and edits").await;
    hand.sees("This link works once and expires at").await;
    assert_eq!(hand.value("device").await, "Robin");
    hand.write_anew("device", "Robin's phone").await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    assert!(site.get("/tokens").text().contains("Robin's phone"));
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_cannot_revoke_an_owners_invitation() {
    let site = Site::new();
    site.post("/invitations", &json!({ "role": "owner", "name": "Boss" }));
    site.post(
        "/invitations",
        &json!({ "role": "viewer", "name": "Screen" }),
    );
    let hand = Hand::invited(&site).await;
    hand.go("settings/access").await;
    hand.sees("Screen").await;
    let buttons = |name: &str| {
        format!(
            "return [...document.querySelectorAll('.rows li')].find(one => one.innerText.includes('{name}')).querySelectorAll('button').length"
        )
    };
    assert_eq!(hand.browser.run(&buttons("Screen")).await, 1);
    assert_eq!(hand.browser.run(&buttons("Boss")).await, 0);
}
