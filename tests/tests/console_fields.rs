//! Every field that the API has can be filled in at the console.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::json;

const MORE: &str = labels::MORE_OPTIONS;

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_has_contacts_a_pace_and_relatives_of_its_own() {
    let site = Site::new();
    site.patch(
        "",
        &json!({ "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }] }),
    );
    let related = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Sharing hangs").await;
    hand.write("body", "We look into it.").await;
    hand.tap(MORE).await;
    hand.tap(labels::OWN_CONTACTS).await;
    assert_eq!(
        hand.value("contacts-0-value").await,
        "+61 2 5550 0100",
        "the site's to begin with"
    );
    hand.write_anew("contacts-0-label", "Duty desk").await;
    hand.write("cadence", "20").await;
    hand.choose("related", "Messages are delayed").await;
    hand.tap(labels::LISTED_NEVER).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let made = site.get("/incidents").json["items"][0].clone();
    assert_eq!(made["contacts"][0]["label"], "Duty desk");
    assert_eq!(made["cadence_s"], 1200);
    assert_eq!(made["related"], json!([related]));
    assert_eq!(made["audience"]["listed"], false);

    // And each of them taken back.
    hand.tap(labels::EDIT).await;
    hand.tap(labels::OWN_CONTACTS).await;
    // Theirs goes first: there is one way left to remove something.
    let gone = "return !document.getElementById('contacts-0-value')";
    hand.browser
        .wait_for_script("no contacts", gone, |gone| gone == true)
        .await;
    hand.tap(labels::REMOVE).await;
    hand.write_anew("cadence", "45").await;
    hand.tap(labels::LISTED_ALWAYS).await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    let made = site.get("/incidents").json["items"][0].clone();
    assert_eq!(made["contacts"], json!(null));
    assert_eq!(made["cadence_s"], 2700);
    assert_eq!(made["related"], json!([]));
    assert_eq!(made["audience"]["listed"], true);
    assert_eq!(
        made["in_app_chosen"],
        json!(null),
        "how loud is left to the rules"
    );
    hand.assert_calm().await;
}

/// The API has a default; an operator answers, since only they know whom a warning would alarm for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn segments_ask_about_pages_that_declare_none() {
    for (answer, label, card) in [
        (
            "show",
            labels::SHOW_UNDECLARED_SEGMENTS,
            "Card: European customers, and pages that declare no segments. Status page: does not show it.",
        ),
        (
            "hide",
            labels::HIDE_UNDECLARED_SEGMENTS,
            "Card: European customers, not on pages that declare no segments. Status page: does not show it.",
        ),
    ] {
        let site = Site::new();
        site.patch(
            "",
            &json!({ "segments": [{ "slug": "eu", "label": "European customers" }] }),
        );
        let mut hand = Hand::invited(&site).await;
        hand.tap(labels::NEW_INCIDENT).await;
        hand.tap(labels::MAJOR).await;
        hand.tap(labels::NEXT_MESSAGE).await;
        hand.write("title", "Sharing hangs").await;
        hand.write("body", "We look into it.").await;
        hand.tap(MORE).await;
        hand.sees("Card: everyone. Status page: shows it.").await;
        hand.tap("European customers").await;
        hand.sees("Card: European customers. Status page: does not show it.")
            .await;
        let chosen =
            "return document.querySelectorAll('#undeclared-segments [aria-pressed=true]').length";
        assert_eq!(
            hand.browser.run(chosen).await,
            json!(0),
            "nothing is chosen"
        );

        // The preview names what is missing and leads to it.
        hand.tap(labels::PREVIEW).await;
        hand.sees(labels::FIX_BEFORE_PUBLISHING).await;
        hand.tap(labels::UNDECLARED_SEGMENTS_UNANSWERED).await;
        hand.tap(label).await;
        hand.sees(card).await;
        hand.tap(labels::PREVIEW).await;
        hand.tap(labels::PUBLISH).await;
        hand.sees(labels::PUBLISHED).await;
        let audience = site.get("/incidents").json["items"][0]["audience"].clone();
        assert_eq!(audience["undeclared_segments"], answer, "{audience}");
        assert_eq!(audience["undeclared"], json!(null), "{audience}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_whom_it_disturbs() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/edit")).await;
    let raised = "return document.querySelector('#renotify [aria-pressed=true]')?.innerText";
    hand.write("title", " by an hour").await;
    let says = |answer: &'static str| move |said: &serde_json::Value| said == answer;
    hand.browser
        .wait_for_script("no", raised, says(labels::NO))
        .await;
    hand.write_anew("advice", "Ring us.").await;
    hand.browser
        .wait_for_script("yes", raised, says(labels::YES))
        .await;
    hand.tap(labels::SHOW_PREVIEW).await;
    hand.browser
        .wait_for("the card as it will be", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("by an hour"))
        })
        .await;
    hand.tap(labels::NO).await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(
        (&stands["advice"], &stands["attention"]),
        (&json!("Ring us."), &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_and_templates_are_said_in_every_language() {
    let site = Site::new();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.sees(labels::SEGMENTS).await;
    hand.browser
        .run("[...document.querySelectorAll('fieldset')].find(one => one.innerText.startsWith('Segments')).querySelector('button').click()")
        .await;
    hand.write("segments-0-label", "European customers").await;
    hand.write("segments-0-de", "Kunden in Europa").await;
    hand.write("segments-0-value", "eu").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    assert_eq!(
        site.get("").json["segments"],
        json!([{ "slug": "eu", "label": "European customers", "text": { "de": "Kunden in Europa" } }])
    );

    hand.go("settings/templates/new").await;
    hand.write("name", "Queue is full").await;
    hand.write("title", "{parts} waits").await;
    hand.write("body", "The queue is full.").await;
    hand.tap(labels::TRANSLATION_MISSING_DEUTSCH).await;
    hand.write("text-de-title", "{parts} wartet").await;
    hand.write("text-de-body", "Die Warteschlange ist voll.")
        .await;
    hand.tap(labels::SAVE_TEMPLATE).await;
    hand.sees(labels::TEMPLATE_SAVED).await;
    hand.go("new/incident").await;
    hand.tap("Sending").await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap("Queue is full").await;
    assert_eq!(hand.value("title").await, "Sending waits");
    hand.tap(labels::PREVIEW).await;
    hand.tap("Deutsch").await;
    hand.browser
        .wait_for("the card in German", |tree| {
            tree.notices()
                .first()
                .is_some_and(|notice| notice.text().contains("Sending wartet"))
        })
        .await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let text = site.get("/incidents").json["items"][0]["text"]["de"].clone();
    assert_eq!(text["title"], "Sending wartet");
    hand.assert_calm().await;
}

/// What was said too hastily of the end can be put right.
#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_an_all_clear_can_be_changed() {
    let site = Site::new();
    let incident = site.incident();
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved", "restored": { "check": "Nothing." } }),
    );
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/edit")).await;
    hand.write_anew("check", "Look at what you sent.").await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    assert_eq!(
        site.feed()["notices"][0]["restored"]["check"],
        "Look at what you sent."
    );
}

