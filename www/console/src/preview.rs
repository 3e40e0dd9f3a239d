//! What users will see: the real loader and the real widget, in a frame of an opaque origin, fed with the feed that
//! `notice` makes of the draft. The frame shares nothing with the console, nor with pages of this origin.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Object, Reflect};
use notice::{
    audience,
    project::feed::{Setting, project},
    state::State,
    wire::{feed::Feed, incident::Incident, language::Language, words::InApp},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlIFrameElement, MessageEvent};
use yew::{
    Callback, Html, NodeRef, Properties, UseStateHandle, classes, component, hook, html,
    use_effect, use_effect_with, use_node_ref, use_state, use_state_eq,
};

use crate::{clock, view::written};

/// What is shown.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// As it stands, where the card is to turn into what it becomes.
    #[prop_or_default]
    pub before: Option<Rc<State>>,
    /// As it will be.
    pub after: Rc<State>,
}

/// The feed of a state as a page with the plain tag gets it.
fn feed(state: &State, language: &Language) -> Option<Feed> {
    let origin = web_sys::window()?.location().origin().ok()?;
    let setting = Setting {
        public_url: &origin,
        rev: 0,
        language: Some(language),
    };
    let mut feed = project(state, &setting)?;
    for notice in &mut feed.notices {
        // The preview has no path of its own.
        notice.audience.paths.clear();
    }
    Some(feed)
}

fn json(state: &State, language: &Language) -> String {
    feed(state, language)
        .and_then(|feed| serde_json::to_string(&feed).ok())
        .unwrap_or_default()
}

/// Where a notice without a card appears.
fn elsewhere(state: &State) -> &'static str {
    let is_listed = |incident: &Incident| incident.is_listed() && !incident.drill;
    match state.incidents.values().any(is_listed) {
        true => "It does not appear in the app, only on the status page.",
        false => "It appears neither in the app nor on the status page.",
    }
}

/// The lines of advice that the collapsed card shows at 360 px.
const ADVICE_LINES: u32 = 3;
/// The width of the desk that is shown smaller, in CSS pixels.
const DESK_WIDTH: f64 = 1024.0;

/// The card, first as a phone of 360 px shows it; its switches: light or dark, phone or desk, and the site's languages.
#[component]
pub fn Preview(props: &Props) -> Html {
    let dark = use_state(|| false);
    let desk = use_state(|| false);
    let site = props.after.site.clone();
    let languages = site.map_or_else(Vec::new, |site| site.languages);
    let own = languages.first().cloned().unwrap_or_else(Language::english);
    let language = use_state(|| own);
    let frame = use_node_ref();
    let stage = use_node_ref();
    use_scale(&stage);
    let lines = use_state_eq(|| 0_u32);

    let after = json(&props.after, &language);
    let before = props
        .before
        .as_ref()
        .map(|state| json(state, &language))
        .unwrap_or_default();
    let notices = feed(&props.after, &language).map(|feed| feed.notices);
    let notices = notices.unwrap_or_default();
    let quiet = notices.iter().all(|notice| notice.in_app == InApp::Off);
    let undeclared = audience::Page::default();
    let restricted = notices
        .iter()
        .any(|notice| !audience::matches(&notice.audience, &undeclared));
    let theme = if *dark { "dark" } else { "light" };
    let address = format!(
        "/console/preview?theme={theme}&lang={}#allclear-drill",
        *language
    );
    use_feeding(&frame, (address.clone(), before, after), &lines);
    let cut = (!*desk && *lines > ADVICE_LINES).then_some(*lines);

    let theme_button = |label: &'static str, is: bool| {
        let dark = dark.clone();
        let chosen = *dark == is;
        html! { <button type="button" aria-pressed={chosen.to_string()} onclick={Callback::from(move |_| dark.set(is))}>{ label }</button> }
    };
    let size_button = |label: &'static str, is: bool| {
        let desk = desk.clone();
        let chosen = *desk == is;
        html! { <button type="button" aria-pressed={chosen.to_string()} onclick={Callback::from(move |_| desk.set(is))}>{ label }</button> }
    };
    let language_button = |offered: &Language| {
        let (set, to) = (language.clone(), offered.clone());
        let chosen = *language == *offered;
        html! {
            <button type="button" lang={offered.to_string()} aria-pressed={chosen.to_string()}
                onclick={Callback::from(move |_| set.set(to.clone()))}>{ written::name(offered) }</button>
        }
    };
    html! {
        <section class="preview" aria-label="Preview">
            <div class={classes!("stage", if *desk { "desk" } else { "phone" })} ref={stage}>
                <iframe key={address.clone()} ref={frame} src={address} sandbox="allow-scripts" title="The card as users will see it" />
            </div>
            if quiet {
                <p class="note">{ elsewhere(&props.after) }</p>
            } else if restricted {
                <p class="note">{ "Pages that do not declare this audience do not show it." }</p>
            }
            // A region that comes with its text is not read aloud.
            <div role="status">
                if let Some(lines) = cut {
                    <p class="warning">
                        { format!("The advice takes {lines} lines at 360 px. The collapsed card shows {ADVICE_LINES}: shorten the advice so that nothing is cut.") }
                    </p>
                }
            </div>
            <div class="switches">
                <div class="switch" role="group" aria-label="Theme">
                    { theme_button("Light", false) }{ theme_button("Dark", true) }
                </div>
                <div class="switch" role="group" aria-label="Screen">
                    { size_button("Phone", false) }{ size_button("Desktop", true) }
                </div>
                if languages.len() > 1 {
                    <div class="switch" role="group" aria-label="Language">{ for languages.iter().map(language_button) }</div>
                }
            </div>
        </section>
    }
}

