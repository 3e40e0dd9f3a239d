//! A setting on the screen: its field, what is wrong with it, and that it is not saved.

use yew::{Callback, Html, html};

use super::{
    Form, Section,
    fields::Fields,
    leaf::{self, Leaf, Standing},
};
use crate::{
    api::{self, FieldError},
    draft::Draft,
    input::{self, Field},
    submit::Sending,
    view::{self, left::Left, rows},
};

/// What the fields of a section are drawn from.
#[derive(Debug)]
pub struct Face<'a> {
    /// The draft beside the saved settings.
    pub form: &'a Form,
    /// The saved settings.
    pub saved: &'a Fields,
    /// How saving went.
    pub sending: &'a Sending,
    /// Where changes go.
    pub draft: &'a Draft<Form>,
    /// The fields that the operator has left.
    pub left: &'a Left,
    /// Everything that is wrong with what the section changes.
    pub wrong: &'a [FieldError],
    /// The section.
    pub section: Section,
}

/// A setting that is typed into one line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its id, as in [`leaf::ALL`].
    pub id: &'static str,
    /// How to fill it in; may be empty.
    pub hint: &'a str,
    /// Where it is in the API.
    pub pointer: &'static str,
    /// The type of HTML's input.
    pub kind: &'static str,
    /// Changes it.
    pub change: fn(&mut Fields, String),
}

impl Face<'_> {
    fn leaf(&self, id: &str) -> Option<&'static Leaf> {
        leaf::of(self.section).find(|leaf| leaf.id == id)
    }

    /// What is wrong with a field: what the server refused, or what is wrong since the operator has left it.
    pub fn error(&self, id: &str, pointer: &str) -> Option<String> {
        let was_left = self.left.has(id);
        let live = || {
            let error = self.wrong.iter().find(|error| {
                let rest = error.pointer.strip_prefix(pointer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })?;
            let leaf = self.leaf(id)?;
            let is_changed = leaf.standing(self.form, self.saved) != Standing::Saved;
            is_changed.then(|| api::sentence(&error.detail))
        };
        let refused = self.sending.error(pointer);
        refused.or_else(|| was_left.then(live).flatten())
    }

    /// What is wrong with the lines of a list: what the server refused, what is wrong with a field that the operator has
    /// left, and what is wrong with the list as a whole.
    pub fn lines(&self) -> Sending {
        let is_shown = |error: &&FieldError| match rows::field_of(&error.pointer) {
            Some(id) => self.left.has(&id),
            None => true,
        };
        let shown = self.wrong.iter().filter(is_shown).cloned();
        self.sending.with(shown.collect())
    }

    /// A setting in one line, with its mark.
    pub fn line(&self, line: Line<'_>) -> Html {
        let Some(leaf) = self.leaf(line.id) else {
            return Html::default();
        };
        let field = Field::new(line.id, leaf.label).error(self.error(line.id, line.pointer));
        let field = if line.hint.is_empty() {
            field
        } else {
            field.hint(line.hint.to_owned())
        };
        let leaf::Typed::Text(value) = (leaf.read)(&self.form.fields) else {
            return Html::default();
        };
        html! {
            <div class="setting">
                { input::line(&field, line.kind, value, self.on(line.change)) }
                { self.mark(line.id) }
            </div>
        }
    }

    /// A change of the draft.
    pub fn on<A: 'static>(&self, change: fn(&mut Fields, A)) -> Callback<A> {
        self.draft
            .on(move |form: &mut Form, given| change(&mut form.fields, given))
    }

    /// That a setting is not saved, its saved value, and a way back to it; nothing where it is saved.
    pub fn mark(&self, id: &str) -> Html {
        let Some(leaf) = self.leaf(id) else {
            return Html::default();
        };
        match leaf.standing(self.form, self.saved) {
            Standing::Saved => Html::default(),
            Standing::Conflict => html! {
                <div class="unsaved"><p>{ "Not saved: somebody else changed it too. Choose a version above." }</p></div>
            },
            Standing::Unsaved => {
                let (copy, saved) = (leaf.copy, self.saved.clone());
                let discard = self
                    .draft
                    .on(move |form: &mut Form, ()| copy(&mut form.fields, &saved));
                let shown = leaf.shown(self.saved);
                let shown = if shown.is_empty() { "(empty)" } else { &shown };
                html! {
                    <div class="unsaved">
                        <p>{ "Not saved. Saved value: " }<b>{ shown }</b></p>
                        { view::labelled("Discard", &format!("Discard the change of {}", leaf.label), discard) }
                    </div>
                }
            }
        }
    }
}
