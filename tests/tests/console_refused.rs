//! What forms refuse: wrong values at their fields, half sentences, contradictory answers.

mod desk;

use desk::{Hand, Site};
use e2e::{Node, labels};
use serde_json::{Value, json};

/// What is said to be wrong with a field; empty when nothing is.
async fn error_at(hand: &Hand, id: &str, is_so: impl Fn(&str) -> bool) -> String {
    let script = format!("return document.getElementById('{id}-error')?.innerText ?? ''");
    let found = hand
        .browser
        .wait_for_script(id, &script, |text| text.as_str().is_some_and(&is_so))
        .await;
    found.as_str().unwrap().to_owned()
}

/// All the text of the view.
async fn shown(hand: &Hand) -> String {
    let text = hand.browser.run("return document.body.innerText").await;
    text.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_before_the_start_is_refused_when_typed() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/maintenance").await;
    hand.set("scheduled-for", "2038-01-10T23:00").await;
    hand.set("scheduled-until", "2038-01-10T22:00").await;
    let error = error_at(&hand, "scheduled-until", |text| !text.is_empty()).await;
    assert_eq!(error, "End must be after start.");
    let tree = hand.browser.pierce().await;
    let is = |node: &Node| node.attribute("id") == Some("scheduled-until");
    let field = tree.find(is).unwrap();
    assert_eq!(field.attribute("aria-invalid"), Some("true"));
    // On the last step it is listed, in the same words, with a way to the field.
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "New machines").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::FIX_BEFORE_PUBLISHING).await;
    let text = shown(&hand).await;
    assert!(
        !text.contains("scheduled_") && !text.contains(labels::READY_TO_PUBLISH),
        "{text}"
    );
    hand.tap("End must be after start.").await;
    hand.is_at("scheduled-until").await;
    hand.set("scheduled-until", "2038-01-11T01:00").await;
    error_at(&hand, "scheduled-until", str::is_empty).await;
    assert_eq!(site.get("/incidents").json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_in_the_past_is_refused_when_typed() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident/say").await;
    hand.tap(labels::MORE_OPTIONS).await;
    hand.set("publish-at", "2020-01-01T00:00").await;
    let error = error_at(&hand, "publish-at", |text| !text.is_empty()).await;
    assert_eq!(error, "Choose a time in the future.");
    hand.set("publish-at", "").await;
    error_at(&hand, "publish-at", str::is_empty).await;
    // So are texts that are too long, and patterns that match nothing.
    hand.write("title", &"x".repeat(201)).await;
    error_at(&hand, "title", |text| text.contains(labels::TITLE_TOO_LONG)).await;
    hand.write("paths", "share/**").await;
    error_at(&hand, "paths", |text| text.contains("start with /")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_of_a_template_blocks_publishing() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/announcement/say").await;
    hand.tap(labels::TEMPLATE_CHANGE_COMING).await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::FIX_BEFORE_PUBLISHING).await;
    let text = shown(&hand).await;
    assert!(!text.contains(labels::READY_TO_PUBLISH), "{text}");
    hand.tap(labels::PUBLISH).await;
    hand.is_at("blockers").await;
    assert_eq!(site.feed()["notices"], json!([]));
    let link = "return document.querySelector('.blockers a').innerText";
    let link = hand.browser.run(link).await;
    hand.tap(link.as_str().unwrap()).await;
    hand.is_at("body").await;
    hand.write_anew("body", "From January on, a message costs a cent more.")
        .await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    assert_eq!(site.feed()["notices"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_sentence_of_a_template_is_not_posted() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/update")).await;
    hand.tap(labels::TEMPLATE_IDENTIFIED).await;
    let error = error_at(&hand, "body", |text| !text.is_empty()).await;
    assert!(error.contains("colon"), "{error}");
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::POST).await;
    hand.is_at("blockers").await;
    let posted = || site.get(&format!("/incidents/{incident}")).json["updates"].clone();
    assert_eq!(posted().as_array().unwrap().len(), 1);
    let link = "return document.querySelector('.blockers a').innerText";
    let link = hand.browser.run(link).await;
    hand.tap(link.as_str().unwrap()).await;
    hand.is_at("body").await;
    hand.write("body", "a carrier refuses us.").await;
    error_at(&hand, "body", str::is_empty).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    assert_eq!(
        posted()[0]["body"],
        "We know the cause and are fixing it: a carrier refuses us."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictory_checks_block_resolving() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/resolve")).await;
    hand.write("body", "A carrier had refused us. All messages have left.")
        .await;
    hand.tap(labels::CHECK_NOTHING_LOST).await;
    hand.tap(labels::CHECK_SENT).await;
    error_at(&hand, "check", |text| text.contains("Keep one of them")).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH_ALL_CLEAR).await;
    hand.is_at("blockers").await;
    assert_eq!(site.feed()["notices"][0]["kind"], "incident");
    hand.tap(labels::BACK).await;
    hand.tap(labels::CHECK_NOTHING_LOST).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH_ALL_CLEAR).await;
    hand.sees(labels::RESOLVED).await;
    assert_eq!(site.feed()["notices"][0]["kind"], "restored");
}

/// A draft may be unfinished; what is published from it may not.
#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_draft_is_saved_and_not_published() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/announcement/say").await;
    hand.tap(labels::TEMPLATE_CHANGE_COMING).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::SAVE_DRAFT).await;
    hand.sees(labels::DRAFT_SAVED).await;
    hand.sees(labels::FIX_BEFORE_PUBLISHING).await;
    hand.tap(labels::PUBLISH_NOW).await;
    hand.is_at("blockers").await;
    assert_eq!(site.feed()["notices"], json!([]));
}

/// A missing severity is named where it is chosen, and shows no severity in the preview.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_severity_is_said_and_not_previewed() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.browser.set_viewport(1280, 800, 1.0).await;
    hand.go("new/incident").await;
    hand.sees("Step 1 of 3").await;
    hand.sees("Required. It decides how the card is shown.")
        .await;
    hand.sees("The preview appears once you choose a severity.")
        .await;
    let frames = "return document.querySelectorAll('iframe').length";
    assert_eq!(hand.browser.run(frames).await, 0);
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.sees("Step 2 of 3").await;
    hand.tap(labels::PREVIEW).await;
    hand.sees("Step 3 of 3").await;
    hand.tap("Choose a severity.").await;
    hand.sees(labels::SEVERITY).await;
    let at = "return document.activeElement?.closest('#impact') !== null";
    hand.browser
        .wait_for_script("the severity", at, |at| at == &Value::Bool(true))
        .await;
    hand.tap(labels::MAJOR).await;
    hand.browser
        .wait_for("the card", |tree| !tree.notices().is_empty())
        .await;
}
