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

/// Each setting is refused in its own field once it was left, before anything is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_is_refused_when_its_field_is_left() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    let own = site.server.url();
    let own = own.split("//").nth(1).unwrap().split(':').next().unwrap();
    for (id, text, words) in [
        ("name", "x".repeat(150), "at most"),
        ("time-zone", "Mars/Base".to_owned(), "Enter a time zone"),
        ("time-zone", "Sydney".to_owned(), "Enter a time zone"),
        ("hostnames", own.to_owned(), "own host name"),
        ("hostnames", "Status.Acme".to_owned(), "lower case"),
        ("returning", "-1".to_owned(), "hours from 0 to 72"),
    ] {
        hand.write_anew(id, &text).await;
        hand.tap_field("languages").await;
        error_at(&hand, id, |error| error.contains(words)).await;
    }
    hand.go("settings/contacts").await;
    hand.tap(labels::ADD_CONTACT).await;
    assert!(!shown(&hand).await.contains("Must not be blank"));
    hand.write("contacts-0-value", "abc").await;
    hand.tap_field("contacts-0-label").await;
    error_at(&hand, "contacts-0-value", |error| {
        error.contains("phone number")
    })
    .await;
    error_at(&hand, "contacts-0-label", str::is_empty).await;
    hand.tap_field("contacts-0-value").await;
    error_at(&hand, "contacts-0-label", |error| {
        error == "Must not be blank."
    })
    .await;
    hand.go("settings/on-call").await;
    hand.tap(labels::ADD_TARGET).await;
    hand.tap(labels::ADD_TARGET).await;
    for (id, text) in [("on_call-0-label", "x"), ("on_call-1-label", "-1")] {
        hand.write(id, text).await;
        hand.tap_field("on_call-1-value").await;
        error_at(&hand, id, |error| error.contains("minutes from 0 to 1440")).await;
    }
    assert_eq!(site.get("").json["contacts"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_is_saved_as_it_is_spelled() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    for (typed, spelled) in [
        ("europe/berlin", "Europe/Berlin"),
        ("AUSTRALIA/SYDNEY", "Australia/Sydney"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("etc/utc", "Etc/UTC"),
    ] {
        hand.write_anew("time-zone", typed).await;
        hand.sees(&format!("Time zone: {spelled}.")).await;
        hand.tap(labels::SAVE_SETTINGS).await;
        hand.sees(labels::SETTINGS_SAVED).await;
        assert_eq!(site.get("").json["time_zone"], spelled);
        assert_eq!(hand.value("time-zone").await, spelled);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_is_refused_at_its_fields_and_given_a_slug() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "components").await;
    hand.write("name", &"x".repeat(150)).await;
    hand.tap_field("group").await;
    error_at(&hand, "name", |error| error.contains("at most")).await;
    hand.write_anew("name", "").await;
    hand.tap(labels::ADD).await;
    error_at(&hand, "name", |error| error == "Must not be blank.").await;
    assert!(!shown(&hand).await.contains("Name: "));
    assert_eq!(
        hand.browser
            .run("return document.getElementById('slug') === null")
            .await,
        json!(true)
    );

    hand.write("name", "Отправка").await;
    hand.write("slug", "sending").await;
    hand.tap_field("group").await;
    error_at(&hand, "slug", |error| error.contains("Another component")).await;
    hand.write_anew("slug", "Отправка").await;
    hand.tap_field("group").await;
    error_at(&hand, "slug", |error| error.contains("letters a-z")).await;
    hand.tap(labels::ADD).await;
    hand.is_at("slug").await;
    hand.write_anew("slug", "otpravka").await;
    error_at(&hand, "slug", str::is_empty).await;
    hand.tap(labels::ADD).await;
    hand.sees("otpravka").await;
    let made = "return document.getElementById('name').value";
    hand.browser
        .wait_for_script("an empty form", made, |name| name == "")
        .await;
    let components = site.get("/components").json;
    assert_eq!(components["items"][3]["name"], "Отправка");
    assert_eq!(components["items"][3]["slug"], "otpravka");
    error_at(&hand, "name", str::is_empty).await;
    hand.assert_calm().await;
}

/// A contact that was just added is not wrong yet, and two patterns that are wrong in the same way are said to be so once.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_too_early_or_twice() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    for place in [
        "new/announcement/say".to_owned(),
        format!("incidents/{incident}/edit"),
    ] {
        hand.go(&place).await;
        if place.starts_with("new") {
            hand.tap(labels::MORE_OPTIONS).await;
        }
        hand.tap(labels::OWN_CONTACTS).await;
        hand.tap(labels::ADD_CONTACT).await;
        hand.tap_field("contacts-0-label").await;
        assert!(!shown(&hand).await.contains("Must not be blank"), "{place}");
        hand.write("contacts-0-value", "abc").await;
        error_at(&hand, "contacts-0-value", |error| {
            error.contains("phone number")
        })
        .await;
        hand.write("paths", "share/**\nreports/**").await;
        let error = error_at(&hand, "paths", |error| !error.is_empty()).await;
        assert_eq!(error.matches("Must start with").count(), 1, "{error}");
    }
    hand.write("cadence", "99999999").await;
    let error = error_at(&hand, "cadence", |error| !error.is_empty()).await;
    assert!(
        error.contains("minutes") && !error.contains("seconds"),
        "{error}"
    );
    hand.tap(labels::SAVE_CHANGES).await;
    error_at(&hand, "contacts-0-label", |error| {
        error == "Must not be blank."
    })
    .await;
}
