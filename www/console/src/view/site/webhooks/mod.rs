//! Webhooks: the URLs and chats to which the site's events are sent.

mod actions;
mod deliveries;
mod edit;
mod form;
mod one;
mod redeliver_since;
mod secret;
mod test;

use notice::wire::{component::Component, ids::ComponentId};
use yew::{Html, classes, component, html};

pub use self::{edit::EditWebhook, one::OneWebhook};
use crate::{
    context::Context,
    route::Route,
    server::{documents::Collection, webhooks::Webhook},
    text::webhooks as text,
    time::format,
    ui::{self, tabs},
    view::{ContextProps, load::use_resource},
};

/// Lists the site's webhooks.
#[component]
pub fn Webhooks(props: &ContextProps) -> Html {
    let context = &props.context;
    let path = context.session.may_write().then(|| "/webhooks".to_owned());
    let loaded = use_resource::<Collection<Webhook>>(context, path, 0);
    let content = match (&loaded.value, &loaded.failure) {
        _ if !context.session.may_write() => ui::empty(HIDDEN),
        (Some(all), _) if all.items.is_empty() => {
            ui::empty("No webhooks yet. Add the URL of a program or a chat to send events to it.")
        }
        (Some(all), _) => html! {
            <ul class="rows">{ for all.items.iter().map(|webhook| item(context, webhook)) }</ul>
        },
        (None, Some(failure)) => {
            html! { <div class="alert" role="alert"><p>{ failure.message() }</p></div> }
        }
        (None, None) => ui::loading(),
    };
    html! {
        <main class="column">
            { ui::heading("Webhooks", Some("Programs and chats that are notified of incidents.")) }
            { tabs::settings(context, &Route::Webhooks) }
            { content }
            if context.session.is_owner() {
                { ui::action_bar(None, html! { <a class="button primary" href={context.href(&Route::EditWebhook(None))}>{ "New webhook" }</a> }) }
            }
        </main>
    }
}

/// Shown to viewers.
const HIDDEN: &str = "Only editors and owners see webhooks.";

fn item(context: &Context, webhook: &Webhook) -> Html {
    let (state, tone) = state(webhook);
    html! {
        <li key={webhook.id.to_string()}>
            <a href={context.href(&Route::Webhook(webhook.id.clone()))}>{ &webhook.host }</a>
            <span class={classes!("state", tone)}>{ state }</span>
            <span class="soft">{ summary(context, webhook) }</span>
        </li>
    }
}

/// Returns the state of a webhook, and the CSS class that colours it.
fn state(webhook: &Webhook) -> (String, &'static str) {
    match (webhook.enabled, webhook.failing_since) {
        (false, _) => ("Disabled".to_owned(), "critical"),
        (true, Some(since)) => (format!("Failing since {}", format::time(since)), "minor"),
        (true, None) => ("Enabled".to_owned(), "restored"),
    }
}

/// Returns the format, events and components of a webhook.
fn summary(context: &Context, webhook: &Webhook) -> String {
    let names = webhook.components.iter();
    let names: Vec<String> = names
        .map(|id| component_name(&context.snapshot.components, id))
        .collect();
    [
        text::format(webhook.format).to_owned(),
        text::events(&webhook.events),
        text::components(&names),
    ]
    .join(" · ")
}

/// Returns the name of a component, which may have been deleted since it was selected.
fn component_name(all: &[Component], id: &ComponentId) -> String {
    let mut found = all.iter().filter(|component| component.id == *id);
    let found = found.next().map(|component| component.name.clone());
    found.unwrap_or_else(|| "Deleted component".to_owned())
}
