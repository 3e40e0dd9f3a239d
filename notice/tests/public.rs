//! Values on public pages that are not in the feed: the overall status, and whether promises were kept.

#![cfg(test)]

mod site;

use notice::{
    project::{
        overall::{Overall, Reach, overall},
        promises_kept::{PromiseOutcome, promises},
    },
    wire::enums::Impact,
};
use serde_json::{Value, json};
use site::TestSite;

fn outage(impact: &str, status: &str) -> Value {
    json!({ "kind": "incident", "title": "t", "body": "b", "impact": impact, "status": status })
}

#[test]
fn overall_status_is_the_worst_of_all_open_incidents() {
    let for_some = |mut incident: Value| {
        incident["audience"] = json!({ "listed": false });
        incident
    };
    let unlisted = |impact: &str| for_some(outage(impact, "investigating"));
    let with = |mut incident: Value, name: &str, value: Value| {
        incident[name] = value;
        incident
    };
    let maintenance = |status: &str| {
        json!({ "kind": "maintenance", "title": "t", "body": "b", "status": status,
                "scheduled_for": "2026-11-21T09:00:00Z", "scheduled_until": "2026-11-21T10:00:00Z" })
    };
    let announcement = json!({ "kind": "announcement", "title": "t", "body": "b" });
    for (incidents, expected) in [
        (vec![], Overall::Working),
        (vec![outage("major", "resolved")], Overall::Working),
        (
            vec![with(outage("major", "identified"), "draft", json!(true))],
            Overall::Working,
        ),
        (
            vec![with(outage("major", "identified"), "drill", json!(true))],
            Overall::Working,
        ),
        (
            vec![maintenance("scheduled")],
            Overall::Planned(Reach::Everybody),
        ),
        (
            vec![for_some(maintenance("scheduled"))],
            Overall::Planned(Reach::Some),
        ),
        (
            vec![with(
                maintenance("scheduled"),
                "announce_from",
                json!("2026-11-21T08:59:00Z"),
            )],
            Overall::Working,
        ),
        (
            vec![for_some(maintenance("in_progress"))],
            Overall::Maintenance(Reach::Some),
        ),
        (
            vec![
                for_some(maintenance("in_progress")),
                maintenance("verifying"),
            ],
            Overall::Maintenance(Reach::Everybody),
        ),
        (
            vec![announcement.clone()],
            Overall::Announcement(Reach::Everybody),
        ),
        (
            vec![for_some(announcement.clone())],
            Overall::Announcement(Reach::Some),
        ),
        (
            vec![announcement.clone(), maintenance("scheduled")],
            Overall::Planned(Reach::Everybody),
        ),
        (
            vec![announcement, maintenance("in_progress")],
            Overall::Maintenance(Reach::Everybody),
        ),
        (
            vec![maintenance("in_progress"), outage("none", "identified")],
            Overall::Problem(Impact::None),
        ),
        (
            vec![
                outage("minor", "identified"),
                outage("critical", "identified"),
            ],
            Overall::Problem(Impact::Critical),
        ),
        (
            vec![outage("major", "monitoring")],
            Overall::Recovering(Impact::Major),
        ),
        (
            vec![outage("major", "monitoring"), outage("minor", "identified")],
            Overall::Problem(Impact::Major),
        ),
        (vec![unlisted("critical")], Overall::Some),
        // A listed incident does not hide the worse impact of an unlisted one.
        (
            vec![unlisted("critical"), outage("minor", "identified")],
            Overall::Problem(Impact::Critical),
        ),
    ] {
        let mut site = TestSite::new();
        for incident in &incidents {
            site.publish(incident.clone());
        }
        assert_eq!(overall(&site.state), expected, "{incidents:?}");
    }
}

#[test]
fn promises_are_evaluated_by_the_next_update() {
    let mut site = TestSite::new();
    let in_minutes = |now: i64, minutes: i64| {
        notice::wire::time::Timestamp::from_seconds(now + minutes * 60).to_string()
    };
    let mut incident = outage("major", "investigating");
    incident["next_update_at"] = json!(in_minutes(site.now, 30));
    let id = site.publish(incident);
    let outcomes = |site: &TestSite| -> Vec<Option<PromiseOutcome>> {
        let now = notice::wire::time::Timestamp::from_seconds(site.now);
        promises(&site.state.incidents[&id], 300, now)
            .into_iter()
            .map(|promise| promise.map(|promise| promise.outcome))
            .collect()
    };
    assert_eq!(outcomes(&site), [Some(PromiseOutcome::Due)]);
    // Exactly five minutes after the promised time, the update is not overdue yet.
    site.now += 35 * 60;
    assert_eq!(outcomes(&site), [Some(PromiseOutcome::Due)]);
    site.now += 1;
    assert_eq!(outcomes(&site), [Some(PromiseOutcome::Overdue)]);
    let next = in_minutes(site.now, 30);
    site.update(&id, json!({ "body": "b", "next_update_at": next }));
    assert_eq!(
        outcomes(&site),
        [Some(PromiseOutcome::Late(301)), Some(PromiseOutcome::Due)]
    );
    site.now += 10 * 60;
    site.update(&id, json!({ "body": "b" }));
    let expected = [
        Some(PromiseOutcome::Late(301)),
        Some(PromiseOutcome::InTime),
        None,
    ];
    assert_eq!(outcomes(&site), expected);
    site.update(&id, json!({ "body": "b", "status": "resolved" }));
    assert_eq!(outcomes(&site)[..3], expected);
    assert_eq!(outcomes(&site)[3], None, "the all-clear has no promise");
}
