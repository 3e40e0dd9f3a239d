//! Updates that another operator posted while this one was written.

use notice::project::view::UpdateView;
use yew::{Html, html};

use super::Work;
use crate::{form::UpdateForm as Form, text::labels, time::format, ui};

/// Returns the updates that the operator has not seen, newest first.
pub fn unseen_updates<'a>(work: &Work<'a>) -> Vec<&'a UpdateView> {
    work.incident
        .updates
        .iter()
        .take_while(|update| Some(&update.id) != work.form.seen.as_ref())
        .collect()
}

/// Renders the unseen updates beside the draft.
pub fn render(work: &Work<'_>, unseen: &[&UpdateView]) -> Html {
    let Some(newest) = unseen.first() else {
        return Html::default();
    };
    let newest_id = newest.id.clone();
    let mark_seen = work
        .draft
        .on(move |form: &mut Form, ()| form.seen = Some(newest_id.clone()));
    html! {
        <section class="conflict" role="alert">
            <h2>{ "Somebody posted an update while you were writing" }</h2>
            <div class="sides">
                <div><h3>{ "Published update" }</h3>
                    { for unseen.iter().map(|update| html! {
                        <p><span class="soft">{ format::time(update.at) }{ " · " }{ labels::status(update.status) }</span><br />{ &update.body }</p>
                    }) }
                </div>
                <div><h3>{ "Your draft" }</h3><p>{ &work.form.body }</p></div>
            </div>
            { ui::secondary("Continue with my draft", mark_seen) }
        </section>
    }
}
