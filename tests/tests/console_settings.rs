//! Planned work, announcements, and what only owners change.

mod desk;

use desk::{Hand, Site};
use serde_json::json;

/// Fills in a date-and-time field, whose parts a test cannot tap.
async fn at(hand: &Hand, id: &str, time: &str) {
    let script = format!(
        "const field = document.getElementById('{id}'); field.value = '{time}';
         field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    hand.browser
        .wait_for_script(
            id,
            &format!("return !!document.getElementById('{id}')"),
            |there| there == true,
        )
        .await;
    hand.browser.run(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn planned_work_outside_the_quiet_hours_is_warned_of() {
    let site = Site::new();
    site.patch(
        "",
        &json!({ "quiet_hours": { "from": "22:00", "until": "06:00" }, "time_zone": "Etc/UTC" }),
    );
    let mut hand = Hand::of_owner(&site, "new/maintenance").await;
    hand.browser.set_time_zone("Etc/UTC").await;
    hand.sees("What work is planned?").await;
    at(&hand, "scheduled-for", "2038-01-10T23:00").await;
    at(&hand, "scheduled-until", "2038-01-11T07:30").await;
    hand.sees("outside the quiet hours, 22:00 to 06:00 (Etc/UTC)")
        .await;
    at(&hand, "scheduled-until", "2038-01-11T05:30").await;
    hand.browser
        .wait_for_script("no warning", "return document.body.innerText", |text| {
            !text.as_str().unwrap().contains("outside the quiet hours")
        })
        .await;
    hand.tap("Sending").await;
    hand.tap("Next: the words").await;
    hand.tap("Work at night").await;
    hand.tap("See it as users will").await;
    hand.tap("Publish").await;
    hand.sees("Published.").await;
    let made = site.get("/incidents?kind=maintenance").json["items"][0].clone();
    assert_eq!(made["title"], "Maintenance: Sending");
    assert_eq!(made["scheduled_for"], "2038-01-10T23:00:00Z");
    assert_eq!(made["components"][0]["slug"], "sending");
    hand.browser
        .run("location.hash = '#/acme/maintenance'")
        .await;
    hand.sees("Maintenance: Sending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_a_colour_that_cannot_be_read_is_not() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.write("light", "#bbbbbb").await;
    hand.write("dark", "#9dc1ff").await;
    hand.sees("cannot be read by many. At least 4.5:1 is needed")
        .await;
    hand.tap("Save").await;
    hand.sees("Some of it does not fit yet").await;
    hand.is_at("light").await;
    assert_eq!(site.get("").json["name"], "Acme SMS");
    hand.write_anew("light", "#173f87").await;
    hand.tap("Pause every embed").await;
    hand.tap("Save").await;
    hand.sees("The settings are kept.").await;
    hand.sees("Every embed is paused").await;
    let stands = site.get("").json;
    assert_eq!(stands["name"], "Acme Messages");
    assert_eq!(
        stands["colours"],
        json!({ "light": "#173f87", "dark": "#9dc1ff" })
    );
    assert_eq!(stands["paused"], true);
    assert_eq!(
        stands["cadence"]["tier_1_s"], 1800,
        "what was not touched stands"
    );
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_see_each_others_settings() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Mine").await;
    site.patch(
        "",
        &json!({ "name": "Theirs", "time_zone": "Australia/Sydney" }),
    );
    hand.tap("Save").await;
    let tree = hand.sees_conflict().await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(both.contains("Mine") && both.contains("Theirs"), "{both}");
    hand.tap("Keep what I wrote").await;
    hand.tap("Save").await;
    hand.sees("The settings are kept.").await;
    let stands = site.get("").json;
    assert_eq!(stands["name"], "Mine");
    assert_eq!(
        stands["time_zone"], "Australia/Sydney",
        "what only they changed stays theirs"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn components_and_templates_of_ones_own() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "components").await;
    hand.write("name", "Billing").await;
    hand.tap("Add it").await;
    hand.sees("billing").await;
    let components = site.get("/components").json;
    assert_eq!(components["items"][3]["name"], "Billing");
    assert_eq!(hand.value("name").await, "", "ready for one more");

    hand.browser
        .run("location.hash = '#/acme/templates/new'")
        .await;
    hand.sees("A template of your own").await;
    hand.tap("Keep it").await;
    hand.sees("Some of it does not fit yet").await;
    hand.is_at("name").await;
    hand.write("name", "Queue is full").await;
    hand.write("title", "{parts} waits").await;
    hand.write("body", "The queue is full.").await;
    hand.tap("Keep it").await;
    hand.sees("Kept.").await;
    hand.browser
        .run("location.hash = '#/acme/new/incident'")
        .await;
    hand.tap("Billing").await;
    hand.tap("Next: the words").await;
    hand.tap("Queue is full").await;
    assert_eq!(hand.value("title").await, "Billing waits");
    hand.browser.run("location.hash = '#/acme/journal'").await;
    hand.sees("Template added").await;
    hand.assert_calm().await;
}
