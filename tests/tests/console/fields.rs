//! Every field of the API can be filled in at the console.

use e2e::{Operator, Site, labels};
use serde_json::json;

const MORE: &str = labels::MORE_OPTIONS;

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_has_contacts_cadence_and_related_incidents() {
    let site = Site::with_tiers();
    site.patch(
        "",
        &json!({ "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }] }),
    );
    let related = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Sharing hangs").await;
    operator.type_into("body", "We look into it.").await;
    operator.tap(MORE).await;
    operator.tap(labels::OWN_CONTACTS).await;
    // The form starts with the site's contacts.
    operator
        .assert_value("contacts-0-value", "+61 2 5550 0100")
        .await;
    operator.replace("contacts-0-label", "Duty desk").await;
    operator.type_into("cadence", "20").await;
    operator.choose("related", "Messages are delayed").await;
    operator.tap(labels::LISTED_NEVER).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let created = site.get("/incidents").json["items"][0].clone();
    assert_eq!(created["contacts"][0]["label"], "Duty desk");
    assert_eq!(created["cadence_s"], 1200);
    assert_eq!(created["related"], json!([related]));
    assert_eq!(created["audience"]["listed"], false);

    // Each of them can be removed again.
    operator.tap(labels::EDIT).await;
    operator.tap(labels::OWN_CONTACTS).await;
    // The contacts disappear first, so that one Remove button is left.
    let is_gone = "return !document.getElementById('contacts-0-value')";
    operator
        .browser
        .wait_for_script("no contacts", is_gone, |is_gone| is_gone == true)
        .await;
    operator.tap(labels::REMOVE).await;
    operator.replace("cadence", "45").await;
    operator.tap(labels::LISTED_ALWAYS).await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    let created = site.get("/incidents").json["items"][0].clone();
    assert_eq!(created["contacts"], json!(null));
    assert_eq!(created["cadence_s"], 2700);
    assert_eq!(created["related"], json!([]));
    assert_eq!(created["audience"]["listed"], true);
    assert_eq!(
        created["in_app_chosen"],
        json!(null),
        "`in_app` is left to the rules"
    );
    operator.assert_no_errors().await;
}

/// The API has a default, but the console asks: only the operator knows whom a notice would alarm needlessly.
#[tokio::test(flavor = "multi_thread")]
async fn segments_require_a_choice_for_undeclared_pages() {
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
        let site = Site::with_tiers();
        site.patch(
            "",
            &json!({ "segments": [{ "slug": "eu", "label": "European customers" }] }),
        );
        let mut operator = Operator::invited(&site).await;
        operator.tap(labels::NEW_INCIDENT).await;
        operator.tap(labels::MAJOR).await;
        operator.tap(labels::NEXT_MESSAGE).await;
        operator.type_into("title", "Sharing hangs").await;
        operator.type_into("body", "We look into it.").await;
        operator.tap(MORE).await;
        operator
            .wait_for_text("Card: everyone. Status page: shows it.")
            .await;
        operator.tap("European customers").await;
        operator
            .wait_for_text("Card: European customers. Status page: does not show it.")
            .await;
        let chosen =
            "return document.querySelectorAll('#undeclared-segments [aria-pressed=true]').length";
        assert_eq!(
            operator.browser.run(chosen).await,
            json!(0),
            "nothing is chosen"
        );

        // The preview names the missing answer and links to it.
        operator.tap(labels::PREVIEW).await;
        operator.wait_for_text(labels::FIX_BEFORE_PUBLISHING).await;
        operator.tap(labels::UNDECLARED_SEGMENTS_UNANSWERED).await;
        operator.tap(label).await;
        operator.wait_for_text(card).await;
        operator.tap(labels::PREVIEW).await;
        operator.tap(labels::PUBLISH).await;
        operator.wait_for_text(labels::PUBLISHED).await;
        let audience = site.get("/incidents").json["items"][0]["audience"].clone();
        assert_eq!(audience["undeclared_segments"], answer, "{audience}");
        assert_eq!(audience["undeclared"], json!(null), "{audience}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_says_whether_hidden_cards_are_shown_again() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/edit"))
        .await;
    let raised = "return document.querySelector('#renotify [aria-pressed=true]')?.innerText";
    operator.type_into("title", " by an hour").await;
    let equals = |answer: &'static str| move |given: &serde_json::Value| given == answer;
    operator
        .browser
        .wait_for_script("no", raised, equals(labels::NO))
        .await;
    operator.replace("advice", "Ring us.").await;
    operator
        .browser
        .wait_for_script("yes", raised, equals(labels::YES))
        .await;
    operator.tap(labels::SHOW_PREVIEW).await;
    operator
        .browser
        .wait_for("the card as it will be", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("by an hour"))
        })
        .await;
    operator.tap(labels::NO).await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(
        (&saved["advice"], &saved["attention"]),
        (&json!("Ring us."), &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_and_templates_have_a_text_per_language() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.wait_for_text(labels::SEGMENTS).await;
    operator.browser
        .run("[...document.querySelectorAll('fieldset')].find(one => one.innerText.startsWith('Segments')).querySelector('button').click()")
        .await;
    operator
        .type_into("segments-0-label", "European customers")
        .await;
    operator
        .type_into("segments-0-de", "Kunden in Europa")
        .await;
    operator.type_into("segments-0-value", "eu").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(
        site.get("").json["segments"],
        json!([{ "slug": "eu", "label": "European customers", "text": { "de": "Kunden in Europa" } }])
    );

    operator.navigate("settings/templates/new").await;
    operator.type_into("name", "Queue is full").await;
    operator.type_into("title", "{parts} waits").await;
    operator.type_into("body", "The queue is full.").await;
    operator.tap(labels::TRANSLATION_MISSING_DEUTSCH).await;
    operator.type_into("text-de-title", "{parts} wartet").await;
    operator
        .type_into("text-de-body", "Die Warteschlange ist voll.")
        .await;
    operator.tap(labels::SAVE_TEMPLATE).await;
    operator.wait_for_text(labels::TEMPLATE_SAVED).await;
    operator.navigate("new/incident").await;
    operator.tap("Sending").await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap("Queue is full").await;
    operator.assert_value("title", "Sending waits").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap("Deutsch").await;
    operator
        .browser
        .wait_for("the card in German", |tree| {
            tree.notices()
                .first()
                .is_some_and(|notice| notice.text().contains("Sending wartet"))
        })
        .await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let text = site.get("/incidents").json["items"][0]["text"]["de"].clone();
    assert_eq!(text["title"], "Sending wartet");
    operator.assert_no_errors().await;
}

/// The all-clear's texts are corrected after publication.
#[tokio::test(flavor = "multi_thread")]
async fn the_texts_of_an_all_clear_can_be_edited() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved", "restored": { "check": "Nothing." } }),
    );
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate(&format!("incidents/{incident}/edit"))
        .await;
    operator.replace("check", "Look at what you sent.").await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    assert_eq!(
        site.feed().json["notices"][0]["restored"]["check"],
        "Look at what you sent."
    );
}

