//! A fold that opens where something inside needs attention, and that only the reader closes.

use web_sys::Element;
use yew::{Children, Html, component, html, use_effect_with, use_node_ref};

/// What the fold is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// Its label.
    pub summary: Html,
    /// Opens it when it becomes true. When it becomes false again, the fold stays as it is: the reader is at work in it.
    pub opens: bool,
    /// Its content.
    pub children: Children,
}

/// The fold.
#[component]
pub fn Fold(props: &Props) -> Html {
    let details = use_node_ref();
    let drawn = details.clone();
    use_effect_with(props.opens, move |opens| {
        if let Some(details) = drawn.cast::<Element>().filter(|_| *opens) {
            // Setting a plain attribute cannot fail.
            let _ = details.set_attribute("open", "");
        }
    });
    html! {
        <details ref={details}>
            <summary>{ props.summary.clone() }</summary>
            { props.children.clone() }
        </details>
    }
}
