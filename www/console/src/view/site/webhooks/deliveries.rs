//! The deliveries of a webhook: their states, attempts and results.

use std::rc::Rc;

use notice::wire::ids::WebhookId;
use serde_json::Value;
use yew::{Callback, Html, classes, component, html, use_state};

use super::redeliver_since::RedeliverSince;
use crate::{
    context::Context,
    form::{
        sending::Sending,
        submit::{self, Target},
    },
    server::webhooks::{Attempt, Delivery, DeliveryState, Webhook},
    text::webhooks as text,
    time::format,
    ui,
    view::{
        incident_link,
        pages::{Listing, use_pages},
    },
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub webhook: Rc<Webhook>,
    /// Number of changes that the operator has made to the webhook or its deliveries in this view; when it rises, the newest
    /// deliveries are read again.
    pub changes: u32,
    /// Called after a redelivery was requested.
    pub changed: Callback<()>,
}

#[component]
pub fn Deliveries(props: &Props) -> Html {
    let Props {
        context,
        webhook,
        changes,
        changed,
    } = props;
    let listing = Listing {
        path: Some(format!("/webhooks/{}/deliveries", webhook.id)),
        id,
        is_waiting: is_queued,
    };
    let pages = use_pages(context, listing, *changes);
    let entry = |delivery: &Delivery| {
        html! {
            <OneDelivery key={delivery.id.to_string()} context={context.clone()} webhook={webhook.id.clone()}
                delivery={delivery.clone()} is_enabled={webhook.enabled} changed={changed.clone()} />
        }
    };
    html! {
        <section>
            <h2>{ "Deliveries" }</h2>
            if !webhook.enabled { <p class="note">{ "Nothing is sent while the webhook is disabled." }</p> }
            { pages.render("Nothing was sent yet.", entry) }
            if webhook.enabled { <RedeliverSince context={context.clone()} id={webhook.id.clone()} {changed} /> }
        </section>
    }
}

fn id(delivery: &Delivery) -> &str {
    delivery.id.as_str()
}

/// Returns whether a delivery waits for its first attempt.
fn is_queued(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Pending && delivery.attempts == 0
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct OneProps {
    context: Context,
    webhook: WebhookId,
    delivery: Delivery,
    /// Whether the webhook is enabled, so that a delivery can be sent again.
    is_enabled: bool,
    /// Called after a redelivery was requested.
    changed: Callback<()>,
}

/// A delivery, with a button that sends it again.
#[component]
fn OneDelivery(props: &OneProps) -> Html {
    let OneProps {
        context,
        webhook,
        delivery,
        is_enabled,
        changed,
    } = props;
    let action = use_state(|| Sending::Idle);
    let redeliver = {
        let (context, action, changed) = (context.clone(), action.clone(), changed.clone());
        let path = format!("/webhooks/{webhook}/deliveries/{}/redeliver", delivery.id);
        Callback::from(move |()| {
            let (notify, changed) = (context.notify.clone(), changed.clone());
            let done = Callback::from(move |_| {
                notify.emit("The message is sent again.".to_owned());
                changed.emit(());
            });
            submit::send_action(&context, &action, Target::post(path.clone()), None, done);
        })
    };
    let subject = text::delivery_subject(delivery);
    let incident = delivery.incident.as_ref();
    let incident = incident.map(|id| html! { <>{ ": " }{ incident_link(context, id) }</> });
    let next = delivery.next_attempt_at.map(format::time);
    let state = text::delivery_state(delivery, next.as_deref());
    let tone = text::delivery_tone(delivery.state, delivery.attempts);
    let at = delivery.at.map(format::full).unwrap_or_default();
    let name = format!("Redeliver: {subject}, {at}");
    html! {
        <li>
            <p class="what">{ subject }{ for incident }</p>
            <p class={classes!("state", tone)}>{ state }</p>
            <p class="soft">{ facts(&at, delivery.last_attempt.as_ref()) }</p>
            { ui::failure(&action, &[]) }
            { for delivery.last_attempt.as_ref().map(exchange) }
            if *is_enabled && delivery.state != DeliveryState::Pending {
                <div class="buttons small">{ ui::labelled("Redeliver", &name, redeliver) }</div>
            }
        </li>
    }
}

/// Returns the time of the event and the result of the last attempt.
fn facts(at: &str, last: Option<&Attempt>) -> String {
    let last = last.map(text::result);
    let parts = std::iter::once(at.to_owned()).chain(last);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// Renders the request and the answer of the last attempt, collapsed.
fn exchange(attempt: &Attempt) -> Html {
    let answer = attempt.answer.as_deref().filter(|text| !text.is_empty());
    html! {
        <details>
            <summary>{ "Request and answer" }</summary>
            <div class="exchange">
                <p class="soft">{ format!("Request, {}", format::full(attempt.at)) }</p>
                <pre tabindex="0">{ pretty(&attempt.request) }</pre>
                <p class="soft">{ "Answer" }</p>
                <pre tabindex="0">{ answer.map_or_else(|| "(empty)".to_owned(), pretty) }</pre>
            </div>
        </details>
    }
}

/// Indents JSON. Other texts, such as truncated JSON, are returned unchanged.
fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<Value>(text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{facts, pretty};
    use crate::server::webhooks::Attempt;
    use serde_json::json;

    #[test]
    fn json_is_indented_and_other_text_kept() {
        assert_eq!(pretty("{\"a\":1}"), "{\n  \"a\": 1\n}");
        assert_eq!(pretty("{\"a\":"), "{\"a\":");
    }

    #[test]
    fn facts_leave_out_a_missing_attempt_or_time() {
        let attempt: Attempt = serde_json::from_value(json!({
            "at": "2026-11-21T08:00:00Z", "duration_ms": 34, "request": "{}", "status": 204
        }))
        .unwrap();
        assert_eq!(facts("8:00", None), "8:00");
        assert_eq!(
            facts("8:00", Some(&attempt)),
            "8:00 · Status 204 after 34 ms"
        );
        assert_eq!(facts("", Some(&attempt)), "Status 204 after 34 ms");
    }
}
