//! A button that asks for confirmation.

use yew::{Callback, Html, component, html, use_state};

use crate::ui;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub label: &'static str,
    /// The label of the button that cancels.
    #[prop_or("No, keep it")]
    pub cancel: &'static str,
    /// The label of the button that confirms.
    pub confirm: &'static str,
    /// A question beside the buttons; not rendered if empty.
    #[prop_or_default]
    pub question: String,
    /// Called when the action is confirmed.
    pub on: Callback<()>,
}

/// A button that turns into the cancelling one when it is clicked, with the confirming button beside it. Two quick clicks in one place
/// therefore change nothing.
#[component]
pub fn ConfirmButton(props: &Props) -> Html {
    let is_asking = use_state(|| false);
    let toggle = {
        let is_asking = is_asking.clone();
        Callback::from(move |()| is_asking.set(!*is_asking))
    };
    let confirmed = {
        let (is_asking, on) = (is_asking.clone(), props.on.clone());
        Callback::from(move |_| {
            is_asking.set(false);
            on.emit(());
        })
    };
    html! {
        <>
            if *is_asking && !props.question.is_empty() { <p class="question" role="status">{ &props.question }</p> }
            { ui::secondary(if *is_asking { props.cancel } else { props.label }, toggle) }
            if *is_asking { <button type="button" class="danger" onclick={confirmed}>{ props.confirm }</button> }
        </>
    }
}
