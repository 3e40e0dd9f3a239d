//! Two operators changed the same thing: each field that differs, with a choice for each.

use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{
    Callback, Children, Html, UseStateHandle, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::{
    api::Failure,
    draft::Draft,
    route,
    submit::{Sending, UNSETTLED},
    view,
};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's name in the API and in the form.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// Its published value.
    pub theirs: String,
    /// Its value in the draft.
    pub mine: String,
}

/// A section that must be seen.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct InViewProps {
    /// Its class.
    pub class: &'static str,
    /// Its content: first a heading that can have the focus.
    pub children: Children,
}

/// A section that scrolls into view when it appears, once, with the focus on its heading. When it goes and has the focus, the
/// view's heading takes it.
#[component]
pub fn InView(props: &InViewProps) -> Html {
    let section = use_node_ref();
    let drawn = section.clone();
    use_effect_with((), move |()| {
        if let Some(section) = drawn.cast::<HtmlElement>() {
            let heading = section.query_selector("[tabindex]").ok().flatten();
            let heading = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
            // The heading of a section of our own can have the focus.
            let _ = heading.map(|heading| heading.focus());
            section.scroll_into_view();
        }
        move || {
            let document = web_sys::window().and_then(|window| window.document());
            let focused = document.and_then(|document| document.active_element());
            let section = drawn.cast::<HtmlElement>();
            if section.is_some_and(|section| section.contains(focused.as_deref())) {
                route::focus_heading();
            }
        }
    });
    html! { <section class={props.class} ref={section}>{ props.children.clone() }</section> }
}

/// What the choice is made of.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// Every field that differs.
    pub differences: Vec<Difference>,
    /// Called once there is a choice for each, with the names of those whose published version is to stand.
    pub settled: Callback<Vec<&'static str>>,
}

/// Both versions of every field that differs, with a choice for each.
#[component]
pub fn Conflict(props: &Props) -> Html {
    let Props {
        differences,
        settled,
    } = props;
    // By field: whether the published version is to stand.
    let chosen = use_state(|| vec![None::<bool>; differences.len()]);
    let names: Vec<&'static str> = differences.iter().map(|one| one.name).collect();
    let choose = |index: usize, takes: bool| {
        let (chosen, settled, names) = (chosen.clone(), settled.clone(), names.clone());
        Callback::from(move |()| {
            let mut next = (*chosen).clone();
            if let Some(slot) = next.get_mut(index) {
                *slot = Some(takes);
            }
            if next.iter().all(Option::is_some) {
                let taken = names
                    .iter()
                    .zip(&next)
                    .filter(|(_, takes)| **takes == Some(true));
                settled.emit(taken.map(|(name, _)| *name).collect());
            } else {
                chosen.set(next);
            }
        })
    };
    let one = |(index, difference): (usize, &Difference)| {
        let picked = chosen.get(index).copied().flatten();
        html! {
            <div class="entry">
                { sides(difference, "Published version", "Your draft") }
                <div class="buttons" role="group" aria-label={difference.label.clone()}>
                    { pick("Keep your draft", picked == Some(false), choose(index, false)) }
                    { pick("Use the published version", picked == Some(true), choose(index, true)) }
                </div>
            </div>
        }
    };
    let all = |taken: Vec<&'static str>| {
        let settled = settled.clone();
        Callback::from(move |()| settled.emit(taken.clone()))
    };
    html! {
        <InView key="conflict" class="conflict">
            <h2 tabindex="-1">{ "Somebody else changed this while you were editing" }</h2>
            if differences.is_empty() {
                <p>{ "They changed other fields than you did." }</p>
                <div class="buttons">{ view::secondary("Merge their changes", all(Vec::new())) }</div>
            } else {
                <p class="soft">{ "Choose a version of each field, then save again. Other fields are merged." }</p>
            }
            { for differences.iter().enumerate().map(one) }
            if differences.len() > 2 {
                <div class="buttons">
                    { view::secondary("Keep your draft of all", all(Vec::new())) }
                    { view::secondary("Use all published versions", all(names)) }
                </div>
            }
        </InView>
    }
}

/// Both versions on the screen.
#[derive(Debug)]
pub struct Both {
    /// The versions.
    pub shown: Html,
    /// What has to be done before the form can be sent.
    pub question: &'static str,
}

impl From<Html> for Both {
    /// Versions that ask for nothing.
    fn from(shown: Html) -> Self {
        Self {
            shown,
            question: "",
        }
    }
}

/// The same for a view.
pub fn conflict(differences: Vec<Difference>, settled: Callback<Vec<&'static str>>) -> Both {
    Both {
        question: match differences.is_empty() {
            true => "Merge their changes first.",
            false => CHOOSE,
        },
        shown: html! { <Conflict {differences} {settled} /> },
    }
}

/// What has to be done where fields differ.
pub const CHOOSE: &str = "Choose a version of each field above first.";

/// That sending a form again before its conflict was settled has saved nothing.
pub fn unsettled(tries: u32, question: &str) -> Html {
    html! {
        <div key={tries} class="alert" role="alert" id={UNSETTLED} tabindex="-1">
            <p>{ format!("Nothing was saved. {question}") }</p>
        </div>
    }
}

fn pick(label: &'static str, is_picked: bool, on: Callback<()>) -> Html {
    let tapped = on.reform(|_| ());
    html! { <button type="button" class="choice plain" aria-pressed={is_picked.to_string()} onclick={tapped}>{ label }</button> }
}

/// Two versions of a field, side by side.
pub fn sides(difference: &Difference, now: &str, before: &str) -> Html {
    html! {
        <>
            <h3>{ &difference.label }</h3>
            <div class="sides">
                <div><h4>{ now }</h4><p>{ or_nothing(&difference.theirs) }</p></div>
                <div><h4>{ before }</h4><p>{ or_nothing(&difference.mine) }</p></div>
            </div>
        </>
    }
}

/// What the choices do: the form changes, and is sent as a new request. `change` is given the names of the fields whose
/// published version is to stand.
pub fn settled<T>(
    draft: &Draft<T>,
    sending: &UseStateHandle<Sending>,
    change: impl Fn(&mut T, &[&'static str]) + 'static,
) -> Callback<Vec<&'static str>>
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (draft, sending) = (draft.clone(), sending.clone());
    Callback::from(move |taken: Vec<&'static str>| {
        draft.edit(|form| change(form, &taken));
        draft.begin_anew();
        sending.set(Sending::Idle);
    })
}

/// Where sending stands when a form is opened that was begun before: what has changed since in the same fields is shown at
/// once, not only when it is sent.
pub fn opened(differences: &[Difference]) -> Sending {
    if differences.is_empty() {
        Sending::Idle
    } else {
        Sending::Failed(Failure::Conflict)
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "(empty)" } else { text }
}
