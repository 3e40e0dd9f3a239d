//! The occurrences that others are notified of.

#![cfg(test)]

mod occurrences;
mod site;

use notice::{
    decide::Command,
    notify::{
        escalation::escalation_event,
        event_name::EventName,
        occurrence::{
            Detail, Occurrence, of_events, session_unused, verify_failed, webhook_disabled,
        },
    },
    wire::{
        event::Event, ids::IncidentId, incident::PromiseStage, input::Withdrawal, time::Timestamp,
    },
};
use occurrences::*;
use serde_json::{Value, json};
use site::{NOW, TestSite};

/// Returns the occurrences of an action.
fn occurrences(site: &mut TestSite, action: impl FnOnce(&mut TestSite)) -> Vec<Occurrence> {
    let (before, count) = (site.state.clone(), site.events.len());
    action(site);
    let events: Vec<Event> = site.events[count..]
        .iter()
        .map(|(event, _)| event.clone())
        .collect();
    let found = of_events(&before, &events, site.now());
    assert!(found.iter().all(|(index, _)| *index < events.len()));
    found
        .into_iter()
        .map(|(_, occurrence)| occurrence)
        .collect()
}

fn names(site: &mut TestSite, action: impl FnOnce(&mut TestSite)) -> Vec<&'static str> {
    let found = occurrences(site, action);
    found.iter().map(|one| one.event.as_str()).collect()
}

fn withdraw(site: &mut TestSite, id: &IncidentId) {
    let input = Withdrawal {
        reason: "By mistake.".to_owned(),
    };
    let command = Command::WithdrawIncident {
        id: id.clone(),
        input,
    };
    site.run(command).unwrap();
}

fn put_postmortem(site: &mut TestSite, incident: &IncidentId, remedy: &str) {
    let input = json!({ "root_cause": "c", "remedy": remedy,
        "window": { "start": time(-HOUR), "end": time(0) } });
    let command = Command::PutPostmortem {
        incident: incident.clone(),
        input: serde_json::from_value(input).unwrap(),
    };
    site.run(command).unwrap();
}

#[test]
fn names_are_parsed_and_match_the_api() {
    let all: Vec<&str> = EventName::ALL.iter().map(|name| name.as_str()).collect();
    assert_eq!(
        all,
        [
            "incident.published",
            "incident.updated",
            "incident.resolved",
            "incident.reopened",
            "incident.withdrawn",
            "maintenance.announced",
            "maintenance.started",
            "maintenance.completed",
            "announcement.published",
            "announcement.ended",
            "component.status_changed",
            "promise.due",
            "promise.overdue",
            "promise.escalated",
            "postmortem.published",
            "site.verify_failed",
            "site.post_held",
            "webhook.disabled",
            "session.unused",
        ]
    );
    for name in EventName::ALL {
        assert_eq!(name.as_str().parse(), Ok(*name));
        let json = json!(name);
        assert_eq!(json, json!(name.as_str()));
        assert_eq!(serde_json::from_value::<EventName>(json).unwrap(), *name);
    }
    let error = "incident.opened"
        .parse::<EventName>()
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("Must be ") && error.contains("site.post_held"),
        "{error}"
    );
}

#[test]
fn an_incident_notifies_from_publication_to_postmortem() {
    let mut site = TestSite::new();
    let mut id = None;
    assert_eq!(
        names(&mut site, |site| id = Some(site.publish(outage(json!({}))))),
        ["incident.published", "component.status_changed"]
    );
    let id = id.unwrap();
    let mut names_of = |update: Value| {
        names(&mut site, |site| {
            site.now += MINUTE;
            site.update(&id, update);
        })
    };
    let components = |status: &str| json!([{ "id": "sending", "status": status }]);
    for (update, expected) in [
        (json!({ "body": "b" }), vec!["incident.updated"]),
        (
            json!({ "body": "b", "status": "identified" }),
            vec!["incident.updated"],
        ),
        (
            json!({ "body": "b", "components": components("major_outage") }),
            vec!["incident.updated", "component.status_changed"],
        ),
        (
            json!({ "body": "b", "status": "resolved" }),
            vec!["incident.resolved", "component.status_changed"],
        ),
        (json!({ "body": "A note." }), vec!["incident.updated"]),
        (
            json!({ "body": "b", "status": "investigating" }),
            vec!["incident.reopened", "component.status_changed"],
        ),
        (
            json!({ "body": "b", "status": "resolved" }),
            vec!["incident.resolved", "component.status_changed"],
        ),
    ] {
        assert_eq!(names_of(update.clone()), expected, "{update}");
    }
    assert_eq!(
        names(&mut site, |site| put_postmortem(site, &id, "r")),
        ["postmortem.published"]
    );
    assert!(names(&mut site, |site| put_postmortem(site, &id, "corrected")).is_empty());
    assert_eq!(
        names(&mut site, |site| withdraw(site, &id)),
        ["incident.withdrawn"]
    );
}

