//! Transitions that were due while the service was away: an operator decides about those that are more than 48 h late.

#![cfg(test)]

mod site;

use notice::{
    decide::{Command, next_due},
    wire::{enums::Status, event::Event, input::Withdrawal, time::Timestamp},
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const LATE: i64 = 48 * HOUR;

fn at(seconds: i64) -> Value {
    json!(Timestamp::from_seconds(seconds).to_string())
}

fn draft(publish_at: i64) -> Value {
    json!({
        "kind": "incident", "title": "Delays", "impact": "major", "body": "Messages are late.",
        "publish_at": at(publish_at)
    })
}

fn announcement(from: i64, until: Option<i64>) -> Value {
    json!({
        "kind": "announcement", "title": "Prices change", "body": "From January.", "announce_from": at(from),
        "announce_until": until.map(at)
    })
}

fn maintenance(announced: i64, from: i64, until: i64) -> Value {
    json!({
        "kind": "maintenance", "title": "We move", "body": "Sending pauses.", "announce_from": at(announced),
        "scheduled_for": at(from), "scheduled_until": at(until), "components": [{ "id": "sending" }]
    })
}

/// The names of the events after the first `count`.
fn names_after(site: &TestSite, count: usize) -> Vec<&'static str> {
    let later = site.events[count..].iter();
    later.map(|(event, _)| event.name()).collect()
}

#[test]
fn a_post_that_is_at_most_48_h_late_appears_automatically() {
    for (late_s, expected) in [
        (0, "incident.published"),
        (LATE, "incident.published"),
        (LATE + 1, "schedule.missed"),
        (365 * DAY, "schedule.missed"),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(draft(NOW + HOUR));
        let before = site.events.len();
        site.pass(NOW + HOUR + late_s);
        assert_eq!(names_after(&site, before)[0], expected, "{late_s}");
        let is_missed = expected == "schedule.missed";
        assert_eq!(site.feed().notices.is_empty(), is_missed);
        let missed_at = site.incident(&id).missed_at.map(Timestamp::seconds);
        assert_eq!(missed_at, is_missed.then_some(NOW + HOUR));
        // The event is appended only once, and no timer is set for the missed publication.
        let after = site.events.len();
        site.pass(site.now + DAY);
        assert!(!names_after(&site, after).contains(&"schedule.missed"));
        if is_missed {
            assert_eq!(next_due(&site.state, site.now()), None);
        }
    }
}

#[test]
fn a_missed_post_is_published_discarded_or_rescheduled() {
    let missed = || {
        let mut site = TestSite::new();
        let id = site.publish(draft(NOW + HOUR));
        site.pass(NOW + 10 * DAY);
        assert!(site.incident(&id).missed_at.is_some());
        (site, id)
    };
    let (mut site, id) = missed();
    site.change(&id, json!({ "title": "Long delays" }));
    assert!(
        site.incident(&id).missed_at.is_some(),
        "an edit does not decide whether the post appears"
    );
    assert!(site.feed().notices.is_empty());
    site.change(&id, json!({ "draft": false }));
    assert_eq!(site.feed().notices.len(), 1);
    assert_eq!(site.incident(&id).missed_at, None);
    let (mut site, id) = missed();
    site.run(Command::DeleteIncident { id: id.clone() })
        .unwrap();
    assert!(!site.state.incidents.contains_key(&id));
    let (mut site, id) = missed();
    site.change(&id, json!({ "publish_at": at(NOW + 11 * DAY) }));
    assert_eq!(site.incident(&id).missed_at, None);
    site.pass(NOW + 11 * DAY);
    assert_eq!(site.feed().notices.len(), 1);
}

#[test]
fn a_missed_announcement_waits_until_its_time_is_changed() {
    let mut site = TestSite::new();
    let id = site.publish(announcement(NOW + HOUR, None));
    site.pass(NOW + 10 * DAY);
    assert!(site.feed().notices.is_empty());
    assert!(site.incident(&id).missed_at.is_some());
    site.change(&id, json!({ "title": "Prices rise" }));
    site.update(&id, json!({ "body": "Still planned." }));
    assert!(site.feed().notices.is_empty(), "an edit does not announce");
    assert!(site.incident(&id).missed_at.is_some());
    // The same time counts as a change too.
    site.change(&id, json!({ "announce_from": at(NOW + HOUR) }));
    assert_eq!(site.feed().notices.len(), 1);
    assert_eq!(site.incident(&id).missed_at, None);
}

