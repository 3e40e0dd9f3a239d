//! Resolving a conflict: both versions of each field that differs, and a choice for each.

use serde::Serialize;
use yew::{Callback, Html, UseStateHandle, component, html, use_state};

use super::merge::Difference;
use crate::{
    form::{draft::Draft, sending::Sending, submit::UNRESOLVED_ID},
    server::failure::Failure,
    ui::{self, in_view::InView},
};

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub differences: Vec<Difference>,
    /// Called once every field has a choice, with the names of the fields that take the published value.
    pub resolved: Callback<Vec<&'static str>>,
}

/// Shows both versions of each field that differs, with a choice for each.
#[component]
pub fn Conflict(props: &Props) -> Html {
    let Props {
        differences,
        resolved,
    } = props;
    // Per field: whether it takes the published value. `None`: not chosen yet.
    let chosen = use_state(|| vec![None::<bool>; differences.len()]);
    let names: Vec<&'static str> = differences.iter().map(|one| one.name).collect();
    let choose = |index: usize, takes_remote: bool| {
        let (chosen, resolved, names) = (chosen.clone(), resolved.clone(), names.clone());
        Callback::from(move |()| {
            let mut next = (*chosen).clone();
            if let Some(slot) = next.get_mut(index) {
                *slot = Some(takes_remote);
            }
            if next.iter().all(Option::is_some) {
                let from_remote = names
                    .iter()
                    .zip(&next)
                    .filter(|(_, takes_remote)| **takes_remote == Some(true));
                resolved.emit(from_remote.map(|(name, _)| *name).collect());
            } else {
                chosen.set(next);
            }
        })
    };
    let one = |(index, difference): (usize, &Difference)| {
        let choice = chosen.get(index).copied().flatten();
        html! {
            <div class="entry">
                { sides(difference, "Published version", "Your draft") }
                <div class="buttons" role="group" aria-label={difference.label.clone()}>
                    { choice_button("Keep your draft", choice == Some(false), choose(index, false)) }
                    { choice_button("Use the published version", choice == Some(true), choose(index, true)) }
                </div>
            </div>
        }
    };
    let choose_all = |from_remote: Vec<&'static str>| {
        let resolved = resolved.clone();
        Callback::from(move |()| resolved.emit(from_remote.clone()))
    };
    html! {
        <InView key="conflict" class="conflict">
            <h2 tabindex="-1">{ "Somebody else changed this while you were editing" }</h2>
            if differences.is_empty() {
                <p>{ "They changed other fields than you did." }</p>
                <div class="buttons">{ ui::secondary("Merge their changes", choose_all(Vec::new())) }</div>
            } else {
                <p class="soft">{ "Choose a version of each field, then save again. Other fields are merged." }</p>
            }
            { for differences.iter().enumerate().map(one) }
            if differences.len() > 2 {
                <div class="buttons">
                    { ui::secondary("Keep your draft of all", choose_all(Vec::new())) }
                    { ui::secondary("Use all published versions", choose_all(names)) }
                </div>
            }
        </InView>
    }
}

/// A conflict as rendered in a view.
#[derive(Debug)]
pub struct Resolution {
    /// Both versions, with the buttons that choose between them.
    pub content: Html,
    /// The instruction that must be followed before the form can be sent; empty if there is none.
    pub hint: &'static str,
}

impl From<Html> for Resolution {
    /// Content that does not block sending.
    fn from(content: Html) -> Self {
        Self { content, hint: "" }
    }
}

/// Renders a conflict with its hint.
pub fn resolution(
    differences: Vec<Difference>,
    resolved: Callback<Vec<&'static str>>,
) -> Resolution {
    Resolution {
        hint: match differences.is_empty() {
            true => "Merge their changes first.",
            false => CHOOSE_VERSIONS,
        },
        content: html! { <Conflict {differences} {resolved} /> },
    }
}

/// The hint where fields differ.
pub const CHOOSE_VERSIONS: &str = "Choose a version of each field above first.";

/// Renders the message that a form was sent again while its conflict was unresolved. `attempts` gives each alert a
/// new key, so that it is announced again.
pub fn unresolved_message(attempts: u32, hint: &str) -> Html {
    html! {
        <div key={attempts} class="alert" role="alert" id={UNRESOLVED_ID} tabindex="-1">
            <p>{ format!("Nothing was saved. {hint}") }</p>
        </div>
    }
}

fn choice_button(label: &'static str, is_chosen: bool, on: Callback<()>) -> Html {
    let clicked = on.reform(|_| ());
    html! { <button type="button" class="choice plain" aria-pressed={is_chosen.to_string()} onclick={clicked}>{ label }</button> }
}

/// Renders both versions of a field side by side, each with its heading.
pub fn sides(difference: &Difference, remote: &str, local: &str) -> Html {
    html! {
        <>
            <h3>{ &difference.label }</h3>
            <div class="sides">
                <div><h4>{ remote }</h4><p>{ or_empty(&difference.remote) }</p></div>
                <div><h4>{ local }</h4><p>{ or_empty(&difference.local) }</p></div>
            </div>
        </>
    }
}

/// Returns the callback of a resolved conflict. `change` merges the form, and gets the names of the fields that take the
/// published value. The merged form is sent as a new request.
pub fn on_resolved<T>(
    draft: &Draft<T>,
    sending: &UseStateHandle<Sending>,
    change: impl Fn(&mut T, &[&'static str]) + 'static,
) -> Callback<Vec<&'static str>>
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (draft, sending) = (draft.clone(), sending.clone());
    Callback::from(move |from_remote: Vec<&'static str>| {
        draft.edit(|form| change(form, &from_remote));
        draft.renew_key();
        sending.set(Sending::Idle);
    })
}

/// Returns the initial state of a form with a stored draft: a conflict is shown at once, not only when the form is sent.
pub fn initial_sending(differences: &[Difference]) -> Sending {
    if differences.is_empty() {
        Sending::Idle
    } else {
        Sending::Failed(Failure::Conflict)
    }
}

fn or_empty(text: &str) -> &str {
    if text.is_empty() { "(empty)" } else { text }
}
