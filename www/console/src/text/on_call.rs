//! Pages to on-call targets in words.

use super::labels;
use crate::server::on_call::{Escalation, Page, TestDelivery};

/// Returns the name of a target and its kind.
fn target(kind: &str, name: &str) -> String {
    let kind = labels::on_call(kind);
    match name.trim() {
        "" => kind.to_owned(),
        name if name.starts_with(kind) => name.to_owned(),
        name => format!("{name} ({kind})"),
    }
}

/// Returns the result of a test for one target: a sentence, and whether it was reached. Of a pending one only an attempt has
/// failed so far.
pub fn tested(delivery: &TestDelivery) -> (String, bool) {
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

/// Returns how an escalation goes on or has ended; empty for a state of a later build. `next` is the time of the next page, as text.
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

#[cfg(test)]
mod tests {
    use super::{page, state, tested};
    use crate::server::on_call::{Escalation, Page, TestDelivery};
    use serde_json::json;

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
            assert_eq!(tested(&one), (expected.to_owned(), state == "delivered"));
        }
    }

    #[test]
    fn an_escalation_says_how_it_goes_on() {
        for (word, next, expected) in [
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
            ("of_a_later_build", None, ""),
        ] {
            let one: Escalation = serde_json::from_value(json!({
                "incident": "inc_1", "owed_at": "2026-11-21T14:30:00Z", "state": word, "pages": []
            }))
            .unwrap();
            assert_eq!(state(&one, next), expected, "{word}");
        }
    }
}
