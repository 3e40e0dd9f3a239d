//! What is typed into and tapped, each with its label, its hint and what is wrong with it.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent};
use yew::{AttrValue, Callback, Html, TargetCast, classes, html};

/// A field's words.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Names it in the page; unique there.
    pub id: AttrValue,
    /// What it is.
    pub label: AttrValue,
    /// How to fill it in.
    pub hint: Option<AttrValue>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The meaning of its value, shown beneath it.
    pub note: Option<String>,
}

impl Field {
    /// A field with nothing wrong.
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            hint: None,
            error: None,
            note: None,
        }
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<AttrValue>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong, if anything is.
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// With the meaning of its value.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let note = self.note.as_ref().map(|_| format!("{}-note", self.id));
        let all: Vec<String> = [error, hint, note].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn around(&self, input: Html) -> Html {
        html! {
            <div class={classes!("field", self.error.as_ref().map(|_| "wrong"))}>
                <label for={self.id.clone()}>{ &self.label }</label>
                { self.beneath_label() }
                { input }
                { self.beneath() }
            </div>
        }
    }

    fn beneath_label(&self) -> Html {
        self.hint.as_ref().map_or_else(
            Html::default,
            |hint| html! { <p class="hint" id={format!("{}-hint", self.id)}>{ hint }</p> },
        )
    }

    fn beneath(&self) -> Html {
        html! {
            <>
                if let Some(error) = &self.error { <p class="error" id={format!("{}-error", self.id)}>{ error }</p> }
                if let Some(note) = &self.note { <p class="hint" id={format!("{}-note", self.id)}>{ note }</p> }
            </>
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }
}

fn typed(on: Callback<String>) -> Callback<InputEvent> {
    Callback::from(move |event: InputEvent| {
        let Some(target) = event.target() else { return };
        let value = match target.dyn_into::<HtmlInputElement>() {
            Ok(input) => input.value(),
            Err(target) => target.unchecked_into::<HtmlTextAreaElement>().value(),
        };
        on.emit(value);
    })
}

/// One line. `kind` is HTML's: `text`, `datetime-local`, `time`, `number`, …
pub fn line(field: &Field, kind: &'static str, value: &str, on: Callback<String>) -> Html {
    // Amounts may have decimals: what is stored to the second is shown to the second.
    let step = (kind == "number").then_some("any");
    field.around(html! {
        <input id={field.id.clone()} type={kind} {step} value={value.to_owned()} oninput={typed(on)} autocomplete="off"
            aria-describedby={field.described_by()} aria-invalid={field.invalid()} />
    })
}

/// Several lines; it grows with what is in it.
pub fn text(field: &Field, rows: u8, value: &str, on: Callback<String>) -> Html {
    field.around(html! {
        <textarea id={field.id.clone()} rows={rows.to_string()} value={value.to_owned()} oninput={typed(on)}
            aria-describedby={field.described_by()} aria-invalid={field.invalid()} />
    })
}

/// A yes or no.
pub fn check(field: &Field, value: bool, on: Callback<bool>) -> Html {
    let changed = Callback::from(move |event: Event| {
        on.emit(event.target_unchecked_into::<HtmlInputElement>().checked());
    });
    html! {
        <div class="field check">
            <label for={field.id.clone()}>
                <input id={field.id.clone()} type="checkbox" checked={value} onchange={changed}
                    aria-describedby={field.described_by()} />
                <span>{ &field.label }</span>
            </label>
            { field.beneath_label() }
            { field.beneath() }
        </div>
    }
}

/// One of a list, as a menu.
pub fn menu(
    field: &Field,
    value: &str,
    options: &[(String, String)],
    on: Callback<String>,
) -> Html {
    let changed = Callback::from(move |event: Event| {
        on.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
    });
    field.around(html! {
        <select id={field.id.clone()} onchange={changed} aria-describedby={field.described_by()}>
            { for options.iter().map(|(word, label)| html! {
                <option value={word.clone()} selected={word == value}>{ label }</option>
            }) }
        </select>
    })
}

/// One choice among a few.
#[derive(Clone, Debug)]
pub struct Choice<T> {
    /// What it stands for.
    pub value: T,
    /// What it says.
    pub label: String,
    /// More of it, smaller.
    pub hint: String,
    /// Its colour.
    pub tone: &'static str,
}

impl<T> Choice<T> {
    /// A plain choice.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self {
            value,
            label: label.into(),
            hint: String::new(),
            tone: "plain",
        }
    }
}

/// One of a few, as buttons side by side: chosen with one tap.
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
        let tapped = Callback::from(move |_| on.emit(given.clone()));
        html! {
            <button type="button" class={classes!("choice", choice.tone)} aria-pressed={chosen.to_string()} onclick={tapped}>
                <span>{ choice.label }</span>
                if !choice.hint.is_empty() { <small>{ choice.hint }</small> }
            </button>
        }
    });
    html! {
        <div class={classes!("field", field.error.as_ref().map(|_| "wrong"))} role="group" aria-labelledby={label.clone()}>
            <p class="label" id={label}>{ &field.label }</p>
            { field.beneath_label() }
            <div class="choices" id={field.id.clone()}>{ for buttons }</div>
            { field.beneath() }
        </div>
    }
}
