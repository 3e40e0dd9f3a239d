//! Sends all deliveries since a time again, after an outage of the receiver.

use notice::wire::ids::WebhookId;
use serde_json::json;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    context::Context,
    form::{
        draft::new_key,
        sending::Sending,
        submit::{self, Target},
    },
    server::{
        failure::{Failure, FieldError},
        request::Answer,
        webhooks::Requeued,
    },
    time::date_field,
    ui::{self, disclosure::Disclosure, input::Field},
    view::fields::date_time::date_time,
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: WebhookId,
    /// Called when deliveries were queued.
    pub changed: Callback<()>,
}

#[component]
pub fn RedeliverSince(props: &Props) -> Html {
    let Props {
        context,
        id,
        changed,
    } = props;
    let since = use_state(String::new);
    let sending = use_state(|| Sending::Idle);
    // With the same key a request that is repeated after a lost answer is executed once.
    let key = use_state(new_key);
    let on_typed = {
        let (since, sending, key) = (since.clone(), sending.clone(), key.clone());
        Callback::from(move |text| {
            since.set(text);
            sending.set(Sending::Idle);
            key.set(new_key());
        })
    };
    let redeliver = {
        let (context, since, sending, key) =
            (context.clone(), since.clone(), sending.clone(), key.clone());
        let (path, changed) = (format!("/webhooks/{id}/redeliver"), changed.clone());
        Callback::from(move |()| {
            let Some(at) = date_field::parse(&since) else {
                let error = FieldError {
                    pointer: "/since".to_owned(),
                    detail: "Choose a time.".to_owned(),
                };
                return sending.set(Sending::Failed(Failure::invalid(vec![error])));
            };
            let (done_context, changed, key) = (context.clone(), changed.clone(), key.clone());
            let target = Target {
                key: Some((*key).clone()),
                ..Target::post(path.clone())
            };
            let done = Callback::from(move |answer: Answer| {
                let queued = answer.read::<Requeued>().ok();
                done_context.notify.emit(confirmation(queued));
                key.set(new_key());
                changed.emit(());
            });
            let body = json!({ "since": at }).to_string();
            submit::send_action(&context, &sending, target, Some(body), done);
        })
    };
    let field = Field::new("since", "Since")
        .hint("Messages about events since then are sent again, delivered or not.")
        .error(sending.error("/since"));
    html! {
        <Disclosure summary={html! { "Redeliver since a time" }} needs_attention={false}>
            <div class="inner">
                { ui::failure(&sending, &["/since"]) }
                { date_time(field, &context.snapshot.site, &since, on_typed) }
                <div class="buttons">{ ui::secondary("Redeliver all", redeliver) }</div>
            </div>
        </Disclosure>
    }
}

/// Returns the confirmation. `None`: the answer could not be read.
fn confirmation(queued: Option<Requeued>) -> String {
    match queued.map(|queued| queued.deliveries) {
        None => "The messages are sent again.".to_owned(),
        Some(0) => "There is nothing to send again since then.".to_owned(),
        Some(1) => "1 message is sent again.".to_owned(),
        Some(many) => format!("{many} messages are sent again."),
    }
}

#[cfg(test)]
mod tests {
    use super::confirmation;
    use crate::server::webhooks::Requeued;

    #[test]
    fn the_confirmation_counts_messages() {
        for (deliveries, expected) in [
            (0, "There is nothing to send again since then."),
            (1, "1 message is sent again."),
            (3, "3 messages are sent again."),
        ] {
            assert_eq!(confirmation(Some(Requeued { deliveries })), expected);
        }
    }
}
