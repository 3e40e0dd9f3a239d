//! The fields of the all-clear: what works again, what users should check, what still doesn't work.

use notice::wire::{enums::Kind, language::Language};
use yew::{Callback, Html, html};

use super::{Work, placeholders};
use crate::{
    form::UpdateForm as Form,
    templates,
    ui::input::{self, Field},
};

/// Renders the fields. An announcement has no all-clear.
pub fn render(work: &Work<'_>) -> Html {
    let Work {
        draft,
        form,
        sending,
        ..
    } = work;
    if work.incident.kind == Kind::Announcement {
        return Html::default();
    }
    let placeholders = placeholders(work);
    let suggestions = templates::CHECKS.iter().map(|(label, text)| {
        let answer = placeholders.fill(text, &Language::english());
        let is_chosen = form.check.contains(&answer);
        let on = draft.on(move |form: &mut Form, ()| toggle(&mut form.check, &answer));
        html! { <button type="button" aria-pressed={is_chosen.to_string()} onclick={Callback::from(move |_| on.emit(()))}>{ *label }</button> }
    });
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <fieldset>
            <legend>{ "Resolved notice" }</legend>
            { input::text(&Field::new("check", "What should users check?").hint("Shown first to users who were affected. If nothing was lost, say so.").error(error("/restored/check")),
                3, &form.check, draft.on(|form: &mut Form, text| form.check = text)) }
            <div class="chips" aria-label="Suggested answers" role="group">{ for suggestions }</div>
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
    fn toggling_adds_and_removes_an_answer() {
        let mut text = "Ring us.".to_owned();
        toggle(&mut text, "Reload the page.");
        assert_eq!(text, "Ring us. Reload the page.");
        toggle(&mut text, "Sign in again.");
        toggle(&mut text, "Reload the page.");
        assert_eq!(text, "Ring us. Sign in again.");
    }
}
