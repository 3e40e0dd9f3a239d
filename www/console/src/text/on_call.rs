//! Texts about messages to on-call targets.

use notice::wire::site::Urgency;
use serde_json::Value;

use super::{labels, webhooks};
use crate::server::on_call::{
    Action, Attempt, DeliveryState, Escalation, OnCallDelivery, Page, TestDelivery,
};

/// Returns the name of a target and its kind.
fn target(kind: &str, name: &str) -> String {
    let kind = labels::on_call(kind);
    match name.trim() {
        "" => kind.to_owned(),
        name if name.starts_with(kind) => name.to_owned(),
        name => format!("{name} ({kind})"),
    }
}

/// Returns the result of a test for one target: a sentence, and whether the target was reached. A pending delivery counts as not
/// reached, although it may be attempted again.
pub fn test_result(delivery: &TestDelivery) -> (String, bool) {
    let target = target(&delivery.kind, &delivery.name);
    let attempt = delivery.last_attempt.as_ref();
    let status = attempt.and_then(|attempt| attempt.status);
    let error = attempt.and_then(|attempt| attempt.error.clone());
    let reason = match (status, error) {
        (Some(status), _) => format!("It answered with status {status}."),
        (None, Some(error)) => error,
        (None, None) => "There was no attempt yet.".to_owned(),
    };
    match delivery.state.as_str() {
        "delivered" => (format!("{target} was reached."), true),
        _ => (format!("{target} was not reached. {reason}"), false),
    }
}

/// Returns who was paged. `at` is the time of the page, as text.
pub fn page(page: &Page, at: &str) -> String {
    let target = target(&page.kind, &page.name);
    match page.failed {
        true => format!("{target} could not be paged at {at}"),
        false => format!("{target} was paged at {at}"),
    }
}

/// Returns what an escalation does next, or how it ended; empty for a state that this build does not know. `next` is the time of the
/// next page, as text.
pub fn state(escalation: &Escalation, next: Option<&str>) -> String {
    match (escalation.state.as_str(), next) {
        ("paging", Some(next)) => format!("The next target is paged at {next}."),
        ("exhausted", _) => {
            "All targets were paged, and nobody has acknowledged. Nobody else is paged.".to_owned()
        }
        ("acknowledged", _) => "Acknowledged. Nobody else is paged.".to_owned(),
        ("kept", _) => "The update was posted. Nobody else is paged.".to_owned(),
        _ => String::new(),
    }
}

/// Describes a journal event about a message: who was notified, or why not. `None` for another event.
pub fn entry(event: &Value) -> Option<String> {
    let message = event.get("message")?;
    let text = |field: &str| message.get(field).and_then(Value::as_str);
    let target = target(text("kind")?, text("name")?);
    let is_test = message.get("test").and_then(Value::as_bool) == Some(true);
    match (event.get("type")?.as_str()?, is_test, text("urgency")?) {
        ("on_call.notified", true, _) => Some(format!("On-call test delivered: {target}")),
        ("on_call.notified", _, "page") => Some(format!("On-call target paged: {target}")),
        ("on_call.notified", ..) => Some(format!("On-call target informed: {target}")),
        ("on_call.failed", ..) => {
            let reason = event.get("reason").and_then(Value::as_str)?;
            Some(format!("On-call target not reached: {target}. {reason}"))
        }
        _ => None,
    }
}

/// Returns the name and kind of a delivery's target.
pub fn delivery_target(delivery: &OnCallDelivery) -> String {
    target(&delivery.kind, &delivery.name)
}

/// Returns what a delivery is about: the urgency and the event of its message.
pub fn delivery_subject(delivery: &OnCallDelivery) -> String {
    let urgency = match (delivery.test, delivery.action, delivery.urgency) {
        (true, ..) => return "Test".to_owned(),
        (_, Action::Resolve, _) => return "Alert closed".to_owned(),
        (_, _, Urgency::Page) => "Page",
        (_, _, Urgency::Inform) => "Information",
    };
    match delivery.event {
        Some(event) => format!("{urgency} · {}", webhooks::event(event)),
        None => urgency.to_owned(),
    }
}

