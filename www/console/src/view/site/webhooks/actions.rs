//! The actions of owners on a webhook: test, change, enable or disable, rotate its secret, delete.

use std::rc::Rc;

use gloo_net::http::Method;
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use super::{secret, test::SendTest};
use crate::{
    context::Context,
    form::{
        sending::Sending,
        submit::{self, Target},
    },
    route::Route,
    server::{
        failure::Failure,
        request::{self, Answer, Payload},
        webhooks::{Webhook, WebhookSecret},
    },
    ui::{self, confirm_button::ConfirmButton},
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub webhook: Rc<Webhook>,
    /// Called when the webhook or its deliveries have changed.
    pub changed: Callback<()>,
}

#[component]
pub fn Actions(props: &Props) -> Html {
    let Props {
        context,
        webhook,
        changed,
    } = props;
    let action = use_state(|| Sending::Idle);
    let rotated = use_state(|| None::<WebhookSecret>);
    let path = format!("/webhooks/{}", webhook.id);
    let rotate = {
        let (context, action, rotated) = (context.clone(), action.clone(), rotated.clone());
        let (path, changed) = (format!("{path}/rotate"), changed.clone());
        Callback::from(move |()| {
            let (rotated, changed) = (rotated.clone(), changed.clone());
            let done = Callback::from(move |answer: Answer| {
                rotated.set(answer.read().ok());
                changed.emit(());
            });
            submit::send_action(&context, &action, Target::post(path.clone()), None, done);
        })
    };
    let delete = {
        let (context, action, path) = (context.clone(), action.clone(), path);
        Callback::from(move |()| {
            let done_context = context.clone();
            let done = Callback::from(move |_| {
                done_context.notify.emit("Webhook deleted.".to_owned());
                done_context.go(&Route::Webhooks);
            });
            let target = Target {
                method: Method::DELETE,
                ..Target::post(path.clone())
            };
            submit::send_action(&context, &action, target, None, done);
        })
    };
    let switch = {
        let (context, action, changed) = (context.clone(), action.clone(), changed.clone());
        let webhook = Rc::clone(webhook);
        Callback::from(move |()| {
            if action.is_busy() {
                return;
            }
            action.set(Sending::Busy);
            let (context, action, changed) = (context.clone(), action.clone(), changed.clone());
            let webhook = Rc::clone(&webhook);
            spawn_local(async move {
                match set_enabled(&context, &webhook, !webhook.enabled).await {
                    Ok(()) => {
                        action.set(Sending::Idle);
                        changed.emit(());
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => action.set(Sending::Failed(failure)),
                }
            });
        })
    };
    let edit = context.href(&Route::EditWebhook(Some(webhook.id.clone())));
    html! {
        <section>
            { ui::failure(&action, &[]) }
            { for rotated.iter().map(secret::render) }
            <SendTest context={context.clone()} id={webhook.id.clone()} is_enabled={webhook.enabled} changed={changed.clone()} />
            <div class="buttons">
                <a class="button" href={edit}>{ "Edit" }</a>
                if webhook.enabled {
                    <ConfirmButton key="disable" label="Disable" question="Messages that wait for another attempt are not sent." confirm="Yes, disable it" on={switch} />
                } else {
                    { ui::secondary("Enable", switch) }
                }
                if !webhook.format.is_chat() {
                    <ConfirmButton key="rotate" label="Rotate secret" question="For 24 hours, messages are signed with both secrets." confirm="Yes, rotate it" on={rotate} />
                }
                <ConfirmButton key="delete" label="Delete" question="Its deliveries are deleted too." confirm="Yes, delete it" on={delete} />
            </div>
        </section>
    }
}

/// Enables or disables a webhook. Reads its current entity tag first, which changes when deliveries start or cease to fail.
async fn set_enabled(context: &Context, webhook: &Webhook, enabled: bool) -> Result<(), Failure> {
    let path = format!("/webhooks/{}", webhook.id);
    let (_, etag) = context.session.get_tagged::<Webhook>(&path).await?;
    let payload = Payload {
        if_match: Some(etag),
        ..Payload::json(&json!({ "enabled": enabled }))?
    };
    let (path, token) = (context.session.path(&path), &context.session.token);
    request::send(Method::PATCH, &path, Some(token), &payload).await?;
    Ok(())
}
