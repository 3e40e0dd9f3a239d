//! Scheduled publications, and announcements from start to end.

use std::time::{Duration, Instant};

use e2e::labels;
use e2e::{Operator, Site};
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

const MORE: &str = labels::MORE_OPTIONS;
const HOUR_S: i64 = 3600;

/// Waits until the journal has an event of this type, and returns its actor. Reading the journal
/// does not apply due transitions.
fn wait_for_actor(site: &Site, event: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let journal = site.get("/journal?limit=100").json;
        let rows = journal["items"].as_array().unwrap().iter();
        let found = rows
            .map(|item| &item["row"])
            .find(|row| row["type"] == event);
        if let Some(row) = found {
            return row["actor"].clone();
        }
        assert!(Instant::now() < deadline, "no {event}: {journal:#}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_incident_is_published_when_it_is_due() {
    let mut site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.browser.set_time_zone("Etc/UTC").await;
    let at = e2e::in_minutes(60);
    let minute = at.get(..16).unwrap();
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap("Sending").await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Sending will be slow").await;
    operator.type_into("body", "We move the queue.").await;
    operator.tap(MORE).await;
    operator.set("publish-at", minute).await;
    operator.tap(labels::PREVIEW).await;
    operator
        .wait_for_text(labels::PREVIEW_WILL_BE_PUBLISHED_AT)
        .await;
    operator.tap(labels::PUBLISH_LATER).await;
    operator
        .wait_for_text(labels::SCHEDULED_FOR_PUBLICATION)
        .await;
    operator.wait_for_text(labels::VIEW_SAYS_PUBLISHES).await;
    assert_eq!(site.feed().json["notices"], json!([]), "not published yet");
    operator.navigate("").await;
    operator.wait_for_text(labels::DRAFTS).await;
    operator.wait_for_text(labels::ROW_SAYS_PUBLISHES).await;

    operator.browser.goto("about:blank").await;
    site.server.restart_with_clock_offset(HOUR_S);
    assert_eq!(wait_for_actor(&site, "incident.published"), "alarm");
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["title"], "Sending will be slow");
    let seconds_of = |at: &Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised =
        seconds_of(&notice["next_update_at"]) - seconds_of(&json!(format!("{minute}:00Z")));
    assert!(
        (30 * 60..=35 * 60).contains(&promised),
        "the promise is counted from the publication, not from the draft: {promised} s"
    );
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::ONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_is_created_and_ended() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_ANNOUNCEMENT).await;
    operator.wait_for_text(labels::ANNOUNCEMENT_STEP_1).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.wait_for_text(labels::MESSAGE_STEP).await;
    operator.type_into("title", "New prices in January").await;
    operator
        .type_into("body", "A message costs a cent more.")
        .await;
    operator.tap(labels::PREVIEW).await;
    operator
        .browser
        .wait_for("the pill", |tree| {
            tree.notices()
                .first()
                .and_then(|notice| notice.part("pill"))
                .is_some_and(|pill| pill.text().contains("New prices in January"))
        })
        .await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["kind"], "announcement");
    assert_eq!(notice["title"], "New prices in January");
    assert_eq!(notice["in_app"], "pill");

    operator.tap(labels::END_ANNOUNCEMENT).await;
    let tree = operator.wait_for_text(labels::FINAL_MESSAGE).await;
    assert!(
        !tree.text().contains(labels::CHECK_FIELD),
        "nothing was broken"
    );
    operator.type_into("body", "They are in force.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::CONFIRM_END_ANNOUNCEMENT).await;
    operator
        .wait_for_text(labels::ENDED_SHOWN_WITHIN_12_S)
        .await;
    assert_eq!(site.feed().json["notices"], json!([]));
    let created = site.get("/incidents?kind=announcement").json["items"][0].clone();
    assert_eq!(created["status"], "ended");
    operator.navigate("").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.assert_no_errors().await;
}
