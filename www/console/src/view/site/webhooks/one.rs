//! One webhook: its state, its actions and its deliveries.

use notice::wire::ids::WebhookId;
use yew::{Callback, Html, classes, component, html, use_state};

use super::{actions::Actions, deliveries::Deliveries, state, summary};
use crate::{
    context::Context,
    route::Route,
    server::{failure::Failure, webhooks::Webhook},
    text::webhooks as text,
    time::{clock, format},
    ui::{self, tabs},
    view::load::use_resource,
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: WebhookId,
}

#[component]
pub fn OneWebhook(props: &Props) -> Html {
    let Props { context, id } = props;
    // Counts changes; webhook and deliveries are read again when it increases.
    let changes = use_state(|| 0_u32);
    let changed = {
        let changes = changes.clone();
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    let may_read = context.session.may_write();
    let path = may_read.then(|| format!("/webhooks/{id}"));
    let loaded = use_resource::<Webhook>(context, path, *changes);
    let webhook = match (loaded.value, loaded.failure) {
        _ if !may_read => return placeholder(context, ui::empty(super::HIDDEN)),
        (_, Some(Failure::Refused(problem))) if problem.status == 404 => {
            return placeholder(context, ui::empty("This webhook was deleted."));
        }
        (Some(webhook), _) => webhook,
        (None, Some(failure)) => {
            let alert =
                html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> };
            return placeholder(context, alert);
        }
        (None, None) => return ui::loading_view(),
    };
    html! {
        <main class="column">
            { ui::heading(&webhook.host, Some(&summary(context, &webhook))) }
            { tabs::settings(context, &Route::Webhooks) }
            { facts(&webhook) }
            if context.session.is_owner() {
                <Actions context={context.clone()} webhook={webhook.clone()} changed={changed.clone()} />
            }
            <Deliveries context={context.clone()} {webhook} changes={*changes} {changed} />
        </main>
    }
}

fn placeholder(context: &Context, content: Html) -> Html {
    html! {
        <main class="column">
            { ui::heading("Webhook", None) }
            { tabs::settings(context, &Route::Webhooks) }
            { content }
        </main>
    }
}

/// Renders the state, the URL and the selected events.
fn facts(webhook: &Webhook) -> Html {
    let (state, tone) = state(webhook);
    let rotating = webhook
        .former_secret_until
        .filter(|until| *until > clock::now());
    let names = webhook.events.iter().map(|name| text::event(*name));
    html! {
        <section class="card plain">
            <p class={classes!("state", tone)}>{ state }</p>
            { for text::disabled(webhook).map(|reason| html! { <p>{ reason }</p> }) }
            <dl class="facts">
                if let Some(url) = &webhook.url { <div><dt>{ "URL" }</dt><dd>{ url }</dd></div> }
                if webhook.events.len() > 1 { <div><dt>{ "Events" }</dt><dd>{ names.collect::<Vec<_>>().join(", ") }</dd></div> }
                if let Some(until) = rotating {
                    <div><dt>{ "Secret" }</dt><dd>{ format!("The former secret signs too until {}.", format::with_zone(until)) }</dd></div>
                }
            </dl>
        </section>
    }
}
