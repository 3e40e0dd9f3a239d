//! Pausing and resuming every embed, with a confirmation that lists the open notices.

use notice::{
    project::view::IncidentView,
    wire::{enums::Kind, site::Site},
};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    context::Context,
    form::{
        sending::Sending,
        submit::{self, Target},
    },
    server::failure::Failure,
    text::labels,
    ui::{self, in_view::InView},
    view::ContextProps,
};

#[component]
pub fn Pause(props: &ContextProps) -> Html {
    let context = &props.context;
    let sending = use_state(|| Sending::Idle);
    let is_asking = use_state(|| false);
    let is_paused = context.snapshot.site.paused;
    let toggle = {
        let is_asking = is_asking.clone();
        Callback::from(move |()| is_asking.set(!*is_asking))
    };
    let confirm = {
        let (context, sending, is_asking) = (context.clone(), sending.clone(), is_asking.clone());
        Callback::from(move |()| set_paused(&context, &sending, &is_asking, !is_paused))
    };
    let (label, state) = if is_paused {
        (
            "Resume every embed",
            "Every embed is paused: users see no card.",
        )
    } else {
        (
            "Pause every embed",
            "Hides every card everywhere. Use it when the card itself does harm.",
        )
    };
    html! {
        <fieldset class="pause">
            <legend>{ "Embeds" }</legend>
            <p class="hint">{ state }</p>
            { ui::failure(&sending, &[]) }
            if *is_asking {
                <InView class="confirm">
                    <h3 tabindex="-1">{ format!("{label}?") }</h3>
                    { effect(&context.snapshot.incidents, is_paused) }
                    <div class="buttons">
                        { ui::secondary("Cancel", toggle) }
                        <button type="button" class="danger" disabled={sending.is_busy()} onclick={confirm.reform(|_| ())}>
                            { if sending.is_busy() { "Sending …" } else { label } }
                        </button>
                    </div>
                </InView>
            } else {
                <div class="buttons">{ ui::secondary(if is_paused { "Resume every embed …" } else { "Pause every embed …" }, toggle) }</div>
            }
        </fieldset>
    }
}

/// Describes the effect on users, with the notices that are open now.
fn effect(incidents: &[IncidentView], is_paused: bool) -> Html {
    let open: Vec<&IncidentView> = incidents
        .iter()
        .filter(|incident| incident.is_open() && !incident.draft)
        .collect();
    let sentence = match (is_paused, open.is_empty()) {
        (false, true) => "No notice is open now. New notices stay hidden until you resume.",
        (false, false) => {
            "Open pages hide these within 12 s, and new notices stay hidden until you resume:"
        }
        (true, true) => "No notice is open now. New notices appear again.",
        (true, false) => "Open pages show these again within 36 s:",
    };
    html! {
        <>
            <p>{ sentence }</p>
            if !open.is_empty() { <ul>{ for open.iter().map(|incident| html! { <li>{ title(incident) }</li> }) }</ul> }
        </>
    }
}

fn title(incident: &IncidentView) -> String {
    match incident.kind {
        Kind::Incident => format!("{}: {}", labels::impact(incident.impact), incident.title),
        kind => format!("{}: {}", labels::kind(kind), incident.title),
    }
}

/// Pauses or resumes all embeds, and changes no other setting.
fn set_paused(
    context: &Context,
    sending: &UseStateHandle<Sending>,
    is_asking: &UseStateHandle<bool>,
    paused: bool,
) {
    if sending.is_busy() {
        return;
    }
    let (context, sending, is_asking) = (context.clone(), sending.clone(), is_asking.clone());
    sending.set(Sending::Busy);
    spawn_local(async move {
        let etag = match context.session.get_tagged::<Site>("").await {
            Ok((_, etag)) => etag,
            Err(Failure::SignedOut) => return context.on_session_end.emit(()),
            Err(failure) => return sending.set(Sending::Failed(failure)),
        };
        let notify = context.notify.clone();
        let done = Callback::from(move |_| {
            is_asking.set(false);
            let message = if paused {
                "Every embed is paused. Open pages hide their cards within 12 s."
            } else {
                "Every embed is resumed. Open pages show open notices within 36 s."
            };
            notify.emit(message.to_owned());
        });
        let body = json!({ "paused": paused }).to_string();
        // `send_action` does nothing while `sending` is busy; it sets `sending` to busy itself.
        sending.set(Sending::Idle);
        submit::send_action(
            &context,
            &sending,
            Target::patch("", Some(etag)),
            Some(body),
            done,
        );
    });
}
