//! Settings that are not saved yet: marked at every visit, merged with what others save, and never sent unseen.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

/// How often these words stand on the screen.
async fn times(hand: &Hand, words: &str) -> usize {
    let text = hand.browser.run("return document.body.innerText").await;
    text.as_str().unwrap().matches(words).count()
}

/// The mark of a field's setting; the empty string where there is none.
async fn mark(hand: &Hand, id: &str) -> String {
    let script = format!(
        "return document.getElementById('{id}').closest('.setting').querySelector('.unsaved')?.innerText ?? ''"
    );
    let mark = hand.browser.run(&script).await;
    mark.as_str().unwrap().to_owned()
}

async fn sees_gone(hand: &Hand, words: &str) {
    let gone = |text: &Value| text.as_str().is_some_and(|text| !text.contains(words));
    hand.browser
        .wait_for_script("words to go", "return document.body.innerText", gone)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_earlier_visit_is_marked_and_discarded() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.write_anew("time-zone", "Australia/Sydney").await;
    hand.go("").await;
    hand.browser.reload().await;
    hand.sees(labels::NONE_OPEN).await;
    hand.go("settings").await;
    hand.sees("Not saved yet, from an earlier visit: Name, Time zone.")
        .await;
    hand.sees("2 unsaved changes").await;
    // What is typed in this visit is none of that.
    hand.write_anew("languages", "en, de").await;
    hand.sees("3 unsaved changes").await;
    hand.sees("Not saved yet, from an earlier visit: Name, Time zone.\n")
        .await;
    hand.write_anew("languages", "en").await;
    hand.sees("2 unsaved changes").await;
    let marked = mark(&hand, "name").await;
    assert!(
        marked.contains("Not saved. Saved value: Acme SMS") && marked.contains("Discard"),
        "{marked}"
    );
    assert_eq!(mark(&hand, "languages").await, "");
    hand.browser
        .run("document.getElementById('time-zone').closest('.setting').querySelector('.unsaved button').click()")
        .await;
    hand.sees("1 unsaved change").await;
    assert_eq!(hand.value("time-zone").await, "Etc/UTC");
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(stands["name"], "Acme Messages");
    assert_eq!(stands["time_zone"], "Etc/UTC");
    assert_eq!(mark(&hand, "name").await, "");
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_one_section_sends_nothing_of_another() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.tap("On call").await;
    hand.write_anew("overdue", "7").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(stands["overdue_after_s"], 420);
    assert_eq!(stands["name"], "Acme SMS");
    hand.go("").await;
    hand.sees("Settings: General").await;
    assert_eq!(times(&hand, "Settings: On call").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_is_a_step_of_its_own_that_lists_what_is_open() {
    let site = Site::new();
    site.incident();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.tap(labels::CONFIRM_PAUSE).await;
    hand.sees("Open pages hide these within 12 s").await;
    hand.sees("Major: Messages are delayed").await;
    assert_eq!(site.get("").json["paused"], false);
    hand.tap("Cancel").await;
    hand.tap(labels::CONFIRM_PAUSE).await;
    hand.tap(labels::PAUSE_EMBEDS).await;
    hand.sees("Every embed is paused: users see no card.").await;
    let stands = site.get("").json;
    assert_eq!(stands["paused"], true);
    assert_eq!(stands["name"], "Acme SMS", "nothing else is saved with it");
    assert_eq!(hand.value("name").await, "Acme Messages");
    // Saving the form afterwards does not resume.
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(
        (&stands["name"], &stands["paused"]),
        (&json!("Acme Messages"), &json!(true))
    );
    hand.tap("Resume every embed …").await;
    hand.sees("Open pages show these again within 36 s").await;
    hand.tap("Resume every embed").await;
    sees_gone(&hand, "users see no card").await;
    assert_eq!(site.get("").json["paused"], false);
    hand.assert_calm().await;
}

/// Drafts of an earlier console hold the pause as a field of the form.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_draft_that_pauses_pauses_nothing() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "").await;
    hand.sees(labels::NONE_OPEN).await;
    let fields = json!({ "name": "Acme SMS", "languages": "en", "time_zone": "Etc/UTC", "cadence": ["30", "120", "1440"],
        "overdue_minutes": "5", "returning_hours": "24", "everyone_hours": "2" });
    let mut changed = fields.clone();
    changed["paused"] = json!(true);
    changed["name"] = json!("Acme Messages");
    let kept = json!({ "value": { "etag": "x", "stood": fields, "fields": changed }, "at": 1, "key": "k", "sent": null });
    hand.browser
        .run(&format!(
            "localStorage['allclear-console:draft:acme:settings'] = JSON.stringify({kept})"
        ))
        .await;
    hand.go("settings").await;
    hand.sees("1 unsaved change").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(
        (&stands["name"], &stands["paused"]),
        (&json!("Acme Messages"), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_lists_only_what_differs_with_a_choice_for_each() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings/contacts").await;
    hand.tap(labels::ADD_CONTACT).await;
    hand.write("contacts-0-label", "Support").await;
    hand.write("contacts-0-value", "+61 2 5550 0100").await;
    hand.go("settings").await;
    hand.write_anew("name", "Mine").await;
    hand.write_anew("everyone", "3").await;
    site.patch(
        "",
        &json!({ "name": "Theirs", "time_zone": "Australia/Sydney", "restored": { "returning_s": 86400, "everyone_s": 14400 },
            "contacts": [{ "kind": "email", "label": "Help", "value": "help@acme.example" }] }),
    );
    hand.tap(labels::SAVE_SETTINGS).await;
    let text = conflict(&hand).await;
    assert_eq!(
        headings(&hand).await,
        json!(["Name", "For everyone (hours)"])
    );
    for words in ["Published version", "Theirs", "Your draft", "Mine"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(
        site.get("").json["name"],
        "Theirs",
        "nothing is written over"
    );

    // Saving once more says why nothing happens, and leaving loses nothing.
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees("Nothing was saved. Choose a version of each field above first.")
        .await;
    hand.go("").await;
    hand.go("settings").await;
    assert_eq!(
        headings(&hand).await,
        json!(["Name", "For everyone (hours)"])
    );

    choose(&hand, "Name", "Keep your draft").await;
    choose(&hand, "For everyone (hours)", "Use the published version").await;
    sees_gone(&hand, "Published version").await;
    assert_eq!(hand.value("everyone").await, "4");
    hand.sees("1 unsaved change").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(stands["name"], "Mine");
    assert_eq!(stands["time_zone"], "Australia/Sydney");
    assert_eq!(stands["restored"]["everyone_s"], 14400);

    // A list is shown in words, not in the API's field names.
    hand.go("settings/contacts").await;
    let text = conflict(&hand).await;
    assert!(
        text.contains("E-mail · Help · help@acme.example")
            && text.contains("Phone · Support · +61 2 5550 0100"),
        "{text}"
    );
    assert!(!text.contains("kind"), "{text}");
    hand.assert_calm().await;
}

async fn conflict(hand: &Hand) -> String {
    let text = "return document.querySelector('.conflict')?.innerText ?? null";
    let text = hand
        .browser
        .wait_for_script("a conflict", text, Value::is_string)
        .await;
    text.as_str().unwrap().to_owned()
}

async fn headings(hand: &Hand) -> Value {
    conflict(hand).await;
    let headings =
        "return [...document.querySelectorAll('.conflict h3')].map(one => one.innerText)";
    hand.browser.run(headings).await
}

async fn choose(hand: &Hand, field: &str, label: &str) {
    let script = format!(
        "const group = document.querySelector('.conflict [role=group][aria-label=\"{field}\"]');
         const button = [...(group?.querySelectorAll('button') ?? [])].find(one => one.innerText === '{label}');
         button?.click(); return !!button"
    );
    hand.browser
        .wait_for_script(label, &script, |found| found == true)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_others_changed_is_merged_without_a_question() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Mine").await;
    site.patch("", &json!({ "time_zone": "Australia/Sydney" }));
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(
        (&stands["name"], &stands["time_zone"]),
        (&json!("Mine"), &json!("Australia/Sydney"))
    );
    assert_eq!(hand.value("time-zone").await, "Australia/Sydney");
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees("No changes to save.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_whose_answer_was_lost_are_found_saved() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Mine").await;
    hand.lose_an_answer("PATCH").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees("The server does not answer.").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
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
async fn a_wrong_setting_is_refused_once_in_its_own_field() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write("light", "blue").await;
    hand.tap_field("dark").await;
    hand.sees("Enter a hex colour, like #1f6feb.").await;
    assert_eq!(times(&hand, "Enter a hex colour").await, 1);
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees("Please fix the fields marked below.").await;
    hand.is_at("light").await;
    assert_eq!(times(&hand, "Enter a hex colour, like #1f6feb.").await, 1);
    hand.write_anew("light", "#bbbbbb").await;
    hand.tap_field("dark").await;
    hand.sees("At least 4.5:1 is required").await;
    assert_eq!(times(&hand, "At least 4.5:1 is required").await, 1);
    hand.go("settings/on-call").await;
    hand.write_anew("tier-1", "0").await;
    hand.tap_field("tier-2").await;
    hand.sees("Enter a number of minutes from 1 to 43200 (30 days).")
        .await;
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_typed_in_this_visit_is_not_of_an_earlier_one() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.sees("1 unsaved change").await;
    assert_eq!(times(&hand, "from an earlier visit").await, 0);
}

/// A value that is no whole number of minutes or hours stays what it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_one_interval_keeps_the_others_to_the_second() {
    let site = Site::new();
    let odd = json!({ "cadence": { "tier_1_s": 1830, "tier_2_s": 7201, "tier_3_s": 86_400 }, "overdue_after_s": 301,
        "restored": { "returning_s": 86_401, "everyone_s": 7200 } });
    site.patch("", &odd);
    let mut hand = Hand::of_owner(&site, "settings/on-call").await;
    assert_eq!(hand.value("tier-1").await, "30.5");
    hand.write_anew("tier-3", "60").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    hand.go("settings").await;
    hand.write_anew("everyone", "3").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(
        stands["cadence"],
        json!({ "tier_1_s": 1830, "tier_2_s": 7201, "tier_3_s": 3600 })
    );
    assert_eq!(
        stands["restored"],
        json!({ "returning_s": 86_401, "everyone_s": 10_800 })
    );
    assert_eq!(stands["overdue_after_s"], 301);
}
