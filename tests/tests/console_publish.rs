//! Three in the morning: from a cold browser to a card on every page, in ten taps.

mod desk;

use std::time::{Duration, Instant};

use desk::{Hand, Site};
use e2e::{Node, labels};
use notice::wire::time::Timestamp;

const TITLE: &str = "Messages leave us late";
const BODY: &str = "Since 02:40 messages wait in a queue. We are looking into it.";

/// From the first view to the last step but publishing.
async fn fill_in(hand: &mut Hand) {
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap("Sending").await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", TITLE).await;
    hand.write("body", BODY).await;
    hand.tap(labels::NEXT_IN_15_MIN).await;
}

/// The feed holds what was chosen.
fn is_published(site: &Site) {
    let feed = site.feed();
    let notice = &feed["notices"][0];
    assert_eq!(notice["title"], TITLE, "{feed:#}");
    assert_eq!(notice["impact"], "major");
    assert_eq!(notice["updates"][0]["body"], BODY);
    assert_eq!(notice["components"][0]["slug"], "sending");
    assert_eq!(notice["components"][0]["status"], "partial_outage");
    let read = |at: &serde_json::Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised = read(&notice["next_update_at"]) - read(&notice["updates"][0]["at"]);
    // Promises are rounded up to five minutes.
    assert!((14 * 60..=20 * 60).contains(&promised), "{promised} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_ten_taps() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.again().await;
    let begun = Instant::now();
    hand.browser.goto(&site.console("")).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    let shown = hand
        .browser
        .wait_for("the real card with the words", |tree| {
            tree.notices()
                .first()
                .is_some_and(|notice| notice.text().contains(TITLE))
        })
        .await;
    assert!(shown.banner().is_some(), "the widget itself draws it");
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    is_published(&site);
    assert!(hand.taps <= 10, "{} taps", hand.taps);
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_session_revoked_midway() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    site.revoke_devices();
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::SESSION_ENDED).await;
    assert!(site.feed()["notices"].as_array().unwrap().is_empty());
    hand.write("token", &site.token).await;
    hand.tap(labels::SIGN_IN).await;
    // Where it was left, with everything that was typed.
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    is_published(&site);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_a_reload_and_another_invitation() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.browser.reload().await;
    assert_eq!(hand.value("title").await, TITLE);
    assert_eq!(hand.value("body").await, BODY);
    site.revoke_devices();
    // A link in a chat opens the console anew: the form waits on the first view.
    hand.browser.goto("about:blank").await;
    hand.browser.goto(&site.invitation()).await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.tap(labels::DRAFT_NEW_INCIDENT).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    assert_eq!(hand.value("title").await, TITLE);
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    is_published(&site);
    // What the server has is not kept here.
    hand.browser.goto(&site.console("")).await;
    let tree = hand.sees(labels::ONE_OPEN).await;
    assert!(
        !tree.text().contains(labels::UNSAVED_DRAFTS),
        "{}",
        tree.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_published_once() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    // The server gets it, and its answer is lost.
    hand.lose_an_answer("POST").await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::SAFE_TO_RESEND).await;
    assert_eq!(site.feed()["notices"].as_array().unwrap().len(), 1);
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed()["notices"].as_array().unwrap().len(), 1);
    is_published(&site);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_too_long_is_refused_at_its_field() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", &"x".repeat(201)).await;
    hand.write("body", BODY).await;
    hand.sees(labels::TITLE_TOO_LONG).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::FIX_BEFORE_PUBLISHING).await;
    hand.tap(labels::BACK).await;
    let is = |node: &Node| node.attribute("id") == Some("title");
    let tree = hand
        .browser
        .wait_for("the title's field", |tree| tree.find(is).is_some())
        .await;
    let field = tree.find(is).unwrap();
    assert_eq!(field.attribute("aria-invalid"), Some("true"));
    assert_eq!(field.attribute("aria-describedby"), Some("title-error"));
    assert!(site.feed()["notices"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_and_back() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    hand.browser.set_offline(true).await;
    hand.sees(labels::OFFLINE_SENTENCE).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::OFFLINE_ON_SEND).await;
    hand.browser.set_offline(false).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    is_published(&site);
}

