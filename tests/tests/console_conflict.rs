//! Two operators at one thing: each sees both texts before anything is written over.

mod desk;

use desk::{Hand, Site};
use e2e::Answer;
use serde_json::{Value, json};

/// An incident that is over, and its path.
fn over(site: &Site) -> (String, String) {
    let incident = site.incident();
    let end = json!({ "body": "Over.", "status": "resolved" });
    site.post(&format!("/incidents/{incident}/updates"), &end);
    let path = format!("/incidents/{incident}/postmortem");
    (incident, path)
}

/// Publishes a postmortem as another operator does.
fn learned(site: &Site, path: &str, cause: &str) -> Answer {
    let stands = site.get(path.trim_end_matches("/postmortem"));
    let window = json!({ "start": stands.json["started_at"], "end": stands.json["ended_at"] });
    site.server
        .request("PUT", &site.path(path))
        .token(&site.token)
        .header("if-match", stands.header("etag").unwrap())
        .json(&json!({ "root_cause": cause, "window": window, "remedy": "We renewed it.", "prevention": [] }))
        .send()
        .unwrap()
}

fn both(tree: &e2e::Tree) -> String {
    tree.find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postmortem_is_written_and_read_on_the_incidents_page() {
    let site = Site::new();
    let (incident, _) = over(&site);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write("cause", "A certificate ran out.").await;
    hand.write("remedy", "We renewed it.").await;
    hand.write("prevention", "Renew it by machine.\nWarn a month before.")
        .await;
    hand.browser.reload().await;
    assert_eq!(hand.value("cause").await, "A certificate ran out.");
    hand.tap("Publish").await;
    hand.sees("Published. Those who were hit see it once").await;
    hand.browser
        .goto(&format!(
            "{}/s/acme/incidents/{incident}",
            site.server.url()
        ))
        .await;
    for words in [
        "A certificate ran out.",
        "We renewed it.",
        "Renew it by machine.",
        "Warn a month before.",
    ] {
        hand.sees(words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_postmortems_are_shown_side_by_side() {
    let site = Site::new();
    let (incident, path) = over(&site);
    assert_eq!(learned(&site, &path, "A certificate.").status, 200);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write_anew("cause", "Mine: a key.").await;
    assert_eq!(learned(&site, &path, "Theirs: a name.").status, 200);
    hand.tap("Publish again").await;
    let text = both(&hand.sees_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| -> Value {
        let stands = site.get(&format!("/incidents/{incident}")).json;
        stands["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.", "nothing is written over");
    hand.tap("Keep what I wrote").await;
    hand.tap("Publish again").await;
    hand.sees("Published.").await;
    assert_eq!(cause(&site), "Mine: a key.");
}

/// Who begins when there is none, and finds one on publishing.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_postmortem_is_not_written_over_by_the_second() {
    let site = Site::new();
    let (incident, path) = over(&site);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write("cause", "Mine: a key.").await;
    hand.write("remedy", "We changed it.").await;
    let made = learned(&site, &path, "Theirs: a name.");
    assert!(made.status < 300, "{}", made.text());
    hand.browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    let text = both(&hand.sees_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| {
        let stands = site.get(&format!("/incidents/{incident}")).json;
        stands["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.");
    hand.tap("Keep what I wrote").await;
    hand.browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    hand.sees("Published.").await;
    assert_eq!(cause(&site), "Mine: a key.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_changed_meanwhile_is_shown_with_what_was_typed() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("components").await;
    hand.tap("Change").await;
    hand.write_anew("name-sending", "Mine").await;
    site.patch("/components/sending", &json!({ "name": "Theirs" }));
    hand.tap("Save").await;
    hand.sees("Somebody else changed this in the meantime. Look at both versions.")
        .await;
    hand.sees("Theirs").await;
    assert_eq!(hand.value("name-sending").await, "Mine");
    assert_eq!(
        site.get("/components/sending").json["name"],
        "Theirs",
        "nothing is written over"
    );
    hand.tap("Save").await;
    let name = || site.get("/components/sending").json["name"].clone();
    hand.browser
        .wait_for("the form closed", |tree| {
            tree.find(|node| node.attribute("id") == Some("name-sending"))
                .is_none()
        })
        .await;
    assert_eq!(name(), "Mine");
}
