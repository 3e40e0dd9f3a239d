//! Scheduled transitions: each happens once and in order, and a publication or announcement at most 48 h late. Also
//! notices whose presentation depends on time.

#![cfg(test)]

mod site;

use notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    decide::{Command, next_due},
    wire::{
        enums::{ComponentStatus, InApp, NoticeKind, Status},
        event::Event,
        feed::Feed,
        ids::IncidentId,
    },
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> Value {
    json!(notice::wire::time::Timestamp::from_seconds(seconds).to_string())
}

fn maintenance(from: i64, until: i64) -> Value {
    json!({
        "kind": "maintenance", "title": "We move to new servers", "body": "Sending pauses.",
        "scheduled_for": at(from), "scheduled_until": at(until), "components": [{ "id": "sending" }]
    })
}

/// Moves the clock to `now`, executes what is due, and returns the feed's notices: kind, status and presentation.
fn pass_and_list(site: &mut TestSite, now: i64) -> Vec<(NoticeKind, Status, InApp)> {
    site.pass(now);
    let Feed { notices, .. } = site.feed();
    notices
        .iter()
        .map(|notice| (notice.kind, notice.status, notice.in_app))
        .collect()
}

#[test]
fn maintenance_is_announced_started_and_completed() {
    let mut site = TestSite::new();
    let (from, until) = (NOW + 3 * DAY, NOW + 3 * DAY + HOUR);
    let id = site.publish(maintenance(from, until));
    let planned = |in_app| vec![(NoticeKind::Maintenance, Status::Scheduled, in_app)];
    assert_eq!(pass_and_list(&mut site, NOW), vec![], "not yet announced");
    assert_eq!(
        pass_and_list(&mut site, from - 2 * DAY),
        planned(InApp::Pill)
    );
    assert_eq!(
        pass_and_list(&mut site, from - 15 * MINUTE - 1),
        planned(InApp::Pill)
    );
    assert_eq!(
        pass_and_list(&mut site, from - 15 * MINUTE),
        planned(InApp::Bar)
    );
    let before_start = site.incident(&id).attention;
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    assert_eq!(
        pass_and_list(&mut site, from),
        vec![(NoticeKind::Maintenance, Status::InProgress, InApp::Bar)]
    );
    assert!(
        site.incident(&id).attention > before_start,
        "the start raises the attention"
    );
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::UnderMaintenance
    );
    assert_eq!(
        pass_and_list(&mut site, until),
        vec![(NoticeKind::Restored, Status::Completed, InApp::Pill)]
    );
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    let restored = site.feed().notices[0].restored.clone().unwrap();
    assert_eq!(restored.seconds, HOUR as u64);
    assert_eq!(
        (restored.returning_until, restored.everyone_until),
        (None, None)
    );
    assert_eq!(pass_and_list(&mut site, until + 2 * HOUR), vec![]);
    assert_eq!(next_due(&site.state, site.now()), None);
}

#[test]
fn maintenance_without_auto_start_waits_for_an_operator() {
    let mut site = TestSite::new();
    let (from, until) = (NOW + HOUR, NOW + 2 * HOUR);
    let mut body = maintenance(from, until);
    body["auto_start"] = json!(false);
    body["auto_complete"] = json!(false);
    let id = site.publish(body);
    site.pass(from + DAY);
    assert_eq!(site.incident(&id).status, Status::Scheduled);
    site.update(&id, json!({ "body": "Now.", "status": "in_progress" }));
    assert_eq!(
        site.incident(&id).started_at.seconds(),
        from + DAY,
        "it starts when the operator starts it"
    );
    site.pass(from + 2 * DAY);
    assert_eq!(site.incident(&id).status, Status::InProgress);
    assert!(
        site.try_update(&id, json!({ "body": "x", "status": "scheduled" }))
            .is_err(),
        "the status of a maintenance only moves forward"
    );
    site.update(&id, json!({ "body": "Done.", "status": "completed" }));
    assert!(
        site.try_update(&id, json!({ "body": "x", "status": "in_progress" }))
            .is_err()
    );
}