#[test]
fn a_change_without_an_update_notifies_if_users_act_on_it() {
    for (patch, is_notified) in [
        (json!({ "impact": "critical" }), true),
        (json!({ "advice": "Do not resend." }), true),
        (json!({ "works": ["Receiving"] }), true),
        (json!({ "next_update_at": time(HOUR) }), true),
        (json!({ "estimated_end_at": time(HOUR) }), true),
        (json!({ "components": [{ "id": "receiving" }] }), true),
        (json!({ "title": "Messages are late" }), false),
        (
            json!({ "text": { "de": { "title": "Nachrichten verspätet" } } }),
            false,
        ),
        (json!({ "contacts": [] }), false),
        (json!({ "hold": true }), false),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(outage(json!({})));
        let found = names(&mut site, |site| site.change(&id, patch.clone()));
        assert_eq!(
            found.contains(&"incident.updated"),
            is_notified,
            "{patch}: {found:?}"
        );
        assert!(
            found
                .iter()
                .all(|name| is_notified || *name != "incident.updated")
        );
    }
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    site.update(&id, json!({ "body": "b", "status": "resolved" }));
    assert!(names(&mut site, |site| site.change(&id, json!({ "advice": "x" }))).is_empty());
}

#[test]
fn corrections_settings_and_templates_notify_nobody() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    let update = site.incident(&id).updates[0].id.clone();
    let patch =
        |body: Value| notice::body::merge::MergePatch::read(body.to_string().as_bytes()).unwrap();
    let commands = [
        Command::CorrectUpdate {
            incident: id,
            id: update,
            patch: patch(json!({ "body": "corrected" })),
        },
        Command::ChangeSite {
            patch: patch(json!({ "name": "Acme" })),
            network: notice::body::check::endpoint_url::Network::Public,
        },
        Command::ChangeComponent {
            name: notice::wire::input::ComponentName::parse("reports").unwrap(),
            patch: patch(json!({ "name": "Statistics" })),
        },
        Command::CreateTemplate {
            id: site::id("tpl_", 1),
            input: serde_json::from_value(json!({ "name": "t" })).unwrap(),
        },
    ];
    for command in commands {
        let text = format!("{command:?}");
        assert!(
            names(&mut site, |site| site.run(command).unwrap()).is_empty(),
            "{text}"
        );
    }
    assert!(names(&mut site, |site| site.create_component("Billing")).is_empty());
}

#[test]
fn a_draft_notifies_when_it_is_published() {
    let mut site = TestSite::new();
    let mut id = None;
    let draft = outage(json!({ "draft": true }));
    assert!(names(&mut site, |site| id = Some(site.publish(draft))).is_empty());
    let id = id.unwrap();
    assert!(
        names(&mut site, |site| site
            .change(&id, json!({ "impact": "critical" })))
        .is_empty()
    );
    assert_eq!(
        names(&mut site, |site| site
            .change(&id, json!({ "draft": false, "advice": "x" }))),
        ["incident.published", "component.status_changed"]
    );
    let scheduled = outage(json!({ "publish_at": time(HOUR), "components": [] }));
    assert!(names(&mut site, |site| drop(site.publish(scheduled))).is_empty());
    assert_eq!(
        names(&mut site, |site| site.pass(NOW + HOUR)),
        ["incident.published"]
    );
    let discarded = site.publish(outage(json!({ "draft": true })));
    let delete = Command::DeleteIncident { id: discarded };
    assert!(names(&mut site, |site| site.run(delete).unwrap()).is_empty());
}

