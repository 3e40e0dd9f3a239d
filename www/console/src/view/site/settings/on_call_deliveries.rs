//! The messages to on-call targets: who was notified, when, and what failed.

use notice::wire::time::Timestamp;
use yew::{Html, classes, component, html};

use crate::{
    context::Context,
    server::on_call::{DeliveryState, OnCallDelivery},
    text::on_call as text,
    time::format,
    view::{
        incident_link,
        pages::{Listing, use_pages},
    },
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// Number of tests that were sent in this view; when it rises, the newest deliveries are read again.
    pub changes: u32,
}

/// Lists the deliveries, newest first. Renders nothing for viewers, who may not read them.
#[component]
pub fn OnCallDeliveries(props: &Props) -> Html {
    let Props { context, changes } = props;
    let may_read = context.session.may_write();
    let listing = Listing {
        path: may_read.then(|| "/on-call/deliveries".to_owned()),
        id,
        is_waiting: OnCallDelivery::is_queued,
    };
    let pages = use_pages(context, listing, *changes);
    if !may_read {
        return Html::default();
    }
    html! {
        <section>
            <h2>{ "Messages" }</h2>
            { pages.render("No message was sent to an on-call target yet.", |delivery| entry(context, delivery)) }
        </section>
    }
}

fn id(delivery: &OnCallDelivery) -> &str {
    delivery.id.as_str()
}

fn entry(context: &Context, delivery: &OnCallDelivery) -> Html {
    let incident = delivery.incident.as_ref();
    let incident = incident.map(|id| html! { <>{ ": " }{ incident_link(context, id) }</> });
    let next = delivery.next_attempt_at.map(format::time);
    let state = text::delivery_state(delivery, next.as_deref());
    let answered = delivery.answered_at.map(format::full);
    html! {
        <li key={delivery.id.to_string()}>
            <p class="what">{ text::delivery_target(delivery) }</p>
            <p>{ text::delivery_subject(delivery) }{ for incident }</p>
            <p class={classes!("state", text::delivery_tone(delivery))}>{ state }</p>
            <p class="soft">{ facts(delivery, format::full) }</p>
            { for answered.map(|at| html! { <p class="soft">{ format!("Test answered {at}") }</p> }) }
            { for failed_answer(delivery).map(|answer| html! {
                <details>
                    <summary>{ "Answer" }</summary>
                    <pre tabindex="0">{ answer }</pre>
                </details>
            }) }
        </li>
    }
}

/// Returns the time of the last attempt and its result; without an attempt, the time of the event.
fn facts(delivery: &OnCallDelivery, time: impl Fn(Timestamp) -> String) -> String {
    match (&delivery.last_attempt, delivery.at) {
        (Some(attempt), _) => format!("{} · {}", time(attempt.at), text::result(attempt)),
        (None, Some(at)) => time(at),
        (None, None) => String::new(),
    }
}

/// Returns the answer of an attempt that failed, if it has a body.
fn failed_answer(delivery: &OnCallDelivery) -> Option<&str> {
    if delivery.state == DeliveryState::Delivered {
        return None;
    }
    let attempt = delivery.last_attempt.as_ref()?;
    attempt.answer.as_deref().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{facts, failed_answer};
    use crate::server::on_call::OnCallDelivery;
    use serde_json::{Value, json};

    fn delivery(state: &str, last_attempt: &Value) -> OnCallDelivery {
        serde_json::from_value(json!({
            "id": "dlv_1", "kind": "webhook", "name": "Day", "urgency": "page", "action": "trigger", "test": false,
            "event": "promise.overdue", "at": "2026-11-21T08:00:00Z", "state": state, "attempts": 1,
            "last_attempt": last_attempt
        }))
        .unwrap()
    }

    #[test]
    fn the_time_is_that_of_the_last_attempt() {
        let attempt = json!({ "at": "2026-11-21T08:00:05Z", "duration_ms": 34, "status": 500, "answer": "out of order" });
        for (attempt, expected) in [
            (json!(null), "2026-11-21T08:00:00Z"),
            (attempt, "2026-11-21T08:00:05Z · Status 500 after 34 ms"),
        ] {
            let delivery = delivery("pending", &attempt);
            assert_eq!(facts(&delivery, |at| at.to_string()), expected);
        }
    }

    #[test]
    fn only_a_failed_attempt_shows_its_answer() {
        let with = |answer: &str| json!({ "at": "2026-11-21T08:00:05Z", "duration_ms": 34, "status": 500, "answer": answer });
        for (state, attempt, expected) in [
            ("dead", with("out of order"), Some("out of order")),
            ("pending", with(""), None),
            ("delivered", with("ok"), None),
            ("dropped", json!(null), None),
        ] {
            assert_eq!(
                failed_answer(&delivery(state, &attempt)),
                expected,
                "{state}"
            );
        }
    }
}
