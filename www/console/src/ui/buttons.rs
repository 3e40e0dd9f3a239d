//! Buttons, and the bar that holds a view's next action.

use yew::{Callback, Html, html};

/// The bar with the next action, at the bottom of a phone's screen, with an optional link back: its address and label.
pub fn action_bar(back: Option<(String, &str)>, primary: Html) -> Html {
    html! {
        <div class="actions">
            if let Some((href, label)) = back { <a class="button" {href}>{ label }</a> }
            { primary }
        </div>
    }
}

/// The button of the next action. While `is_busy` it is disabled.
pub fn primary(label: &str, is_busy: bool, on: Callback<()>) -> Html {
    let clicked = Callback::from(move |_| on.emit(()));
    html! {
        <button type="button" class="primary" aria-busy={is_busy.to_string()} disabled={is_busy} onclick={clicked}>
            { if is_busy { "Sending …" } else { label } }
        </button>
    }
}

/// A button for any other action.
pub fn secondary(label: &str, on: Callback<()>) -> Html {
    let clicked = Callback::from(move |_| on.emit(()));
    html! { <button type="button" onclick={clicked}>{ label }</button> }
}

/// A secondary button with a longer accessible name, which begins with the label.
pub fn labelled(label: &str, name: &str, on: Callback<()>) -> Html {
    let clicked = Callback::from(move |_| on.emit(()));
    html! { <button type="button" aria-label={name.to_owned()} onclick={clicked}>{ label }</button> }
}
