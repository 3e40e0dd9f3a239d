//! A real incident as it was recorded, posted update by update: the banner always shows the newest, the page at most
//! five and a count of the rest.

mod story;

use std::{fs, path::Path};

use e2e::{Browser, Node};
use serde_json::{Value, json};
use story::{Site, expand, says, see};

/// The recorded incident where it is there; else our own small one of the same shape.
fn recorded() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../../shared/fixtures/statuspage/github-incident-f0mhbz9xn497.json");
    let own = root.join("fixtures/incident.json");
    let text = fs::read_to_string(shared)
        .or_else(|_| fs::read_to_string(own))
        .unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["incident"].take()
}

/// Words of a body as they stand on a card: its first line's first few, free of Markdown.
fn opening(body: &str) -> String {
    let line = body.lines().next().unwrap_or_default();
    line.split_whitespace()
        .take(5)
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn update_by_update() {
    let recorded = recorded();
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
    see(&browser, "the card", |tree| {
        says(tree, &incident, recorded["name"].as_str().unwrap())
    })
    .await;
    expand(&browser, &incident).await;

    for (index, update) in updates.iter().enumerate().skip(1) {
        site.update(
            &incident,
            &json!({ "status": update["status"], "body": update["body"] }),
        );
        let is_last = update["status"] == "resolved";
        let said = index + 1;
        if is_last {
            let tree = see(&browser, "the all-clear", |tree| {
                says(tree, &incident, "Resolved:")
            })
            .await;
            assert_eq!(
                tree.notice(&incident).unwrap().attribute("data-kind"),
                Some("restored")
            );
            continue;
        }
        let newest = opening(update["body"].as_str().unwrap());
        let tree = see(&browser, &newest, |tree| {
            let shown = tree
                .notice(&incident)
                .map(|notice| notice.parts("update"))
                .unwrap_or_default();
            let is_on_top = shown
                .first()
                .is_some_and(|top| top.text().contains(&newest));
            is_on_top && shown.len() == said.min(5)
        })
        .await;
        let shown = tree.notice(&incident).unwrap();
        if said > 5 {
            let rest = said - 5;
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
        assert_eq!(notice["updates"].as_array().unwrap().len(), said.min(5));
        assert_eq!(notice["updates_more"], said.saturating_sub(5));
    }
    let kept = site.incident(&incident);
    assert_eq!(
        kept["updates"].as_array().unwrap().len(),
        updates.len(),
        "the API holds every one"
    );
}
