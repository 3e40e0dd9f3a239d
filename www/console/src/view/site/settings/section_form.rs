//! Renders settings: each with its error and a mark while it is not saved.

use yew::{Callback, Html, html};

use super::{Form, Section, fields::Fields};
use crate::{
    form::{draft::Draft, sending::Sending},
    server::failure::{self, FieldError},
    ui::{
        self,
        input::{self, Field},
        touched::Touched,
        typing::Typing,
    },
    view::{
        fields::rows,
        site::settings::setting::{self, SaveState, Setting},
    },
};

/// The form of a section. `sections` adds the fields of each section.
#[derive(Debug)]
pub struct SectionForm<'a> {
    /// The draft, rebased on the saved settings.
    pub form: &'a Form,
    pub saved: &'a Fields,
    /// The state of saving.
    pub sending: &'a Sending,
    pub draft: &'a Draft<Form>,
    pub touched: &'a Touched,
    /// The errors of the changed settings.
    pub errors: &'a [FieldError],
    pub section: Section,
}

/// A setting that is typed into a one-line input.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The id, as in [`setting::ALL`].
    pub id: &'static str,
    /// An instruction; not rendered if empty.
    pub hint: &'a str,
    /// JSON pointer to the value in the API.
    pub pointer: &'static str,
    pub typing: Typing,
    pub change: fn(&mut Fields, String),
}

impl SectionForm<'_> {
    fn setting(&self, id: &str) -> Option<&'static Setting> {
        setting::in_section(self.section).find(|setting| setting.id == id)
    }

    /// Returns the error of a field: the server's, or, once the field was touched, the console's.
    pub fn error(&self, id: &str, pointer: &str) -> Option<String> {
        let is_touched = self.touched.has(id);
        let own_error = || {
            let error = self.errors.iter().find(|error| {
                let rest = error.pointer.strip_prefix(pointer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })?;
            let setting = self.setting(id)?;
            let is_changed = setting.state(self.form, self.saved) != SaveState::Saved;
            is_changed.then(|| failure::sentence(&error.detail))
        };
        let server_error = self.sending.error(pointer);
        server_error.or_else(|| is_touched.then(own_error).flatten())
    }

    /// Returns the state of saving with the errors of a list's rows: the server's, those of touched fields, and those of the whole
    /// list.
    pub fn row_errors(&self) -> Sending {
        let is_shown = |error: &&FieldError| match rows::field_id(&error.pointer) {
            Some(id) => self.touched.has(&id),
            None => true,
        };
        let shown = self.errors.iter().filter(is_shown).cloned();
        self.sending.with_errors(shown.collect())
    }

    /// Renders a setting in a one-line input, with its mark.
    pub fn line(&self, line: Line<'_>) -> Html {
        let Some(setting) = self.setting(line.id) else {
            return Html::default();
        };
        let field = Field::new(line.id, setting.label).error(self.error(line.id, line.pointer));
        let field = if line.hint.is_empty() {
            field
        } else {
            field.hint(line.hint.to_owned())
        };
        let setting::Typed::Text(value) = (setting.read)(&self.form.fields) else {
            return Html::default();
        };
        html! {
            <div class="setting">
                { input::line(&field, line.typing, value, self.on(line.change)) }
                { self.mark(line.id) }
            </div>
        }
    }

    /// Returns the callback that changes the draft.
    pub fn on<A: 'static>(&self, change: fn(&mut Fields, A)) -> Callback<A> {
        self.draft
            .on(move |form: &mut Form, given| change(&mut form.fields, given))
    }

    /// Renders the mark of an unsaved setting: the saved value, and a button that restores it. Empty if the setting is saved.
    pub fn mark(&self, id: &str) -> Html {
        let Some(setting) = self.setting(id) else {
            return Html::default();
        };
        match setting.state(self.form, self.saved) {
            SaveState::Saved => Html::default(),
            SaveState::Conflict => html! {
                <div class="unsaved"><p>{ "Not saved: somebody else changed it too. Choose a version above." }</p></div>
            },
            SaveState::Unsaved => {
                let (copy, saved) = (setting.copy, self.saved.clone());
                let discard = self
                    .draft
                    .on(move |form: &mut Form, ()| copy(&mut form.fields, &saved));
                let text = setting.text(self.saved);
                let text = if text.is_empty() { "(empty)" } else { &text };
                html! {
                    <div class="unsaved">
                        <p>{ "Not saved. Saved value: " }<b>{ text }</b></p>
                        { ui::labelled("Discard", &format!("Discard the change of {}", setting.label), discard) }
                    </div>
                }
            }
        }
    }
}
