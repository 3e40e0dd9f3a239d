//! Form controls, each with its label, hint and error.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent};
use yew::{AttrValue, Callback, Html, TargetCast, classes, html};

use super::typing::Typing;

/// The texts of a form control.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The HTML id, unique in the page.
    pub id: AttrValue,
    pub label: AttrValue,
    /// An instruction below the label.
    pub hint: Option<AttrValue>,
    pub error: Option<String>,
    /// The meaning of the value, shown below the control.
    pub note: Option<String>,
    /// Whether a checkbox cannot be changed.
    pub is_disabled: bool,
}

impl Field {
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            hint: None,
            error: None,
            note: None,
            is_disabled: false,
        }
    }

    pub fn hint(mut self, hint: impl Into<AttrValue>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub fn disabled(mut self) -> Self {
        self.is_disabled = true;
        self
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let note = self.note.as_ref().map(|_| format!("{}-note", self.id));
        let all: Vec<String> = [error, hint, note].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn wrap(&self, input: Html) -> Html {
        html! {
            <div class={classes!("field", self.error.as_ref().map(|_| "wrong"))}>
                <label for={self.id.clone()}>{ &self.label }</label>
                { self.render_hint() }
                { input }
                { self.render_error_and_note() }
            </div>
        }
    }

    fn render_hint(&self) -> Html {
        self.hint.as_ref().map_or_else(
            Html::default,
            |hint| html! { <p class="hint" id={format!("{}-hint", self.id)}>{ hint }</p> },
        )
    }

    fn render_error_and_note(&self) -> Html {
        html! {
            <>
                if let Some(error) = &self.error { <p class="error" id={format!("{}-error", self.id)}>{ error }</p> }
                if let Some(note) = &self.note { <p class="hint" id={format!("{}-note", self.id)}>{ note }</p> }
            </>
        }
    }

    fn aria_invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }
}

fn on_input(on: Callback<String>) -> Callback<InputEvent> {
    Callback::from(move |event: InputEvent| {
        let Some(target) = event.target() else { return };
        let value = match target.dyn_into::<HtmlInputElement>() {
            Ok(input) => input.value(),
            Err(target) => target.unchecked_into::<HtmlTextAreaElement>().value(),
        };
        on.emit(value);
    })
}

/// A one-line input.
pub fn line(field: &Field, typing: Typing, value: &str, on: Callback<String>) -> Html {
    let attributes = typing.attributes();
    // Amounts may have decimals, since they are stored to the second.
    let step = (typing == Typing::Number).then_some("any");
    field.wrap(html! {
        <input id={field.id.clone()} type={attributes.kind} {step} value={value.to_owned()} oninput={on_input(on)} autocomplete="off"
            inputmode={attributes.inputmode} autocapitalize={attributes.autocapitalize} spellcheck={attributes.spellcheck}
            enterkeyhint={attributes.enterkeyhint}
            aria-describedby={field.described_by()} aria-invalid={field.aria_invalid()} />
    })
}

/// A multi-line input for prose.
pub fn text(field: &Field, rows: u8, value: &str, on: Callback<String>) -> Html {
    lines(field, Typing::Prose, rows, value, on)
}

/// A multi-line input for the kind of text that `typing` names. `rows` is the initial height in lines.
pub fn lines(field: &Field, typing: Typing, rows: u8, value: &str, on: Callback<String>) -> Html {
    let attributes = typing.attributes();
    field.wrap(html! {
        <textarea id={field.id.clone()} rows={rows.to_string()} value={value.to_owned()} oninput={on_input(on)}
            inputmode={attributes.inputmode} autocapitalize={attributes.autocapitalize} spellcheck={attributes.spellcheck}
            enterkeyhint={attributes.enterkeyhint}
            aria-describedby={field.described_by()} aria-invalid={field.aria_invalid()} />
    })
}

/// A checkbox, with its label beside it.
pub fn check(field: &Field, value: bool, on: Callback<bool>) -> Html {
    let changed = Callback::from(move |event: Event| {
        on.emit(event.target_unchecked_into::<HtmlInputElement>().checked());
    });
    html! {
        <div class="field check">
            <label for={field.id.clone()}>
                <input id={field.id.clone()} type="checkbox" checked={value} disabled={field.is_disabled} onchange={changed}
                    aria-describedby={field.described_by()} />
                <span>{ &field.label }</span>
            </label>
            { field.render_hint() }
            { field.render_error_and_note() }
        </div>
    }
}

/// A menu. Options are pairs of value and label.
pub fn menu(
    field: &Field,
    value: &str,
    options: &[(String, String)],
    on: Callback<String>,
) -> Html {
    let changed = Callback::from(move |event: Event| {
        on.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
    });
    field.wrap(html! {
        <select id={field.id.clone()} onchange={changed} aria-describedby={field.described_by()}>
            { for options.iter().map(|(option, label)| html! {
                <option value={option.clone()} selected={option == value}>{ label }</option>
            }) }
        </select>
    })
}

/// One button of [`choice`].
#[derive(Clone, Debug)]
pub struct Choice<T> {
    pub value: T,
    pub label: String,
    /// A second, smaller line; not rendered if empty.
    pub hint: String,
    /// The CSS class that colours the button.
    pub tone: &'static str,
}

impl<T> Choice<T> {
    /// A choice without hint and colour.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self {
            value,
            label: label.into(),
            hint: String::new(),
            tone: "plain",
        }
    }
}

/// A choice among a few values, as buttons side by side.
pub fn choice<T: Clone + PartialEq + 'static>(
    field: &Field,
    value: Option<&T>,
    choices: Vec<Choice<T>>,
    on: &Callback<T>,
) -> Html {
    let label = format!("{}-label", field.id);
    let buttons = choices.into_iter().map(|choice| {
        let chosen = value == Some(&choice.value);
        let (on, given) = (on.clone(), choice.value.clone());
        let clicked = Callback::from(move |_| on.emit(given.clone()));
        html! {
            <button type="button" class={classes!("choice", choice.tone)} aria-pressed={chosen.to_string()} onclick={clicked}>
                <span>{ choice.label }</span>
                if !choice.hint.is_empty() { <small>{ choice.hint }</small> }
            </button>
        }
    });
    html! {
        <div class={classes!("field", field.error.as_ref().map(|_| "wrong"))} role="group" aria-labelledby={label.clone()}>
            <p class="label" id={label}>{ &field.label }</p>
            { field.render_hint() }
            <div class="choices" id={field.id.clone()}>{ for buttons }</div>
            { field.render_error_and_note() }
        </div>
    }
}
