//! The journal: what changed, from what to what, and where.

mod desk;

use desk::{Hand, Site};
use serde_json::{Value, json};

/// The words of the newest entries.
async fn entries(hand: &Hand) -> Vec<String> {
    let rows = "return [...document.querySelectorAll('.journal > li')].map(one => one.innerText)";
    let rows = hand
        .browser
        .wait_for_script("the journal", rows, |rows| {
            rows.as_array().is_some_and(|rows| !rows.is_empty())
        })
        .await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_shown_with_the_values_before_and_after() {
    let site = Site::new();
    let incident = site.incident();
    site.patch("", &json!({ "paused": true }));
    site.patch(
        "",
        &json!({ "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }] }),
    );
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "impact": "critical" }),
    );
    let hand = Hand::of_owner(&site, "settings/journal").await;
    hand.sees("Journal").await;
    let found = entries(&hand).await;
    for (row, words) in [
        (
            &found[0],
            [
                "Incident changed: Messages are delayed",
                "Severity",
                "Major\n→\nCritical",
            ],
        ),
        (
            &found[1],
            [
                "Settings changed",
                "Support contacts",
                "(empty)\n→\nPhone · Support · +61 2 5550 0100",
            ],
        ),
        (
            &found[2],
            ["Every embed paused", "Every embed paused", "No\n→\nYes"],
        ),
    ] {
        let row = row
            .replace(" → ", "\n→\n")
            .replace("→", "\n→\n")
            .replace("\n\n", "\n");
        for words in words {
            assert!(row.contains(words), "{words:?} in {row:?}");
        }
        assert!(!row.contains(" · 1\n") && !row.contains("kind:"), "{row}");
    }
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_links_to_what_it_is_about() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::of_owner(&site, "settings/journal").await;
    hand.tap("Messages are delayed").await;
    let there = format!("#/acme/incidents/{incident}");
    hand.browser
        .wait_for_script("the incident", "return location.hash", |hash| {
            *hash == there
        })
        .await;
    hand.sees("Timeline").await;
    hand.go("settings/journal").await;
    let links = "return [...document.querySelectorAll('.journal .what a')].map(one => one.getAttribute('href'))";
    let links = hand
        .browser
        .wait_for_script("links", links, |links| {
            links.as_array().is_some_and(|links| !links.is_empty())
        })
        .await;
    let links = links.as_array().unwrap();
    for href in ["#/acme/settings", "#/acme/components"] {
        assert!(links.iter().any(|link| link == href), "{links:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_nobody_was_sent_is_not_called_sent() {
    let mut site = Site::new();
    site.patch(
        "",
        &json!({ "on_call": [{ "kind": "email", "value": "robin@acme.example" }, { "kind": "webhook", "value": "https://acme.example/page" }] }),
    );
    site.incident();
    for minutes in [21, 36, 50] {
        site.server.restart_at(minutes * 60);
        assert_eq!(site.get("/incidents").status, 200);
    }
    let hand = Hand::of_owner(&site, "settings/journal").await;
    hand.sees("Escalation due to next on-call target (not sent): Messages are delayed")
        .await;
    hand.sees("Update overdue: Messages are delayed").await;
    hand.sees("Update due soon: Messages are delayed").await;
    let text = hand.browser.run("return document.body.innerText").await;
    assert!(!text.as_str().unwrap().contains("told"), "{text}");
    hand.go("settings/on-call").await;
    hand.sees("Not sent yet: no sender is set up").await;
}

#[test]
fn the_api_says_what_an_entry_is_about_and_changes() {
    let site = Site::new();
    let incident = site.incident();
    let component = site.get("/components").json["items"][2].clone();
    site.patch("/components/reports", &json!({ "name": "Statistics" }));
    let update = site.get(&format!("/incidents/{incident}")).json["updates"][0]["id"].clone();
    let update = update.as_str().unwrap();
    site.patch(
        &format!("/incidents/{incident}/updates/{update}"),
        &json!({ "body": "We know more." }),
    );
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "status": "identified", "body": "A queue is full.", "advice": "Wait." }),
    );
    let entries = site.get("/journal?limit=3").json["items"].clone();
    let about = json!({ "kind": "incident", "id": incident, "name": "Messages are delayed" });
    assert_eq!(entries[0]["about"], about);
    let changes = entries[0]["changes"].as_array().unwrap();
    let of = |field: &str| -> Value {
        let found = changes.iter().find(|change| change["field"] == field);
        found.cloned().unwrap_or_default()
    };
    assert_eq!(of("advice")["before"], "Do not resend.");
    assert_eq!(of("advice")["after"], "Wait.");
    assert_eq!(of("status")["before"], "investigating");
    assert_eq!(
        of("attention"),
        Value::Null,
        "what the rules keep is left out"
    );
    assert_eq!(entries[1]["about"], about);
    assert_eq!(
        entries[1]["changes"],
        json!([{ "field": "body", "before": "We look into it.", "after": "We know more." }])
    );
    assert_eq!(
        entries[2]["about"],
        json!({ "kind": "component", "id": component["id"], "name": "Statistics" })
    );
    assert_eq!(
        entries[2]["changes"],
        json!([{ "field": "name", "before": "Reports", "after": "Statistics" }])
    );
}
