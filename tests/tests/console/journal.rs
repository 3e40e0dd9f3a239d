//! The journal view: old and new values of each change, and links.

use e2e::{Operator, Site};
use serde_json::{Value, json};

/// The texts of the newest entries.
async fn entries(operator: &Operator) -> Vec<String> {
    let rows = "return [...document.querySelectorAll('.journal > li')].map(one => one.innerText)";
    let rows = operator
        .browser
        .wait_for_script("the journal", rows, |rows| {
            rows.as_array().is_some_and(|rows| !rows.is_empty())
        })
        .await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_shows_old_and_new_values() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    site.patch("", &json!({ "paused": true }));
    site.patch(
        "",
        &json!({ "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }] }),
    );
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "impact": "critical" }),
    );
    let operator = Operator::signed_in_as_owner(&site, "settings/journal").await;
    operator.wait_for_text("Journal").await;
    let found = entries(&operator).await;
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
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_links_to_its_subject() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::signed_in_as_owner(&site, "settings/journal").await;
    operator.tap("Messages are delayed").await;
    let address = format!("#/acme/incidents/{incident}");
    operator
        .browser
        .wait_for_script("the incident", "return location.hash", |hash| {
            *hash == address
        })
        .await;
    operator.wait_for_text("Timeline").await;
    operator.navigate("settings/journal").await;
    let links = "return [...document.querySelectorAll('.journal .what a')].map(one => one.getAttribute('href'))";
    let links = operator
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
async fn overdue_updates_are_listed_with_unreached_targets() {
    let mut site = Site::with_tiers();
    site.patch(
        "",
        &json!({ "on_call": [{ "kind": "email", "value": "robin@acme.example" }, { "kind": "webhook", "value": "https://acme.example/page" }] }),
    );
    site.publish_outage();
    for minutes in [21, 36, 50] {
        site.server.restart_with_clock_offset(minutes * 60);
        assert_eq!(site.get("/incidents").status, 200);
    }
    let operator = Operator::signed_in_as_owner(&site, "settings/journal").await;
    for entry in [
        "Update escalated to the next on-call target: Messages are delayed",
        "Update overdue: Messages are delayed",
        "Update due soon: Messages are delayed",
        "On-call target not reached: robin@acme.example",
    ] {
        operator.wait_for_text(entry).await;
    }
    let text = operator.browser.run("return document.body.innerText").await;
    let text = text.as_str().unwrap();
    for claim in ["On-call target paged", "On-call target informed"] {
        assert!(
            !text.contains(claim),
            "no mail is sent, and the host does not exist: {text}"
        );
    }
}

#[test]
fn the_api_names_subject_and_changes_of_an_entry() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let component = site.get("/components").json["items"][2].clone();
    site.patch("/components/reports", &json!({ "name": "Statistics" }));
    let update = site.get(&format!("/incidents/{incident}")).json["updates"][0]["id"].clone();
    let update = update.as_str().unwrap();
    site.patch(
        &format!("/incidents/{incident}/updates/{update}"),
        &json!({ "body": "We know more." }),
    );
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "status": "identified", "body": "A queue is full.", "advice": "Wait." }),
    );
    let entries = site.get("/journal?limit=3").json["items"].clone();
    let about = json!({ "kind": "incident", "id": incident, "name": "Messages are delayed" });
    assert_eq!(entries[0]["about"], about);
    let changes = entries[0]["changes"].as_array().unwrap();
    let change_of = |field: &str| -> Value {
        let found = changes.iter().find(|change| change["field"] == field);
        found.cloned().unwrap_or_default()
    };
    assert_eq!(change_of("advice")["before"], "Do not resend.");
    assert_eq!(change_of("advice")["after"], "Wait.");
    assert_eq!(change_of("status")["before"], "investigating");
    assert_eq!(
        change_of("attention"),
        Value::Null,
        "values that follow from the rules are left out"
    );
    assert_eq!(entries[1]["about"], about);
    assert_eq!(
        entries[1]["changes"],
        json!([{ "field": "body", "before": "We are looking into it.", "after": "We know more." }])
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
