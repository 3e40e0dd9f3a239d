//! Updates that somebody else posted while this one was being written.

use notice::project::view::UpdateView;
use yew::{Html, html};

use super::Work;
use crate::{clock, form::Say as Form, view, words};

/// Updates that the writer has not seen.
pub fn said<'a>(work: &Work<'a>) -> Vec<&'a UpdateView> {
    work.incident
        .updates
        .iter()
        .take_while(|update| Some(&update.id) != work.form.seen.as_ref())
        .collect()
}

/// Theirs and yours, side by side.
pub fn both(work: &Work<'_>, others: &[&UpdateView]) -> Html {
    let Some(newest) = others.first() else {
        return Html::default();
    };
    let seen = newest.id.clone();
    let read = work
        .draft
        .on(move |form: &mut Form, ()| form.seen = Some(seen.clone()));
    html! {
        <section class="conflict" role="alert">
            <h2>{ "Somebody posted an update while you were writing" }</h2>
            <div class="sides">
                <div><h3>{ "Published update" }</h3>
                    { for others.iter().map(|update| html! {
                        <p><span class="soft">{ clock::time(update.at) }{ " · " }{ words::status(update.status) }</span><br />{ &update.body }</p>
                    }) }
                </div>
                <div><h3>{ "Your draft" }</h3><p>{ &work.form.body }</p></div>
            </div>
            { view::secondary("Continue with my draft", read) }
        </section>
    }
}
