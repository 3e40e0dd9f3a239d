//! Publishing an incident at night: from a cold browser to a card on every page, in ten taps.

use std::time::{Duration, Instant};

use e2e::{Node, Operator, Site, labels};
use notice::wire::time::Timestamp;

const TITLE: &str = "Messages leave us late";
const BODY: &str = "Since 02:40 messages wait in a queue. We are looking into it.";

/// Fills in the form from the first view to the last step before publishing.
async fn fill_in(operator: &mut Operator) {
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap("Sending").await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", TITLE).await;
    operator.type_into("body", BODY).await;
    operator.tap(labels::NEXT_IN_15_MIN).await;
}

/// Asserts that the feed has the notice that was filled in.
fn assert_published(site: &Site) {
    let feed = site.feed().json;
    let notice = &feed["notices"][0];
    assert_eq!(notice["title"], TITLE, "{feed:#}");
    assert_eq!(notice["impact"], "major");
    assert_eq!(notice["updates"][0]["body"], BODY);
    assert_eq!(notice["components"][0]["slug"], "sending");
    assert_eq!(notice["components"][0]["status"], "partial_outage");
    let seconds_of =
        |at: &serde_json::Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised = seconds_of(&notice["next_update_at"]) - seconds_of(&notice["updates"][0]["at"]);
    // Promises are rounded up to a multiple of five minutes.
    assert!((14 * 60..=20 * 60).contains(&promised), "{promised} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_published_in_ten_taps() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.restart_browser().await;
    let started = Instant::now();
    operator.browser.goto(&site.console("")).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    let shown = operator
        .browser
        .wait_for("the real card with the text", |tree| {
            tree.notices()
                .first()
                .is_some_and(|notice| notice.text().contains(TITLE))
        })
        .await;
    assert!(shown.banner().is_some(), "the widget itself draws it");
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_published(&site);
    assert!(operator.taps <= 10, "{} taps", operator.taps);
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_does_not_lose_the_form() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    // The preview has read the list of webhooks. A read after the revocation would end the session
    // before the post.
    operator
        .wait_for_text("No chat or webhook is notified.")
        .await;
    site.revoke_devices();
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::SESSION_ENDED).await;
    assert!(site.feed().json["notices"].as_array().unwrap().is_empty());
    operator.type_into("token", &site.token).await;
    operator.tap(labels::SIGN_IN).await;
    // The form opens at the same step with everything that was typed.
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_published(&site);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_survives_a_reload_and_a_new_invitation() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.browser.reload().await;
    operator.assert_value("title", TITLE).await;
    operator.assert_value("body", BODY).await;
    site.revoke_devices();
    // A link in a chat opens the console again: the first view lists the draft.
    operator.browser.goto("about:blank").await;
    operator.browser.goto(&site.invitation()).await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.tap(labels::DRAFT_NEW_INCIDENT).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.assert_value("title", TITLE).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_published(&site);
    // Publishing removes the unsaved draft from this device.
    operator.browser.goto(&site.console("")).await;
    let tree = operator.wait_for_text(labels::ONE_OPEN).await;
    assert!(
        !tree.text().contains(labels::UNSAVED_DRAFTS),
        "{}",
        tree.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_published_once() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    // The server receives it, and the answer is lost.
    operator.lose_next_answer("POST").await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::SAFE_TO_RESEND).await;
    assert_eq!(site.feed().json["notices"].as_array().unwrap().len(), 1);
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed().json["notices"].as_array().unwrap().len(), 1);
    assert_published(&site);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_too_long_is_refused_at_its_field() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", &"x".repeat(201)).await;
    operator.type_into("body", BODY).await;
    operator.wait_for_text(labels::TITLE_TOO_LONG).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::FIX_BEFORE_PUBLISHING).await;
    operator.tap(labels::BACK).await;
    let is_title_field = |node: &Node| node.attribute("id") == Some("title");
    let tree = operator
        .browser
        .wait_for("the title's field", |tree| {
            tree.find(is_title_field).is_some()
        })
        .await;
    let field = tree.find(is_title_field).unwrap();
    assert_eq!(field.attribute("aria-invalid"), Some("true"));
    assert_eq!(field.attribute("aria-describedby"), Some("title-error"));
    assert!(site.feed().json["notices"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_written_offline_is_published_once_online() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    operator.browser.set_offline(true).await;
    operator.wait_for_text(labels::OFFLINE_SENTENCE).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::OFFLINE_ON_SEND).await;
    operator.browser.set_offline(false).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_published(&site);
}

