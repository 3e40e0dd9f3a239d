//! What is on the screen: one file for each view.

pub mod access;
pub mod arrived;
pub mod audience;
pub mod components;
pub mod conflict;
pub mod correct;
pub mod edit;
pub mod found;
pub mod frame;
pub mod history;
pub mod home;
pub mod incident;
pub mod journal;
pub mod loud;
pub mod maintenance;
pub mod menu;
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
pub mod templates;
pub mod theirs;
pub mod update;
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

/// What went wrong with sending, for everybody to hear.
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
            if again { <p class="soft">{ "Sending it again is safe: nothing is posted twice." }</p> }
        </div>
    }
}

/// The one thing to do next, within reach of a thumb, and perhaps a way back beside it.
pub fn bar(back: Option<(String, &str)>, primary: Html) -> Html {
    html! {
        <div class="actions">
            if let Some((href, label)) = back { <a class="button" {href}>{ label }</a> }
            { primary }
        </div>
    }
}

/// A button that says that it is at work.
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

/// A view that is still being read.
pub fn reading() -> Html {
    html! {
        <main class="column" aria-busy="true"><p role="status" class="soft">{ "Reading …" }</p></main>
    }
}

/// Where something would be, and is not.
pub fn empty(words: &str) -> Html {
    html! { <p class="empty">{ words }</p> }
}

/// What those read who may only read.
pub const READS_ONLY: &str = "You can read everything here, and publish nothing. An owner of the site can invite you as an editor.";

/// A secret is said once. When that answer is lost, a repeat finds that it was made, and not what it is.
pub const LOST: &str = "It was made, but its secret was lost on the way. Make another one.";

/// A token's secret with what to do with it, or that it was lost.
pub fn secret(token: Option<&str>, words: &str) -> Html {
    html! {
        <div class="invitation" role="status">
            if let Some(token) = token {
                <p>{ words }</p>
                <p><input class="secret" readonly=true aria-label="The token" value={token.to_owned()} /></p>
            } else {
                <p>{ LOST }</p>
            }
        </div>
    }
}
