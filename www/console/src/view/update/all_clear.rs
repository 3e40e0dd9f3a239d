//! The all-clear: what works again, what users should check, what still doesn't work.

use notice::wire::{language::Language, words::Kind};
use yew::{Callback, Html, html};

use super::{Work, stand_ins};
use crate::{
    form::Say as Form,
    input::{self, Field},
    ready_made,
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
    let stand_ins = stand_ins(work);
    let ready = ready_made::CHECKS.iter().map(|(label, text)| {
        let put = stand_ins.put(text, &Language::english());
        let chosen = form.check.contains(&put);
        let on = draft.on(move |form: &mut Form, ()| toggle(&mut form.check, &put));
        html! { <button type="button" aria-pressed={chosen.to_string()} onclick={Callback::from(move |_| on.emit(()))}>{ *label }</button> }
    });
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "Resolved notice" }</legend>
            { input::text(&Field::new("check", "What should users check?").hint("Shown first to users who were affected. If nothing was lost, say so.").error(error("/restored/check")),
                3, &form.check, draft.on(|form: &mut Form, text| form.check = text)) }
            <div class="chips" aria-label="Suggested answers" role="group">{ for ready }</div>
            { input::text(&Field::new("back", "What works again").hint("One per line.").error(error("/restored/back")), 2, &form.back, draft.on(|form: &mut Form, text| form.back = text)) }
            { input::text(&Field::new("still", "What still doesn't work").hint("One per line. Empty: everything works.").error(error("/restored/still")), 2, &form.still, draft.on(|form: &mut Form, text| form.still = text)) }
        </fieldset>
    }
}

/// Adds a suggested answer, or removes it.
fn toggle(text: &mut String, answer: &str) {
    let changed = if text.contains(answer) {
        text.replace(answer, "").replace("  ", " ")
    } else {
        format!("{} {answer}", text.trim_end())
    };
    changed.trim().clone_into(text);
}

#[cfg(test)]
mod tests {
    use super::toggle;

    #[test]
    fn an_answer_is_put_in_and_taken_out() {
        let mut text = "Ring us.".to_owned();
        toggle(&mut text, "Reload the page.");
        assert_eq!(text, "Ring us. Reload the page.");
        toggle(&mut text, "Sign in again.");
        toggle(&mut text, "Reload the page.");
        assert_eq!(text, "Ring us. Sign in again.");
    }
}