/// The preview's frame has a process of its own, as in an ordinary browser.
#[tokio::test(flavor = "multi_thread")]
async fn the_preview_works_in_an_isolated_process() {
    let site = Site::with_tiers();
    let mut operator = Operator {
        browser: e2e::Browser::start().await,
        taps: 0,
    };
    operator.browser.set_viewport(360, 720, 2.0).await;
    operator.browser.watch().await;
    operator.browser.goto(&site.invitation()).await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::DARK).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_published(&site);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_operator_publishes_a_saved_draft() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::SAVE_DRAFT).await;
    operator.wait_for_text(labels::DRAFT_SAVED).await;
    assert!(site.feed().json["notices"].as_array().unwrap().is_empty());
    let mut other = Operator::invited(&site).await;
    other.tap(TITLE).await;
    other.tap(labels::PUBLISH_NOW).await;
    other.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed().json["notices"][0]["title"], TITLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_from_a_template_names_its_components() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap("Sending").await;
    operator.tap("Reports").await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap(labels::TEMPLATE_INVESTIGATING).await;
    operator
        .assert_value("title", "Problems with Sending and Reports")
        .await;
    operator.tap(labels::MORE_OPTIONS).await;
    operator.wait_for_text(labels::FEED_IS_PUBLIC).await;
    operator.tap(labels::BACK).await;
    operator.tap(labels::MINOR).await;
    operator.tap(labels::DRILL).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::START_DRILL).await;
    operator.wait_for_text(labels::DRILL_STARTED).await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["drill"], true);
    assert_eq!(notice["components"].as_array().unwrap().len(), 2);
}

/// With 200 components the severity field is less than two screens down, and publishing takes at most ten taps.
#[tokio::test(flavor = "multi_thread")]
async fn with_200_components_publishing_takes_ten_taps() {
    let site = Site::large();
    let mut operator = Operator::invited(&site).await;
    operator.taps = 0;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.wait_for_text(labels::SEVERITY).await;
    let distance =
        "return document.getElementById('impact').getBoundingClientRect().top / innerHeight";
    let distance = operator.browser.run(distance).await;
    assert!(distance.as_f64() < Some(2.0), "{distance} screens away");
    operator
        .type_into("find-component", "region 7 part 16")
        .await;
    operator.wait_for_text(labels::FOUND_10).await;
    let top = "return [...document.querySelectorAll('.find .component')].find((item) => item.innerText.startsWith('Part 163'))
        .getBoundingClientRect().top";
    let before = operator.browser.run(top).await;
    operator.tap("Part 163").await;
    operator.wait_for_text(labels::PICKED_1).await;
    assert_eq!(
        operator.browser.run(top).await,
        before,
        "the tapped row does not move"
    );
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", TITLE).await;
    operator.type_into("body", BODY).await;
    operator.tap(labels::NEXT_IN_15_MIN).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    assert!(operator.taps <= 10, "{} taps", operator.taps);
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["components"][0]["slug"], "part-163", "{notice:#}");
}

/// A selected component can be deleted before the incident is published.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_component_does_not_block_publishing() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    for label in [labels::NEW_INCIDENT, "Reports", "Sending", labels::MAJOR] {
        operator.tap(label).await;
    }
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", TITLE).await;
    operator.type_into("body", BODY).await;
    site.delete("/components/reports");
    operator.browser.reload().await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let notice = site.feed().json["notices"][0].clone();
    let parts = notice["components"].as_array().unwrap();
    assert_eq!(parts.len(), 1, "{notice:#}");
    assert_eq!(parts[0]["slug"], "sending");
}

/// Some browsers do not focus a tapped element: nothing may move in them either.
#[tokio::test(flavor = "multi_thread")]
async fn a_tap_without_focus_moves_nothing() {
    let site = Site::large();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident").await;
    operator.tap("Region 1").await;
    let unfocused = "addEventListener('mousedown', (event) => {
        event.preventDefault();
        document.activeElement?.blur();
    }, true)";
    operator.browser.run(unfocused).await;
    operator.tap("Part 3").await;
    operator.wait_for_text(labels::PICKED_1).await;
    let top = "return document.querySelector('.find').getBoundingClientRect().top";
    let before = operator.browser.run(top).await;
    operator.tap("Part 3").await;
    operator.wait_for_text(labels::NOTHING_PICKED).await;
    assert_eq!(operator.browser.run(top).await, before);
    let focused = "return document.activeElement.tagName";
    assert_eq!(operator.browser.run(focused).await, "BODY");
}
