//! The Notify switch of a post, and who is notified.

use std::rc::Rc;

use notice::wire::time::Timestamp;
use yew::{Callback, Html, hook, html};

use crate::{
    context::Context,
    rules::receivers::Receivers,
    server::{documents::Collection, webhooks::Webhook},
    time::format,
    ui::input::{self, Choice, Field},
    view::load::use_resource,
};

/// The site's webhooks. `None`: they could not be read, or the role may not read them.
pub type KnownWebhooks = Option<Rc<Collection<Webhook>>>;

/// Reads the site's webhooks, if `is_needed`. After a failed read they are unknown, so that the view makes no claim.
#[hook]
pub fn use_webhooks(context: &Context, is_needed: bool) -> KnownWebhooks {
    let is_allowed = is_needed && context.session.may_write();
    let path = is_allowed.then(|| "/webhooks".to_owned());
    let loaded = use_resource::<Collection<Webhook>>(context, path, 0);
    loaded.value.filter(|_| loaded.failure.is_none())
}

/// Renders the switch. `value` is the choice or the default; `None` while neither is known.
pub fn switch(value: Option<bool>, is_drill: bool, on: &Callback<bool>) -> Html {
    let hint = match is_drill {
        true => "A drill notifies chat and webhooks only if you choose Yes.",
        false => "Webhooks for programs are always notified.",
    };
    let field = Field::new("notify", "Notify chat").hint(hint);
    let choices = vec![Choice::new(true, "Yes"), Choice::new(false, "No")];
    input::choice(&field, value.as_ref(), choices, on)
}

/// Renders who is notified, and when: at the later time `at`, or at once. Renders nothing if the receivers are not known.
pub fn statement(receivers: Option<Receivers>, at: Option<Timestamp>) -> Html {
    let Some(receivers) = receivers else {
        return Html::default();
    };
    if receivers.is_nobody() {
        return html! { <p class="receivers" role="status">{ NOBODY }</p> };
    }
    let label = match at {
        Some(at) => format!("Notified at {}", format::time(at)),
        None => "Notified".to_owned(),
    };
    html! { <p class="receivers" role="status"><span>{ label }</span>{ " " }<b>{ receivers.counts() }</b></p> }
}

/// Returns who is notified as a text beside a button; empty if that is not known.
pub fn question(receivers: Option<Receivers>) -> String {
    match receivers {
        None => String::new(),
        Some(receivers) if receivers.is_nobody() => NOBODY.to_owned(),
        Some(receivers) => format!("Notified: {}", receivers.counts()),
    }
}

/// Shown if a change notifies no chat and no webhook.
const NOBODY: &str = "No chat or webhook is notified.";
