//! Messages after publishing, and texts to share, which must be true when they are shown or copied.

use e2e::{Operator, Site, labels};
use serde_json::json;

/// A script that replaces the clipboard: a copied text is in `window.copied`.
const COPY: &str = "Object.defineProperty(navigator, 'clipboard',
    { value: { writeText: async (text) => { window.copied = text; } }, configurable: true })";

async fn copy_text(operator: &mut Operator) -> String {
    operator
        .browser
        .run(&format!("window.copied = null; {COPY}"))
        .await;
    operator.tap(labels::COPY_TEXT).await;
    operator.wait_for_text(labels::TEXT_COPIED).await;
    let text = operator.browser.run("return window.copied").await;
    text.as_str().unwrap().to_owned()
}

/// Fills in and publishes an incident or a drill.
async fn publish(operator: &mut Operator, title: &str, is_drill: bool) {
    operator.navigate("new/incident").await;
    operator.tap(labels::MAJOR).await;
    if is_drill {
        operator.tap(labels::DRILL).await;
    }
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", title).await;
    operator.type_into("body", "We are looking into it.").await;
    operator.tap(labels::PREVIEW).await;
    let button = if is_drill {
        labels::START_DRILL
    } else {
        labels::PUBLISH
    };
    operator.tap(button).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_promised_delay_matches_the_poll_interval() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    publish(&mut operator, "Messages are late", false).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    publish(&mut operator, "Reports are late", false).await;
    operator.wait_for_text(labels::PUBLISHED_WHILE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_says_that_only_drill_pages_show_it() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    publish(&mut operator, "A rehearsal", true).await;
    operator.wait_for_text(labels::DRILL_STARTED).await;
    assert_eq!(site.feed().json["notices"][0]["drill"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_promise_is_copied_as_late() {
    let mut site = Site::with_tiers();
    let incident = site.publish_outage();
    site.server.restart_with_clock_offset(40 * 60);
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    for format in [
        labels::COPY_AS_MAIL,
        labels::COPY_AS_CHAT,
        labels::COPY_AS_POST,
    ] {
        operator.tap(format).await;
        let text = copy_text(&mut operator).await;
        assert!(text.contains(" update is late."), "{format}: {text}");
        assert!(!text.contains("Next update by"), "{format}: {text}");
    }
}

/// The promise becomes overdue between drawing the text and pressing the button.
#[tokio::test(flavor = "multi_thread")]
async fn a_share_text_is_composed_when_it_is_copied() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    operator
        .wait_for_value("text", |text| text.contains("Next update by"))
        .await;
    operator.browser.run(COPY).await;
    // In one script, so that nothing is drawn in between.
    let pressed = "const real = Date.now; Date.now = () => real() + 40 * 60e3;
        [...document.querySelectorAll('button')].find(one => one.innerText === 'Copy text').click();
        Date.now = real";
    operator.browser.run(pressed).await;
    operator.wait_for_text(labels::TEXT_COPIED).await;
    let text = operator.browser.run("return window.copied").await;
    assert!(
        text.as_str().unwrap().contains(" update is late."),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_post_has_a_link_and_at_most_280_characters() {
    let site = Site::with_tiers();
    let created = site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": "Nachrichten kommen später an ".repeat(6).trim(), "impact": "major",
            "body": "Wir suchen nach der Ursache. ".repeat(20), "advice": "Senden Sie nichts noch einmal. ".repeat(10),
            "next_update_at": e2e::in_minutes(30) }),
    );
    let incident = created["id"].as_str().unwrap().to_owned();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    operator.tap(labels::COPY_AS_POST).await;
    let text = copy_text(&mut operator).await;
    assert!(text.chars().count() <= 280, "{text}");
    assert!(text.ends_with(created["url"].as_str().unwrap()), "{text}");
    assert!(text.contains("Next update by"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_post_that_is_too_long_is_not_copied() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    operator.tap(labels::COPY_AS_POST).await;
    operator
        .browser
        .run(&format!("window.copied = null; {COPY}"))
        .await;
    for text in ["x".repeat(395), " ".to_owned()] {
        operator.replace("text", &text).await;
        operator.tap(labels::COPY_TEXT).await;
        operator
            .wait_for_text("Not copied. Fix the text first.")
            .await;
        operator.wait_for_focus("text").await;
        assert_eq!(
            operator.browser.run("return window.copied").await,
            json!(null)
        );
    }
    operator.replace("text", "Messages are delayed.").await;
    operator.tap(labels::COPY_TEXT).await;
    operator.wait_for_text(labels::TEXT_COPIED).await;
    let text = operator.browser.run("return window.copied").await;
    assert_eq!(text, json!("Messages are delayed."));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_share_text_warns_when_the_incident_changes() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    operator.type_into("text", " Sorry!").await;
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    operator
        .browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    operator
        .wait_for_text("The incident has changed since you edited this text.")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn monitoring_asks_whether_the_advice_still_holds() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/update"))
        .await;
    operator.wait_for_text("What should users do now?").await;
    operator.tap("Monitoring").await;
    operator.wait_for_text("Is this advice still right?").await;
    operator.assert_value("advice", "Do not resend.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_agrees_with_the_number_of_components() {
    let site = Site::with_tiers();
    site.create(
        "/templates",
        &json!({ "name": "Ours", "kind": "incident", "title": "{components} {is|are} slow", "body": "{parts}: we look into it." }),
    );
    let mut operator = Operator::invited(&site).await;
    for (components, title) in [
        (&["Sending"][..], "Sending is slow"),
        (&["Reports"], "Sending and Reports are slow"),
    ] {
        operator.navigate("new/incident").await;
        for component in components {
            operator.tap(component).await;
        }
        operator.tap(labels::NEXT_MESSAGE).await;
        if operator.value("title").await.is_empty() {
            operator.tap("Ours").await;
        } else {
            operator.tap("Start from a template").await;
            operator.tap("Ours").await;
        }
        operator.assert_value("title", title).await;
    }
    operator
        .assert_value("body", "Sending and Reports: we look into it.")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_share_text_warns_about_an_overdue_promise() {
    let mut site = Site::with_tiers();
    let incident = site.publish_outage();
    site.server.restart_with_clock_offset(40 * 60);
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    let text = operator
        .wait_for_value("text", |text| text.contains(" update is late"))
        .await;
    // The time as in the text, such as "Our 09:00 CET update is late."
    let (_, promise) = text.split_once("Our ").unwrap();
    let (time, _) = promise.split_once(" update is late").unwrap();
    let own = format!("We are on it. More by {time}.");
    operator.replace("text", &own).await;
    operator
        .wait_for_text(&format!(
            "Your text mentions the update promised by {time}. That update is late."
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_promises_its_delay_to_pages_of_the_audience() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "audience": { "paths": ["/only/**"] } }),
    );
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/withdraw"))
        .await;
    operator.type_into("reason", "Because: …").await;
    operator.tap(labels::SAVE_WITHDRAWAL).await;
    operator
        .wait_for_text("Still has “…” from the template; fill it in.")
        .await;
    operator
        .replace("reason", "Our own monitor was wrong.")
        .await;
    operator.tap(labels::SAVE_WITHDRAWAL).await;
    operator
        .wait_for_text("Withdrawn. Open pages of its audience show it within 12 s.")
        .await;
}
