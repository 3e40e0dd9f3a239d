//! The deliveries of a webhook: their states, attempts and results.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use notice::wire::ids::WebhookId;
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, classes, component, html, use_effect_with, use_state};

use super::redeliver_since::RedeliverSince;
use crate::{
    context::Context,
    form::{
        sending::Sending,
        submit::{self, Target},
    },
    route::{Route, Task},
    server::{
        documents::Collection,
        failure::Failure,
        webhooks::{Attempt, Delivery, DeliveryState, Webhook},
    },
    text::webhooks as text,
    time::format,
    ui,
    view::load::use_resource,
};

/// Deliveries per page.
const PAGE: usize = 20;
/// Time between two reads while a delivery waits for its first attempt, in milliseconds.
const POLL_MS: u32 = 2000;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub webhook: Rc<Webhook>,
    /// The newest deliveries are read again when it changes.
    pub changes: u32,
    /// Called when something was sent again.
    pub changed: Callback<()>,
}

/// Older deliveries than those of the first page, and the cursor of the next page.
type Older = (Vec<Delivery>, Option<String>);

#[component]
pub fn Deliveries(props: &Props) -> Html {
    let Props {
        context,
        webhook,
        changes,
        changed,
    } = props;
    let path = format!("/webhooks/{}/deliveries?limit={PAGE}", webhook.id);
    let polls = use_state(|| 0_u32);
    let reads = changes.wrapping_add(*polls);
    let newest = use_resource::<Collection<Delivery>>(context, Some(path.clone()), reads);
    {
        let is_queued = newest.value.as_ref().is_some_and(|page| has_queued(page));
        let polls = polls.clone();
        use_effect_with((is_queued, *polls), move |(is_queued, current)| {
            let next = current.wrapping_add(1);
            let poll = is_queued.then(|| Timeout::new(POLL_MS, move || polls.set(next)));
            move || drop(poll)
        });
    }
    let older = use_state(|| None::<Rc<Older>>);
    let more = use_state(|| Sending::Idle);
    {
        // Older deliveries may have changed as well.
        let older = older.clone();
        use_effect_with(*changes, move |_| older.set(None));
    }
    let show_older = {
        let (context, older, more) = (context.clone(), older.clone(), more.clone());
        Callback::from(move |cursor: String| {
            let (context, older, more) = (context.clone(), older.clone(), more.clone());
            let path = format!("{path}&cursor={cursor}");
            more.set(Sending::Busy);
            spawn_local(async move {
                match context.session.get::<Collection<Delivery>>(&path).await {
                    Ok((page, _)) => {
                        let mut all = older.as_ref().map_or(Vec::new(), |older| older.0.clone());
                        all.extend(page.items);
                        older.set(Some(Rc::new((all, page.next))));
                        more.set(Sending::Idle);
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => more.set(Sending::Failed(failure)),
                }
            });
        })
    };
    let content = match (&newest.value, &newest.failure) {
        (Some(page), _) if page.items.is_empty() => ui::empty("Nothing was sent yet."),
        (Some(page), _) => {
            let (shown, next) = joined(&page.items, page.next.as_ref(), older.as_deref());
            let next = next.map(|cursor| {
                let (show_older, cursor) = (show_older, cursor.clone());
                ui::secondary(
                    "Show older",
                    Callback::from(move |()| show_older.emit(cursor.clone())),
                )
            });
            html! {
                <>
                    <ol class="journal">
                        { for shown.into_iter().map(|delivery| html! {
                            <OneDelivery key={delivery.id.to_string()} context={context.clone()} webhook={webhook.id.clone()}
                                delivery={delivery.clone()} may_repeat={webhook.enabled} changed={changed.clone()} />
                        }) }
                    </ol>
                    { ui::failure(&more, &[]) }
                    { for next }
                </>
            }
        }
        (None, Some(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
        }
        (None, None) => ui::loading(),
    };
    html! {
        <section>
            <h2>{ "Deliveries" }</h2>
            if !webhook.enabled { <p class="note">{ "Nothing is sent while the webhook is disabled." }</p> }
            { content }
            if webhook.enabled { <RedeliverSince context={context.clone()} id={webhook.id.clone()} {changed} /> }
        </section>
    }
}

/// Returns whether a delivery waits for its first attempt.
fn has_queued(page: &Collection<Delivery>) -> bool {
    let mut all = page.items.iter();
    all.any(|one| one.state == DeliveryState::Pending && one.attempts == 0)
}

/// Joins the newest deliveries and older ones, without those that are in both, and returns the cursor of the next page.
fn joined<'a>(
    newest: &'a [Delivery],
    next: Option<&'a String>,
    older: Option<&'a Older>,
) -> (Vec<&'a Delivery>, Option<&'a String>) {
    let Some((older, next_older)) = older else {
        return (newest.iter().collect(), next);
    };
    let is_new = |delivery: &&Delivery| newest.iter().all(|other| other.id != delivery.id);
    let all = newest.iter().chain(older.iter().filter(is_new));
    (all.collect(), next_older.as_ref())
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct OneProps {
    context: Context,
    webhook: WebhookId,
    delivery: Delivery,
    /// Whether it can be sent again.
    may_repeat: bool,
    /// Called when it was sent again.
    changed: Callback<()>,
}

/// A delivery, with a button that sends it again.
#[component]
fn OneDelivery(props: &OneProps) -> Html {
    let OneProps {
        context,
        webhook,
        delivery,
        may_repeat,
        changed,
    } = props;
    let action = use_state(|| Sending::Idle);
    let redeliver = {
        let (context, action, changed) = (context.clone(), action.clone(), changed.clone());
        let path = format!("/webhooks/{webhook}/deliveries/{}/redeliver", delivery.id);
        Callback::from(move |()| {
            let (queued_context, changed) = (context.clone(), changed.clone());
            let done = Callback::from(move |_| {
                queued_context
                    .notify
                    .emit("The message is sent again.".to_owned());
                changed.emit(());
            });
            submit::send_action(&context, &action, Target::post(path.clone()), None, done);
        })
    };
    let subject = text::subject(delivery);
    let incident = delivery.incident.as_ref().map(|id| {
        let title = context.incident(id).map(|incident| incident.title.clone());
        let href = context.href(&Route::Incident(id.clone(), Task::Read));
        html! { <>{ ": " }<a {href}>{ title.unwrap_or_else(|| "View incident".to_owned()) }</a></> }
    });
    let next = delivery.next_attempt_at.map(format::time);
    let state = text::delivery(delivery, next.as_deref());
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
            if *may_repeat && delivery.state != DeliveryState::Pending {
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

/// Indents JSON. Other texts, such as JSON that was cut, stay as they are.
fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<Value>(text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{facts, joined, pretty};
    use crate::server::webhooks::{Attempt, Delivery};
    use serde_json::json;

    fn deliveries(numbers: &[u32]) -> Vec<Delivery> {
        let one = |number: &u32| -> Delivery {
            serde_json::from_value(
                json!({ "id": format!("dlv_{number}"), "message": "msg_1", "event": null,
                "state": "delivered", "attempts": 1 }),
            )
            .unwrap()
        };
        numbers.iter().map(one).collect()
    }

    #[test]
    fn older_pages_follow_without_repetitions() {
        let (newest, older) = (deliveries(&[9, 8, 7]), deliveries(&[7, 6]));
        let cursor = |text: &str| Some(text.to_owned());
        let next = cursor("7");
        let ids = |all: Vec<&Delivery>| -> Vec<String> {
            all.iter().map(|one| one.id.to_string()).collect()
        };
        let (all, after) = joined(&newest, next.as_ref(), None);
        assert_eq!(
            (ids(all), after.cloned()),
            (ids(newest.iter().collect()), next.clone())
        );
        let older = (older, cursor("6"));
        let (all, after) = joined(&newest, next.as_ref(), Some(&older));
        assert_eq!(ids(all), ["dlv_9", "dlv_8", "dlv_7", "dlv_6"]);
        assert_eq!(after.map(String::as_str), Some("6"));
    }

    #[test]
    fn json_is_indented_and_other_text_kept() {
        assert_eq!(pretty("{\"a\":1}"), "{\n  \"a\": 1\n}");
        assert_eq!(pretty("{\"a\":"), "{\"a\":");
    }

    #[test]
    fn a_delivery_without_an_attempt_has_its_time_only() {
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
