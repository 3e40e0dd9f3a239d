//! A heading that comes later than its view, once what it names has been read.

use yew::{Html, component, use_effect_with};

use crate::route;

/// Stands beside a heading, which takes the focus when it comes, unless something else has it by then.
#[component]
pub fn Arrived() -> Html {
    use_effect_with((), |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let focused = document.and_then(|document| document.active_element());
        if focused.is_none_or(|focused| focused.tag_name() == "BODY") {
            route::focus_heading();
        }
    });
    Html::default()
}
