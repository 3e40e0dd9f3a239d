//! Texts about webhooks: events, formats, states and deliveries.

use notice::{
    notify::EventName,
    wire::enums::{DisabledReason, StringEnum},
};

use crate::server::webhooks::{Attempt, Delivery, DeliveryState, Format, Webhook};

/// The label of an event.
pub fn event(name: EventName) -> &'static str {
    match name {
        EventName::IncidentPublished => "Incident published",
        EventName::IncidentUpdated => "Incident updated",
        EventName::IncidentResolved => "Incident resolved",
        EventName::IncidentReopened => "Incident reopened",
        EventName::IncidentWithdrawn => "Incident withdrawn",
        EventName::MaintenanceAnnounced => "Maintenance announced",
        EventName::MaintenanceStarted => "Maintenance started",
        EventName::MaintenanceCompleted => "Maintenance completed",
        EventName::AnnouncementPublished => "Announcement published",
        EventName::AnnouncementEnded => "Announcement ended",
        EventName::ComponentStatusChanged => "Component status changed",
        EventName::PromiseDue => "Update due soon",
        EventName::PromiseOverdue => "Update overdue",
        EventName::PromiseEscalated => "Overdue update escalated",
        EventName::PostmortemPublished => "Postmortem published",
        EventName::SiteVerifyFailed => "Stored data differs from journal",
        EventName::SitePostHeld => "Scheduled post held back",
        EventName::WebhookDisabled => "Webhook disabled",
        EventName::SessionUnused => "Device unused for 60 days",
    }
}

/// The label of a format.
pub fn format(format: Format) -> &'static str {
    match format {
        Format::Standard => "JSON",
        Format::Slack => "Slack",
        Format::Teams => "Microsoft Teams",
        Format::Discord => "Discord",
    }
}

/// Returns the reason why a webhook is disabled, as a sentence; `None` while it is enabled.
pub fn disabled(webhook: &Webhook) -> Option<&'static str> {
    if webhook.enabled {
        return None;
    }
    let reason = webhook.disabled_because.as_deref();
    let reason = reason.and_then(DisabledReason::parse);
    Some(reason.map_or("An owner disabled it.", DisabledReason::sentence))
}

/// Returns the events that a webhook receives, in a few words. An empty list means all events.
pub fn events(names: &[EventName]) -> String {
    match names {
        [] => "All events".to_owned(),
        [one] => event(*one).to_owned(),
        many => format!("{} events", many.len()),
    }
}

/// Returns the components whose events a webhook receives, in a few words. `names` are the names of the components that it is
/// limited to; an empty list means all components.
pub fn components(names: &[String]) -> String {
    match names {
        [] => "All components".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one}, {other}"),
        many => format!("{} components", many.len()),
    }
}

/// Returns what a delivery is about. A test has the name of an event, but no incident.
pub fn delivery_subject(delivery: &Delivery) -> &'static str {
    match (delivery.event, &delivery.incident) {
        (Some(EventName::IncidentPublished), None) => "Test",
        (Some(name), _) => event(name),
        (None, _) => "Message",
    }
}

/// Returns the state of a delivery. `next` is the time of the next attempt, as text.
pub fn delivery_state(delivery: &Delivery, next: Option<&str>) -> String {
    let attempts = attempts(delivery.attempts);
    match (delivery.state, next) {
        (DeliveryState::Delivered, _) => "Delivered".to_owned(),
        (DeliveryState::Pending, _) if delivery.attempts == 0 => "Queued".to_owned(),
        (DeliveryState::Pending, Some(next)) => {
            format!("Failed, {attempts} so far, next at {next}")
        }
        (DeliveryState::Pending, None) => format!("Failed, {attempts} so far"),
        (DeliveryState::Dead, _) if delivery.attempts == 0 => "Not sent".to_owned(),
        (DeliveryState::Dead, _) => format!("Not delivered, {attempts}"),
    }
}

/// Returns the CSS class that colours a delivery.
pub fn delivery_tone(state: DeliveryState, attempts: u32) -> &'static str {
    match state {
        DeliveryState::Delivered => "restored",
        DeliveryState::Pending if attempts == 0 => "maintenance",
        DeliveryState::Pending => "minor",
        DeliveryState::Dead => "critical",
    }
}

/// Returns the result of an attempt: the status of the answer, or the reason why there was none.
pub fn result(attempt: &Attempt) -> String {
    outcome(
        attempt.status,
        attempt.error.as_deref(),
        attempt.duration_ms,
    )
}

/// As [`result`], from the attempt's fields.
pub fn outcome(status: Option<u16>, error: Option<&str>, duration_ms: u64) -> String {
    let duration = duration(duration_ms);
    match (status, error) {
        (Some(status), _) => format!("Status {status} after {duration}"),
        (None, Some(error)) => error.to_owned(),
        (None, None) => format!("No answer after {duration}"),
    }
}

