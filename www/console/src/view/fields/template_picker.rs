//! The choice of a template to start from.

use web_sys::{Element, Event};
use yew::{Callback, Html, TargetCast, component, html, use_state_eq};

use crate::{templates::OfferedTemplate, ui};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub offered: Vec<OfferedTemplate>,
    /// Whether the form has no texts yet. The list is open in that case, and stays open while the operator types, so that
    /// nothing moves.
    pub is_blank: bool,
    /// Called with the chosen template.
    pub on: Callback<OfferedTemplate>,
    /// Restores the texts that a template has replaced; `None`: there were none.
    pub restore: Option<Callback<()>>,
}

/// Shows the templates as buttons.
#[component]
pub fn TemplatePicker(props: &Props) -> Html {
    let is_open = use_state_eq(|| props.is_blank);
    let toggled = {
        let is_open = is_open.clone();
        Callback::from(move |event: Event| {
            let details: Option<Element> = event.target_dyn_into();
            is_open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    let button = |template: &OfferedTemplate| {
        let (on, template, is_open) = (props.on.clone(), template.clone(), is_open.clone());
        let name = template.name.clone();
        let clicked = Callback::from(move |_| {
            is_open.set(false);
            on.emit(template.clone());
        });
        html! { <button type="button" onclick={clicked}>{ name }</button> }
    };
    html! {
        <>
            <details class="ready" open={*is_open} ontoggle={toggled}>
                <summary>{ "Start from a template" }</summary>
                <div class="chips">{ for props.offered.iter().map(button) }</div>
            </details>
            { for props.restore.clone().map(|restore| html! {
                <div class="note" role="status">
                    <p>{ "The template replaced your text." }</p>
                    <div class="buttons">{ ui::secondary("Restore my text", restore) }</div>
                </div>
            }) }
        </>
    }
}
