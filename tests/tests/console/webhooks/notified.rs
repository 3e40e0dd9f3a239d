//! The receivers of a post, stated before it is sent, and the Notify switch.

use e2e::{Operator, Sink, Site, labels};
use serde_json::json;

use super::{SOON, text};

/// Creates a chat, a webhook for all events, and one for resolutions.
fn create_receivers(site: &Site, sink: &Sink) {
    site.create_webhook(sink, "/chat", &json!({ "format": "slack" }));
    site.create_webhook(sink, "/all", &json!({}));
    site.create_webhook(
        sink,
        "/resolutions",
        &json!({ "events": ["incident.resolved"] }),
    );
}

/// Fills in an incident up to its preview.
async fn fill_in(operator: &mut Operator, severity: &str) {
    operator.navigate("new/incident").await;
    operator.tap(severity).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Messages are delayed").await;
    operator.type_into("body", "We are looking into it.").await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text("Notify chat").await;
}

/// Taps a choice of the Notify switch.
async fn choose_notify(operator: &Operator, label: &str) {
    let script = format!(
        "const found = [...document.querySelectorAll('#notify button')].find(one => one.innerText === '{label}');
         found?.click(); return !!found"
    );
    operator
        .browser
        .wait_for_script(label, &script, |found| found == true)
        .await;
}

/// Waits until this choice of the Notify switch is pressed.
async fn assert_notify(operator: &Operator, label: &str) {
    let script = "return document.querySelector('#notify [aria-pressed=true]')?.innerText ?? null";
    operator
        .browser
        .assert_eventually("the switch", script, json!(label))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_counts_who_is_notified() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    create_receivers(&site, &sink);
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator, labels::MAJOR).await;
    assert_notify(&operator, labels::YES).await;
    operator.wait_for_text("Chat: 1, webhooks: 1").await;
    choose_notify(&operator, labels::NO).await;
    operator.wait_for_text("Chat: 0, webhooks: 1").await;
    choose_notify(&operator, labels::YES).await;
    operator.wait_for_text("Chat: 1, webhooks: 1").await;
    operator.tap(labels::PUBLISH).await;
    operator
        .wait_for_text("Messages queued: chat 1, webhooks 1.")
        .await;
    sink.wait_for_count("/chat", 1, SOON);
    sink.wait_for_count("/all", 1, SOON);
    assert!(sink.received("/resolutions").is_empty());
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minor_incident_notifies_no_chat_unless_chosen() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    create_receivers(&site, &sink);
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator, "Minor").await;
    assert_notify(&operator, labels::NO).await;
    operator.wait_for_text("Chat: 0, webhooks: 1").await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text("Messages queued: webhooks 1.").await;
    sink.wait_for_count("/all", 1, SOON);
    let incident = &site.get("/incidents").json["items"][0];
    assert_eq!(incident["notify"], json!(null), "the default is not stored");
    assert!(sink.received("/chat").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_and_a_withdrawal_count_who_is_notified() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    create_receivers(&site, &sink);
    let incident = site.publish_outage();
    sink.wait_for_count("/all", 1, SOON);
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/withdraw"))
        .await;
    operator.wait_for_text("Chat: 1, webhooks: 1").await;
    operator
        .navigate(&format!("incidents/{incident}/resolve"))
        .await;
    operator.wait_for_text("Chat: 1, webhooks: 2").await;
    operator
        .type_into("body", "A certificate had run out.")
        .await;
    choose_notify(&operator, labels::NO).await;
    operator.wait_for_text("Chat: 0, webhooks: 2").await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text("Chat: 0, webhooks: 2").await;
    operator.tap(labels::PUBLISH_ALL_CLEAR).await;
    operator.wait_for_text("Messages queued: webhooks 2.").await;
    sink.wait_for_count("/resolutions", 1, SOON);
    let updates = &site.incident(&incident)["updates"];
    assert_eq!(updates[0]["notify"], false);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_list_of_webhooks_no_receivers_are_stated() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator, labels::MAJOR).await;
    operator
        .wait_for_text("No chat or webhook is notified.")
        .await;
    let body =
        "if (request.url.endsWith('/webhooks')) throw new TypeError('lost'); return send(request)";
    operator.intercept(body).await;
    operator
        .browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    let claim = "return document.querySelector('.receivers') === null";
    operator
        .browser
        .assert_eventually("no claim", claim, json!(true))
        .await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert!(!text(&operator).await.contains("queued"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_maintenance_names_the_time_of_its_notification() {
    let (site, sink) = (Site::with_private_network(), Sink::start());
    create_receivers(&site, &sink);
    let incident = site.publish(&json!({
        "kind": "maintenance", "title": "New machines", "body": "We move.", "draft": true,
        "scheduled_for": e2e::in_minutes(14 * 24 * 60), "scheduled_until": e2e::in_minutes(14 * 24 * 60 + 60)
    }));
    let operator = Operator::invited(&site).await;
    operator.navigate(&format!("incidents/{incident}")).await;
    operator.wait_for_text("Notified at ").await;
    operator.wait_for_text("Chat: 1, webhooks: 1").await;
    operator
        .navigate(&format!("incidents/{incident}/edit"))
        .await;
    assert_notify(&operator, labels::YES).await;
    operator.assert_no_errors().await;
}
