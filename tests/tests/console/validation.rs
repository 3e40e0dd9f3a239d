//! Validation: wrong values at their fields, unfinished sentences, contradictory answers.

use e2e::{Node, Operator, Site, labels};
use serde_json::{Value, json};

/// Waits until the error at a field fulfils a condition, and returns it; it is empty while there is
/// no error.
async fn wait_for_error(operator: &Operator, id: &str, is_so: impl Fn(&str) -> bool) -> String {
    let script = format!("return document.getElementById('{id}-error')?.innerText ?? ''");
    let found = operator
        .browser
        .wait_for_script(id, &script, |text| text.as_str().is_some_and(&is_so))
        .await;
    found.as_str().unwrap().to_owned()
}

/// The text of the whole view.
async fn view_text(operator: &Operator) -> String {
    let text = operator.browser.run("return document.body.innerText").await;
    text.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_before_the_start_is_refused_while_typing() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/maintenance").await;
    operator.set("scheduled-for", "2038-01-10T23:00").await;
    operator.set("scheduled-until", "2038-01-10T22:00").await;
    let error = wait_for_error(&operator, "scheduled-until", |text| !text.is_empty()).await;
    assert_eq!(error, "End must be after start.");
    let tree = operator.browser.pierce().await;
    let is_end_field = |node: &Node| node.attribute("id") == Some("scheduled-until");
    let field = tree.find(is_end_field).unwrap();
    assert_eq!(field.attribute("aria-invalid"), Some("true"));
    // The last step lists it in the same words, with a link to the field.
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "New machines").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::FIX_BEFORE_PUBLISHING).await;
    let text = view_text(&operator).await;
    assert!(
        !text.contains("scheduled_") && !text.contains(labels::READY_TO_PUBLISH),
        "{text}"
    );
    operator.tap("End must be after start.").await;
    operator.wait_for_focus("scheduled-until").await;
    operator.set("scheduled-until", "2038-01-11T01:00").await;
    wait_for_error(&operator, "scheduled-until", str::is_empty).await;
    assert_eq!(site.get("/incidents").json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_time_in_the_past_is_refused_while_typing() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident/say").await;
    operator.tap(labels::MORE_OPTIONS).await;
    operator.set("publish-at", "2020-01-01T00:00").await;
    let error = wait_for_error(&operator, "publish-at", |text| !text.is_empty()).await;
    assert_eq!(error, "Choose a time in the future.");
    operator.set("publish-at", "").await;
    wait_for_error(&operator, "publish-at", str::is_empty).await;
    // Texts that are too long and patterns that match nothing have errors at their fields too.
    operator.type_into("title", &"x".repeat(201)).await;
    wait_for_error(&operator, "title", |text| {
        text.contains(labels::TITLE_TOO_LONG)
    })
    .await;
    operator.type_into("paths", "share/**").await;
    wait_for_error(&operator, "paths", |text| text.contains("start with /")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfilled_template_placeholder_blocks_publishing() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/announcement/say").await;
    operator.tap(labels::TEMPLATE_CHANGE_COMING).await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text(labels::FIX_BEFORE_PUBLISHING).await;
    let text = view_text(&operator).await;
    assert!(!text.contains(labels::READY_TO_PUBLISH), "{text}");
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_focus("blockers").await;
    assert_eq!(site.feed().json["notices"], json!([]));
    let link = "return document.querySelector('.blockers a').innerText";
    let link = operator.browser.run(link).await;
    operator.tap(link.as_str().unwrap()).await;
    operator.wait_for_focus("body").await;
    operator
        .replace("body", "From January on, a message costs a cent more.")
        .await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    assert_eq!(site.feed().json["notices"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_template_sentence_blocks_posting() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/update"))
        .await;
    operator.tap(labels::TEMPLATE_IDENTIFIED).await;
    let error = wait_for_error(&operator, "body", |text| !text.is_empty()).await;
    assert!(error.contains("colon"), "{error}");
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::POST).await;
    operator.wait_for_focus("blockers").await;
    let posted = || site.get(&format!("/incidents/{incident}")).json["updates"].clone();
    assert_eq!(posted().as_array().unwrap().len(), 1);
    let link = "return document.querySelector('.blockers a').innerText";
    let link = operator.browser.run(link).await;
    operator.tap(link.as_str().unwrap()).await;
    operator.wait_for_focus("body").await;
    operator.type_into("body", "a carrier refuses us.").await;
    wait_for_error(&operator, "body", str::is_empty).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(
        posted()[0]["body"],
        "We know the cause and are fixing it: a carrier refuses us."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictory_checks_block_resolving() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/resolve"))
        .await;
    operator
        .type_into("body", "A carrier had refused us. All messages have left.")
        .await;
    operator.tap(labels::CHECK_NOTHING_LOST).await;
    operator.tap(labels::CHECK_SENT).await;
    wait_for_error(&operator, "check", |text| text.contains("Keep one of them")).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH_ALL_CLEAR).await;
    operator.wait_for_focus("blockers").await;
    assert_eq!(site.feed().json["notices"][0]["kind"], "incident");
    operator.tap(labels::BACK).await;
    operator.tap(labels::CHECK_NOTHING_LOST).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH_ALL_CLEAR).await;
    operator.wait_for_text(labels::RESOLVED).await;
    assert_eq!(site.feed().json["notices"][0]["kind"], "restored");
}

/// A draft may be unfinished; a publication may not.
#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_draft_can_be_saved_but_not_published() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/announcement/say").await;
    operator.tap(labels::TEMPLATE_CHANGE_COMING).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::SAVE_DRAFT).await;
    operator.wait_for_text(labels::DRAFT_SAVED).await;
    operator.wait_for_text(labels::FIX_BEFORE_PUBLISHING).await;
    operator.tap(labels::PUBLISH_NOW).await;
    operator.wait_for_focus("blockers").await;
    assert_eq!(site.feed().json["notices"], json!([]));
}

