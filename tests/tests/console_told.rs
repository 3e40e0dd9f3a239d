//! What the console says of itself after publishing, and what it gives to others: true when it is said.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::json;

const COPY: &str = "Object.defineProperty(navigator, 'clipboard',
    { value: { writeText: async (text) => { window.copied = text; } }, configurable: true })";

async fn copied(hand: &mut Hand) -> String {
    hand.browser
        .run(&format!("window.copied = null; {COPY}"))
        .await;
    hand.tap(labels::COPY_TEXT).await;
    hand.sees(labels::TEXT_COPIED).await;
    let text = hand.browser.run("return window.copied").await;
    text.as_str().unwrap().to_owned()
}

/// From sign-in to a published incident.
async fn publish(hand: &mut Hand, title: &str, is_drill: bool) {
    hand.go("new/incident").await;
    hand.tap(labels::MAJOR).await;
    if is_drill {
        hand.tap(labels::DRILL).await;
    }
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", title).await;
    hand.write("body", "We are looking into it.").await;
    hand.tap(labels::PREVIEW).await;
    let button = if is_drill {
        labels::START_DRILL
    } else {
        labels::PUBLISH
    };
    hand.tap(button).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_are_promised_what_their_polls_keep() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    publish(&mut hand, "Messages are late", false).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    publish(&mut hand, "Reports are late", false).await;
    hand.sees(labels::PUBLISHED_WHILE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_says_that_only_drill_pages_show_it() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    publish(&mut hand, "A rehearsal", true).await;
    hand.sees(labels::DRILL_STARTED).await;
    assert_eq!(site.feed()["notices"][0]["drill"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_promise_is_copied_as_late() {
    let mut site = Site::new();
    let incident = site.incident();
    site.server.restart_at(40 * 60);
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    for format in [
        labels::COPY_AS_MAIL,
        labels::COPY_AS_CHAT,
        labels::COPY_AS_POST,
    ] {
        hand.tap(format).await;
        let text = copied(&mut hand).await;
        assert!(text.contains(" update is late."), "{format}: {text}");
        assert!(!text.contains("Next update by"), "{format}: {text}");
    }
}

/// The promise passes between the drawing of the text and the press.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_made_when_it_is_copied() {
    let site = Site::new();
    let incident = site.incident();
    let hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    assert!(hand.value("text").await.contains("Next update by"));
    hand.browser.run(COPY).await;
    // In one go, so that nothing is drawn in between.
    let pressed = "const real = Date.now; Date.now = () => real() + 40 * 60e3;
        [...document.querySelectorAll('button')].find(one => one.innerText === 'Copy text').click();
        Date.now = real";
    hand.browser.run(pressed).await;
    hand.sees(labels::TEXT_COPIED).await;
    let text = hand.browser.run("return window.copied").await;
    assert!(
        text.as_str().unwrap().contains(" update is late."),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_post_has_its_link_and_at_most_280_characters() {
    let site = Site::new();
    let made = site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Nachrichten kommen später an ".repeat(6).trim(), "impact": "major",
            "body": "Wir suchen nach der Ursache. ".repeat(20), "advice": "Senden Sie nichts noch einmal. ".repeat(10),
            "next_update_at": e2e::in_minutes(30) }),
    );
    let incident = made["id"].as_str().unwrap().to_owned();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    hand.tap(labels::COPY_AS_POST).await;
    let text = copied(&mut hand).await;
    assert!(text.chars().count() <= 280, "{text}");
    assert!(text.ends_with(made["url"].as_str().unwrap()), "{text}");
    assert!(text.contains("Next update by"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_too_long_is_not_copied() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    hand.tap(labels::COPY_AS_POST).await;
    hand.browser
        .run(&format!("window.copied = null; {COPY}"))
        .await;
    for text in ["x".repeat(395), " ".to_owned()] {
        hand.write_anew("text", &text).await;
        hand.tap(labels::COPY_TEXT).await;
        hand.sees("Not copied. Fix the text first.").await;
        hand.is_at("text").await;
        assert_eq!(hand.browser.run("return window.copied").await, json!(null));
    }
    hand.write_anew("text", "Messages are delayed.").await;
    hand.tap(labels::COPY_TEXT).await;
    hand.sees(labels::TEXT_COPIED).await;
    let text = hand.browser.run("return window.copied").await;
    assert_eq!(text, json!("Messages are delayed."));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_text_warns_when_the_incident_has_changed() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    hand.write("text", " Sorry!").await;
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    hand.browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    hand.sees("The incident has changed since you edited this text.")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_asked_about_once_a_fix_is_in_place() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/update")).await;
    hand.sees("What should users do now?").await;
    hand.tap("Monitoring").await;
    hand.sees("Is this advice still right?").await;
    assert_eq!(hand.value("advice").await, "Do not resend.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_agrees_with_the_components() {
    let site = Site::new();
    site.post(
        "/templates",
        &json!({ "name": "Ours", "kind": "incident", "title": "{components} {is|are} slow", "body": "{parts}: we look into it." }),
    );
    let mut hand = Hand::invited(&site).await;
    for (components, title) in [
        (&["Sending"][..], "Sending is slow"),
        (&["Reports"], "Sending and Reports are slow"),
    ] {
        hand.go("new/incident").await;
        for component in components {
            hand.tap(component).await;
        }
        hand.tap(labels::NEXT_MESSAGE).await;
        if hand.value("title").await.is_empty() {
            hand.tap("Ours").await;
        } else {
            hand.tap("Start from a template").await;
            hand.tap("Ours").await;
        }
        assert_eq!(hand.value("title").await, title);
    }
    assert_eq!(
        hand.value("body").await,
        "Sending and Reports: we look into it."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_text_is_warned_of_its_late_promise() {
    let mut site = Site::new();
    let incident = site.incident();
    site.server.restart_at(40 * 60);
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    let text = hand.value("text").await;
    // "Our 09:00 CET update is late.": the time, as the text has it.
    let (_, promise) = text.split_once("Our ").unwrap();
    let (time, _) = promise.split_once(" update is late").unwrap();
    let own = format!("We are on it. More by {time}.");
    hand.write_anew("text", &own).await;
    hand.sees(&format!(
        "Your text mentions the update promised by {time}. That update is late."
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_outside_the_audience_are_promised_nothing() {
    let site = Site::new();
    let incident = site.incident();
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "audience": { "paths": ["/only/**"] } }),
    );
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/withdraw")).await;
    hand.write("reason", "Because: …").await;
    hand.tap(labels::SAVE_WITHDRAWAL).await;
    hand.sees("Still has “…” from the template; fill it in.")
        .await;
    hand.write_anew("reason", "Our own monitor was wrong.")
        .await;
    hand.tap(labels::SAVE_WITHDRAWAL).await;
    hand.sees("Withdrawn. Open pages of its audience show it within 12 s.")
        .await;
}
