//! Mail to subscribers: who gets it, in which order, and how long a subscription is kept.

#![cfg(test)]

mod occurrences;
mod site;

use notice::{
    notify::{
        EventName, Mail, Occurrence,
        occurrence::verify_failed,
        subscription::{
            CONFIRMATION_RANK, IncidentRecipients, Lifetime, Recipients, SiteRecipients, Updates,
            can_subscribe, due_at, kept_until, lifetime, rank, recipients,
        },
    },
    wire::{enums::Impact, time::Timestamp},
};
use occurrences::*;
use serde_json::json;
use site::{NOW, TestSite};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW + seconds)
}

/// The recipients of a mail about an incident with this audience.
fn found(event: EventName, mail: Mail, listed: bool) -> Recipients {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({ "audience": { "listed": listed } })));
    let occurrence = Occurrence {
        event,
        incident: Some(id.clone()),
        ..verify_failed()
    };
    recipients(&occurrence, mail, &site.incident(&id))
}

#[test]
fn the_end_is_for_those_who_asked_whatever_notify_is() {
    use EventName::*;
    use IncidentRecipients as Own;
    use SiteRecipients::*;
    let (all, own) = (Mail::Subscribers, Mail::IncidentSubscribers);
    for (event, mail, site, incident) in [
        (IncidentPublished, all, OfUpdates, Own::Nobody),
        (IncidentUpdated, all, OfUpdates, Own::Nobody),
        (IncidentUpdated, Mail::Nobody, Nobody, Own::Nobody),
        (IncidentResolved, all, OfEnds, Own::All),
        (IncidentResolved, own, Nobody, Own::All),
        (IncidentResolved, Mail::Nobody, Nobody, Own::Nobody),
        (IncidentReopened, own, Nobody, Own::All),
        (IncidentWithdrawn, own, Nobody, Own::All),
        (MaintenanceAnnounced, all, OfMaintenance, Own::Nobody),
        (MaintenanceCompleted, all, OfMaintenance, Own::All),
        (AnnouncementPublished, all, OfUpdates, Own::Nobody),
        (
            PostmortemPublished,
            Mail::PostmortemRequested,
            Nobody,
            Own::Explanation,
        ),
        (ComponentStatusChanged, Mail::Nobody, Nobody, Own::Nobody),
    ] {
        let expected = Recipients { site, incident };
        assert_eq!(found(event, mail, true), expected, "{event} {mail:?}");
    }
}

#[test]
fn an_unlisted_incident_is_mailed_to_its_own_subscribers_only() {
    let expected = Recipients {
        site: SiteRecipients::Nobody,
        incident: IncidentRecipients::All,
    };
    let end = found(EventName::IncidentResolved, Mail::Subscribers, false);
    assert_eq!(end, expected);
    assert!(found(EventName::IncidentPublished, Mail::Subscribers, false).is_nobody());
}

#[test]
fn ends_go_before_updates_and_critical_before_minor() {
    use EventName::*;
    let ordered = [
        (IncidentResolved, Impact::Critical),
        (IncidentResolved, Impact::Major),
        (IncidentReopened, Impact::Minor),
        (IncidentPublished, Impact::Critical),
        (IncidentUpdated, Impact::Major),
        (IncidentUpdated, Impact::Minor),
        (MaintenanceAnnounced, Impact::Maintenance),
        (PostmortemPublished, Impact::Critical),
    ];
    let ranks = ordered.map(|(event, impact)| rank(event, impact));
    assert!(ranks.is_sorted_by(|one, other| one < other), "{ranks:?}");
    assert!(ranks.iter().all(|rank| *rank > CONFIRMATION_RANK));
}

#[test]
fn updates_within_three_minutes_are_one_mail() {
    use EventName::*;
    for (event, last_due, expected) in [
        (IncidentUpdated, None, 0),
        (IncidentUpdated, Some(-181), 0),
        (IncidentUpdated, Some(-60), 120),
        (IncidentUpdated, Some(120), 120),
        (IncidentPublished, Some(-60), 0),
        (IncidentResolved, Some(120), 0),
        (IncidentReopened, Some(-1), 0),
    ] {
        let due = due_at(event, last_due.map(at), at(0));
        assert_eq!(due, at(expected), "{event} {last_due:?}");
    }
}

#[test]
fn a_subscription_ends_a_day_after_the_incident() {
    assert_eq!(kept_until(at(0), false), at(DAY));
    assert_eq!(kept_until(at(0), true), at(30 * DAY));
    for (event, expected) in [
        (EventName::IncidentResolved, Lifetime::Ends),
        (EventName::IncidentWithdrawn, Lifetime::Ends),
        (EventName::MaintenanceCompleted, Lifetime::Ends),
        (EventName::IncidentReopened, Lifetime::Open),
        (EventName::PostmortemPublished, Lifetime::Over),
        (EventName::IncidentUpdated, Lifetime::Same),
    ] {
        assert_eq!(lifetime(event), expected, "{event}");
    }
}

#[test]
fn after_the_end_only_the_explanation_can_be_asked_for() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    let can = |site: &TestSite, explanation: bool, after: i64| {
        can_subscribe(&site.incident(&id), explanation, at(after))
    };
    assert!(can(&site, false, 0) && can(&site, true, 0));
    site.update(&id, json!({ "status": "resolved", "body": "b" }));
    assert!(!can(&site, false, 1) && can(&site, true, 1));
    assert!(!can(&site, true, 31 * DAY));
}

#[test]
fn names_of_updates_are_parsed_back() {
    for updates in [Updates::None, Updates::All, Updates::Resolved] {
        assert_eq!(Updates::parse(updates.as_str()), Some(updates));
    }
    assert_eq!(Updates::parse("some"), None);
}