/// As browsers come: the preview's frame has a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_preview_in_a_process_of_its_own() {
    let site = Site::new();
    let mut hand = Hand {
        browser: e2e::Browser::start().await,
        taps: 0,
    };
    hand.browser.set_viewport(360, 720, 2.0).await;
    hand.browser.watch().await;
    hand.browser.goto(&site.invitation()).await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::DARK).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    is_published(&site);
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_waits_for_another_operator() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::SAVE_DRAFT).await;
    hand.sees(labels::DRAFT_SAVED).await;
    assert!(site.feed()["notices"].as_array().unwrap().is_empty());
    let mut other = Hand::invited(&site).await;
    other.tap(TITLE).await;
    other.tap(labels::PUBLISH_NOW).await;
    other.sees(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed()["notices"][0]["title"], TITLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_names_the_selected_components() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap("Sending").await;
    hand.tap("Reports").await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap(labels::TEMPLATE_INVESTIGATING).await;
    assert_eq!(
        hand.value("title").await,
        "Problems with Sending and Reports"
    );
    hand.tap(labels::MORE_OPTIONS).await;
    hand.sees(labels::FEED_IS_PUBLIC).await;
    hand.tap(labels::BACK).await;
    hand.tap(labels::MINOR).await;
    hand.tap(labels::DRILL).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::START_DRILL).await;
    hand.sees(labels::DRILL_STARTED).await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["drill"], true);
    assert_eq!(notice["components"].as_array().unwrap().len(), 2);
}

/// Two hundred parts are no longer a way to the words than three are.
#[tokio::test(flavor = "multi_thread")]
async fn among_many_parts_in_ten_taps() {
    let site = Site::large();
    let mut hand = Hand::invited(&site).await;
    hand.taps = 0;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.sees(labels::SEVERITY).await;
    let far = "return document.getElementById('impact').getBoundingClientRect().top / innerHeight";
    let far = hand.browser.run(far).await;
    assert!(far.as_f64() < Some(2.0), "{far} screens away");
    hand.write("find-part", "region 7 part 16").await;
    hand.sees(labels::FOUND_10).await;
    let top = "return [...document.querySelectorAll('.find .part')].find((part) => part.innerText.startsWith('Part 163'))
        .getBoundingClientRect().top";
    let before = hand.browser.run(top).await;
    hand.tap("Part 163").await;
    hand.sees(labels::PICKED_1).await;
    assert_eq!(
        hand.browser.run(top).await,
        before,
        "nothing moves under the thumb"
    );
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", TITLE).await;
    hand.write("body", BODY).await;
    hand.tap(labels::NEXT_IN_15_MIN).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    assert!(hand.taps <= 10, "{} taps", hand.taps);
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["components"][0]["slug"], "part-163", "{notice:#}");
}

/// What was picked may be deleted before it is published.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_gone_stops_no_incident() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    for label in [labels::NEW_INCIDENT, "Reports", "Sending", labels::MAJOR] {
        hand.tap(label).await;
    }
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", TITLE).await;
    hand.write("body", BODY).await;
    site.delete("/components/reports");
    hand.browser.reload().await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let notice = site.feed()["notices"][0].clone();
    let parts = notice["components"].as_array().unwrap();
    assert_eq!(parts.len(), 1, "{notice:#}");
    assert_eq!(parts[0]["slug"], "sending");
}

/// Some browsers give what is tapped no focus: there, too, nothing moves under the thumb.
#[tokio::test(flavor = "multi_thread")]
async fn letting_go_without_the_focus_moves_nothing() {
    let site = Site::large();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident").await;
    hand.tap("Region 1").await;
    let unfocused = "addEventListener('mousedown', (event) => {
        event.preventDefault();
        document.activeElement?.blur();
    }, true)";
    hand.browser.run(unfocused).await;
    hand.tap("Part 3").await;
    hand.sees(labels::PICKED_1).await;
    let top = "return document.querySelector('.find').getBoundingClientRect().top";
    let before = hand.browser.run(top).await;
    hand.tap("Part 3").await;
    hand.sees(labels::NOTHING_PICKED).await;
    assert_eq!(hand.browser.run(top).await, before);
    let focused = "return document.activeElement.tagName";
    assert_eq!(hand.browser.run(focused).await, "BODY");
}