/// Two concurrent corrections in different languages are both kept.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_corrections_of_one_update_are_both_kept() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let incident = site.publish_outage();
    let saved = site.get(&format!("/incidents/{incident}")).json;
    let update = saved["updates"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/incidents/{incident}/updates/{update}");
    site.patch(
        &path,
        &json!({ "text": { "de": { "body": "Wir sehen nach." } } }),
    );
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/correct/{update}"))
        .await;
    operator.replace("body", "We have looked into it.").await;
    site.patch(
        &path,
        &json!({ "text": { "de": { "body": "Wir suchen." } } }),
    );
    operator.tap(labels::SAVE_CORRECTION).await;
    operator.wait_for_conflict().await;
    operator.tap(labels::MERGE_CHANGES).await;
    operator.tap(labels::SAVE_CORRECTION).await;
    operator.wait_for_text(labels::CORRECTED).await;
    let saved_update = site.get(&path).json;
    assert_eq!(saved_update["body"], "We have looked into it.");
    assert_eq!(
        saved_update["text"]["de"], "Wir suchen.",
        "the remote value stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_template_changes_are_merged() {
    let site = Site::with_tiers();
    let created = site.create(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words.", "advice": "Wait." }),
    );
    let path = format!("/templates/{}", created["id"].as_str().unwrap());
    let mut operator = Operator::invited(&site).await;
    operator.navigate(&format!("settings{path}")).await;
    operator.replace("body", "My words.").await;
    site.patch(&path, &json!({ "advice": "Ring us." }));
    operator.tap(labels::SAVE_TEMPLATE).await;
    operator.wait_for_conflict().await;
    operator.tap(labels::MERGE_CHANGES).await;
    operator.tap(labels::SAVE_TEMPLATE).await;
    operator.wait_for_text(labels::TEMPLATE_SAVED).await;
    let saved = site.get(&path).json;
    assert_eq!(
        (&saved["body"], &saved["advice"]),
        (&json!("My words."), &json!("Ring us."))
    );
}
