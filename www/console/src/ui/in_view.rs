//! A section that scrolls into view and focuses its heading when it appears.

use yew::{Children, Html, component, html, use_effect_with, use_node_ref};

use crate::browser::focus;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub class: &'static str,
    /// The content. It begins with a heading that can have the focus.
    pub children: Children,
}

/// A section that, when it appears, scrolls into view and focuses its heading, once. If the focus is inside the section when the
/// section disappears, the view's heading gets the focus.
#[component]
pub fn InView(props: &Props) -> Html {
    let section = use_node_ref();
    let rendered = section.clone();
    use_effect_with((), move |()| {
        if let Some(section) = rendered.cast::<web_sys::Element>() {
            if let Some(heading) = section.query_selector("[tabindex]").ok().flatten() {
                focus::set(heading);
            }
            section.scroll_into_view();
        }
        move || {
            let section = rendered.cast::<web_sys::Element>();
            let focused = focus::focused();
            if section.is_some_and(|section| section.contains(focused.as_deref())) {
                focus::focus_heading();
            }
        }
    });
    html! { <section class={props.class} ref={section}>{ props.children.clone() }</section> }
}