/// Tells the stage's style how much smaller a desk is shown in it. A policy forbids style attributes, not properties.
#[hook]
fn use_scale(stage: &NodeRef) {
    let stage = stage.clone();
    use_effect(move || {
        let fit = move || {
            let Some(stage) = stage.cast::<HtmlElement>() else {
                return;
            };
            let scale = (f64::from(stage.client_width()) / DESK_WIDTH).min(1.0);
            // Setting a property of our own cannot fail.
            let _ = stage.style().set_property("--scale", &scale.to_string());
        };
        fit();
        let listener =
            web_sys::window().map(|window| EventListener::new(&window, "resize", move |_| fit()));
        move || drop(listener)
    });
}

/// Gives the frame its feeds, when it says that it is ready and at every change; and takes from it how many lines the advice
/// takes.
#[hook]
fn use_feeding(frame: &NodeRef, feeds: (String, String, String), lines: &UseStateHandle<u32>) {
    let (address, before, after) = feeds;
    let (listening, telling) = (frame.clone(), frame.clone());
    let lines = lines.setter();
    let latest = yew::use_mut_ref(|| (String::new(), String::new()));
    latest.replace((before.clone(), after.clone()));
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "message", move |event| {
                let event: &MessageEvent = event.unchecked_ref();
                let frame = listening.cast::<HtmlIFrameElement>();
                let own = frame.and_then(|frame| frame.content_window());
                let from_it = own.is_some_and(|own| {
                    let (source, own): (JsValue, JsValue) = (event.source().into(), own.into());
                    source == own
                });
                if from_it && let Some(measured) = event.data().as_f64() {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a float cast saturates"
                    )]
                    lines.set(measured as u32);
                } else if from_it {
                    let (before, after) = latest.borrow().clone();
                    tell(&listening, &before, &after);
                }
            })
        });
        move || drop(listener)
    });
    use_effect_with((address, before, after), move |(_, before, after)| {
        tell(&telling, before, after);
    });
}

fn tell(frame: &NodeRef, before: &str, after: &str) {
    let window = frame
        .cast::<HtmlIFrameElement>()
        .and_then(|frame| frame.content_window());
    let Some(window) = window else { return };
    let message = Object::new();
    // This device's clock may be wrong; the card is to count as it will on others.
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
    let now = JsValue::from_f64(clock::now().seconds() as f64 * 1000.0);
    for (name, value) in [
        ("before", before.into()),
        ("after", after.into()),
        ("now", now),
    ] {
        // A fresh object takes every property.
        let _ = Reflect::set(&message, &name.into(), &value);
    }
    // An opaque origin has no name; what is sent is what the operator is about to publish.
    let _ = window.post_message(&message, "*");
}

#[cfg(test)]
mod tests {
    use super::elsewhere;
    use crate::{
        outcome::state_of,
        testing::{facts, incident, now},
    };
    use serde_json::json;

    #[test]
    fn a_notice_without_a_card_is_on_the_status_page_if_it_is_listed() {
        for (fields, is_listed) in [
            (json!({}), true),
            (json!({ "audience": { "listed": false } }), false),
            (json!({ "audience": { "paths": ["/a"] } }), true),
            (json!({ "drill": true }), false),
        ] {
            let state = state_of(&facts(), Some(&incident(&fields)), now());
            let said = elsewhere(&state);
            assert_eq!(
                said.contains("only on the status page"),
                is_listed,
                "{fields}"
            );
        }
    }
}
