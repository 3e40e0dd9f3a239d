//! Maintenance, components and templates, and settings that only owners change.

use e2e::{Operator, Site, labels};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_outside_the_quiet_hours_shows_a_warning() {
    let site = Site::with_tiers();
    site.patch(
        "",
        &json!({ "quiet_hours": { "from": "22:00", "until": "06:00" }, "time_zone": "Etc/UTC" }),
    );
    let mut operator = Operator::signed_in_as_owner(&site, "new/maintenance").await;
    operator.browser.set_time_zone("Etc/UTC").await;
    operator.wait_for_text(labels::MAINTENANCE_STEP_1).await;
    operator.set("scheduled-for", "2038-01-10T23:00").await;
    operator.set("scheduled-until", "2038-01-11T07:30").await;
    operator
        .wait_for_text(labels::OUTSIDE_QUIET_HOURS_UTC)
        .await;
    operator.set("scheduled-until", "2038-01-11T05:30").await;
    operator
        .browser
        .wait_for_script("no warning", "return document.body.innerText", |text| {
            !text.as_str().unwrap().contains(labels::OUTSIDE_QUIET_HOURS)
        })
        .await;
    operator.tap("Sending").await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap(labels::TEMPLATE_NIGHT_MAINTENANCE).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::MAINTENANCE_SCHEDULED).await;
    let created = site.get("/incidents?kind=maintenance").json["items"][0].clone();
    assert_eq!(created["title"], "Maintenance: Sending");
    assert_eq!(created["scheduled_for"], "2038-01-10T23:00:00Z");
    assert_eq!(created["components"][0]["slug"], "sending");
    operator
        .browser
        .run("location.hash = '#/acme/maintenance'")
        .await;
    operator.wait_for_text("Maintenance: Sending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colour_of_poor_contrast_blocks_saving() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.type_into("light", "#bbbbbb").await;
    operator.type_into("dark", "#9dc1ff").await;
    operator.wait_for_text(labels::CONTRAST_TOO_LOW).await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::FIX_FIELDS).await;
    operator.wait_for_focus("light").await;
    assert_eq!(site.get("").json["name"], "Acme SMS");
    operator.replace("light", "#173f87").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(saved["name"], "Acme Messages");
    assert_eq!(
        saved["colours"],
        json!({ "light": "#173f87", "dark": "#9dc1ff" })
    );
    assert_eq!(saved["cadence"]["tier_1_s"], 1800, "unchanged values stay");
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn minor_incidents_can_be_hidden_on_undeclared_pages() {
    let site = Site::with_tiers();
    assert_eq!(site.get("").json["minor_on_undeclared_pages"], true);
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.tap_field("minor-undeclared").await;
    operator.wait_for_text("Saved value: Yes").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(site.get("").json["minor_on_undeclared_pages"], false);
    let body = json!({ "kind": "incident", "title": "Reports are slow", "impact": "minor", "body": "A while.",
        "components": [{ "id": "reports" }] });
    site.create("/incidents", &body);
    let audience = site.feed().json["notices"][0]["audience"].clone();
    assert_eq!(audience["undeclared_components"], "hide", "{audience}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_settings_changes_are_shown_as_a_conflict() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Mine").await;
    site.patch(
        "",
        &json!({ "name": "Theirs", "time_zone": "Australia/Sydney" }),
    );
    operator.tap(labels::SAVE_SETTINGS).await;
    let tree = operator.wait_for_conflict().await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(both.contains("Mine") && both.contains("Theirs"), "{both}");
    operator.tap(labels::KEEP_DRAFT).await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    let saved = site.get("").json;
    assert_eq!(saved["name"], "Mine");
    assert_eq!(
        saved["time_zone"], "Australia/Sydney",
        "a value changed only remotely is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn components_and_templates_are_created_and_edited() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "components").await;
    operator.type_into("name", "Billing").await;
    operator.tap(labels::ADD).await;
    operator.wait_for_text("billing").await;
    let components = site.get("/components").json;
    assert_eq!(components["items"][3]["name"], "Billing");
    // The form is ready for another component.
    operator.assert_value("name", "").await;

    operator
        .browser
        .run("location.hash = '#/acme/settings/templates/new'")
        .await;
    operator.wait_for_text(labels::NEW_TEMPLATE_HEADING).await;
    operator.tap(labels::SAVE_TEMPLATE).await;
    operator.wait_for_text(labels::FIX_FIELDS).await;
    operator.wait_for_focus("name").await;
    operator.type_into("name", "Queue is full").await;
    operator.type_into("title", "{parts} waits").await;
    operator.type_into("body", "The queue is full.").await;
    operator.tap(labels::SAVE_TEMPLATE).await;
    operator.wait_for_text(labels::TEMPLATE_SAVED).await;
    operator
        .browser
        .run("location.hash = '#/acme/new/incident'")
        .await;
    operator.tap("Billing").await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.tap("Queue is full").await;
    operator.assert_value("title", "Billing waits").await;
    operator
        .browser
        .run("location.hash = '#/acme/settings/journal'")
        .await;
    operator.wait_for_text(labels::TEMPLATE_ADDED).await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_settings_are_read_back_and_apply() {
    let site = Site::with_tiers();
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.browser.set_time_zone("Etc/UTC").await;
    operator.wait_for_text(labels::QUIET_HOURS).await;
    operator.set("quiet-from", "22:00").await;
    operator.set("quiet-until", "06:00").await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    operator.navigate("settings/contacts").await;
    operator.tap(labels::ADD_CONTACT).await;
    operator.choose("contacts-0-kind", labels::PHONE).await;
    operator.type_into("contacts-0-label", "Support").await;
    operator
        .type_into("contacts-0-value", "+61 2 5550 0100")
        .await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    operator.navigate("settings/on-call").await;
    operator.replace("tier-1", "20").await;
    operator.tap(labels::ADD_TARGET).await;
    operator.choose("on_call-0-kind", labels::EMAIL).await;
    operator.wait_for_text("This server sends no mail").await;
    operator
        .type_into("on_call-0-value", "robin@acme.example")
        .await;
    operator.tap(labels::ADD_TARGET).await;
    operator.choose("on_call-1-kind", labels::WEBHOOK).await;
    operator.type_into("on_call-1-label", "25").await;
    operator
        .type_into("on_call-1-value", "https://acme.example/page")
        .await;
    operator.tap(labels::SAVE_SETTINGS).await;
    operator.wait_for_text(labels::SETTINGS_SAVED).await;
    assert_eq!(
        site.get("").json["on_call"],
        json!([{ "kind": "email", "value": "robin@acme.example" },
            { "kind": "webhook", "value": "https://acme.example/page", "after_minutes": 25 }])
    );

    operator.browser.reload().await;
    operator.wait_for_text(labels::ON_CALL).await;
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
        operator.navigate(place).await;
        for (id, value) in fields {
            operator.assert_value(id, value).await;
        }
    }

    operator.navigate("new/maintenance").await;
    operator.set("scheduled-for", "2038-01-10T12:00").await;
    operator.set("scheduled-until", "2038-01-10T13:00").await;
    operator.wait_for_text(labels::OUTSIDE_QUIET_HOURS_22).await;

    // Sending has tier 1, which decides the promised interval.
    operator.navigate("new/incident").await;
    operator.tap("Sending").await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.wait_for_text("In 20 min").await;
    let chosen = "return document.querySelector('#promise [aria-pressed=true]').innerText";
    let is_own = |text: &Value| {
        text.as_str()
            .is_some_and(|text| text.starts_with("In 20 min"))
    };
    operator
        .browser
        .eventually("the chosen promise", chosen, is_own)
        .await;
    operator.type_into("title", "Messages wait").await;
    operator.type_into("body", "We look into it.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["contacts"][0]["label"], "Support");
    let seconds_of = |at: &Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised = seconds_of(&notice["next_update_at"]) - seconds_of(&notice["updates"][0]["at"]);
    // Rounded up to five minutes, and a little time may have passed.
    assert!((19 * 60..=25 * 60).contains(&promised), "{promised} s");
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unconfirmed_host_names_show_the_record_that_confirms_them() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "hostnames": ["Status.Acme.com"] }));
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator
        .wait_for_text("Not confirmed, so it serves nothing yet.")
        .await;
    let values =
        "return [...document.querySelectorAll('textarea.secret')].map(e => e.value).join(' ')";
    let record = "_allclear.status.acme.com allclear-site=acme";
    let is_shown = |shown: &Value| shown.as_str() == Some(record);
    operator
        .browser
        .wait_for_script("the record", values, is_shown)
        .await;
    // Without a resolver, only root can confirm.
    operator.tap("Confirm").await;
    operator
        .wait_for_text("This server cannot read DNS records.")
        .await;
    site.server.confirm_hostname("acme", "status.acme.com");
    operator.browser.run("location.reload()").await;
    operator
        .wait_for_text("Confirmed: serves the status page.")
        .await;
}
