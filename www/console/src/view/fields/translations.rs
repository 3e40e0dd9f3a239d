//! The texts in the site's other languages.

use std::collections::BTreeMap;

use notice::wire::language::Language;
use yew::{Callback, Html, html};

use crate::{
    form::{Texts, sending::Sending},
    text::language,
    ui::input::{self, Field},
};

/// The form whose texts are translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TranslatedForm {
    New,
    /// An update of an open incident.
    Update,
    /// The update that ends an incident.
    End,
    /// The fields of an open incident.
    Fields,
    /// The fields of an incident that has ended.
    EndedFields,
    Template,
}

/// A text: its name, its label, and access to it.
type TextField = (&'static str, &'static str, fn(&mut Texts) -> &mut String);

/// Returns the texts of a form.
fn text_fields(form: TranslatedForm) -> Vec<TextField> {
    let title: TextField = ("title", "Title", |texts| &mut texts.title);
    let body: TextField = ("body", "Message", |texts| &mut texts.body);
    let advice: TextField = ("advice", "What should users do now?", |texts| {
        &mut texts.advice
    });
    let works: TextField = ("works", "What still works (one per line)", |texts| {
        &mut texts.works
    });
    let broken: TextField = ("broken", "What doesn't work (one per line)", |texts| {
        &mut texts.broken
    });
    let check: TextField = ("check", "What should users check?", |texts| {
        &mut texts.check
    });
    let back: TextField = ("back", "What works again (one per line)", |texts| {
        &mut texts.back
    });
    let still: TextField = ("still", "What still doesn't work (one per line)", |texts| {
        &mut texts.still
    });
    match form {
        TranslatedForm::New => vec![title, body, advice, works, broken],
        TranslatedForm::Update => vec![body, advice, works, broken],
        TranslatedForm::End => vec![body, check, back, still],
        TranslatedForm::Fields => vec![title, advice, works, broken],
        TranslatedForm::EndedFields => vec![title, check, back, still],
        TranslatedForm::Template => vec![title, body, advice, works, broken, check],
    }
}

/// A change of one text: its language, access to it, and its new value.
pub type Change = (Language, fn(&mut Texts) -> &mut String, String);

/// Renders a disclosure with the texts for each language but the first, which is the site's primary language.
pub fn translations(
    languages: &[Language],
    translations: &BTreeMap<Language, Texts>,
    form: TranslatedForm,
    sending: &Sending,
    on: &Callback<Change>,
) -> Html {
    let disclosure = |language: &Language| {
        let mut texts = translations.get(language).cloned().unwrap_or_default();
        let fields: Vec<Html> = text_fields(form)
            .into_iter()
            .map(|(name, label, text)| {
                let (on, to) = (on.clone(), language.clone());
                let on_typed = Callback::from(move |value| on.emit((to.clone(), text, value)));
                let rows = if name == "title" { 1 } else { 2 };
                let field = Field::new(format!("text-{language}-{name}"), label)
                    .error(sending.error(&format!("/text/{language}/{name}")));
                input::text(&field, rows, text(&mut texts), on_typed)
            })
            .collect();
        let is_missing = texts == Texts::default();
        html! {
            <details>
                <summary>
                    { language::name(language) }
                    if is_missing { <span class="badge">{ "Translation missing" }</span> }
                </summary>
                <div lang={language.to_string()}>{ for fields }</div>
            </details>
        }
    };
    let others = languages.iter().skip(1);
    html! { { for others.map(disclosure) } }
}
