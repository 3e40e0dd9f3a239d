//! Two people changed the same thing: both texts, and a choice.

use yew::{Callback, Html, html};

use crate::view;

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the field is called.
    pub label: String,
    /// As it stands now.
    pub theirs: String,
    /// As it was about to be.
    pub mine: String,
}

/// Both texts of every field that differs.
pub fn conflict(differences: &[Difference], mine: Callback<()>, theirs: Callback<()>) -> Html {
    html! {
        <section class="conflict" role="alert">
            <h2>{ "Somebody changed this while you were writing" }</h2>
            if differences.is_empty() { <p>{ "What you changed stands as you want it." }</p> }
            { for differences.iter().map(|difference| html! {
                <>
                    <h3>{ &difference.label }</h3>
                    <div class="sides">
                        <div><h4>{ "Theirs, as it stands" }</h4><p>{ or_nothing(&difference.theirs) }</p></div>
                        <div><h4>{ "Yours, not sent" }</h4><p>{ or_nothing(&difference.mine) }</p></div>
                    </div>
                </>
            }) }
            <div class="buttons">
                { view::secondary("Keep what I wrote", mine) }
                { view::secondary("Take theirs", theirs) }
            </div>
        </section>
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "(nothing)" } else { text }
}