#[test]
fn an_incident_that_ended_before_publication_notifies_nobody() {
    let over =
        json!({ "status": "resolved", "started_at": time(-HOUR), "ended_at": time(-MINUTE) });
    for body in [
        outage(over.clone()),
        outage(with(over, json!({ "draft": true }))),
    ] {
        let mut site = TestSite::new();
        let mut id = None;
        assert!(names(&mut site, |site| id = Some(site.publish(body.clone()))).is_empty());
        let id = id.unwrap();
        if body["draft"] == true {
            let publish = json!({ "draft": false });
            assert!(names(&mut site, |site| site.change(&id, publish)).is_empty());
        }
        site.now += MINUTE;
        assert!(names(&mut site, |site| put_postmortem(site, &id, "r")).is_empty());
        assert!(names(&mut site, |site| site.update(&id, json!({ "body": "b" }))).is_empty());
        let reopen = json!({ "body": "b", "status": "investigating" });
        let found = names(&mut site, |site| site.update(&id, reopen));
        assert_eq!(found[0], "incident.reopened");
    }
    let mut site = TestSite::new();
    let done = maintenance(
        json!({ "body": null, "status": "completed", "scheduled_for": time(-2 * HOUR),
        "scheduled_until": time(-HOUR) }),
    );
    let mut id = None;
    assert!(names(&mut site, |site| id = Some(site.publish(done))).is_empty());
    assert!(names(&mut site, |site| withdraw(site, &id.unwrap())).is_empty());
}

#[test]
fn a_maintenance_notifies_when_announced_started_and_completed() {
    let mut site = TestSite::new();
    let id = site.publish(maintenance(json!({ "announce_from": time(DAY) })));
    assert!(names(&mut site, |site| site.pass(NOW + DAY - 1)).is_empty());
    assert_eq!(
        names(&mut site, |site| site.pass(NOW + DAY)),
        ["maintenance.announced"]
    );
    assert!(names(&mut site, |site| site.pass(NOW + 2 * DAY - 15 * MINUTE)).is_empty());
    assert_eq!(
        names(&mut site, |site| site.pass(NOW + 2 * DAY)),
        ["maintenance.started", "component.status_changed"]
    );
    let verify = json!({ "body": "b", "status": "verifying" });
    assert_eq!(
        names(&mut site, |site| site.update(&id, verify)),
        ["incident.updated"]
    );
    assert_eq!(
        names(&mut site, |site| site.pass(NOW + 2 * DAY + HOUR)),
        ["maintenance.completed", "component.status_changed"]
    );

    let mut site = TestSite::new();
    let at_once = maintenance(json!({}));
    let id = site.publish(maintenance(json!({ "announce_from": time(DAY) })));
    assert_eq!(
        names(&mut site, |site| drop(site.publish(at_once))),
        ["maintenance.announced"]
    );
    // A maintenance that starts before it is announced notifies only of the start.
    let start = json!({ "body": "b", "status": "in_progress" });
    let found = names(&mut site, |site| site.update(&id, start));
    assert_eq!(found[0], "maintenance.started");
    let move_end = json!({ "scheduled_until": time(2 * DAY + 2 * HOUR) });
    assert_eq!(
        names(&mut site, |site| site.change(&id, move_end)),
        ["incident.updated"]
    );

    // The withdrawal of a maintenance that was never announced notifies nobody.
    let unannounced = site.publish(maintenance(json!({ "announce_from": time(DAY) })));
    assert!(names(&mut site, |site| withdraw(site, &unannounced)).is_empty());
}

#[test]
fn an_announcement_notifies_when_shown_and_ended() {
    let mut site = TestSite::new();
    let until = announcement(json!({ "announce_until": time(DAY) }));
    assert_eq!(
        names(&mut site, |site| drop(site.publish(until))),
        ["announcement.published"]
    );
    assert_eq!(
        names(&mut site, |site| site.pass(NOW + DAY)),
        ["announcement.ended"]
    );
}

