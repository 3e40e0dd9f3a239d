//! Messages: failures, loading and empty states, secrets.

use yew::{Html, html};

use super::copy::Copy;
use crate::{form::sending::Sending, server::failure::Failure};

/// Renders the failure of sending as an alert, with the field errors except those at `pointers`, whose fields show them.
pub fn failure(sending: &Sending, pointers: &[&str]) -> Html {
    let Sending::Failed(failure) = sending else {
        return Html::default();
    };
    let errors = sending.errors_outside(pointers);
    let may_repeat = matches!(failure, Failure::Unreachable | Failure::Unknown);
    html! {
        <div class="alert" role="alert">
            <p>{ failure.message() }</p>
            { for errors.iter().map(|error| html! { <p>{ error }</p> }) }
            if may_repeat { <p class="soft">{ "You can send it again: nothing is posted twice." }</p> }
        </div>
    }
}

/// Renders the loading state of a part of a view.
pub fn loading() -> Html {
    html! { <p role="status" class="soft" aria-busy="true">{ "Loading …" }</p> }
}

/// Renders the loading state of a whole view.
pub fn loading_view() -> Html {
    html! {
        <main class="column" aria-busy="true"><p role="status" class="soft">{ "Loading …" }</p></main>
    }
}

/// Renders the empty state of a list.
pub fn empty(message: &str) -> Html {
    html! { <p class="empty">{ message }</p> }
}

/// The message for operators with a read-only role.
pub const WRITE_ACCESS: &str =
    "Your role is read-only. An owner of the site can invite you as an editor.";

/// Shown where the answer with a new secret was lost: a repeat of the request is answered without the secret.
pub const SECRET_LOST: &str =
    "It was created, but its secret was lost in transit. Create another one.";

/// Renders a new token's secret with a note, or, without a secret, the message that it was lost.
pub fn secret(token: Option<&str>, note: &str) -> Html {
    html! {
        <div class="invitation" role="status">
            if let Some(token) = token {
                <p>{ note }</p>
                <Copy label="Token" text={token.to_owned()} />
            } else {
                <p>{ SECRET_LOST }</p>
            }
        </div>
    }
}
