//! The effects of operators' commands on state and feed.

#![cfg(test)]

mod site;

use notice::{
    decide::{Command, decide},
    project::feed::{FeedOptions, project},
    rejection::Rejection,
    wire::{
        enums::{ComponentStatus, NoticeKind, Undeclared},
        feed::{Feed, Notice},
    },
};
use serde_json::{Value, json};
use site::{NOW, TestSite, id};

fn outage() -> Value {
    json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending" }], "advice": "Do not resend.", "works": ["Receiving"], "broken": ["Sending"]
    })
}

/// Each row is one update of a major incident with advice and a component in partial outage.
#[test]
fn attention_rises_for_worse_or_new_information_only() {
    for (update, rises) in [
        (json!({ "body": "x" }), false),
        (json!({ "body": "x", "status": "identified" }), false),
        (json!({ "body": "x", "status": "monitoring" }), false),
        (json!({ "body": "x", "impact": "critical" }), true),
        (json!({ "body": "x", "impact": "major" }), false),
        (json!({ "body": "x", "impact": "minor" }), false),
        (
            json!({ "body": "x", "components": [{ "id": "sending", "status": "major_outage" }] }),
            true,
        ),
        (
            json!({ "body": "x", "components": [{ "id": "sending", "status": "degraded_performance" }] }),
            false,
        ),
        (
            json!({ "body": "x", "components": [{ "id": "reports", "status": "degraded_performance" }] }),
            true,
        ),
        (json!({ "body": "x", "advice": "Send by e-mail." }), true),
        (json!({ "body": "x", "advice": "Do not resend." }), false),
        (json!({ "body": "x", "advice": null }), true),
        (json!({ "body": "x", "works": ["Reports"] }), false),
        (json!({ "body": "x", "status": "resolved" }), true),
        (json!({ "body": "x", "renotify": true }), true),
        (
            json!({ "body": "x", "impact": "critical", "renotify": false }),
            false,
        ),
        (
            json!({ "body": "x", "status": "resolved", "renotify": false }),
            false,
        ),
    ] {
        let mut site = TestSite::new();
        let incident = site.publish(outage());
        let before = site.incident(&incident).attention;
        site.update(&incident, update.clone());
        let after = site.incident(&incident).attention;
        assert_eq!(after - before, u32::from(rises), "{update}");
    }
}

#[test]
fn update_keeps_sets_and_clears_fields() {
    let mut site = TestSite::new();
    let mut first = outage();
    first["next_update_at"] = json!("2026-11-21T08:30:00Z");
    first["estimated_end_at"] = json!("2026-11-21T10:00:00Z");
    first["confidence"] = json!("low");
    let incident = site.publish(first);

    site.update(&incident, json!({ "body": "Still at it." }));
    let incident_after = site.incident(&incident);
    assert_eq!(
        incident_after.next_update_at, None,
        "an update fulfils the promise"
    );
    assert!(
        incident_after.estimated_end_at.is_some(),
        "an estimate stays until changed"
    );
    assert_eq!(incident_after.advice.as_deref(), Some("Do not resend."));

    site.update(
        &incident,
        json!({ "body": "x", "advice": null, "works": null, "broken": ["Reports"], "estimated_end_at": null }),
    );
    let incident_after = site.incident(&incident);
    assert_eq!(incident_after.advice, None);
    assert!(incident_after.works.is_empty());
    assert_eq!(incident_after.broken, ["Reports"]);
    assert_eq!(incident_after.estimated_end_at, None);
}

