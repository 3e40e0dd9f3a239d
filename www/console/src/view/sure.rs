//! A button that asks for confirmation.

use yew::{Callback, Html, component, html, use_state};

use crate::view;

/// What is asked.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What the button says.
    pub label: &'static str,
    /// What it says the second time.
    pub sure: &'static str,
    /// What is asked beside it; the empty string: nothing.
    #[prop_or_default]
    pub question: String,
    /// Called then.
    pub on: Callback<()>,
}

/// A button that does nothing yet: it turns into the way back, with what it does beside it. So two quick taps in one place
/// change nothing, and the focus is where nothing can be lost.
#[component]
pub fn Sure(props: &Props) -> Html {
    let asks = use_state(|| false);
    let turn = {
        let asks = asks.clone();
        Callback::from(move |()| asks.set(!*asks))
    };
    let done = {
        let (asks, on) = (asks.clone(), props.on.clone());
        Callback::from(move |_| {
            asks.set(false);
            on.emit(());
        })
    };
    html! {
        <>
            if *asks && !props.question.is_empty() { <p class="question" role="status">{ &props.question }</p> }
            { view::secondary(if *asks { "No, keep it" } else { props.label }, turn) }
            if *asks { <button type="button" class="danger" onclick={done}>{ props.sure }</button> }
        </>
    }
}
