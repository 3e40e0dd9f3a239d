//! The words of the all-clear: what is back, what to check, what is not yet right.

use notice::wire::words::Kind;
use yew::{Callback, Html, html};

use super::{Work, stand_ins};
use crate::{
    form::Say as Form,
    input::{self, Field},
    ready_made::{self, filled_in},
};

/// The fields. An announcement that ends says nothing.
pub fn all_clear(work: &Work<'_>) -> Html {
    let Work {
        draft,
        form,
        sending,
        ..
    } = work;
    if work.incident.kind == Kind::Announcement {
        return Html::default();
    }
    let (names, start, end) = stand_ins(work);
    let ready = ready_made::CHECKS.iter().map(|(label, text)| {
        let put = filled_in(text, &names, &start, &end);
        let on = draft.on(move |form: &mut Form, ()| form.check.clone_from(&put));
        html! { <button type="button" onclick={Callback::from(move |_| on.emit(()))}>{ *label }</button> }
    });
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "The all-clear" }</legend>
            { input::text(&Field::new("check", "What should people check now?").hint("Those who were hit read this first.").error(error("/restored/check")),
                3, &form.check, draft.on(|form: &mut Form, text| form.check = text)) }
            <div class="chips" aria-label="Ready answers" role="group">{ for ready }</div>
            { input::text(&Field::new("back", "What is back").hint("A line each.").error(error("/restored/back")), 2, &form.back, draft.on(|form: &mut Form, text| form.back = text)) }
            { input::text(&Field::new("still", "What is not yet right").hint("A line each. Empty: all of it is right.").error(error("/restored/still")), 2, &form.still, draft.on(|form: &mut Form, text| form.still = text)) }
        </fieldset>
    }
}