#[test]
fn a_discarded_announcement_is_never_shown() {
    let mut site = TestSite::new();
    let id = site.publish(announcement(NOW + HOUR, None));
    site.pass(NOW + 10 * DAY);
    site.run(Command::WithdrawIncident {
        id: id.clone(),
        input: Withdrawal {
            reason: "Not announced.".to_owned(),
        },
    })
    .unwrap();
    assert!(site.feed().notices.is_empty());
    assert!(!site.incident(&id).has_appeared());
    assert_eq!(site.incident(&id).missed_at, None);
}

#[test]
fn an_announcement_counts_as_late_from_its_publication() {
    let mut site = TestSite::new();
    let mut body = announcement(NOW + HOUR, None);
    body["publish_at"] = at(NOW + 5 * DAY);
    site.publish(body);
    site.pass(NOW + 5 * DAY);
    assert_eq!(site.feed().notices.len(), 1);
}

#[test]
fn a_missed_announcement_can_end_without_being_shown() {
    let mut site = TestSite::new();
    let id = site.publish(announcement(NOW + HOUR, Some(NOW + 2 * DAY)));
    site.pass(NOW + 10 * DAY);
    let incident = site.incident(&id);
    assert_eq!(incident.status, Status::Ended);
    assert_eq!(incident.missed_at, None, "nothing is left to decide");
    assert!(!incident.has_appeared());
    assert!(site.feed().notices.is_empty());
}

#[test]
fn a_missed_maintenance_does_not_appear_by_starting() {
    let mut site = TestSite::new();
    let (from, until) = (NOW + 3 * DAY, NOW + 3 * DAY + HOUR);
    let id = site.publish(maintenance(NOW + DAY, from, until));
    site.pass(from + LATE + 1);
    assert_eq!(site.incident(&id).status, Status::Scheduled);
    assert!(site.feed().notices.is_empty());
    assert!(site.incident(&id).missed_at.is_some());
    assert!(next_due(&site.state, site.now()).is_none_or(|due| due > site.now()));
    site.change(
        &id,
        json!({ "scheduled_for": at(site.now + DAY), "scheduled_until": at(site.now + 2 * DAY) }),
    );
    assert!(
        site.feed().notices.is_empty(),
        "a new start does not announce"
    );
    assert!(site.incident(&id).missed_at.is_some());
    site.change(&id, json!({ "scheduled_for": at(from) }));
    // Once an operator has announced it, the maintenance starts, because its start is due.
    site.change(&id, json!({ "announce_from": at(NOW + DAY) }));
    site.pass(site.now);
    assert_eq!(site.incident(&id).status, Status::InProgress);
    assert_eq!(site.feed().notices.len(), 1);
}

#[test]
fn a_start_that_is_less_than_48_h_late_happens() {
    let mut site = TestSite::new();
    let (from, until) = (NOW + 4 * DAY, NOW + 4 * DAY + 2 * HOUR);
    let id = site.publish(maintenance(NOW + DAY, from, until));
    site.pass(from + HOUR);
    assert_eq!(site.incident(&id).status, Status::InProgress);
    assert_eq!(site.incident(&id).missed_at, None);
    assert_eq!(site.feed().notices.len(), 1);
}

#[test]
fn an_incident_that_appears_or_ends_is_not_missed() {
    let is_missed = |site: &TestSite, before: usize| {
        let names = names_after(site, before);
        let count = names.iter().filter(|name| **name == "schedule.missed");
        count.count()
    };
    for announced_before in [1, 2, 3, 10].map(|days| days * DAY) {
        for late in [0, HOUR, LATE] {
            let mut site = TestSite::new();
            let (from, until) = (NOW + 11 * DAY, NOW + 11 * DAY + 2 * HOUR);
            let id = site.publish(maintenance(from - announced_before, from, until));
            let before = site.events.len();
            site.pass(from + late);
            let what = format!("{announced_before} {late}");
            assert!(site.incident(&id).has_appeared(), "{what}");
            assert_eq!(is_missed(&site, before), 0, "{what}");
        }
    }
    // Of an announcement that has ended, nothing is left to decide.
    let mut site = TestSite::new();
    site.publish(announcement(NOW + HOUR, Some(NOW + 5 * DAY)));
    let before = site.events.len();
    site.pass(NOW + 10 * DAY);
    assert_eq!(is_missed(&site, before), 0);
}

