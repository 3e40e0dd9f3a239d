//! The preview: the real loader and widget in a sandboxed frame, with the feed that `notice` makes of the draft. The frame has an
//! opaque origin, and shares no storage with the console or other pages.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Object, Reflect};
use notice::{
    browser::audience,
    project::feed::{FeedOptions, project},
    state::State,
    wire::{enums::InApp, feed::Feed, incident::Incident, language::Language},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlIFrameElement, MessageEvent};
use yew::{
    Callback, Html, NodeRef, Properties, UseStateHandle, classes, component, hook, html,
    use_effect, use_effect_with, use_node_ref, use_state, use_state_eq,
};

use crate::{text::language, time::clock};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// The state before the change, if the preview shows the card changing, as on resolution.
    #[prop_or_default]
    pub before: Option<Rc<State>>,
    /// The state after the change.
    pub after: Rc<State>,
}

/// Returns the feed of a state for a page that declares nothing.
fn feed(state: &State, language: &Language) -> Option<Feed> {
    let origin = web_sys::window()?.location().origin().ok()?;
    let setting = FeedOptions {
        public_url: &origin,
        rev: 0,
        language: Some(language),
    };
    let mut feed = project(state, &setting)?;
    for notice in &mut feed.notices {
        // The preview's path matches no pattern.
        notice.audience.paths.clear();
    }
    Some(feed)
}

fn json(state: &State, language: &Language) -> String {
    feed(state, language)
        .and_then(|feed| serde_json::to_string(&feed).ok())
        .unwrap_or_default()
}

/// Returns a sentence about where a notice without a card appears.
fn places_without_card(state: &State) -> &'static str {
    let is_listed = |incident: &Incident| incident.is_listed() && !incident.drill;
    match state.incidents.values().any(is_listed) {
        true => "It does not appear in the app, only on the status page.",
        false => "It appears neither in the app nor on the status page.",
    }
}

/// Lines of advice that the collapsed card shows at 360 px.
const ADVICE_LINES: u32 = 3;
/// Width of the desktop screen, which is scaled down, in CSS pixels.
const DESKTOP_WIDTH: f64 = 1024.0;

