//! What is said at an hour of its own: scheduled posts, and announcements from their beginning to their end.

mod desk;

use std::time::{Duration, Instant};

use desk::{Hand, Site};
use e2e::ROOT_TOKEN;
use e2e::labels;
use notice::wire::time::Timestamp;
use serde_json::{Value, json};

const MORE: &str = labels::MORE_OPTIONS;
const HOUR_S: i64 = 3600;

/// Looks at the journal, whose reads let nothing happen, until an event of this type is there; returns who did it.
fn wait_for_actor(site: &Site, event: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
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
async fn what_is_scheduled_waits_and_goes_out_by_itself() {
    let mut site = Site::new();
    // The harness waits for the health check, which reads the first site's feed: nobody is to read this one's.
    let first = json!({ "slug": "aaa", "name": "First" });
    site.server.post("/v1/sites", ROOT_TOKEN, &first);
    let mut hand = Hand::invited(&site).await;
    hand.browser.set_time_zone("Etc/UTC").await;
    let at = e2e::in_minutes(60);
    let minute = at.get(..16).unwrap();
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap("Sending").await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Sending will be slow").await;
    hand.write("body", "We move the queue.").await;
    hand.tap(MORE).await;
    hand.set("publish-at", minute).await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::PUBLISHES_ITSELF).await;
    hand.tap(labels::PUBLISH_LATER).await;
    hand.sees(labels::WILL_BE_PUBLISHED).await;
    hand.sees(labels::PUBLISHES_ITSELF_VIEW).await;
    assert_eq!(site.feed()["notices"], json!([]), "held back");
    hand.go("").await;
    hand.sees(labels::DRAFTS).await;
    hand.sees(labels::PUBLISHES_ITSELF_ROW).await;

    // Nobody reads anything while its hour comes.
    hand.browser.goto("about:blank").await;
    site.server.restart_at(HOUR_S);
    assert_eq!(wait_for_actor(&site, "incident.published"), "alarm");
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["title"], "Sending will be slow");
    let read = |at: &Value| Timestamp::parse(at.as_str().unwrap()).unwrap().seconds();
    let promised = read(&notice["next_update_at"]) - read(&json!(format!("{minute}:00Z")));
    assert!(
        (30 * 60..=35 * 60).contains(&promised),
        "promised from when users hear of it, not from when it was written: {promised} s"
    );
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::ONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_is_made_and_ended() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_ANNOUNCEMENT).await;
    hand.sees(labels::ANNOUNCEMENT_STEP_1).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.sees(labels::MESSAGE_STEP).await;
    hand.write("title", "New prices in January").await;
    hand.write("body", "A message costs a cent more.").await;
    hand.tap(labels::PREVIEW).await;
    hand.browser
        .wait_for("the pill", |tree| {
            tree.notices()
                .first()
                .and_then(|notice| notice.part("pill"))
                .is_some_and(|pill| pill.text().contains("New prices in January"))
        })
        .await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["kind"], "announcement");
    assert_eq!(notice["title"], "New prices in January");
    assert_eq!(notice["in_app"], "pill");

    hand.tap(labels::END_ANNOUNCEMENT).await;
    let tree = hand.sees(labels::LAST_WORD).await;
    assert!(
        !tree.text().contains(labels::CHECK_FIELD),
        "nothing was broken"
    );
    hand.write("body", "They are in force.").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::SAVE_END).await;
    hand.sees(labels::ENDED_IN_TIME).await;
    assert_eq!(site.feed()["notices"], json!([]));
    let made = site.get("/incidents?kind=announcement").json["items"][0].clone();
    assert_eq!(made["status"], "ended");
    hand.go("").await;
    hand.sees(labels::NONE_OPEN).await;
    hand.assert_calm().await;
}