#[test]
fn all_clear_replaces_the_texts_of_the_outage() {
    let mut site = TestSite::new();
    let mut first = outage();
    first["hold"] = json!(true);
    first["estimated_end_at"] = json!("2026-11-21T10:00:00Z");
    first["contacts"] =
        json!([{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }]);
    let incident = site.publish(first);
    site.now += 3600;
    site.update(
        &incident,
        json!({
            "status": "resolved", "body": "Fixed.",
            "restored": { "back": ["Sending"], "check": "Look at your outbox.", "still": ["Reports are late"] }
        }),
    );
    let notice = only(&site.feed());
    assert_eq!(notice.kind, NoticeKind::Restored);
    assert_eq!(notice.advice, None);
    assert!(notice.works.is_empty() && notice.broken.is_empty());
    assert_eq!(notice.estimated_end_at, None);
    assert_eq!(notice.next_update_at, None);
    assert!(!notice.hold, "an all-clear can be hidden");
    assert_eq!(notice.contacts.len(), 1, "contacts are kept");
    assert_eq!(notice.components[0].status, ComponentStatus::Operational);
    let restored = notice.restored.unwrap();
    assert_eq!(restored.seconds, 3600);
    assert_eq!(restored.back, ["Sending"]);
    assert_eq!(restored.check.as_deref(), Some("Look at your outbox."));
    assert_eq!(restored.still, ["Reports are late"]);
    assert_eq!(
        restored.everyone_until.unwrap().seconds() - restored.at.seconds(),
        2 * 3600
    );
    assert_eq!(
        restored.returning_until.unwrap().seconds() - restored.at.seconds(),
        24 * 3600
    );
    assert_eq!(
        restored.expires_at.seconds() - restored.at.seconds(),
        72 * 3600
    );
    assert_eq!(
        site.feed().poll_after_s,
        30,
        "with all-clears only, polling is slow"
    );

    site.update(
        &incident,
        json!({ "status": "investigating", "body": "It is back." }),
    );
    let notice = only(&site.feed());
    assert_eq!(notice.kind, NoticeKind::Incident);
    assert_eq!(notice.restored, None);
    site.update(
        &incident,
        json!({ "status": "resolved", "body": "Fixed again." }),
    );
    let restored = only(&site.feed()).restored.unwrap();
    assert!(
        restored.back.is_empty(),
        "the texts of the previous all-clear are cleared"
    );
}

#[test]
fn worst_impact_decides_who_sees_the_all_clear() {
    let mut site = TestSite::new();
    let incident = site.publish(outage());
    site.update(
        &incident,
        json!({ "body": "Nearly there.", "impact": "minor" }),
    );
    site.update(&incident, json!({ "body": "Done.", "status": "resolved" }));
    assert!(
        only(&site.feed())
            .restored
            .unwrap()
            .everyone_until
            .is_some()
    );

    let mut site = TestSite::new();
    let mut minor = outage();
    minor["impact"] = json!("minor");
    let incident = site.publish(minor);
    site.update(&incident, json!({ "body": "Done.", "status": "resolved" }));
    assert_eq!(only(&site.feed()).restored.unwrap().everyone_until, None);
}

