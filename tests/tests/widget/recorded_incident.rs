//! A recorded incident, posted update by update: the card always shows the newest updates, at most
//! five, and a count of the rest.

use e2e::{Browser, Node, Site, expand, has_text, poll_until};
use serde_json::{Value, json};

/// An incident of a code host with 30 updates, newest first; the file names its source.
const RECORDED: &str = include_str!("../../fixtures/recorded_incident.json");

/// The first words of a body as a card shows them.
fn first_words(body: &str) -> String {
    let line = body.lines().next().unwrap_or_default();
    line.split_whitespace()
        .take(5)
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_incident_is_shown_update_by_update() {
    let recorded = serde_json::from_str::<Value>(RECORDED).unwrap()["incident"].take();
    let site = Site::new("hub", "A code host", &["Git"]);
    let page = site.page("");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;

    let mut updates = recorded["incident_updates"].as_array().unwrap().clone();
    updates.reverse();
    let first = &updates[0];
    let incident = site.publish(&json!({
        "kind": "incident", "title": recorded["name"], "impact": recorded["impact"], "status": first["status"],
        "body": first["body"], "components": [{ "id": "git" }]
    }));
    poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, recorded["name"].as_str().unwrap())
    })
    .await;
    expand(&browser, &incident).await;

    for (index, update) in updates.iter().enumerate().skip(1) {
        site.update(
            &incident,
            &json!({ "status": update["status"], "body": update["body"] }),
        );
        let is_last = update["status"] == "resolved";
        let updates_posted = index + 1;
        if is_last {
            let tree = poll_until(&browser, "the all-clear", |tree| {
                has_text(tree, &incident, "Resolved:")
            })
            .await;
            assert_eq!(
                tree.notice(&incident).unwrap().attribute("data-kind"),
                Some("restored")
            );
            continue;
        }
        let newest = first_words(update["body"].as_str().unwrap());
        let tree = poll_until(&browser, &newest, |tree| {
            let shown = tree
                .notice(&incident)
                .map(|notice| notice.parts("update"))
                .unwrap_or_default();
            let is_on_top = shown
                .first()
                .is_some_and(|top| top.text().contains(&newest));
            is_on_top && shown.len() == updates_posted.min(5)
        })
        .await;
        let shown = tree.notice(&incident).unwrap();
        if updates_posted > 5 {
            let rest = updates_posted - 5;
            let words = [
                format!("and {rest} more"),
                format!("{rest} more on our status page"),
            ];
            let counts = |node: &Node| words.iter().any(|words| node.text().trim() == words);
            assert!(
                shown.find(counts).is_some(),
                "a count of the rest, {rest}: {}",
                shown.text()
            );
        }
        let feed = site.feed().json;
        let notice = &feed["notices"][0];
        assert_eq!(
            notice["updates"].as_array().unwrap().len(),
            updates_posted.min(5)
        );
        assert_eq!(notice["updates_more"], updates_posted.saturating_sub(5));
    }
    let saved = site.incident(&incident);
    assert_eq!(
        saved["updates"].as_array().unwrap().len(),
        updates.len(),
        "the API has every update"
    );
}