#[test]
fn a_missed_announcement_is_reported_once_until_its_start() {
    let mut site = TestSite::new();
    let (from, until) = (NOW + 5 * DAY, NOW + 5 * DAY + HOUR);
    let id = site.publish(maintenance(NOW + DAY, from, until));
    let before = site.events.len();
    for hours in 0..8 * 24 {
        // The service is away from before the announcement until 12 h before the start.
        let now = NOW + hours * HOUR;
        if now < NOW + HOUR || now >= from - 12 * HOUR {
            site.pass(now);
            assert_eq!(
                site.incident(&id).missed_at.is_some(),
                (from - 12 * HOUR..from).contains(&now)
            );
        }
    }
    assert_eq!(
        names_after(&site, before),
        [
            "schedule.missed",
            "notice.imminent",
            "incident.updated",
            "incident.updated",
            "notice.expired"
        ]
    );
}

#[test]
fn ends_expiries_and_reminders_happen_however_late() {
    let mut site = TestSite::new();
    let planned = site.publish(maintenance(NOW, NOW + HOUR, NOW + 2 * HOUR));
    let announced = site.publish(announcement(NOW, Some(NOW + DAY)));
    let mut promised = draft(NOW);
    promised["publish_at"] = Value::Null;
    promised["next_update_at"] = at(NOW + HOUR);
    let promised = site.publish(promised);
    site.pass(NOW + 100 * DAY);
    assert_eq!(site.incident(&planned).status, Status::Completed);
    assert_eq!(site.incident(&announced).status, Status::Ended);
    assert!(site.incident(&announced).expired);
    assert!(site.incident(&promised).reminded.is_some());
}

#[test]
fn a_corrected_clock_brings_back_the_schedule_and_the_times() {
    let mut site = TestSite::new();
    let post = site.publish(draft(NOW + DAY));
    let open = site.publish(json!({
        "kind": "incident", "title": "Outage", "impact": "major", "body": "b", "components": [{ "id": "sending" }]
    }));
    // For an hour, the clock is a year ahead.
    let ahead = NOW + 365 * DAY;
    site.pass(ahead);
    site.update(&open, json!({ "body": "Working on it." }));
    let during = site
        .publish(json!({ "kind": "incident", "title": "Second", "impact": "minor", "body": "b" }));
    let over = site
        .publish(json!({ "kind": "incident", "title": "Third", "impact": "minor", "body": "b" }));
    site.update(&over, json!({ "body": "Fixed.", "status": "resolved" }));
    assert!(site.incident(&post).missed_at.is_some());
    let to = NOW + HOUR;
    let correction = Event::ClockCorrected {
        from: site.now(),
        to: Timestamp::from_seconds(to),
    };
    site.now = to;
    site.state.apply(&correction, site.now());
    for id in [&open, &during, &over] {
        let incident = site.incident(id);
        let times = [
            Some(incident.updated_at),
            Some(incident.started_at),
            incident.ended_at,
            incident.published_at,
        ]
        .into_iter()
        .flatten()
        .chain(incident.updates.iter().map(|update| update.at))
        .chain(incident.components.iter().map(|component| component.since));
        for time in times {
            assert!(time.seconds() <= to, "{id}: {time}");
        }
    }
    assert_eq!(site.incident(&post).missed_at, None);
    assert_eq!(
        site.incident(&open).started_at.seconds(),
        NOW,
        "earlier times stay"
    );
    // By the corrected clock, promises and ends work again, and the post appears at its own time.
    site.update(
        &during,
        json!({ "body": "b", "next_update_at": at(to + HOUR) }),
    );
    site.update(&during, json!({ "body": "b", "status": "resolved" }));
    assert_eq!(
        site.feed()
            .notices
            .iter()
            .filter(|notice| notice.id == during)
            .count(),
        1
    );
    assert!(site.incident(&post).is_draft());
    site.pass(NOW + DAY);
    assert!(!site.incident(&post).is_draft());
}