#[test]
fn missed_transitions_are_executed_once_and_in_order() {
    let mut site = TestSite::new();
    let mut body = maintenance(NOW + HOUR, NOW + 2 * HOUR);
    body["publish_at"] = at(NOW + 10 * MINUTE);
    site.publish(body);
    let before = site.events.len();
    site.pass(NOW + DAY);
    let names: Vec<&str> = site.events[before..]
        .iter()
        .map(|(event, _)| event.name())
        .collect();
    assert_eq!(
        names,
        [
            "incident.published",
            "notice.imminent",
            "incident.updated",
            "incident.updated",
        ]
    );
    let after = site.events.len();
    site.pass(NOW + DAY);
    assert_eq!(site.events.len(), after, "a second pass has no effect");
    let bodies: Vec<String> = site
        .state
        .incidents
        .values()
        .next()
        .unwrap()
        .updates
        .iter()
        .map(|u| u.body.clone())
        .collect();
    assert_eq!(
        bodies,
        [
            "Sending pauses.",
            "Maintenance has started.",
            "Maintenance is complete."
        ]
    );
}

#[test]
fn announcements_appear_and_end_on_schedule() {
    let mut site = TestSite::new();
    site.publish(json!({
        "kind": "announcement", "title": "Prices change in May", "body": "Read more.",
        "announce_from": at(NOW + HOUR), "announce_until": at(NOW + 2 * HOUR)
    }));
    assert_eq!(pass_and_list(&mut site, NOW), vec![]);
    assert_eq!(
        pass_and_list(&mut site, NOW + HOUR),
        vec![(NoticeKind::Announcement, Status::Active, InApp::Pill)]
    );
    assert_eq!(
        pass_and_list(&mut site, NOW + 2 * HOUR),
        vec![],
        "an ended announcement has no all-clear"
    );
}

#[test]
fn drafts_have_no_public_effect_until_publication() {
    let outage = || json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b", "components": [{ "id": "sending" }] });
    let mut site = TestSite::new();
    let mut draft = outage();
    draft["draft"] = json!(true);
    let id = site.publish(draft);
    assert_eq!(pass_and_list(&mut site, NOW + HOUR), vec![]);
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    assert!(site.try_update(&id, json!({ "body": "x" })).is_err());
    site.change(&id, json!({ "draft": false }));
    assert_eq!(pass_and_list(&mut site, NOW + HOUR).len(), 1);
    assert_eq!(
        site.incident(&id).started_at.seconds(),
        NOW + HOUR,
        "it starts at publication"
    );
    assert_eq!(site.component("sending").since.seconds(), NOW + HOUR);
    assert!(site.try_change(&id, json!({ "draft": true })).is_err());
    assert!(
        site.run(Command::DeleteIncident { id }).is_err(),
        "only drafts can be deleted"
    );

    let mut later = outage();
    later["publish_at"] = at(NOW + 2 * HOUR);
    let id = site.publish(later);
    assert_eq!(pass_and_list(&mut site, NOW + 2 * HOUR - 1).len(), 1);
    assert_eq!(pass_and_list(&mut site, NOW + 2 * HOUR).len(), 2);
    assert!(site.incident(&id).published_at.is_some());
}

#[test]
fn reminders_follow_promise_and_cadence() {
    let outage = |component: &str| json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b", "components": [{ "id": component }] });
    let reminders = |site: &TestSite| -> Vec<(&'static str, i64)> {
        site.events
            .iter()
            .filter(|(event, _)| event.name().starts_with("promise."))
            .map(|(event, at)| (event.name(), (at.seconds() - NOW) / MINUTE))
            .collect()
    };
    // Promised for 08:30: reminders 10 min before and 5 min after.
    let mut site = TestSite::new();
    let mut promised = outage("sending");
    promised["next_update_at"] = at(NOW + 30 * MINUTE);
    let id = site.publish(promised);
    site.pass_each_minute(60);
    assert_eq!(
        reminders(&site),
        [("promise.due", 20), ("promise.overdue", 35)]
    );
    // An update fulfils the promise. Then the cadence applies: tier 2, every 2 h.
    site.update(&id, json!({ "body": "Still at it." }));
    let count = site.events.len();
    site.pass_each_minute(180);
    let later: Vec<&str> = site.events[count..]
        .iter()
        .map(|(event, _)| event.name())
        .collect();
    assert_eq!(later, ["promise.due", "promise.overdue"]);
    assert!(
        site.feed().notices[0].next_update_at.is_none(),
        "cadence is never public"
    );
    // After the end, no update is due.
    site.update(&id, json!({ "body": "Fixed.", "status": "resolved" }));
    let over = site.events.len();
    site.pass_each_minute(300);
    assert!(
        site.events[over..]
            .iter()
            .all(|(event, _)| !event.name().starts_with("promise."))
    );
}

