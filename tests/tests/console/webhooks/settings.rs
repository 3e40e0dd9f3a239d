//! Creating, changing, enabling, rotating and deleting webhooks, and the roles that may do so.

use e2e::{Behaviour, Operator, Sink, Site, labels};
use serde_json::json;

use super::{SOON, owner_at, text};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_creates_a_webhook_and_sees_its_secret_once() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let mut operator = Operator::signed_in_as_owner(&site, "settings/webhooks").await;
    operator.wait_for_text("No webhooks yet.").await;
    operator.tap("New webhook").await;
    operator.type_into("url", &sink.url("/hook")).await;
    operator.tap("Incident resolved").await;
    operator.tap("Sending").await;
    operator.tap("Create webhook").await;
    operator.wait_for_text("Webhook created").await;
    let secret = "return document.querySelector('.secret').value";
    let secret = operator.browser.run(secret).await;
    let secret = secret.as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    operator.tap("Go to webhook").await;
    operator.wait_for_text("Nothing was sent yet.").await;
    let page = operator.browser.run("return document.body.innerHTML").await;
    assert!(!page.as_str().unwrap().contains(secret), "shown again");
    operator
        .wait_for_text("JSON · Incident resolved · Sending")
        .await;
    let listed = &site.get("/webhooks").json["items"][0];
    assert_eq!(listed["events"], json!(["incident.resolved"]));
    assert_eq!(listed["components"].as_array().unwrap().len(), 1);
    operator.navigate("settings/webhooks").await;
    operator.wait_for_text("127.0.0.1").await;
    operator.wait_for_text("Enabled").await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_url_is_an_error_of_its_field() {
    // This server sends to public addresses only; the console shows the errors in its answers.
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings/webhooks/new").await;
    operator.wait_for_text("New webhook").await;
    let error = "return document.getElementById('url-error')?.innerText ?? ''";
    for (url, expected) in [
        ("hooks", "Must be a full URL"),
        ("https://10.0.0.1/hook", "Must contain a host name"),
        ("http://hooks.example.com/hook", "Must start with https://"),
    ] {
        operator.replace("url", url).await;
        operator.tap("Create webhook").await;
        operator
            .browser
            .wait_for_script(expected, error, |text| {
                text.as_str().is_some_and(|text| text.contains(expected))
            })
            .await;
    }
    assert_eq!(site.get("/webhooks").json["items"], json!([]));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_component_stays_until_it_is_deselected() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let id = site.create_webhook(&sink, "/hook", &json!({ "components": ["reports"] }));
    site.delete("/components/reports");
    let saved = || site.get(&format!("/webhooks/{id}")).json;
    let deleted = saved()["components"].clone();
    assert_eq!(deleted.as_array().map(Vec::len), Some(1));
    let edit = format!("settings/webhooks/{id}/edit");
    let mut operator = Operator::signed_in_as_owner(&site, &edit).await;
    operator.tap("Incident resolved").await;
    operator.tap("Save webhook").await;
    operator.wait_for_text("Webhook saved.").await;
    assert_eq!(saved()["components"], deleted, "an empty list means all");
    assert_eq!(saved()["events"], json!(["incident.resolved"]));
    operator.navigate(&edit).await;
    operator.tap("Deleted component").await;
    operator.tap("Save webhook").await;
    operator.wait_for_text("Webhook saved.").await;
    assert_eq!(saved()["components"], json!([]));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_changed_webhook_shows_both_versions() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let id = site.create_webhook(&sink, "/hook", &json!({}));
    let mut operator =
        Operator::signed_in_as_owner(&site, &format!("settings/webhooks/{id}/edit")).await;
    operator.replace("url", &sink.url("/mine")).await;
    site.patch(
        &format!("/webhooks/{id}"),
        &json!({ "url": sink.url("/theirs"), "events": ["incident.published"] }),
    );
    operator.tap("Save webhook").await;
    operator.wait_for_conflict().await;
    operator.tap(labels::KEEP_DRAFT).await;
    operator.tap("Save webhook").await;
    operator.wait_for_text("Webhook saved.").await;
    let saved = site.get(&format!("/webhooks/{id}")).json;
    assert_eq!(saved["url"], sink.url("/mine").as_str());
    assert_eq!(saved["events"], json!(["incident.published"]));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_disabled_enabled_and_deleted() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let id = site.create_webhook(&sink, "/hook", &json!({}));
    let mut operator = owner_at(&site, &id).await;
    operator.tap("Disable").await;
    operator.tap("Yes, disable it").await;
    operator.wait_for_text("An owner disabled it.").await;
    let is_enabled = || site.get(&format!("/webhooks/{id}")).json["enabled"].clone();
    assert_eq!(is_enabled(), false);
    operator.tap("Enable").await;
    operator.wait_for_text("Send a test").await;
    assert_eq!(is_enabled(), true);
    operator.tap("Delete").await;
    operator.tap("Yes, delete it").await;
    operator.wait_for_text("Webhook deleted.").await;
    operator.wait_for_text("No webhooks yet.").await;
    assert_eq!(site.get("/webhooks").json["items"], json!([]));
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_signs_beside_the_former_one() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let created = site.create("/webhooks", &json!({ "url": sink.url("/hook") }));
    let id = created["id"].as_str().unwrap();
    let mut operator = owner_at(&site, id).await;
    operator.tap("Rotate secret").await;
    operator
        .wait_for_text("For 24 hours, messages are signed with both secrets.")
        .await;
    operator.tap("Yes, rotate it").await;
    operator
        .wait_for_text("Messages are signed with both secrets until")
        .await;
    let secret = "return document.querySelector('.secret').value";
    let secret = operator.browser.run(secret).await;
    assert_ne!(secret, created["secret"]);
    operator.tap("Send a test").await;
    operator.wait_for_text("Test delivered.").await;
    let received = sink.wait_for_count("/hook", 1, SOON);
    let signatures = received[0].header("webhook-signature").split(' ').count();
    assert_eq!(signatures, 2);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_sees_no_urls_and_changes_nothing() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let id = site.create_webhook(&sink, "/very-secret-path", &json!({}));
    let operator = Operator::invited(&site).await;
    operator.navigate("settings/webhooks").await;
    operator.wait_for_text("127.0.0.1").await;
    assert!(!text(&operator).await.contains("New webhook"));
    operator.navigate(&format!("settings/webhooks/{id}")).await;
    operator.wait_for_text("Nothing was sent yet.").await;
    let page = operator.browser.run("return document.body.innerHTML").await;
    let page = page.as_str().unwrap();
    for hidden in ["very-secret-path", "Send a test", "Rotate secret", "Delete"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    operator
        .navigate(&format!("settings/webhooks/{id}/edit"))
        .await;
    operator
        .wait_for_text("You need the Owner role for this")
        .await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_disables_itself_is_in_the_journal() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    let id = site.create_webhook(&sink, "/hook", &json!({}));
    sink.set("/hook", Behaviour::Status(410));
    let mut operator = owner_at(&site, &id).await;
    operator.tap("Send a test").await;
    operator.wait_for_text("Test failed. Status 410").await;
    operator
        .wait_for_text("Its endpoint answered 410: it does not exist any more.")
        .await;
    operator.navigate("settings/journal").await;
    operator
        .wait_for_text("Webhook disabled: 127.0.0.1. Its endpoint answered 410")
        .await;
    operator.wait_for_text("Automatic ·").await;
    operator.assert_no_errors().await;
}
