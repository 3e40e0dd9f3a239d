//! A disclosure (`<details>`) that opens by itself when something inside needs attention. Only the reader closes it.

use web_sys::Element;
use yew::{Children, Html, component, html, use_effect_with, use_node_ref};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub summary: Html,
    /// Opens the disclosure when it becomes true. When it becomes false the disclosure stays open, because the reader is working in it.
    pub needs_attention: bool,
    pub children: Children,
}

#[component]
pub fn Disclosure(props: &Props) -> Html {
    let details = use_node_ref();
    let rendered = details.clone();
    use_effect_with(props.needs_attention, move |needs_attention| {
        if let Some(details) = rendered.cast::<Element>().filter(|_| *needs_attention) {
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