#[test]
fn withdrawn_incident_becomes_an_all_clear_with_a_reason() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "impact": "critical", "body": "b", "components": [{ "id": "sending" }]
    }));
    let before = site.incident(&id).attention;
    site.run(withdraw(&id)).unwrap();
    let notice = site.feed().notices[0].clone();
    assert_eq!(notice.kind, NoticeKind::Restored);
    let restored = notice.restored.unwrap();
    assert_eq!(restored.withdrawn.as_deref(), Some("It was a false alarm."));
    assert_eq!(
        restored.everyone_until, None,
        "only witnesses see the withdrawal"
    );
    assert!(notice.attention > before);
    assert_eq!(
        site.component("sending").status,
        ComponentStatus::Operational
    );
    assert!(site.run(withdraw(&id)).is_err());
    assert!(site.try_update(&id, json!({ "body": "x" })).is_err());
    assert_eq!(pass_and_list(&mut site, NOW + 72 * HOUR), vec![]);
}

fn withdraw(id: &IncidentId) -> Command {
    let input = serde_json::from_value(json!({ "reason": "It was a false alarm." })).unwrap();
    Command::WithdrawIncident {
        id: id.clone(),
        input,
    }
}

#[test]
fn postmortem_within_30_days_shows_the_all_clear_again() {
    let put = |site: &mut TestSite, id: &IncidentId| {
        let input = serde_json::from_value(json!({
            "root_cause": "A renewal failed.", "window": { "start": at(NOW), "end": at(NOW + HOUR) },
            "remedy": "Renewed.", "prevention": ["Renewals by machine"]
        }))
        .unwrap();
        site.run(Command::PutPostmortem {
            incident: id.clone(),
            input,
        })
    };
    for (days, shown) in [(29, 1), (31, 0)] {
        let mut site = TestSite::new();
        let id = site
            .publish(json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b" }));
        assert!(put(&mut site, &id).is_err(), "the incident is open");
        site.update(&id, json!({ "body": "Fixed.", "status": "resolved" }));
        assert_eq!(pass_and_list(&mut site, NOW + 4 * DAY), vec![]);
        site.pass(NOW + days * DAY);
        let before = site.incident(&id).attention;
        put(&mut site, &id).unwrap();
        let rise = site.incident(&id).attention - before;
        assert_eq!(
            rise as usize, shown,
            "attention rises by 1 within 30 days, so that users who hid the all-clear see it again, and not later"
        );
        assert_eq!(site.feed().notices.len(), shown, "{days} days after");
        assert_eq!(
            pass_and_list(&mut site, NOW + days * DAY + 72 * HOUR - 1).len(),
            shown
        );
        assert_eq!(
            pass_and_list(&mut site, NOW + days * DAY + 72 * HOUR),
            vec![]
        );
    }
}

#[test]
fn paused_site_has_an_empty_feed() {
    let mut site = TestSite::new();
    site.publish(json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b" }));
    let pause = |paused: bool| Command::ChangeSite {
        patch: MergePatch::read(json!({ "paused": paused }).to_string().as_bytes()).unwrap(),
        network: Network::Public,
    };
    site.run(pause(true)).unwrap();
    assert!(site.feed().paused);
    assert_eq!(site.feed().notices, []);
    site.run(pause(false)).unwrap();
    assert_eq!(site.feed().notices.len(), 1);
}

#[test]
fn patch_keeps_updates_and_unpatched_fields() {
    let mut site = TestSite::new();
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "impact": "minor", "body": "b", "advice": "Wait.",
        "components": [{ "id": "sending" }], "text": { "de": { "title": "T", "advice": "Warten." } }
    }));
    site.now += MINUTE;
    site.change(
        &id,
        json!({ "title": "Better", "text": { "de": { "advice": null } } }),
    );
    let incident = site.incident(&id);
    assert_eq!(
        (incident.title.as_str(), incident.advice.as_deref()),
        ("Better", Some("Wait."))
    );
    assert_eq!(incident.updates.len(), 1);
    assert_eq!(incident.components[0].since.seconds(), NOW);
    let german = incident.text.values().next().unwrap();
    assert_eq!(
        (german.title.as_deref(), german.advice.as_deref()),
        (Some("T"), None)
    );
    assert_eq!(
        incident.attention, 1,
        "a correction does not raise the attention"
    );
    site.change(&id, json!({ "impact": "critical" }));
    assert_eq!(site.incident(&id).attention, 2);
    let count = site.events.len();
    site.change(&id, json!({ "impact": "critical" }));
    assert_eq!(
        site.events.len(),
        count,
        "a patch without changes creates no event"
    );
    for rejected in [
        json!({ "kind": "maintenance" }),
        json!({ "status": "resolved" }),
        json!({ "body": "x" }),
        json!({ "titel": "x" }),
        json!({ "title": null }),
        json!({ "components": [{ "id": "nowhere" }] }),
        json!({ "related": [id] }),
    ] {
        assert!(
            site.try_change(&id, rejected.clone()).is_err(),
            "{rejected}"
        );
    }
}