/// Returns the state of a delivery. `next` is the time of the next attempt, as text.
pub fn delivery_state(delivery: &OnCallDelivery, next: Option<&str>) -> String {
    let attempts = webhooks::attempts(delivery.attempts);
    match (delivery.state, next) {
        (DeliveryState::Delivered, _) => "Delivered".to_owned(),
        (DeliveryState::Dropped, _) => "Not sent, no longer needed".to_owned(),
        (DeliveryState::Dead, _) if delivery.attempts == 0 => "Not sent".to_owned(),
        (DeliveryState::Dead, _) => format!("Not delivered, {attempts}"),
        (DeliveryState::Pending, _) if delivery.attempts == 0 => match delivery.urgency {
            Urgency::Page => "Queued".to_owned(),
            Urgency::Inform => "Queued, held during on-call quiet hours".to_owned(),
        },
        (DeliveryState::Pending, Some(next)) => {
            format!("Failed, {attempts} so far, next at {next}")
        }
        (DeliveryState::Pending, None) => format!("Failed, {attempts} so far"),
    }
}

/// Returns the CSS class that colours a delivery.
pub fn delivery_tone(delivery: &OnCallDelivery) -> &'static str {
    match delivery.state {
        DeliveryState::Delivered => "restored",
        DeliveryState::Dropped => "plain",
        DeliveryState::Dead => "critical",
        DeliveryState::Pending if delivery.attempts == 0 => "maintenance",
        DeliveryState::Pending => "minor",
    }
}

/// Returns the result of an attempt: the status of the answer, or the reason why there was none.
pub fn result(attempt: &Attempt) -> String {
    webhooks::outcome(
        attempt.status,
        attempt.error.as_deref(),
        attempt.duration_ms,
    )
}

#[cfg(test)]
mod tests {
    use super::{
        delivery_state, delivery_subject, delivery_target, entry, page, result, state, test_result,
    };
    use crate::server::on_call::{Escalation, OnCallDelivery, Page, TestDelivery};
    use serde_json::{Value, json};

