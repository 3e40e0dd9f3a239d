//! Two people changed the same thing: both texts, and a choice.

use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{
    Callback, Children, Html, UseStateHandle, component, html, use_effect_with, use_node_ref,
};

use crate::{draft::Draft, route, submit::Sending, view};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the field is called.
    pub label: String,
    /// As it stands now.
    pub theirs: String,
    /// As it was about to be.
    pub mine: String,
}

/// What a section that must be seen is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct InViewProps {
    /// What it looks like.
    pub class: &'static str,
    /// What is in it: first a heading that can have the focus.
    pub children: Children,
}

/// A section that comes into view when it comes, once, with the focus on its heading; the focus that it had when it goes is
/// the view's.
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

/// Both texts of every field that differs.
pub fn conflict(differences: &[Difference], mine: Callback<()>, theirs: Callback<()>) -> Html {
    html! {
        <InView key="conflict" class="conflict">
            <h2 tabindex="-1">{ "Somebody changed this while you were writing" }</h2>
            if differences.is_empty() { <p>{ "What you changed stands as you want it." }</p> }
            { for differences.iter().map(|difference| sides(difference, "Yours, not sent")) }
            <div class="buttons">
                { view::secondary("Keep what I wrote", mine) }
                { view::secondary("Take theirs", theirs) }
            </div>
        </InView>
    }
}

/// A field as it stands, and beside it the other text.
pub fn sides(difference: &Difference, other: &str) -> Html {
    html! {
        <>
            <h3>{ &difference.label }</h3>
            <div class="sides">
                <div><h4>{ "Theirs, as it stands" }</h4><p>{ or_nothing(&difference.theirs) }</p></div>
                <div><h4>{ other }</h4><p>{ or_nothing(&difference.mine) }</p></div>
            </div>
        </>
    }
}

/// What a choice does: the form becomes this, and is sent as something new.
pub fn settled<T>(
    draft: &Draft<T>,
    sending: &UseStateHandle<Sending>,
    change: impl Fn(&mut T) + 'static,
) -> Callback<()>
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (draft, sending) = (draft.clone(), sending.clone());
    Callback::from(move |()| {
        draft.edit(|form| change(form));
        draft.begin_anew();
        sending.set(Sending::Idle);
    })
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "(nothing)" } else { text }
}