#[test]
fn reminders_and_held_posts_notify_with_their_times() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({ "next_update_at": time(HOUR) })));
    for (at, name) in [
        (HOUR - 10 * MINUTE, "promise.due"),
        (HOUR + 5 * MINUTE, "promise.overdue"),
        (HOUR + 20 * MINUTE, "promise.escalated"),
    ] {
        let found = occurrences(&mut site, |site| match name {
            "promise.escalated" => site.record(escalation_event(&id, site.now())),
            _ => site.pass(NOW + at),
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].event.as_str(), name);
        assert_eq!(found[0].incident, Some(id.clone()));
        match &found[0].detail {
            Detail::Promise(reminded) if name == "promise.escalated" => {
                assert_eq!(reminded.stage, PromiseStage::Escalated);
            }
            Detail::Promise(reminded) => assert_eq!(reminded.owed_at.seconds(), NOW + HOUR),
            other => panic!("{other:?}"),
        }
    }
    let mut site = TestSite::new();
    site.publish(outage(json!({ "publish_at": time(HOUR), "drill": true })));
    let found = occurrences(&mut site, |site| site.pass(NOW + 4 * DAY));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].event, EventName::SitePostHeld);
    assert!(
        matches!(found[0].detail, Detail::HeldPost { due_at } if due_at.seconds() == NOW + HOUR)
    );
}

#[test]
fn a_changed_component_notifies_with_both_statuses() {
    let mut site = TestSite::new();
    let found = occurrences(&mut site, |site| drop(site.publish(outage(json!({})))));
    let Detail::Component(change) = &found[1].detail else {
        panic!("{found:?}");
    };
    assert_eq!(change.slug.as_str(), "sending");
    assert_eq!(
        change.previous_status.to_owned(),
        notice::wire::enums::ComponentStatus::Operational
    );
    assert_ne!(change.status, change.previous_status);
    assert_eq!(found[1].components, std::slice::from_ref(&change.id));
    // A drill changes no component.
    let drill = outage(json!({ "drill": true, "components": [{ "id": "reports" }] }));
    let found = occurrences(&mut site, |site| drop(site.publish(drill)));
    assert_eq!(found.len(), 1);
    assert!(found[0].drill);
}

#[test]
fn a_webhook_limited_to_components_gets_theirs_and_general_ones() {
    let mut site = TestSite::new();
    let found = occurrences(&mut site, |site| drop(site.publish(outage(json!({})))));
    let (sending, reports) = (
        site.component("sending").id.clone(),
        site.component("reports").id.clone(),
    );
    for (occurrence, components, concerns) in [
        (&found[0], vec![], true),
        (&found[0], vec![sending.clone()], true),
        (&found[0], vec![reports.clone()], false),
        (&found[1], vec![reports.clone(), sending], true),
        (&found[1], vec![reports.clone()], false),
        (&verify_failed(), vec![reports], true),
    ] {
        assert_eq!(occurrence.concerns(&components), concerns, "{occurrence:?}");
    }
}

#[test]
fn stored_occurrences_round_trip() {
    let mut site = TestSite::new();
    let mut all = occurrences(&mut site, |site| {
        site.publish(outage(json!({ "next_update_at": time(HOUR) })));
    });
    all.extend(occurrences(&mut site, |site| site.pass(NOW + 4 * DAY)));
    all.push(verify_failed());
    all.push(webhook_disabled(
        "whk_1".to_owned(),
        "hooks.example.com".to_owned(),
        "It answered 410.".to_owned(),
    ));
    all.push(session_unused(
        "tok_1".to_owned(),
        "Phone".to_owned(),
        Timestamp::from_seconds(NOW),
    ));
    assert!(all.len() >= 7, "{all:?}");
    for one in all {
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(
            serde_json::from_str::<Occurrence>(&json).unwrap(),
            one,
            "{json}"
        );
    }
}