    fn delivery_with(fields: &Value) -> OnCallDelivery {
        let mut all = json!({ "id": "dlv_1", "message": "msg_1", "kind": "slack", "name": "Operations", "urgency": "page",
            "action": "trigger", "test": false, "event": "promise.overdue", "incident": "inc_1",
            "at": "2026-11-21T08:00:00Z", "state": "pending", "attempts": 0 });
        for (name, value) in fields.as_object().unwrap() {
            all[name] = value.clone();
        }
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn a_journal_entry_names_the_target_and_the_failure() {
        for (event, urgency, is_test, expected) in [
            (
                "on_call.notified",
                "page",
                false,
                Some("On-call target paged: Operations (Slack)"),
            ),
            (
                "on_call.notified",
                "inform",
                false,
                Some("On-call target informed: Operations (Slack)"),
            ),
            (
                "on_call.notified",
                "page",
                true,
                Some("On-call test delivered: Operations (Slack)"),
            ),
            (
                "on_call.failed",
                "page",
                false,
                Some("On-call target not reached: Operations (Slack). The target answered 500."),
            ),
            ("promise.due", "page", false, None),
        ] {
            let event = json!({
                "type": event, "reason": "The target answered 500.",
                "message": { "kind": "slack", "name": "Operations", "urgency": urgency, "row": 7, "test": is_test }
            });
            assert_eq!(entry(&event).as_deref(), expected, "{event}");
        }
    }

    #[test]
    fn a_delivery_names_its_target_urgency_and_event() {
        for (fields, expected) in [
            (json!({}), "Page · Update overdue"),
            (
                json!({ "urgency": "inform", "event": "promise.due" }),
                "Information · Update due soon",
            ),
            (json!({ "event": null }), "Page"),
            (json!({ "test": true, "event": null }), "Test"),
            (json!({ "action": "resolve" }), "Alert closed"),
        ] {
            assert_eq!(
                delivery_subject(&delivery_with(&fields)),
                expected,
                "{fields}"
            );
        }
        assert_eq!(
            delivery_target(&delivery_with(&json!({}))),
            "Operations (Slack)"
        );
    }

    #[test]
    fn deliveries_and_results_of_attempts_are_described() {
        for (fields, next, expected) in [
            (json!({}), None, "Queued"),
            (
                json!({ "urgency": "inform" }),
                None,
                "Queued, held during on-call quiet hours",
            ),
            (
                json!({ "state": "delivered", "attempts": 2 }),
                None,
                "Delivered",
            ),
            (
                json!({ "attempts": 1 }),
                Some("14:30"),
                "Failed, 1 attempt so far, next at 14:30",
            ),
            (
                json!({ "state": "dead", "attempts": 8 }),
                None,
                "Not delivered, 8 attempts",
            ),
            (json!({ "state": "dead" }), None, "Not sent"),
            (
                json!({ "state": "dropped" }),
                None,
                "Not sent, no longer needed",
            ),
        ] {
            assert_eq!(
                delivery_state(&delivery_with(&fields), next),
                expected,
                "{fields}"
            );
        }
        for (attempt, expected) in [
            (json!({ "status": 500 }), "Status 500 after 34 ms"),
            (
                json!({ "error": "No answer within 15 s." }),
                "No answer within 15 s.",
            ),
        ] {
            let mut all = json!({ "at": "2026-11-21T08:00:00Z", "duration_ms": 34 });
            for (name, value) in attempt.as_object().unwrap() {
                all[name] = value.clone();
            }
            let delivery = delivery_with(&json!({ "attempts": 1, "last_attempt": all }));
            assert_eq!(result(&delivery.last_attempt.unwrap()), expected);
        }
    }

    #[test]
    fn pages_name_their_target() {
        for (kind, name, failed, expected) in [
            (
                "slack",
                "Operations",
                false,
                "Operations (Slack) was paged at 14:35",
            ),
            (
                "pagerduty",
                "PagerDuty",
                false,
                "PagerDuty was paged at 14:35",
            ),
            ("ntfy", "", true, "ntfy could not be paged at 14:35"),
        ] {
            let one: Page = serde_json::from_value(json!({
                "kind": kind, "name": name, "at": "2026-11-21T14:35:00Z", "failed": failed
            }))
            .unwrap();
            assert_eq!(page(&one, "14:35"), expected);
        }
    }

    #[test]
    fn a_test_states_which_targets_were_reached() {
        for (state, attempt, expected) in [
            (
                "delivered",
                json!({ "status": 204 }),
                "Operations (Slack) was reached.",
            ),
            (
                "pending",
                json!({ "status": 500 }),
                "Operations (Slack) was not reached. It answered with status 500.",
            ),
            (
                "dead",
                json!({ "error": "No mail is sent yet." }),
                "Operations (Slack) was not reached. No mail is sent yet.",
            ),
            (
                "pending",
                json!(null),
                "Operations (Slack) was not reached. There was no attempt yet.",
            ),
        ] {
            let one: TestDelivery = serde_json::from_value(json!({
                "kind": "slack", "name": "Operations", "state": state, "last_attempt": attempt
            }))
            .unwrap();
            assert_eq!(
                test_result(&one),
                (expected.to_owned(), state == "delivered")
            );
        }
    }

    #[test]
    fn the_text_of_an_escalation_depends_on_its_state() {
        for (name, next, expected) in [
            (
                "paging",
                Some("15:05"),
                "The next target is paged at 15:05.",
            ),
            (
                "exhausted",
                None,
                "All targets were paged, and nobody has acknowledged. Nobody else is paged.",
            ),
            ("acknowledged", None, "Acknowledged. Nobody else is paged."),
            ("unknown", None, ""),
        ] {
            let one: Escalation = serde_json::from_value(json!({
                "incident": "inc_1", "owed_at": "2026-11-21T14:30:00Z", "state": name, "pages": []
            }))
            .unwrap();
            assert_eq!(state(&one, next), expected, "{name}");
        }
    }
}
