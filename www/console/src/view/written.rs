//! Translations, and the choice of a template.

use std::collections::BTreeMap;

use js_sys::{Array, Function, Object, Reflect};
use notice::wire::language::Language;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use yew::{Callback, Html, TargetCast, component, html, use_state_eq};

use crate::{
    form::Words,
    input::{self, Field},
    ready_made::Ready,
    submit::Sending,
    view,
};

/// Which fields a translation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Title, body, advice and lists.
    New,
    /// Body, advice and lists.
    Update,
    /// Body and the all-clear's words.
    End,
    /// Title, advice and lists.
    Fields,
    /// Of what is over: title and the all-clear's words.
    Over,
    /// Of a template: all but what only the operator knows.
    Template,
}

/// The fields of one language.
type Part = (&'static str, &'static str, fn(&mut Words) -> &mut String);

fn parts(extent: Extent) -> Vec<Part> {
    let title: Part = ("title", "Title", |words| &mut words.title);
    let body: Part = ("body", "Message", |words| &mut words.body);
    let advice: Part = ("advice", "What should users do now?", |words| {
        &mut words.advice
    });
    let works: Part = ("works", "What still works (one per line)", |words| {
        &mut words.works
    });
    let broken: Part = ("broken", "What doesn't work (one per line)", |words| {
        &mut words.broken
    });
    let check: Part = ("check", "What should users check?", |words| {
        &mut words.check
    });
    let back: Part = ("back", "What works again (one per line)", |words| {
        &mut words.back
    });
    let still: Part = ("still", "What still doesn't work (one per line)", |words| {
        &mut words.still
    });
    match extent {
        Extent::New => vec![title, body, advice, works, broken],
        Extent::Update => vec![body, advice, works, broken],
        Extent::End => vec![body, check, back, still],
        Extent::Fields => vec![title, advice, works, broken],
        Extent::Over => vec![title, check, back, still],
        Extent::Template => vec![title, body, advice, works, broken, check],
    }
}

/// A change of one language's words.
pub type Change = (Language, fn(&mut Words) -> &mut String, String);

/// The site's other languages, each folded away.
pub fn translations(
    languages: &[Language],
    text: &BTreeMap<Language, Words>,
    extent: Extent,
    sending: &Sending,
    on: &Callback<Change>,
) -> Html {
    let one = |language: &Language| {
        let mut words = text.get(language).cloned().unwrap_or_default();
        let fields: Vec<Html> = parts(extent)
            .into_iter()
            .map(|(name, label, part)| {
                let (on, to) = (on.clone(), language.clone());
                let typed = Callback::from(move |text| on.emit((to.clone(), part, text)));
                let rows = if name == "title" { 1 } else { 2 };
                let field = Field::new(format!("text-{language}-{name}"), label)
                    .error(sending.error(&format!("/text/{language}/{name}")));
                input::text(&field, rows, part(&mut words), typed)
            })
            .collect();
        let missing = words == Words::default();
        html! {
            <details>
                <summary>
                    { name(language) }
                    if missing { <span class="badge">{ "Translation missing" }</span> }
                </summary>
                <div lang={language.to_string()}>{ for fields }</div>
            </details>
        }
    };
    let others = languages.iter().skip(1);
    html! { { for others.map(one) } }
}

/// Properties of [`ReadyWords`].
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct ReadyProps {
    /// The templates that fit.
    pub offered: Vec<Ready>,
    /// Nothing is written yet: they are in view to begin with. They stay so while something is written, since nothing may
    /// move under whoever types.
    pub is_blank: bool,
    /// One was tapped.
    pub on: Callback<Ready>,
    /// Puts back what was written before one was tapped, if something was.
    pub back: Option<Callback<()>>,
}

/// Templates, as buttons.
#[component]
pub fn ReadyWords(props: &ReadyProps) -> Html {
    let open = use_state_eq(|| props.is_blank);
    let toggled = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let details: Option<Element> = event.target_dyn_into();
            open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    let one = |ready: &Ready| {
        let (on, ready, open) = (props.on.clone(), ready.clone(), open.clone());
        let name = ready.name.clone();
        let tapped = Callback::from(move |_| {
            open.set(false);
            on.emit(ready.clone());
        });
        html! { <button type="button" onclick={tapped}>{ name }</button> }
    };
    html! {
        <>
            <details class="ready" open={*open} ontoggle={toggled}>
                <summary>{ "Start from a template" }</summary>
                <div class="chips">{ for props.offered.iter().map(one) }</div>
            </details>
            { for props.back.clone().map(|back| html! {
                <div class="note" role="status">
                    <p>{ "The template replaced your text." }</p>
                    <div class="buttons">{ view::secondary("Restore my text", back) }</div>
                </div>
            }) }
        </>
    }
}

/// A language's name, in itself.
pub fn name(language: &Language) -> String {
    let tag = language.as_str();
    said(tag).unwrap_or_else(|| tag.to_owned())
}

/// As the browser says it; `None` where it cannot.
fn said(tag: &str) -> Option<String> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"language".into()).ok()?;
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let names: Function = Reflect::get(&intl, &"DisplayNames".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let made = Reflect::construct(&names, &Array::of2(&tag.into(), &options)).ok()?;
    let of: Function = Reflect::get(&made, &"of".into()).ok()?.dyn_into().ok()?;
    of.call1(&made, &tag.into()).ok()?.as_string()
}
