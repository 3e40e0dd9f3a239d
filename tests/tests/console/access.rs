//! Invitations, devices and tokens.

use e2e::{Operator, Site, labels};
use serde_json::json;

/// Taps a button in the row that contains this text.
async fn tap_in_row(operator: &Operator, words: &str, label: &str) {
    let script = format!(
        "const row = [...document.querySelectorAll('.rows li')].find(one => one.innerText.includes({words}));
         const button = [...(row?.querySelectorAll('button') ?? [])].find(one => one.innerText === {label});
         button?.click(); return !!button",
        words = json!(words),
        label = json!(label)
    );
    operator
        .browser
        .wait_for_script(label, &script, |found| found == true)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_invitation_is_listed_and_revoked() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings/access").await;
    operator.type_into("device", "Sam's phone").await;
    operator.tap(labels::INVITE).await;
    operator.wait_for_text("Pending invitations").await;
    operator.wait_for_text("Sam's phone").await;
    let link = operator
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    operator.browser.reload().await;
    operator.wait_for_text("Pending invitations").await;
    let secret = link.as_str().unwrap().rsplit_once('.').unwrap().1;
    let page = operator
        .browser
        .run("return document.documentElement.outerHTML")
        .await;
    assert!(
        !page.as_str().unwrap().contains(secret),
        "the list does not contain the secret"
    );
    tap_in_row(&operator, "Sam's phone", "Revoke").await;
    tap_in_row(&operator, "Sam's phone", "Yes, revoke it").await;
    operator
        .browser
        .wait_for_script("an empty list", "return document.body.innerText", |text| {
            !text.as_str().unwrap().contains("Pending invitations")
        })
        .await;
    let other = Operator::on_a_phone().await;
    other.browser.goto(link.as_str().unwrap()).await;
    other
        .wait_for_text("This invitation was used, was revoked or has expired. Ask for a new one.")
        .await;
    let text = other.browser.run("return document.body.innerText").await;
    let text = text.as_str().unwrap();
    assert_eq!(
        text.matches("was used").count(),
        1,
        "shown more than once: {text}"
    );
    for untrue in [labels::ACCEPT_INVITATION, "works once", "acme"] {
        assert!(!text.contains(untrue), "{untrue}: {text}");
    }
    assert_eq!(site.get("/invitations").json["items"], json!([]));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invitation_link_is_shown_whole_and_copied() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings/access").await;
    let origin = site.server.url();
    let permission = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    operator
        .browser
        .devtools("Browser.grantPermissions", permission)
        .await;
    operator.tap(labels::INVITE).await;
    operator
        .wait_for_text("Scan it with the other device's camera")
        .await;
    let cut = operator
        .browser
        .run(
            "const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.querySelector('.secret');
             return scrollWidth > clientWidth || scrollHeight > clientHeight + 1",
        )
        .await;
    assert_eq!(cut, false);
    operator.tap("Copy").await;
    operator.wait_for_text("Copied").await;
    let copied = operator
        .browser
        .run("return navigator.clipboard.readText()")
        .await;
    let link = operator
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    assert_eq!(copied, link);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_ones_own_device_warns_and_signs_out() {
    let site = Site::with_tiers();
    let invited = site.create("/invitations", &json!({ "role": "owner", "name": "Robin" }));
    let mut operator = Operator::on_a_phone().await;
    operator
        .browser
        .goto(invited["url"].as_str().unwrap())
        .await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.navigate("settings/access").await;
    operator.wait_for_text("This device").await;
    let marked = operator
        .browser
        .run("return [...document.querySelectorAll('.rows li')].filter(one => one.innerText.includes('This device')).map(one => one.innerText.split('\\n')[0])")
        .await;
    assert_eq!(marked.as_array().unwrap().len(), 1, "{marked}");
    assert!(marked[0].as_str().unwrap().starts_with("Robin"), "{marked}");
    tap_in_row(&operator, "This device", "Revoke").await;
    operator
        .wait_for_text("This device: you will be signed out.")
        .await;
    assert_eq!(
        site.get("/tokens").json["items"].as_array().unwrap().len(),
        2
    );
    tap_in_row(&operator, "This device", "Yes, revoke this device").await;
    operator.wait_for_text("Sign in to acme").await;
    assert_eq!(
        site.get("/tokens").json["items"].as_array().unwrap().len(),
        1
    );
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_page_names_site_role_and_expiry() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.invitation()).await;
    operator.wait_for_text(labels::INVITED_TO_ACME).await;
    operator.wait_for_text("Editor – publishes and edits").await;
    operator
        .wait_for_text("This link works once and expires at")
        .await;
    operator.assert_value("device", "Robin").await;
    operator.replace("device", "Robin's phone").await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    assert!(site.get("/tokens").text().contains("Robin's phone"));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_cannot_revoke_an_owners_invitation() {
    let site = Site::with_tiers();
    site.create("/invitations", &json!({ "role": "owner", "name": "Boss" }));
    site.create(
        "/invitations",
        &json!({ "role": "viewer", "name": "Screen" }),
    );
    let operator = Operator::invited(&site).await;
    operator.navigate("settings/access").await;
    operator.wait_for_text("Screen").await;
    let buttons = |name: &str| {
        format!(
            "return [...document.querySelectorAll('.rows li')].find(one => one.innerText.includes('{name}')).querySelectorAll('button').length"
        )
    };
    assert_eq!(operator.browser.run(&buttons("Screen")).await, 1);
    assert_eq!(operator.browser.run(&buttons("Boss")).await, 0);
}
