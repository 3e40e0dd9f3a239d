//! Pausing and resuming every embed: a step of its own, after a look at what is open.

use notice::{
    project::view::IncidentView,
    wire::{site::Site, words::Kind},
};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use crate::{
    api::Failure,
    submit::{self, Sending, Target},
    view::{self, DeskProps, conflict::InView},
    words,
};

/// The switch.
#[component]
pub fn Pause(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let sending = use_state(|| Sending::Idle);
    let asks = use_state(|| false);
    let is_paused = desk.facts.site.paused;
    let turn = {
        let asks = asks.clone();
        Callback::from(move |()| asks.set(!*asks))
    };
    let carry_out = {
        let (desk, sending, asks) = (desk.clone(), sending.clone(), asks.clone());
        Callback::from(move |()| set(&desk, &sending, &asks, !is_paused))
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
            { view::failure(&sending, &[]) }
            if *asks {
                <InView class="confirm">
                    <h3 tabindex="-1">{ format!("{label}?") }</h3>
                    { effect(&desk.facts.incidents, is_paused) }
                    <div class="buttons">
                        { view::secondary("Cancel", turn) }
                        <button type="button" class="danger" disabled={sending.is_busy()} onclick={carry_out.reform(|_| ())}>
                            { if sending.is_busy() { "Sending …" } else { label } }
                        </button>
                    </div>
                </InView>
            } else {
                <div class="buttons">{ view::secondary(if is_paused { "Resume every embed …" } else { "Pause every embed …" }, turn) }</div>
            }
        </fieldset>
    }
}

/// What users see of it: the notices that are open now.
fn effect(incidents: &[IncidentView], is_paused: bool) -> Html {
    let open: Vec<&IncidentView> = incidents
        .iter()
        .filter(|incident| incident.is_open() && !incident.draft)
        .collect();
    let words = match (is_paused, open.is_empty()) {
        (false, true) => "Nothing is open now. Until you resume, new notices do not appear either.",
        (false, false) => {
            "Open pages hide these within 12 s, and new notices do not appear until you resume:"
        }
        (true, true) => "Nothing is open now. New notices appear again.",
        (true, false) => "Open pages show these again within 36 s:",
    };
    html! {
        <>
            <p>{ words }</p>
            if !open.is_empty() { <ul>{ for open.iter().map(|incident| html! { <li>{ named(incident) }</li> }) }</ul> }
        </>
    }
}

fn named(incident: &IncidentView) -> String {
    match incident.kind {
        Kind::Incident => format!("{}: {}", words::impact(incident.impact), incident.title),
        kind => format!("{}: {}", words::kind(kind), incident.title),
    }
}

/// Changes nothing but that, on top of the settings as they are saved.
fn set(
    desk: &crate::desk::Desk,
    sending: &UseStateHandle<Sending>,
    asks: &UseStateHandle<bool>,
    paused: bool,
) {
    if sending.is_busy() {
        return;
    }
    let (desk, sending, asks) = (desk.clone(), sending.clone(), asks.clone());
    sending.set(Sending::Busy);
    spawn_local(async move {
        let etag = match desk.session.get::<Site>("").await {
            Ok((_, etag)) => etag,
            Err(Failure::SignedOut) => return desk.ended.emit(()),
            Err(failure) => return sending.set(Sending::Failed(failure)),
        };
        let say = desk.say.clone();
        let done = Callback::from(move |_| {
            asks.set(false);
            let words = if paused {
                "Every embed is paused. Open pages hide their cards within 12 s."
            } else {
                "Every embed is resumed. Open pages show open notices within 36 s."
            };
            say.emit(words.to_owned());
        });
        let body = json!({ "paused": paused }).to_string();
        sending.set(Sending::Idle);
        submit::act(&desk, &sending, Target::patch("", etag), Some(body), done);
    });
}