#[test]
fn component_has_the_worst_status_of_all_open_incidents() {
    let mut site = TestSite::new();
    let first = site.publish(outage());
    site.now += 60;
    let mut worse = outage();
    worse["impact"] = json!("critical");
    let second = site.publish(worse);
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::MajorOutage
    );
    assert_eq!(site.component("sending").since.seconds(), NOW + 60);
    site.now += 60;
    site.update(&second, json!({ "body": "x", "status": "resolved" }));
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::PartialOutage
    );
    site.update(
        &first,
        json!({ "body": "x", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    assert!(
        site.incident(&first).is_open(),
        "a component may be restored while the incident is open"
    );

    let mut drill = outage();
    drill["drill"] = json!(true);
    site.publish(drill);
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational,
        "a drill affects no component"
    );
}

#[test]
fn feed_is_sorted_by_urgency() {
    let mut site = TestSite::new();
    let mut published = Vec::new();
    for impact in ["minor", "critical", "none", "major"] {
        let mut incident = outage();
        incident["impact"] = json!(impact);
        published.push(site.publish(incident));
    }
    let resolved = site.publish(outage());
    site.update(&resolved, json!({ "body": "x", "status": "resolved" }));
    let impacts: Vec<String> = site
        .feed()
        .notices
        .iter()
        .map(|notice| format!("{:?} {:?}", notice.kind, notice.impact))
        .collect();
    assert_eq!(
        impacts,
        [
            "Incident Critical",
            "Incident Major",
            "Incident Minor",
            "Incident None",
            "Restored Major"
        ]
    );
}

#[test]
fn notice_has_the_latest_five_updates_and_counts_the_rest() {
    let mut site = TestSite::new();
    let incident = site.publish(outage());
    for number in 1..=29 {
        site.now += 60;
        site.update(&incident, json!({ "body": format!("Update {number}") }));
    }
    let notice = only(&site.feed());
    let bodies: Vec<&str> = notice
        .updates
        .iter()
        .map(|update| update.body.as_str())
        .collect();
    assert_eq!(
        bodies,
        [
            "Update 29",
            "Update 28",
            "Update 27",
            "Update 26",
            "Update 25"
        ]
    );
    assert_eq!(notice.updates_more, 25);
}

#[test]
fn each_missing_translation_falls_back_to_the_primary_language() {
    let mut site = TestSite::new();
    let mut incident = outage();
    incident["text"] =
        json!({ "de": { "title": "Nachrichten kommen verspätet an", "works": ["Empfang"] } });
    site.publish(incident);
    let feed = site.feed_in("de");
    let notice = only(&feed);
    assert_eq!(feed.lang, "de");
    assert_eq!(notice.title, "Nachrichten kommen verspätet an");
    assert_eq!(notice.works, ["Empfang"]);
    assert_eq!(notice.advice.as_deref(), Some("Do not resend."));
    assert_eq!(
        site.feed_in("fr").lang,
        "en",
        "an unknown language falls back to the primary one"
    );
}

#[test]
fn audience_of_the_notice_follows_from_the_incident() {
    for (impact, audience, components, undeclared) in [
        ("major", Value::Null, vec!["sending"], Undeclared::Show),
        // Embeds that know only `undeclared` show such incidents on pages that declare the component.
        ("minor", Value::Null, vec!["sending"], Undeclared::Hide),
        (
            "minor",
            json!({ "undeclared": "show" }),
            vec!["sending"],
            Undeclared::Show,
        ),
        (
            "major",
            json!({ "components": [] }),
            vec![],
            Undeclared::Show,
        ),
        (
            "major",
            json!({ "components": ["reports"] }),
            vec!["reports"],
            Undeclared::Show,
        ),
    ] {
        let mut site = TestSite::new();
        let mut incident = outage();
        incident["impact"] = json!(impact);
        incident["audience"] = audience.clone();
        site.publish(incident);
        let projected = only(&site.feed()).audience;
        let slugs: Vec<&str> = projected
            .components
            .iter()
            .map(|slug| slug.as_str())
            .collect();
        assert_eq!(
            (slugs, projected.undeclared),
            (components, undeclared),
            "{impact} {audience}"
        );
    }
}

#[test]
fn slug_is_derived_from_the_name_and_unused() {
    let mut site = TestSite::new();
    for (name, slug) in [
        ("Text messages (EU)", "text-messages-eu"),
        ("Text messages EU", "text-messages-eu-2"),
        ("Sending", "sending-2"),
        (&"x".repeat(100), &"x".repeat(39)),
        (&"x".repeat(99), &format!("{}-2", "x".repeat(37))),
    ] {
        site.create_component(name);
        assert_eq!(
            site.state.components.last().unwrap().slug.as_str(),
            slug,
            "{name}"
        );
    }
    let unnamed = Command::CreateComponent {
        id: id("cmp_", 99),
        input: serde_json::from_value(json!({ "name": "送信" })).unwrap(),
    };
    assert!(matches!(
        decide(&site.state, unnamed, site.now()),
        Err(Rejection::Fields(_))
    ));
}

#[test]
fn update_of_a_resolved_incident_keeps_its_end() {
    let mut site = TestSite::new();
    let incident = site.publish(outage());
    site.update(&incident, json!({ "body": "x", "status": "resolved" }));
    let ended = site.incident(&incident).ended_at;
    site.now += 600;
    site.update(
        &incident,
        json!({ "body": "A last word.", "restored": { "check": "Your outbox." } }),
    );
    assert_eq!(site.incident(&incident).ended_at, ended);
    assert_eq!(
        only(&site.feed()).restored.unwrap().check.as_deref(),
        Some("Your outbox.")
    );
}

#[test]
fn feed_is_none_before_the_site_is_created() {
    let setting = FeedOptions {
        public_url: "",
        rev: 0,
        language: None,
    };
    assert_eq!(project(&notice::state::State::default(), &setting), None);
}

fn only(feed: &Feed) -> Notice {
    assert_eq!(feed.notices.len(), 1);
    feed.notices[0].clone()
}

#[test]
fn published_incident_cannot_become_a_drill() {
    let mut site = TestSite::new();
    let seen = site.publish(outage());
    let made_drill = site.try_change(&seen, json!({ "drill": true }));
    assert!(matches!(made_drill, Err(Rejection::IllegalTransition(_))));
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::PartialOutage
    );
    let mut draft = outage();
    draft["draft"] = json!(true);
    let unseen = site.publish(draft);
    site.change(&unseen, json!({ "drill": true }));
    // A draft of a drill can be published as a real incident.
    site.change(&unseen, json!({ "drill": false, "draft": false }));
    assert!(!site.incident(&unseen).drill);
}
