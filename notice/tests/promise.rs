//! Due times of updates, and of reminders to on-call targets.

#![cfg(test)]

mod site;

use notice::{
    decide::Command,
    notify::escalation::{acknowledgement_event, escalation_event},
    state::promise::{event, next, owed_at},
    wire::{event::Event, ids::IncidentId, incident::PromiseStage, time::Timestamp},
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

const MINUTE: i64 = 60;

/// An incident of minor impact with these fields.
fn publish(site: &mut TestSite, fields: Value) -> IncidentId {
    let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "minor", "body": "We look." });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    site.publish(body)
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_seconds(NOW + minutes * MINUTE)
}

/// Minutes from `NOW` until the next update is due.
fn due_in(site: &TestSite, incident: &IncidentId) -> Option<i64> {
    let due = owed_at(&site.state, &site.incident(incident))?;
    Some((due.seconds() - NOW) / MINUTE)
}

/// Minutes from `NOW` until the next reminder is due, and its stage.
fn reminder(site: &TestSite, incident: &IncidentId) -> Option<(i64, PromiseStage)> {
    let (at, reminded) = next(&site.state, &site.incident(incident))?;
    Some(((at.seconds() - NOW) / MINUTE, reminded.stage))
}

#[test]
fn promise_takes_precedence_over_cadence() {
    let mut site = TestSite::new();
    let promised = publish(&mut site, json!({ "next_update_at": at(45) }));
    assert_eq!(due_in(&site, &promised), Some(45));
    let with_cadence = publish(&mut site, json!({ "cadence_s": 1200 }));
    assert_eq!(due_in(&site, &with_cadence), Some(20));
}

#[test]
fn cadence_is_that_of_the_most_important_component() {
    let mut site = TestSite::new();
    for (component, tier) in [("sending", 1), ("reports", 3)] {
        let name = serde_json::from_value(json!(component)).unwrap();
        let patch =
            notice::body::merge::MergePatch::read(json!({ "tier": tier }).to_string().as_bytes());
        site.run(Command::ChangeComponent {
            name,
            patch: patch.unwrap(),
        })
        .unwrap();
    }
    for (components, minutes) in [
        (json!([]), 120),
        (json!([{ "id": "reports" }, { "id": "sending" }]), 30),
        (json!([{ "id": "reports" }]), 24 * 60),
    ] {
        let incident = publish(&mut site, json!({ "components": components }));
        assert_eq!(due_in(&site, &incident), Some(minutes), "{components}");
    }
}

#[test]
fn cadence_counts_from_the_latest_update() {
    let mut site = TestSite::new();
    let incident = publish(&mut site, json!({ "cadence_s": 1800 }));
    site.now += 10 * MINUTE;
    site.update(&incident, json!({ "body": "Still at it." }));
    assert_eq!(due_in(&site, &incident), Some(40));
}

#[test]
fn no_update_is_due_for_drafts_maintenance_or_after_the_end() {
    let mut site = TestSite::new();
    let draft = publish(
        &mut site,
        json!({ "draft": true, "next_update_at": at(45) }),
    );
    assert_eq!(due_in(&site, &draft), None, "draft");
    let ended = publish(&mut site, json!({ "next_update_at": at(45) }));
    site.update(&ended, json!({ "body": "Done.", "status": "resolved" }));
    assert_eq!(due_in(&site, &ended), None, "over");
    assert_eq!(reminder(&site, &ended), None, "over");
    let maintenance = site.publish(json!({
        "kind": "maintenance", "title": "New machines", "body": "A night's work.",
        "scheduled_for": at(600), "scheduled_until": at(700)
    }));
    assert_eq!(due_in(&site, &maintenance), None, "maintenance");
}

/// If the update is promised within 10 min, the first reminder is due at the promised time.
#[test]
fn first_reminder_is_due_10_min_before_or_at_the_promised_time() {
    for (promised, reminded) in [(9, 9), (10, 10), (11, 1), (45, 35)] {
        let mut site = TestSite::new();
        let incident = publish(&mut site, json!({ "next_update_at": at(promised) }));
        let expected = Some((reminded, PromiseStage::Due));
        assert_eq!(reminder(&site, &incident), expected, "in {promised} min");
    }
}

#[test]
fn time_alone_advances_reminders_to_overdue_then_stops() {
    let mut site = TestSite::new();
    let incident = publish(&mut site, json!({ "next_update_at": at(45) }));
    site.pass(NOW + 35 * MINUTE);
    let expected = Some((50, PromiseStage::Overdue));
    assert_eq!(reminder(&site, &incident), expected);
    site.pass(NOW + 50 * MINUTE);
    assert_eq!(reminder(&site, &incident), None);
    let escalation = escalation_event(&incident, at(45));
    site.record(escalation);
    assert_eq!(reminder(&site, &incident), None, "escalated");
    site.pass(NOW + 24 * 60 * MINUTE);
    let is_reminder = |event: &Event| {
        matches!(
            event,
            Event::PromiseDue { .. }
                | Event::PromiseOverdue { .. }
                | Event::PromiseEscalated { .. }
        )
    };
    let sent = site.events.iter().filter(|(event, _)| is_reminder(event));
    assert_eq!(sent.count(), 3);
}

#[test]
fn an_update_is_acknowledged_once_and_only_while_it_is_due() {
    let mut site = TestSite::new();
    let id = publish(&mut site, json!({ "next_update_at": at(45) }));
    site.pass(NOW + 50 * MINUTE);
    let acknowledge = |site: &TestSite, minutes: i64| {
        acknowledgement_event(&site.state, &id, at(minutes), "Ada".to_owned())
    };
    assert_eq!(acknowledge(&site, 44), None, "no such promise");
    let event = acknowledge(&site, 45).unwrap();
    site.record(event);
    let stored = site.incident(&id).acknowledged.unwrap();
    assert_eq!(
        (stored.name.as_str(), stored.owed_at, stored.at),
        ("Ada", at(45), at(50))
    );
    assert_eq!(acknowledge(&site, 45), None, "a second time");
    site.update(
        &id,
        json!({ "body": "Still at it.", "next_update_at": at(90) }),
    );
    assert!(!site.incident(&id).is_acknowledged(at(90)));
    assert!(acknowledge(&site, 90).is_some());
    assert_eq!(acknowledge(&site, 45), None, "the update was posted");
}

#[test]
fn new_promise_restarts_the_reminders() {
    let mut site = TestSite::new();
    let incident = publish(&mut site, json!({ "next_update_at": at(45) }));
    site.pass(NOW + 35 * MINUTE);
    site.update(
        &incident,
        json!({ "body": "Still at it.", "next_update_at": at(90) }),
    );
    assert_eq!(reminder(&site, &incident), Some((80, PromiseStage::Due)));
}

#[test]
fn each_reminder_stage_has_its_event() {
    let mut site = TestSite::new();
    let incident = publish(&mut site, json!({ "next_update_at": at(45) }));
    let incident = site.incident(&incident);
    let (_, mut reminded) = next(&site.state, &incident).unwrap();
    for stage in [
        PromiseStage::Due,
        PromiseStage::Overdue,
        PromiseStage::Escalated,
    ] {
        reminded.stage = stage;
        let created = event(&incident, reminded);
        let is_expected = match stage {
            PromiseStage::Due => matches!(created, Event::PromiseDue { .. }),
            PromiseStage::Overdue => matches!(created, Event::PromiseOverdue { .. }),
            PromiseStage::Escalated => matches!(created, Event::PromiseEscalated { .. }),
        };
        assert!(is_expected, "{stage:?}: {created:?}");
    }
}