#[test]
fn corrected_update_has_the_time_of_its_correction() {
    let mut site = TestSite::new();
    let id = site.publish(
        json!({ "kind": "incident", "title": "t", "impact": "major", "body": "Teh cause." }),
    );
    let update = site.incident(&id).updates[0].id.clone();
    let patch = |body: Value| MergePatch::read(body.to_string().as_bytes()).unwrap();
    let correct = |patch| Command::CorrectUpdate {
        incident: id.clone(),
        id: update.clone(),
        patch,
    };
    site.run(correct(patch(
        json!({ "body": "The cause.", "text": { "de": { "body": "Die Ursache." } } }),
    )))
    .unwrap();
    let corrected = &site.incident(&id).updates[0];
    assert_eq!(corrected.body, "The cause.");
    assert!(corrected.corrected_at.is_some());
    assert_eq!(
        site.feed_in("de").notices[0].updates[0].body,
        "Die Ursache."
    );
    assert_eq!(site.incident(&id).attention, 1);
    let old = site.events.iter().any(|(event, _)| {
        matches!(event, Event::IncidentCreated { incident } if incident.updates[0].body == "Teh cause.")
    });
    assert!(old, "the old text stays in the journal");
    assert!(
        site.run(correct(patch(json!({ "status": "resolved" }))))
            .is_err()
    );
    assert!(site.run(correct(patch(json!({ "body": "" })))).is_err());
}

#[test]
fn components_are_changed_ordered_and_deleted() {
    let mut site = TestSite::new();
    let names = |site: &TestSite| -> Vec<String> {
        site.state
            .components
            .iter()
            .map(|c| format!("{}{}", c.slug, c.position))
            .collect()
    };
    let patch = |body: Value| MergePatch::read(body.to_string().as_bytes()).unwrap();
    let name = |slug: &str| notice::wire::input::ComponentName::parse(slug).unwrap();
    let change = |slug: &str, body: Value| Command::ChangeComponent {
        name: name(slug),
        patch: patch(body),
    };
    site.run(change("reports", json!({ "position": 0 })))
        .unwrap();
    assert_eq!(names(&site), ["reports0", "sending1", "receiving2"]);
    site.run(change(
        "sending",
        json!({ "slug": "texts", "name": "Texts", "group": "Messaging" }),
    ))
    .unwrap();
    assert_eq!(names(&site), ["reports0", "texts1", "receiving2"]);
    assert!(
        site.run(change("texts", json!({ "slug": "reports" })))
            .is_err()
    );
    let id = site.publish(json!({
        "kind": "incident", "title": "t", "impact": "major", "body": "b", "components": [{ "id": "texts" }]
    }));
    assert!(
        site.run(Command::DeleteComponent {
            name: name("texts")
        })
        .is_err(),
        "an open incident uses it"
    );
    site.update(&id, json!({ "body": "x", "status": "resolved" }));
    site.run(Command::DeleteComponent {
        name: name("texts"),
    })
    .unwrap();
    assert_eq!(names(&site), ["reports0", "receiving1"]);
}