/// Two who put the same thing right lose nothing of each other's, in any language.
#[tokio::test(flavor = "multi_thread")]
async fn two_corrections_of_one_update_are_both_kept() {
    let site = Site::new();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let incident = site.incident();
    let stands = site.get(&format!("/incidents/{incident}")).json;
    let update = stands["updates"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/incidents/{incident}/updates/{update}");
    site.patch(
        &path,
        &json!({ "text": { "de": { "body": "Wir sehen nach." } } }),
    );
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/correct/{update}"))
        .await;
    hand.write_anew("body", "We have looked into it.").await;
    site.patch(
        &path,
        &json!({ "text": { "de": { "body": "Wir suchen." } } }),
    );
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees_conflict().await;
    hand.tap(labels::MERGE_THEIRS).await;
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees(labels::CORRECTED).await;
    let said = site.get(&path).json;
    assert_eq!(said["body"], "We have looked into it.");
    assert_eq!(said["text"]["de"], "Wir suchen.", "theirs stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_one_template_keep_each_others_words() {
    let site = Site::new();
    let made = site.post(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words.", "advice": "Wait." }),
    );
    let path = format!("/templates/{}", made["id"].as_str().unwrap());
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("settings{path}")).await;
    hand.write_anew("body", "My words.").await;
    site.patch(&path, &json!({ "advice": "Ring us." }));
    hand.tap(labels::SAVE_TEMPLATE).await;
    hand.sees_conflict().await;
    hand.tap(labels::MERGE_THEIRS).await;
    hand.tap(labels::SAVE_TEMPLATE).await;
    hand.sees(labels::TEMPLATE_SAVED).await;
    let stands = site.get(&path).json;
    assert_eq!(
        (&stands["body"], &stands["advice"]),
        (&json!("My words."), &json!("Ring us."))
    );
}
