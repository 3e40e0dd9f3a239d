//! Planned work, announcements, and what only owners change.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn planned_work_outside_the_quiet_hours_is_warned_of() {
    let site = Site::new();
    site.patch(
        "",
        &json!({ "quiet_hours": { "from": "22:00", "until": "06:00" }, "time_zone": "Etc/UTC" }),
    );
    let mut hand = Hand::of_owner(&site, "new/maintenance").await;
    hand.browser.set_time_zone("Etc/UTC").await;
    hand.sees(labels::MAINTENANCE_STEP_1).await;
    hand.set("scheduled-for", "2038-01-10T23:00").await;
    hand.set("scheduled-until", "2038-01-11T07:30").await;
    hand.sees(labels::OUTSIDE_QUIET_HOURS_UTC).await;
    hand.set("scheduled-until", "2038-01-11T05:30").await;
    hand.browser
        .wait_for_script("no warning", "return document.body.innerText", |text| {
            !text.as_str().unwrap().contains(labels::OUTSIDE_QUIET_HOURS)
        })
        .await;
    hand.tap("Sending").await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap(labels::TEMPLATE_NIGHT_WORK).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::MAINTENANCE_SCHEDULED).await;
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
    hand.sees(labels::POOR_CONTRAST).await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::FIX_FIELDS).await;
    hand.is_at("light").await;
    assert_eq!(site.get("").json["name"], "Acme SMS");
    hand.write_anew("light", "#173f87").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    let stands = site.get("").json;
    assert_eq!(stands["name"], "Acme Messages");
    assert_eq!(
        stands["colours"],
        json!({ "light": "#173f87", "dark": "#9dc1ff" })
    );
    assert_eq!(
        stands["cadence"]["tier_1_s"], 1800,
        "what was not touched stands"
    );
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn minor_incidents_are_kept_off_pages_that_declare_nothing() {
    let site = Site::new();
    assert_eq!(site.get("").json["minor_on_undeclared_pages"], true);
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.tap_field("minor-undeclared").await;
    hand.sees("Saved value: Yes").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    assert_eq!(site.get("").json["minor_on_undeclared_pages"], false);
    let body = json!({ "kind": "incident", "title": "Reports are slow", "impact": "minor", "body": "A while.",
        "components": [{ "id": "reports" }] });
    site.post("/incidents", &body);
    let audience = site.feed()["notices"][0]["audience"].clone();
    assert_eq!(audience["undeclared_components"], "hide", "{audience}");
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
    hand.tap(labels::SAVE_SETTINGS).await;
    let tree = hand.sees_conflict().await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(both.contains("Mine") && both.contains("Theirs"), "{both}");
    hand.tap(labels::KEEP_MINE).await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
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
    hand.tap(labels::ADD).await;
    hand.sees("billing").await;
    let components = site.get("/components").json;
    assert_eq!(components["items"][3]["name"], "Billing");
    assert_eq!(hand.value("name").await, "", "ready for one more");

    hand.browser
        .run("location.hash = '#/acme/settings/templates/new'")
        .await;
    hand.sees(labels::NEW_TEMPLATE_HEADING).await;
    hand.tap(labels::SAVE_TEMPLATE).await;
    hand.sees(labels::FIX_FIELDS).await;
    hand.is_at("name").await;
    hand.write("name", "Queue is full").await;
    hand.write("title", "{parts} waits").await;
    hand.write("body", "The queue is full.").await;
    hand.tap(labels::SAVE_TEMPLATE).await;
    hand.sees(labels::TEMPLATE_SAVED).await;
    hand.browser
        .run("location.hash = '#/acme/new/incident'")
        .await;
    hand.tap("Billing").await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.tap("Queue is full").await;
    assert_eq!(hand.value("title").await, "Billing waits");
    hand.browser
        .run("location.hash = '#/acme/settings/journal'")
        .await;
    hand.sees(labels::TEMPLATE_ADDED).await;
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_is_read_back_and_holds() {
    let site = Site::new();
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.browser.set_time_zone("Etc/UTC").await;
    hand.sees(labels::QUIET_HOURS).await;
    hand.set("quiet-from", "22:00").await;
    hand.set("quiet-until", "06:00").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    hand.go("settings/contacts").await;
    hand.tap(labels::ADD_CONTACT).await;
    hand.choose("contacts-0-kind", labels::PHONE).await;
    hand.write("contacts-0-label", "Support").await;
    hand.write("contacts-0-value", "+61 2 5550 0100").await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    hand.go("settings/on-call").await;
    hand.write_anew("tier-1", "20").await;
    hand.tap(labels::ADD_TARGET).await;
    hand.write("on_call-0-value", "robin@acme.example").await;
    hand.tap(labels::ADD_TARGET).await;
    hand.choose("on_call-1-kind", labels::WEBHOOK).await;
    hand.write("on_call-1-label", "25").await;
    hand.write("on_call-1-value", "https://acme.example/page")
        .await;
    hand.tap(labels::SAVE_SETTINGS).await;
    hand.sees(labels::SETTINGS_SAVED).await;
    assert_eq!(
        site.get("").json["on_call"],
        json!([{ "kind": "email", "value": "robin@acme.example" },
            { "kind": "webhook", "value": "https://acme.example/page", "after_minutes": 25 }])
    );

    hand.browser.reload().await;
    hand.sees(labels::ON_CALL).await;
    for (place, fields) in [
        (
            "settings",
            [("quiet-from", "22:00"), ("quiet-until", "06:00")].as_slice(),
        ),
        (
            "settings/contacts",
            &[
                ("contacts-0-kind", "phone"),
                ("contacts-0-label", "Support"),
                ("contacts-0-value", "+61 2 5550 0100"),
            ],
        ),
        (
            "settings/on-call",
            &[
                ("tier-1", "20"),
                ("tier-2", "120"),
                ("on_call-0-kind", "email"),
                ("on_call-0-value", "robin@acme.example"),
                ("on_call-1-kind", "webhook"),
                ("on_call-1-label", "25"),
                ("on_call-1-value", "https://acme.example/page"),
            ],
        ),
    ] {
        hand.go(place).await;
        for (id, stands) in fields {
            assert_eq!(hand.value(id).await, *stands, "{id}");
        }
    }

    hand.go("new/maintenance").await;
    hand.set("scheduled-for", "2038-01-10T12:00").await;
    hand.set("scheduled-until", "2038-01-10T13:00").await;
    hand.sees(labels::OUTSIDE_QUIET_HOURS_22).await;

    // Sending is mission critical: what is promised of it follows.
    hand.go("new/incident").await;
    hand.tap("Sending").await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.sees("In 20 min").await;
    let chosen = "return document.querySelector('#promise [aria-pressed=true]').innerText";
    let chosen = hand.browser.run(chosen).await;
    assert!(
        chosen.as_str().unwrap().starts_with("In 20 min"),
        "{chosen}"
    );
    hand.write("title", "Messages wait").await;
    hand.write("body", "We look into it.").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["contacts"][0]["label"], "Support");
    let read = |at: &Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised = read(&notice["next_update_at"]) - read(&notice["updates"][0]["at"]);
    // Rounded up to five minutes, and a little time may have passed on the way.
    assert!((19 * 60..=25 * 60).contains(&promised), "{promised} s");
    hand.assert_calm().await;
}