/// A missing severity is named at its field, and the preview shows none.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_severity_is_named_and_not_previewed() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.browser.set_viewport(1280, 800, 1.0).await;
    operator.navigate("new/incident").await;
    operator.wait_for_text("Step 1 of 3").await;
    operator
        .wait_for_text("Required. It decides how the card is shown.")
        .await;
    operator
        .wait_for_text("The preview appears once you choose a severity.")
        .await;
    let frames = "return document.querySelectorAll('iframe').length";
    assert_eq!(operator.browser.run(frames).await, 0);
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.wait_for_text("Step 2 of 3").await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text("Step 3 of 3").await;
    operator.tap("Choose a severity.").await;
    operator.wait_for_text(labels::SEVERITY).await;
    let has_focus = "return document.activeElement?.closest('#impact') !== null";
    operator
        .browser
        .wait_for_script("the severity", has_focus, |has_focus| {
            has_focus == &Value::Bool(true)
        })
        .await;
    operator.tap(labels::MAJOR).await;
    operator
        .browser
        .wait_for("the card", |tree| !tree.notices().is_empty())
        .await;
}

/// Each setting is validated when its field loses the focus, before anything is sent.
#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_setting_is_refused_on_blur() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    let own = site.server.url();
    let own = own.split("//").nth(1).unwrap().split(':').next().unwrap();
    for (id, text, words) in [
        ("name", "x".repeat(150), "at most"),
        ("time-zone", "Mars/Base".to_owned(), "Enter a time zone"),
        ("time-zone", "Sydney".to_owned(), "Enter a time zone"),
        ("hostnames", own.to_owned(), "Enter host names"),
        ("hostnames", "0x7f.1".to_owned(), "Enter host names"),
        ("returning", "-1".to_owned(), "hours from 0 to 72"),
    ] {
        operator.replace(id, &text).await;
        operator.tap_field("languages").await;
        wait_for_error(&operator, id, |error| error.contains(words)).await;
    }
    operator.navigate("settings/contacts").await;
    operator.tap(labels::ADD_CONTACT).await;
    assert!(!view_text(&operator).await.contains("Must not be blank"));
    operator.type_into("contacts-0-value", "abc").await;
    operator.tap_field("contacts-0-label").await;
    wait_for_error(&operator, "contacts-0-value", |error| {
        error.contains("phone number")
    })
    .await;
    wait_for_error(&operator, "contacts-0-label", str::is_empty).await;
    operator.tap_field("contacts-0-value").await;
    wait_for_error(&operator, "contacts-0-label", |error| {
        error == "Must not be blank."
    })
    .await;
    operator.navigate("settings/on-call").await;
    operator.tap(labels::ADD_TARGET).await;
    operator.tap(labels::ADD_TARGET).await;
    for (id, text) in [("on_call-0-label", "x"), ("on_call-1-label", "-1")] {
        operator.type_into(id, text).await;
        operator.tap_field("on_call-1-value").await;
        wait_for_error(&operator, id, |error| {
            error.contains("minutes from 0 to 1440")
        })
        .await;
    }
    assert_eq!(site.get("").json["contacts"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_is_saved_in_its_canonical_spelling() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    for (typed, spelled) in [
        ("europe/berlin", "Europe/Berlin"),
        ("AUSTRALIA/SYDNEY", "Australia/Sydney"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("etc/utc", "Etc/UTC"),
    ] {
        operator.replace("time-zone", typed).await;
        operator
            .wait_for_text(&format!("Time zone: {spelled}."))
            .await;
        operator.tap(labels::SAVE_SETTINGS).await;
        operator.wait_for_text(labels::SETTINGS_SAVED).await;
        assert_eq!(site.get("").json["time_zone"], spelled);
        operator.assert_value("time-zone", spelled).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn component_errors_appear_at_their_fields() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "components").await;
    operator.type_into("name", &"x".repeat(150)).await;
    operator.tap_field("group").await;
    wait_for_error(&operator, "name", |error| error.contains("at most")).await;
    operator.replace("name", "").await;
    operator.tap(labels::ADD).await;
    wait_for_error(&operator, "name", |error| error == "Must not be blank.").await;
    assert!(!view_text(&operator).await.contains("Name: "));
    assert_eq!(
        operator
            .browser
            .run("return document.getElementById('slug') === null")
            .await,
        json!(true)
    );

    operator.type_into("name", "Отправка").await;
    operator.type_into("slug", "sending").await;
    operator.tap_field("group").await;
    wait_for_error(&operator, "slug", |error| {
        error.contains("Another component")
    })
    .await;
    operator.replace("slug", "Отправка").await;
    operator.tap_field("group").await;
    wait_for_error(&operator, "slug", |error| error.contains("letters a-z")).await;
    operator.tap(labels::ADD).await;
    operator.wait_for_focus("slug").await;
    operator.replace("slug", "otpravka").await;
    wait_for_error(&operator, "slug", str::is_empty).await;
    operator.tap(labels::ADD).await;
    operator.wait_for_text("otpravka").await;
    let created = "return document.getElementById('name').value";
    operator
        .browser
        .wait_for_script("an empty form", created, |name| name == "")
        .await;
    let components = site.get("/components").json;
    assert_eq!(components["items"][3]["name"], "Отправка");
    assert_eq!(components["items"][3]["slug"], "otpravka");
    wait_for_error(&operator, "name", str::is_empty).await;
    operator.assert_no_errors().await;
}

/// A new contact has no error yet, and two patterns with the same error get one message.
#[tokio::test(flavor = "multi_thread")]
async fn errors_appear_once_and_not_before_input() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    for place in [
        "new/announcement/say".to_owned(),
        format!("incidents/{incident}/edit"),
    ] {
        operator.navigate(&place).await;
        if place.starts_with("new") {
            operator.tap(labels::MORE_OPTIONS).await;
        }
        operator.tap(labels::OWN_CONTACTS).await;
        operator.tap(labels::ADD_CONTACT).await;
        operator.tap_field("contacts-0-label").await;
        assert!(
            !view_text(&operator).await.contains("Must not be blank"),
            "{place}"
        );
        operator.type_into("contacts-0-value", "abc").await;
        wait_for_error(&operator, "contacts-0-value", |error| {
            error.contains("phone number")
        })
        .await;
        operator.type_into("paths", "share/**\nreports/**").await;
        let error = wait_for_error(&operator, "paths", |error| !error.is_empty()).await;
        assert_eq!(error.matches("Must start with").count(), 1, "{error}");
    }
    operator.type_into("cadence", "99999999").await;
    let error = wait_for_error(&operator, "cadence", |error| !error.is_empty()).await;
    assert!(
        error.contains("minutes") && !error.contains("seconds"),
        "{error}"
    );
    operator.tap(labels::SAVE_CHANGES).await;
    wait_for_error(&operator, "contacts-0-label", |error| {
        error == "Must not be blank."
    })
    .await;
}