/// Returns a number of attempts.
pub fn attempts(count: u32) -> String {
    match count {
        1 => "1 attempt".to_owned(),
        many => format!("{many} attempts"),
    }
}

/// A short duration: `34 ms`, `1.2 s`.
fn duration(milliseconds: u64) -> String {
    if milliseconds < 1000 {
        return format!("{milliseconds} ms");
    }
    let tenths = milliseconds.saturating_add(50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{components, delivery_state, delivery_subject, disabled, event, result};
    use crate::server::webhooks::{Attempt, Delivery, Webhook};
    use notice::notify::EventName;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    fn delivery_with(fields: &Value) -> Delivery {
        let mut all = json!({ "id": "dlv_1", "message": "msg_1", "event": "incident.resolved", "incident": "inc_1",
            "at": "2026-11-21T08:00:00Z", "state": "pending", "attempts": 0 });
        for (name, value) in fields.as_object().unwrap() {
            all[name] = value.clone();
        }
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn every_event_has_a_label_of_its_own() {
        let labels: BTreeSet<&str> = EventName::ALL.iter().map(|name| event(*name)).collect();
        assert_eq!(labels.len(), EventName::ALL.len());
    }

    #[test]
    fn a_disabled_webhook_says_why() {
        for (fields, expected) in [
            (json!({ "enabled": true }), None),
            (
                json!({ "enabled": false, "disabled_because": "operator" }),
                Some("An owner disabled it."),
            ),
            (
                json!({ "enabled": false, "disabled_because": "failing" }),
                Some("Its endpoint failed for five days."),
            ),
        ] {
            let mut all = json!({ "id": "whk_1", "url": null, "host": "hooks.example.com", "events": [], "components": [],
                "format": "teams" });
            for (name, value) in fields.as_object().unwrap() {
                all[name] = value.clone();
            }
            let webhook: Webhook = serde_json::from_value(all).unwrap();
            assert_eq!(disabled(&webhook), expected, "{fields}");
        }
    }

    #[test]
    fn deliveries_are_described() {
        for (fields, next, expected) in [
            (json!({}), None, "Queued"),
            (
                json!({ "state": "delivered", "attempts": 1 }),
                None,
                "Delivered",
            ),
            (
                json!({ "attempts": 1 }),
                Some("14:30"),
                "Failed, 1 attempt so far, next at 14:30",
            ),
            (
                json!({ "state": "dead", "attempts": 10 }),
                None,
                "Not delivered, 10 attempts",
            ),
            (json!({ "state": "dead" }), None, "Not sent"),
        ] {
            assert_eq!(
                delivery_state(&delivery_with(&fields), next),
                expected,
                "{fields}"
            );
        }
    }

    #[test]
    fn a_test_and_an_event_have_different_subjects() {
        for (fields, expected) in [
            (json!({}), "Incident resolved"),
            (
                json!({ "event": "incident.published", "incident": null }),
                "Test",
            ),
            (
                json!({ "event": "webhook.disabled", "incident": null }),
                "Webhook disabled",
            ),
            (json!({ "event": null }), "Message"),
        ] {
            assert_eq!(
                delivery_subject(&delivery_with(&fields)),
                expected,
                "{fields}"
            );
        }
    }

    #[test]
    fn results_name_the_status_or_the_error() {
        for (fields, expected) in [
            (json!({ "status": 204 }), "Status 204 after 34 ms"),
            (
                json!({ "status": 500, "duration_ms": 1249 }),
                "Status 500 after 1.2 s",
            ),
            (
                json!({ "error": "No answer within 15 s." }),
                "No answer within 15 s.",
            ),
            (json!({}), "No answer after 34 ms"),
        ] {
            let mut all =
                json!({ "at": "2026-11-21T08:00:00Z", "duration_ms": 34, "request": "{}" });
            for (name, value) in fields.as_object().unwrap() {
                all[name] = value.clone();
            }
            let attempt: Attempt = serde_json::from_value(all).unwrap();
            assert_eq!(result(&attempt), expected, "{fields}");
        }
    }

    #[test]
    fn components_are_named_or_counted() {
        let names = |count: usize| -> Vec<String> {
            let all = ["Sending", "Reports", "Billing"];
            all.iter()
                .take(count)
                .map(|name| (*name).to_owned())
                .collect()
        };
        for (count, expected) in [
            (0, "All components"),
            (1, "Sending"),
            (2, "Sending, Reports"),
            (3, "3 components"),
        ] {
            assert_eq!(components(&names(count)), expected);
        }
    }
}
