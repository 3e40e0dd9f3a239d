//! On-call targets in the console, received by a real HTTP server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::{Behaviour, Operator, Received, Sink, Site, labels};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A server that may send to this machine, with the site `acme`, whose on-call targets are webhooks named after their paths.
fn site(sink: &Sink, paths: &[&str]) -> Site {
    let site = Site::with_private_network();
    let targets = paths.iter().map(
        |path| json!({ "kind": "webhook", "value": sink.url(path), "name": path.trim_start_matches('/') }),
    );
    site.change_settings(&json!({ "on_call": targets.collect::<Vec<_>>(), "overdue_after_s": 1 }));
    site
}

/// Acknowledges a test message by its link, as the person at the target would.
#[track_caller]
fn answer_test(site: &Site, message: &Received) {
    let body = message.json();
    let url = body["data"]["on_call"]["acknowledge_url"].as_str().unwrap();
    let path = url.strip_prefix(&site.server.url()).unwrap();
    let pressed = site.server.request("POST", path).send().unwrap();
    assert_eq!(pressed.status, 303, "{}", pressed.text());
}

/// Waits until a checkbox is enabled or disabled.
async fn assert_enabled(operator: &Operator, id: &str, is_enabled: bool) {
    let script = format!("return document.getElementById('{id}')?.matches(':enabled')");
    operator
        .browser
        .assert_eventually(id, &script, json!(is_enabled))
        .await;
}

/// Waits for an error at a field.
async fn wait_for_error(operator: &Operator, id: &str, expected: &str) {
    let script = format!("return document.getElementById('{id}-error')?.innerText ?? ''");
    let is_so = |text: &Value| text.as_str().is_some_and(|text| text.contains(expected));
    operator
        .browser
        .wait_for_script(expected, &script, is_so)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_shows_which_targets_were_reached() {
    let sink = Sink::start();
    sink.set("/night", Behaviour::Status(500));
    let site = site(&sink, &["/day", "/night"]);
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator
        .wait_for_text("No message was sent to an on-call target yet.")
        .await;
    operator.tap("Test on-call").await;
    operator.wait_for_text("day (Webhook) was reached.").await;
    operator
        .wait_for_text("night (Webhook) was not reached. It answered with status 500.")
        .await;
    assert!(!sink.received("/day").is_empty() && !sink.received("/night").is_empty());
    // The list has both messages with their results.
    for part in [
        "Delivered",
        "Failed, ",
        "Status 204 after",
        "Status 500 after",
    ] {
        operator.wait_for_text(part).await;
    }
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_targets_offers_no_test() {
    let site = Site::with_tiers();
    let operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator.wait_for_text("Add a target").await;
    let text = operator.browser.run("return document.body.innerText").await;
    assert!(!text.as_str().unwrap().contains("Test on-call"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_target_that_answered_a_test_can_be_allowed_to_sign_in() {
    let sink = Sink::start();
    let site = site(&sink, &["/day"]);
    let link = "on_call-0-session-link";
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator
        .wait_for_text("Test on-call and answer the test at this target first.")
        .await;
    assert_enabled(&operator, link, false).await;
    operator.tap("Test on-call").await;
    operator.wait_for_text("day (Webhook) was reached.").await;
    assert_enabled(&operator, link, false).await;
    answer_test(&site, &sink.wait_for_count("/day", 1, SOON)[0]);
    operator
        .browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    assert_enabled(&operator, link, true).await;
    operator.tap_field(link).await;
    operator.wait_for_text("1 unsaved change").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(site.get("").json["on_call"][0]["session_link"], true);

    // A new target has answered no test yet, and an editor may not allow sign-in.
    operator.tap("Add a target").await;
    operator
        .wait_for_text("Save this target first, then test on-call and answer the test.")
        .await;
    assert_enabled(&operator, "on_call-1-session-link", false).await;
    operator.assert_no_errors().await;
    let editor = Operator::invited(&site).await;
    editor.navigate("settings/on-call").await;
    editor.wait_for_text("Only an owner can allow this.").await;
    assert_enabled(&editor, link, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_quiet_hours_are_saved_with_errors_at_their_fields() {
    let sink = Sink::start();
    let site = site(&sink, &["/day"]);
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator.assert_value("on_call-0-name", "day").await;
    operator.wait_for_text("Time zone: Etc/UTC.").await;
    operator.replace("on_call-0-name", &"x".repeat(101)).await;
    operator.set("on-call-quiet-from", "22:00").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::FIX_FIELDS).await;
    wait_for_error(&operator, "on_call-0-name", "Must be").await;
    wait_for_error(&operator, "on-call-quiet-until", "Enter both times").await;
    assert_eq!(site.get("").json["on_call_quiet_hours"], Value::Null);
    operator.replace("on_call-0-name", "Day shift").await;
    operator.set("on-call-quiet-until", "07:00").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(saved["on_call"][0]["name"], "Day shift");
    assert_eq!(
        saved["on_call_quiet_hours"],
        json!({ "from": "22:00", "until": "07:00" })
    );
    assert_eq!(
        saved["quiet_hours"],
        Value::Null,
        "the quiet hours of maintenance are separate"
    );
    operator.set("on-call-quiet-from", "").await;
    operator.set("on-call-quiet-until", "").await;
    operator.wait_for_text("2 unsaved changes").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(site.get("").json["on_call_quiet_hours"], Value::Null);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_sees_who_was_paged_for_an_overdue_update() {
    let sink = Sink::start();
    let site = site(&sink, &["/day"]);
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = Timestamp::from_seconds(i64::try_from(since_epoch.as_secs()).unwrap());
    let incident = site.publish(&json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "next_update_at": now.plus_seconds(3)
    }));
    let is_page = |one: &Received| one.json()["type"] == "promise.overdue";
    let received = sink.wait_for("the page", SOON, |received| received.iter().any(is_page));
    let page = received.into_iter().find(is_page).unwrap().json();
    let operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator.navigate("settings/on-call").await;
    for part in [
        "day (Webhook)",
        "Page · Update overdue: Messages are delayed",
        "Information · Update due soon: Messages are delayed",
        "Delivered",
    ] {
        operator.wait_for_text(part).await;
    }
    operator.navigate("settings/journal").await;
    operator
        .wait_for_text("On-call target paged: day (Webhook)")
        .await;
    operator.navigate(&format!("incidents/{incident}")).await;
    operator.wait_for_text("day (Webhook) was paged at").await;
    operator
        .wait_for_text("All targets were paged, and nobody has acknowledged.")
        .await;
    // The link of the page opens the form, with the next promise filled in.
    let form = page["data"]["console"]["post_update"].as_str().unwrap();
    operator.browser.goto(form).await;
    operator
        .wait_for_text("The card says: Next update by")
        .await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn older_messages_are_shown_page_by_page() {
    let sink = Sink::start();
    let site = site(&sink, &["/day"]);
    for _ in 0..23 {
        assert_eq!(site.post("/on-call/test", &json!({})).status, 202);
    }
    sink.wait_for_count("/day", 23, SOON);
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    let count = "return document.querySelectorAll('.journal > li').length";
    operator
        .browser
        .assert_eventually("one page", count, json!(20))
        .await;
    operator.tap("Show older").await;
    operator
        .browser
        .assert_eventually("all messages", count, json!(23))
        .await;
    let text = operator.browser.run("return document.body.innerText").await;
    assert!(!text.as_str().unwrap().contains("Show older"), "{text}");
    operator.assert_no_errors().await;
}
