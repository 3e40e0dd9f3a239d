//! The channels on which others are notified, and the default of the Notify switch.

#![cfg(test)]

mod occurrences;
mod site;

use notice::{
    notify::{
        default_notify,
        escalation::{is_due_soon, is_owed},
        event_name::EventName,
        occurrence::{Occurrence, verify_failed},
        route::{Mail, Routes, Urgency, routes},
    },
    wire::ids::IncidentId,
};
use occurrences::*;
use serde_json::json;
use site::{NOW, TestSite};

/// An occurrence with this name.
fn occurrence(event: EventName, drill: bool) -> Occurrence {
    Occurrence {
        event,
        drill,
        ..verify_failed()
    }
}

#[test]
fn each_event_has_its_channels() {
    use EventName::*;
    for event in EventName::ALL {
        let (chat, mail, quiet_mail, on_call) = match event {
            IncidentPublished
            | IncidentUpdated
            | MaintenanceAnnounced
            | MaintenanceStarted
            | AnnouncementPublished => (true, Mail::Subscribers, Mail::Nobody, None),
            IncidentResolved | IncidentReopened | IncidentWithdrawn | MaintenanceCompleted
            | AnnouncementEnded => (true, Mail::Subscribers, Mail::IncidentSubscribers, None),
            ComponentStatusChanged => (false, Mail::Nobody, Mail::Nobody, None),
            PostmortemPublished => (
                false,
                Mail::PostmortemRequested,
                Mail::PostmortemRequested,
                None,
            ),
            PromiseOverdue | PromiseEscalated => {
                (false, Mail::Nobody, Mail::Nobody, Some(Urgency::Page))
            }
            PromiseDue | SiteVerifyFailed | SitePostHeld | WebhookDisabled | SessionUnused => {
                (false, Mail::Nobody, Mail::Nobody, Some(Urgency::Inform))
            }
        };
        let real = occurrence(*event, false);
        let expected = Routes {
            webhooks: true,
            chat,
            mail,
            on_call,
        };
        assert_eq!(routes(&real, true), expected, "{event}");
        let quiet = Routes {
            chat: false,
            mail: quiet_mail,
            ..expected
        };
        assert_eq!(routes(&real, false), quiet, "{event}");
        // A drill notifies like a real incident if Notify is on, and nobody if it is off.
        let drill = occurrence(*event, true);
        assert_eq!(routes(&drill, true), expected, "{event}");
        let nobody = Routes {
            webhooks: false,
            chat: false,
            mail: Mail::Nobody,
            on_call: None,
        };
        assert_eq!(routes(&drill, false), nobody, "{event}");
    }
}

#[test]
fn publications_notify_except_for_minor_incidents_and_drills() {
    for (body, expected) in [
        (outage(json!({ "impact": "none" })), false),
        (outage(json!({ "impact": "minor" })), false),
        (outage(json!({ "impact": "major" })), true),
        (outage(json!({ "impact": "critical" })), true),
        (
            outage(json!({ "impact": "critical", "drill": true })),
            false,
        ),
        (maintenance(json!({})), true),
        (announcement(json!({})), true),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(body.clone());
        let notify = default_notify::of_publication(&site.incident(&id));
        assert_eq!(notify, expected, "{body}");
    }
}

#[test]
fn updates_notify_if_they_change_what_users_rely_on() {
    for (impact, update, expected) in [
        ("major", json!({ "body": "b" }), false),
        (
            "major",
            json!({ "body": "b", "status": "identified" }),
            true,
        ),
        (
            "major",
            json!({ "body": "b", "status": "investigating" }),
            false,
        ),
        ("major", json!({ "body": "b", "impact": "minor" }), true),
        ("major", json!({ "body": "b", "advice": "x" }), true),
        (
            "major",
            json!({ "body": "b", "next_update_at": time(HOUR) }),
            true,
        ),
        ("major", json!({ "body": "b", "works": ["x"] }), false),
        (
            "major",
            json!({ "body": "b", "estimated_end_at": time(HOUR) }),
            false,
        ),
        ("major", json!({ "body": "b", "status": "resolved" }), true),
        ("minor", json!({ "body": "b", "status": "resolved" }), false),
        ("minor", json!({ "body": "b", "advice": "x" }), false),
        ("minor", json!({ "body": "b", "impact": "critical" }), true),
        (
            "none",
            json!({ "body": "b", "status": "identified" }),
            false,
        ),
    ] {
        let mut site = TestSite::new();
        let id = site.publish(outage(json!({ "impact": impact })));
        let before = site.incident(&id);
        site.update(&id, update.clone());
        let notify = default_notify::of_update(&before, &site.incident(&id));
        assert_eq!(notify, expected, "{impact} {update}");
        let mut drill = site.incident(&id);
        drill.drill = true;
        assert!(!default_notify::of_update(&before, &drill));
    }
    let mut site = TestSite::new();
    let id = site.publish(maintenance(json!({})));
    for (status, expected) in [
        ("scheduled", false),
        ("in_progress", true),
        ("verifying", false),
        ("completed", true),
        ("completed", false),
    ] {
        let before = site.incident(&id);
        site.update(&id, json!({ "body": "b", "status": status }));
        let notify = default_notify::of_update(&before, &site.incident(&id));
        assert_eq!(notify, expected, "{status}");
    }
}

#[test]
fn a_reopened_major_incident_notifies() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({})));
    site.update(
        &id,
        json!({ "body": "b", "status": "resolved", "impact": "minor" }),
    );
    let before = site.incident(&id);
    site.update(&id, json!({ "body": "b", "status": "investigating" }));
    assert!(default_notify::of_update(&before, &site.incident(&id)));
}

#[test]
fn due_soon_ends_when_the_update_is_overdue_or_posted() {
    let mut site = TestSite::new();
    let id = site.publish(outage(json!({ "next_update_at": time(HOUR) })));
    let owed_at = site.incident(&id).next_update_at.unwrap();
    assert!(!is_due_soon(&site.state, &id, owed_at));
    site.pass(NOW + HOUR - 5 * MINUTE);
    assert!(is_due_soon(&site.state, &id, owed_at));
    assert!(is_owed(&site.state, &id, owed_at));
    site.pass(NOW + HOUR + 5 * MINUTE);
    assert!(!is_due_soon(&site.state, &id, owed_at));
    assert!(is_owed(&site.state, &id, owed_at));
    site.update(&id, json!({ "body": "b" }));
    assert!(!is_owed(&site.state, &id, owed_at));
    let other = IncidentId::parse("inc_other").unwrap();
    assert!(!is_owed(&site.state, &other, owed_at));
}
