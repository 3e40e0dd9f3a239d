//! Unsaved settings: marked at every visit, merged with remote changes, and never sent unseen.

use e2e::{Operator, Site, labels};
use serde_json::{Value, json};

/// Number of times that this text is on the screen.
async fn count(operator: &Operator, words: &str) -> usize {
    let text = operator.browser.run("return document.body.innerText").await;
    text.as_str().unwrap().matches(words).count()
}

/// Waits until the mark at a setting's field meets a condition; the mark is empty when there is none.
async fn wait_for_mark(operator: &Operator, id: &str, is_so: impl Fn(&str) -> bool) {
    let script = format!(
        "return document.getElementById('{id}').closest('.setting').querySelector('.unsaved')?.innerText ?? ''"
    );
    let is_so = |mark: &Value| mark.as_str().is_some_and(&is_so);
    operator
        .browser
        .eventually("the mark", &script, is_so)
        .await;
}

async fn wait_until_gone(operator: &Operator, words: &str) {
    let is_gone = |text: &Value| text.as_str().is_some_and(|text| !text.contains(words));
    operator
        .browser
        .wait_for_script(
            "the texts to be removed",
            "return document.body.innerText",
            is_gone,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsaved_setting_is_marked_and_can_be_discarded() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.replace("time-zone", "Australia/Sydney").await;
    operator.navigate("").await;
    operator.browser.reload().await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.navigate("settings").await;
    operator
        .wait_for_text("Not saved yet, from an earlier visit: Name, Time zone.")
        .await;
    operator.wait_for_text("2 unsaved changes").await;
    // Changes of this visit are not marked.
    operator.replace("languages", "en, de").await;
    operator.wait_for_text("3 unsaved changes").await;
    operator
        .wait_for_text("Not saved yet, from an earlier visit: Name, Time zone.\n")
        .await;
    operator.replace("languages", "en").await;
    operator.wait_for_text("2 unsaved changes").await;
    wait_for_mark(&operator, "name", |mark| {
        mark.contains("Not saved. Saved value: Acme SMS") && mark.contains("Discard")
    })
    .await;
    wait_for_mark(&operator, "languages", str::is_empty).await;
    operator.browser
        .run("document.getElementById('time-zone').closest('.setting').querySelector('.unsaved button').click()")
        .await;
    operator.wait_for_text("1 unsaved change").await;
    operator.assert_value("time-zone", "Etc/UTC").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved_settings = site.get("").json;
    assert_eq!(saved_settings["name"], "Acme Messages");
    assert_eq!(saved_settings["time_zone"], "Etc/UTC");
    wait_for_mark(&operator, "name", str::is_empty).await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_one_section_sends_nothing_of_another() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.tap("On call").await;
    operator.replace("overdue", "7").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(saved["overdue_after_s"], 420);
    assert_eq!(saved["name"], "Acme SMS");
    operator.navigate("").await;
    operator.wait_for_text("Settings: General").await;
    assert_eq!(count(&operator, "Settings: On call").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_asks_for_confirmation_and_lists_open_incidents() {
    let site = Site::with_tiers();
    site.publish_outage();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.tap(labels::ASK_TO_PAUSE).await;
    operator
        .wait_for_text("Open pages hide these within 12 s")
        .await;
    operator.wait_for_text("Major: Messages are delayed").await;
    assert_eq!(site.get("").json["paused"], false);
    operator.tap("Cancel").await;
    operator.tap(labels::ASK_TO_PAUSE).await;
    operator.tap(labels::PAUSE_EMBEDS).await;
    operator
        .wait_for_text("Every embed is paused: users see no card.")
        .await;
    let saved_settings = site.get("").json;
    assert_eq!(saved_settings["paused"], true);
    assert_eq!(
        saved_settings["name"], "Acme SMS",
        "nothing else is saved with it"
    );
    operator.assert_value("name", "Acme Messages").await;
    // Saving the form afterwards does not resume the embeds.
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(
        (&saved["name"], &saved["paused"]),
        (&json!("Acme Messages"), &json!(true))
    );
    operator.tap("Resume every embed …").await;
    operator
        .wait_for_text("Open pages show these again within 36 s")
        .await;
    operator.tap("Resume every embed").await;
    wait_until_gone(&operator, "users see no card").await;
    assert_eq!(site.get("").json["paused"], false);
    operator.assert_no_errors().await;
}

/// Drafts of earlier versions of the console have `paused` as a field of the form.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_draft_with_a_pause_field_pauses_nothing() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let fields = json!({ "name": "Acme SMS", "languages": "en", "time_zone": "Etc/UTC", "cadence": ["30", "120", "1440"],
        "overdue_minutes": "5", "returning_hours": "24", "everyone_hours": "2" });
    let mut changed = fields.clone();
    changed["paused"] = json!(true);
    changed["name"] = json!("Acme Messages");
    let stored_draft = json!({ "value": { "etag": "x", "stood": fields, "fields": changed }, "at": 1, "key": "k", "sent": null });
    operator
        .browser
        .run(&format!(
            "localStorage['allclear-console:draft:acme:settings'] = JSON.stringify({stored_draft})"
        ))
        .await;
    operator.navigate("settings").await;
    operator.wait_for_text("1 unsaved change").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(
        (&saved["name"], &saved["paused"]),
        (&json!("Acme Messages"), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_lists_each_difference_with_a_choice() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings/contacts").await;
    operator.tap(labels::ADD_CONTACT).await;
    operator.type_into("contacts-0-label", "Support").await;
    operator
        .type_into("contacts-0-value", "+61 2 5550 0100")
        .await;
    operator.navigate("settings").await;
    operator.replace("name", "Mine").await;
    operator.replace("everyone", "3").await;
    site.patch(
        "",
        &json!({ "name": "Theirs", "time_zone": "Australia/Sydney", "restored": { "returning_s": 86400, "everyone_s": 14400 },
            "contacts": [{ "kind": "email", "label": "Help", "value": "help@acme.example" }] }),
    );
    operator.tap(labels::SAVE_SETTINGS).await;
    let text = wait_for_conflict_text(&operator).await;
    assert_headings(&operator, json!(["Name", "For everyone (hours)"])).await;
    for words in ["Published version", "Theirs", "Your draft", "Mine"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(
        site.get("").json["name"],
        "Theirs",
        "nothing is overwritten"
    );

    // Saving again explains why nothing happens, and leaving loses nothing.
    operator.tap(labels::SAVE_SETTINGS).await;
    operator
        .wait_for_text("Nothing was saved. Choose a version of each field above first.")
        .await;
    operator.navigate("").await;
    operator.navigate("settings").await;
    assert_headings(&operator, json!(["Name", "For everyone (hours)"])).await;

    choose(&operator, "Name", "Keep your draft").await;
    choose(
        &operator,
        "For everyone (hours)",
        "Use the published version",
    )
    .await;
    wait_until_gone(&operator, "Published version").await;
    operator.assert_value("everyone", "4").await;
    operator.wait_for_text("1 unsaved change").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(saved["name"], "Mine");
    assert_eq!(saved["time_zone"], "Australia/Sydney");
    assert_eq!(saved["restored"]["everyone_s"], 14400);

    // A list is shown in words, not with the API's field names.
    operator.navigate("settings/contacts").await;
    let text = wait_for_conflict_text(&operator).await;
    assert!(
        text.contains("E-mail · Help · help@acme.example")
            && text.contains("Phone · Support · +61 2 5550 0100"),
        "{text}"
    );
    assert!(!text.contains("kind"), "{text}");
    operator.assert_no_errors().await;
}

async fn wait_for_conflict_text(operator: &Operator) -> String {
    let text = "return document.querySelector('.conflict')?.innerText ?? null";
    let text = operator
        .browser
        .wait_for_script("a conflict", text, Value::is_string)
        .await;
    text.as_str().unwrap().to_owned()
}

async fn assert_headings(operator: &Operator, expected: Value) {
    let headings =
        "return [...document.querySelectorAll('.conflict h3')].map(one => one.innerText)";
    operator
        .browser
        .assert_eventually("the headings", headings, expected)
        .await;
}

async fn choose(operator: &Operator, field: &str, label: &str) {
    let script = format!(
        "const group = document.querySelector('.conflict [role=group][aria-label=\"{field}\"]');
         const button = [...(group?.querySelectorAll('button') ?? [])].find(one => one.innerText === '{label}');
         button?.click(); return !!button"
    );
    operator
        .browser
        .wait_for_script(label, &script, |found| found == true)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn remote_changes_are_merged_without_a_question() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Mine").await;
    site.patch("", &json!({ "time_zone": "Australia/Sydney" }));
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(
        (&saved["name"], &saved["time_zone"]),
        (&json!("Mine"), &json!("Australia/Sydney"))
    );
    operator.assert_value("time-zone", "Australia/Sydney").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text("No changes to save.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_found_saved_when_the_answer_was_lost() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Mine").await;
    operator.lose_next_answer("PATCH").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text("The server does not answer.").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(site.get("").json["name"], "Mine");
    assert_eq!(
        site.get("/journal?limit=100")
            .text()
            .matches("site.changed")
            .count(),
        2,
        "row and event of one change"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_setting_is_refused_once_at_its_field() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.type_into("light", "blue").await;
    operator.tap_field("dark").await;
    operator
        .wait_for_text("Enter a hex colour, like #1f6feb.")
        .await;
    assert_eq!(count(&operator, "Enter a hex colour").await, 1);
    operator.tap(labels::SAVE_SETTINGS).await;
    operator
        .wait_for_text("Please fix the fields marked below.")
        .await;
    operator.wait_for_focus("light").await;
    assert_eq!(
        count(&operator, "Enter a hex colour, like #1f6feb.").await,
        1
    );
    operator.replace("light", "#bbbbbb").await;
    operator.tap_field("dark").await;
    operator.wait_for_text("At least 4.5:1 is required").await;
    assert_eq!(count(&operator, "At least 4.5:1 is required").await, 1);
    operator.navigate("settings/on-call").await;
    operator.replace("tier-1", "0").await;
    operator.tap_field("tier-2").await;
    operator
        .wait_for_text("Enter a number of minutes from 1 to 43200 (30 days).")
        .await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_changed_in_this_visit_is_not_marked() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.wait_for_text("1 unsaved change").await;
    assert_eq!(count(&operator, "from an earlier visit").await, 0);
}

/// An interval that is not a whole number of minutes or hours must not be rounded.
#[tokio::test(flavor = "multi_thread")]
async fn changing_one_interval_keeps_the_seconds_of_the_others() {
    let site = Site::with_tiers();
    let odd = json!({ "cadence": { "tier_1_s": 1830, "tier_2_s": 7201, "tier_3_s": 86_400 }, "overdue_after_s": 301,
        "restored": { "returning_s": 86_401, "everyone_s": 7200 } });
    site.patch("", &odd);
    let mut operator = Operator::signed_in_as_owner(&site, "settings/on-call").await;
    operator.assert_value("tier-1", "30.5").await;
    operator.replace("tier-3", "60").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    operator.navigate("settings").await;
    operator.replace("everyone", "3").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(
        saved["cadence"],
        json!({ "tier_1_s": 1830, "tier_2_s": 7201, "tier_3_s": 3600 })
    );
    assert_eq!(
        saved["restored"],
        json!({ "returning_s": 86_401, "everyone_s": 10_800 })
    );
    assert_eq!(saved["overdue_after_s"], 301);
}
