//! What is on the screen: one module per view.

pub mod access;
pub mod account;
pub mod arrived;
pub mod audience;
pub mod blockers;
pub mod components;
pub mod conflict;
pub mod copy;
pub mod correct;
pub mod edit;
pub mod fold;
pub mod found;
pub mod frame;
pub mod home;
pub mod incident;
pub mod journal;
pub mod left;
pub mod loud;
pub mod maintenance;
pub mod older;
pub mod own;
pub mod parts;
pub mod postmortem;
pub mod promise;
pub mod publish;
pub mod rows;
pub mod settings;
pub mod share;
pub mod sign_in;
pub mod sites;
pub mod sure;
pub mod tabs;
pub mod templates;
pub mod theirs;
pub mod unsaved;
pub mod update;
pub mod when;
pub mod wide;
pub mod withdraw;
pub mod written;

use yew::{Callback, Html, html};

use crate::{api::Failure, desk::Desk, submit::Sending};

/// What most views are given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct DeskProps {
    /// What they work with.
    pub desk: Desk,
}

/// What went wrong with sending, as an alert.
pub fn failure(sending: &Sending, pointers: &[&str]) -> Html {
    let Sending::Failed(failure) = sending else {
        return Html::default();
    };
    let elsewhere = sending.elsewhere(pointers);
    let again = matches!(failure, Failure::Unreachable | Failure::Unknown);
    html! {
        <div class="alert" role="alert">
            <p>{ failure.words() }</p>
            { for elsewhere.iter().map(|words| html! { <p>{ words }</p> }) }
            if again { <p class="soft">{ "You can send it again: nothing is posted twice." }</p> }
        </div>
    }
}

/// The next action, within reach of a thumb, and perhaps a way back beside it.
pub fn bar(back: Option<(String, &str)>, primary: Html) -> Html {
    html! {
        <div class="actions">
            if let Some((href, label)) = back { <a class="button" {href}>{ label }</a> }
            { primary }
        </div>
    }
}

/// The button of the next action; while `busy` it is disabled.
pub fn primary(label: &str, busy: bool, on: Callback<()>) -> Html {
    let tapped = Callback::from(move |_| on.emit(()));
    html! {
        <button type="button" class="primary" aria-busy={busy.to_string()} disabled={busy} onclick={tapped}>
            { if busy { "Sending …" } else { label } }
        </button>
    }
}

/// A lesser button.
pub fn secondary(label: &str, on: Callback<()>) -> Html {
    let tapped = Callback::from(move |_| on.emit(()));
    html! { <button type="button" onclick={tapped}>{ label }</button> }
}

/// A lesser button with a longer name for screen readers, which begins with its label.
pub fn labelled(label: &str, name: &str, on: Callback<()>) -> Html {
    let tapped = Callback::from(move |_| on.emit(()));
    html! { <button type="button" aria-label={name.to_owned()} onclick={tapped}>{ label }</button> }
}

/// A view's heading. It takes the focus when the view comes, so that a reader's machine begins there.
pub fn heading(title: &str, beneath: Option<&str>) -> Html {
    html! {
        <div class="heading">
            <h1 tabindex="-1">{ title }</h1>
            <arrived::Arrived />
            if let Some(beneath) = beneath { <p class="soft">{ beneath }</p> }
        </div>
    }
}

/// A view that is still loading.
pub fn reading() -> Html {
    html! {
        <main class="column" aria-busy="true"><p role="status" class="soft">{ "Loading …" }</p></main>
    }
}

/// The empty state of a list.
pub fn empty(words: &str) -> Html {
    html! { <p class="empty">{ words }</p> }
}

/// Said to those whose role is read-only.
pub const READS_ONLY: &str =
    "Your role is read-only. An owner of the site can invite you as an editor.";

/// A secret is shown once. Where that answer was lost, a repeat finds that it was created, but not the secret.
pub const LOST: &str = "It was created, but its secret was lost in transit. Create another one.";

/// A token's secret with a note, or that it was lost.
pub fn secret(token: Option<&str>, words: &str) -> Html {
    html! {
        <div class="invitation" role="status">
            if let Some(token) = token {
                <p>{ words }</p>
                <copy::Copy label="Token" text={token.to_owned()} />
            } else {
                <p>{ LOST }</p>
            }
        </div>
    }
}
