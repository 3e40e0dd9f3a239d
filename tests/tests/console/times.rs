//! Date fields: time zones, repeated and skipped hours, and forms that are saved unchanged.

use e2e::{Operator, Site, labels};
use serde_json::json;

/// An owner's device in Berlin at a view of the site.
async fn operator_in_berlin(site: &Site, path: &str) -> Operator {
    let mut operator = Operator::on_a_phone().await;
    operator.browser.set_time_zone("Europe/Berlin").await;
    operator
        .browser
        .goto(&site.console(&format!("#/acme/{path}")))
        .await;
    operator.type_into("token", &site.token).await;
    operator.tap(labels::SIGN_IN).await;
    operator
        .browser
        .wait_for(path, |tree| {
            tree.find(|node| node.attribute("data-place") == Some(path))
                .is_some()
        })
        .await;
    operator
}

/// Waits until the note at a date field contains these words; returns the note.
async fn wait_for_note(operator: &Operator, id: &str, words: &str) -> String {
    let script = format!("return document.getElementById('{id}-note')?.innerText ?? ''");
    let note = operator
        .browser
        .wait_for_script(words, &script, |text| {
            text.as_str().is_some_and(|text| text.contains(words))
        })
        .await;
    note.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_field_names_both_time_zones() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "time_zone": "Australia/Sydney" }));
    let operator = operator_in_berlin(&site, "new/maintenance").await;
    wait_for_note(
        &operator,
        "scheduled-for",
        "Time zone: Europe/Berlin. The site's is Australia/Sydney.",
    )
    .await;
    operator.set("scheduled-for", "2037-01-12T14:30").await;
    let named = wait_for_note(&operator, "scheduled-for", "Mon").await;
    assert!(
        named.contains("12 Jan 2037") && named.contains("Europe/Berlin"),
        "{named}"
    );
    assert!(
        named.contains("13 Jan 2037") && named.contains("Australia/Sydney"),
        "{named}"
    );
    assert!(
        named.contains("14:30") && named.contains("00:30"),
        "{named}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_hour_asks_which_one_is_meant() {
    let site = Site::with_tiers();
    let mut operator = operator_in_berlin(&site, "new/maintenance").await;
    // Clocks go back on 25 October 2037.
    operator.set("scheduled-for", "2037-10-25T02:10").await;
    operator.set("scheduled-until", "2037-10-25T06:00").await;
    operator
        .wait_for_text("02:10 comes twice on this day: clocks go back. Which one?")
        .await;
    operator.tap("Second (CET)").await;
    operator.browser.reload().await;
    wait_for_note(&operator, "scheduled-for", "02:10 CET").await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap(labels::TEMPLATE_NIGHT_MAINTENANCE).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::MAINTENANCE_SCHEDULED).await;
    let created = site.get("/incidents").json["items"][0].clone();
    assert_eq!(created["scheduled_for"], "2037-10-25T01:10:00Z");
    assert_eq!(created["scheduled_until"], "2037-10-25T05:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_hour_is_refused_and_can_be_corrected() {
    let site = Site::with_tiers();
    let mut operator = operator_in_berlin(&site, "new/maintenance").await;
    // Clocks go forward on 29 March 2037.
    operator.set("scheduled-for", "2037-03-29T02:30").await;
    operator.set("scheduled-until", "2037-03-29T06:00").await;
    operator
        .wait_for_text("02:30 does not exist on this day: clocks go forward to 03:30.")
        .await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap(labels::TEMPLATE_NIGHT_MAINTENANCE).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_focus("blockers").await;
    assert_eq!(site.get("/incidents").json["items"], json!([]));
    operator.tap(labels::BACK).await;
    operator.tap(labels::BACK).await;
    operator.tap("Use 03:30").await;
    wait_for_note(&operator, "scheduled-for", "03:30 CEST").await;
    operator
        .assert_value("scheduled-for", "2037-03-29T03:30")
        .await;
}

/// The window is in the repeated hour, with seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_postmortem_saved_unchanged_keeps_its_window() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    let window = json!({ "start": "2026-10-25T01:10:10Z", "end": "2026-10-25T01:40:50Z" });
    let path = site.path(&format!("/incidents/{incident}/postmortem"));
    let put = site.server.request("PUT", &path).token(&site.token);
    let body = json!({ "root_cause": "A certificate.", "window": window, "remedy": "We renewed it.", "prevention": ["A reminder."] });
    let put = put.json(&body).send().unwrap();
    assert!(put.status < 300, "{}", put.text());
    let mut operator = operator_in_berlin(&site, &format!("incidents/{incident}/postmortem")).await;
    operator.assert_value("start", "2026-10-25T02:10").await;
    operator.tap(labels::UPDATE_POSTMORTEM).await;
    operator.wait_for_text(labels::POSTMORTEM_UPDATED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["postmortem"]["window"], window);
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_saved_unchanged_keeps_its_seconds() {
    let site = Site::with_tiers();
    let created = site.create(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
            "scheduled_for": "2037-10-25T01:10:10Z", "scheduled_until": "2037-10-25T01:40:50Z",
            "announce_from": "2037-10-20T01:10:10Z" }),
    );
    let incident = created["id"].as_str().unwrap().to_owned();
    let mut operator = operator_in_berlin(&site, &format!("incidents/{incident}/edit")).await;
    operator.replace("title", "Newer machines").await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["title"], "Newer machines");
    for name in ["scheduled_for", "scheduled_until", "announce_from"] {
        assert_eq!(saved[name], created[name], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_texts_name_the_sites_time_zone() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "time_zone": "Asia/Tokyo" }));
    let incident = site.publish_outage();
    let mut operator = operator_in_berlin(&site, &format!("incidents/{incident}/resolve")).await;
    operator.tap(labels::CHECK_SENT).await;
    operator
        .wait_for_value("check", |check| check.matches(" GMT+9").count() == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_across_a_clock_change_names_both_offsets() {
    let site = Site::with_tiers();
    let created = site.create(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We are moving.",
            "scheduled_for": "2037-10-25T00:30:00Z", "scheduled_until": "2037-10-25T01:30:00Z" }),
    );
    let id = created["id"].as_str().unwrap();
    let operator = operator_in_berlin(&site, &format!("incidents/{id}")).await;
    operator
        .wait_for_text("25 Oct 2037, 02:30 CEST to 25 Oct 2037, 02:30 CET")
        .await;
}