/// Shows the card, at first on a phone of 360 px, with switches for the theme, the screen and the language.
#[component]
pub fn Preview(props: &Props) -> Html {
    let dark = use_state(|| false);
    let desktop = use_state(|| false);
    let site = props.after.site.clone();
    let languages = site.map_or_else(Vec::new, |site| site.languages);
    let primary = languages.first().cloned().unwrap_or_else(Language::english);
    let language = use_state(|| primary);
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
    let has_no_card = notices.iter().all(|notice| notice.in_app == InApp::Off);
    let undeclared = audience::PageContext::default();
    let restricted = notices
        .iter()
        .any(|notice| !audience::matches(&notice.audience, &undeclared));
    let theme = if *dark { "dark" } else { "light" };
    let address = format!(
        "/console/preview?theme={theme}&lang={}#allclear-drill",
        *language
    );
    use_frame_messages(&frame, (address.clone(), before, after), &lines);
    let cut_lines = (!*desktop && *lines > ADVICE_LINES).then_some(*lines);

    let theme_button = |label: &'static str, is_dark: bool| {
        let dark = dark.clone();
        let chosen = *dark == is_dark;
        html! { <button type="button" aria-pressed={chosen.to_string()} onclick={Callback::from(move |_| dark.set(is_dark))}>{ label }</button> }
    };
    let size_button = |label: &'static str, is_desktop: bool| {
        let desktop = desktop.clone();
        let chosen = *desktop == is_desktop;
        html! { <button type="button" aria-pressed={chosen.to_string()} onclick={Callback::from(move |_| desktop.set(is_desktop))}>{ label }</button> }
    };
    let language_button = |offered: &Language| {
        let (set, to) = (language.clone(), offered.clone());
        let chosen = *language == *offered;
        html! {
            <button type="button" lang={offered.to_string()} aria-pressed={chosen.to_string()}
                onclick={Callback::from(move |_| set.set(to.clone()))}>{ language::name(offered) }</button>
        }
    };
    html! {
        <section class="preview" aria-label="Preview">
            <div class={classes!("stage", if *desktop { "desk" } else { "phone" })} ref={stage}>
                <iframe key={address.clone()} ref={frame} src={address} sandbox="allow-scripts" title="The card as users will see it" />
            </div>
            if has_no_card {
                <p class="note">{ places_without_card(&props.after) }</p>
            } else if restricted {
                <p class="note">{ "Pages that do not declare this audience do not show it." }</p>
            }
            // Always present: screen readers do not announce a live region that appears with its text.
            <div role="status">
                if let Some(lines) = cut_lines {
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

/// Sets the scale of the desktop screen as a CSS property of the stage. The content security policy forbids style attributes, but
/// not properties that a script sets.
#[hook]
fn use_scale(stage: &NodeRef) {
    let stage = stage.clone();
    use_effect(move || {
        let fit = move || {
            let Some(stage) = stage.cast::<HtmlElement>() else {
                return;
            };
            let scale = (f64::from(stage.client_width()) / DESKTOP_WIDTH).min(1.0);
            // Setting a custom property cannot fail.
            let _ = stage.style().set_property("--scale", &scale.to_string());
        };
        fit();
        let listener =
            web_sys::window().map(|window| EventListener::new(&window, "resize", move |_| fit()));
        move || drop(listener)
    });
}

/// Exchanges messages with the frame: sends the feeds when the frame is ready and when they change, and receives the number of
/// lines of the advice.
#[hook]
fn use_frame_messages(
    frame: &NodeRef,
    feeds: (String, String, String),
    lines: &UseStateHandle<u32>,
) {
    let (address, before, after) = feeds;
    let (listening, sending) = (frame.clone(), frame.clone());
    let lines = lines.setter();
    let latest = yew::use_mut_ref(|| (String::new(), String::new()));
    latest.replace((before.clone(), after.clone()));
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "message", move |event| {
                let event: &MessageEvent = event.unchecked_ref();
                let frame = listening.cast::<HtmlIFrameElement>();
                let window = frame.and_then(|frame| frame.content_window());
                let is_from_frame = window.is_some_and(|window| {
                    let (source, window): (JsValue, JsValue) =
                        (event.source().into(), window.into());
                    source == window
                });
                if is_from_frame && let Some(measured) = event.data().as_f64() {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a float cast saturates"
                    )]
                    lines.set(measured as u32);
                } else if is_from_frame {
                    let (before, after) = latest.borrow().clone();
                    send(&listening, &before, &after);
                }
            })
        });
        move || drop(listener)
    });
    use_effect_with((address, before, after), move |(_, before, after)| {
        send(&sending, before, after);
    });
}

fn send(frame: &NodeRef, before: &str, after: &str) {
    let window = frame
        .cast::<HtmlIFrameElement>()
        .and_then(|frame| frame.content_window());
    let Some(window) = window else { return };
    let message = Object::new();
    // The server's time: this device's clock may be wrong.
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
    // A frame with an opaque origin can only be addressed by `*`. The data is about to be published anyway.
    let _ = window.post_message(&message, "*");
}

#[cfg(test)]
mod tests {
    use super::places_without_card;
    use crate::{
        rules::dry_run::state_of,
        testing::{incident, now, snapshot},
    };
    use serde_json::json;

    #[test]
    fn a_listed_notice_without_a_card_is_on_the_status_page() {
        for (fields, is_listed) in [
            (json!({}), true),
            (json!({ "audience": { "listed": false } }), false),
            (json!({ "audience": { "paths": ["/a"] } }), true),
            (json!({ "drill": true }), false),
        ] {
            let state = state_of(&snapshot(), Some(&incident(&fields)), now());
            let text = places_without_card(&state);
            assert_eq!(
                text.contains("only on the status page"),
                is_listed,
                "{fields}"
            );
        }
    }
}
