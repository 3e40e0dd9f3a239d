//! Date fields: their time zone, the hours that clocks repeat and skip, and forms that are saved without a change.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::json;

/// An owner's device in Berlin at a view of the site.
async fn in_berlin(site: &Site, place: &str) -> Hand {
    let mut hand = Hand::with_a_phone().await;
    hand.browser.set_time_zone("Europe/Berlin").await;
    hand.browser
        .goto(&site.console(&format!("#/acme/{place}")))
        .await;
    hand.write("token", &site.token).await;
    hand.tap(labels::SIGN_IN).await;
    hand.browser
        .wait_for(place, |tree| {
            tree.find(|node| node.attribute("data-place") == Some(place))
                .is_some()
        })
        .await;
    hand
}

async fn note(hand: &Hand, id: &str, words: &str) -> String {
    let script = format!("return document.getElementById('{id}-note')?.innerText ?? ''");
    let note = hand
        .browser
        .wait_for_script(words, &script, |text| {
            text.as_str().is_some_and(|text| text.contains(words))
        })
        .await;
    note.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_field_names_both_time_zones() {
    let site = Site::new();
    site.patch("", &json!({ "time_zone": "Australia/Sydney" }));
    let hand = in_berlin(&site, "new/maintenance").await;
    note(
        &hand,
        "scheduled-for",
        "Time zone: Europe/Berlin. The site's is Australia/Sydney.",
    )
    .await;
    hand.set("scheduled-for", "2037-01-12T14:30").await;
    let named = note(&hand, "scheduled-for", "Mon").await;
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
    let site = Site::new();
    let mut hand = in_berlin(&site, "new/maintenance").await;
    // Clocks go back on 25 October 2037.
    hand.set("scheduled-for", "2037-10-25T02:10").await;
    hand.set("scheduled-until", "2037-10-25T06:00").await;
    hand.sees("02:10 comes twice on this day: clocks go back. Which one?")
        .await;
    hand.tap("Second (CET)").await;
    hand.browser.reload().await;
    note(&hand, "scheduled-for", "02:10 CET").await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap(labels::TEMPLATE_NIGHT_WORK).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::MAINTENANCE_SCHEDULED).await;
    let made = site.get("/incidents").json["items"][0].clone();
    assert_eq!(made["scheduled_for"], "2037-10-25T01:10:00Z");
    assert_eq!(made["scheduled_until"], "2037-10-25T05:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_hour_is_refused_and_can_be_corrected() {
    let site = Site::new();
    let mut hand = in_berlin(&site, "new/maintenance").await;
    // Clocks go forward on 29 March 2037.
    hand.set("scheduled-for", "2037-03-29T02:30").await;
    hand.set("scheduled-until", "2037-03-29T06:00").await;
    hand.sees("02:30 does not exist on this day: clocks go forward to 03:30.")
        .await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap(labels::TEMPLATE_NIGHT_WORK).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.is_at("blockers").await;
    assert_eq!(site.get("/incidents").json["items"], json!([]));
    hand.tap(labels::BACK).await;
    hand.tap(labels::BACK).await;
    hand.tap("Use 03:30").await;
    note(&hand, "scheduled-for", "03:30 CEST").await;
    assert_eq!(hand.value("scheduled-for").await, "2037-03-29T03:30");
}

/// R20: the window is of the repeated hour, with seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_postmortem_saved_unchanged_keeps_its_window() {
    let site = Site::new();
    let incident = site.incident();
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    let window = json!({ "start": "2026-10-25T01:10:10Z", "end": "2026-10-25T01:40:50Z" });
    let path = site.path(&format!("/incidents/{incident}/postmortem"));
    let put = site.server.request("PUT", &path).token(&site.token);
    let body = json!({ "root_cause": "A certificate.", "window": window, "remedy": "We renewed it.", "prevention": ["A reminder."] });
    let put = put.json(&body).send().unwrap();
    assert!(put.status < 300, "{}", put.text());
    let mut hand = in_berlin(&site, &format!("incidents/{incident}/postmortem")).await;
    assert_eq!(hand.value("start").await, "2026-10-25T02:10");
    hand.tap(labels::PUBLISH_AGAIN).await;
    hand.sees(labels::POSTMORTEM_UPDATED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["postmortem"]["window"], window);
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_saved_unchanged_keeps_its_seconds() {
    let site = Site::new();
    let made = site.post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
            "scheduled_for": "2037-10-25T01:10:10Z", "scheduled_until": "2037-10-25T01:40:50Z",
            "announce_from": "2037-10-20T01:10:10Z" }),
    );
    let incident = made["id"].as_str().unwrap().to_owned();
    let mut hand = in_berlin(&site, &format!("incidents/{incident}/edit")).await;
    hand.write_anew("title", "Newer machines").await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["title"], "Newer machines");
    for name in ["scheduled_for", "scheduled_until", "announce_from"] {
        assert_eq!(stands[name], made[name], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_texts_name_the_time_zone_of_the_site() {
    let site = Site::new();
    site.patch("", &json!({ "time_zone": "Asia/Tokyo" }));
    let incident = site.incident();
    let mut hand = in_berlin(&site, &format!("incidents/{incident}/resolve")).await;
    hand.tap(labels::CHECK_SENT).await;
    let check = hand.value("check").await;
    assert_eq!(check.matches(" GMT+9").count(), 2, "{check}");
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_over_a_clock_change_names_both_zones() {
    let site = Site::new();
    let made = site.post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We are moving.",
            "scheduled_for": "2037-10-25T00:30:00Z", "scheduled_until": "2037-10-25T01:30:00Z" }),
    );
    let id = made["id"].as_str().unwrap();
    let hand = in_berlin(&site, &format!("incidents/{id}")).await;
    hand.sees("25 Oct 2037, 02:30 CEST to 25 Oct 2037, 02:30 CET")
        .await;
}
