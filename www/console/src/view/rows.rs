//! A list of lines that can grow: contacts, segments, who is on call.

use notice::wire::{
    language::Language,
    words::{ContactKind, Word},
};
use serde::Serialize;
use yew::{Html, html};

use crate::{
    draft::Draft,
    form::Row,
    input::{self, Field},
    submit::Sending,
    view::{self, written},
    words,
};

/// What the list is.
#[derive(Debug)]
pub struct Rows<'a, T> {
    /// Its lines.
    pub rows: &'a [Row],
    /// The kinds a line may be of, each with its name; none: lines have no kind.
    pub kinds: Vec<(String, String)>,
    /// What a line's label is called.
    pub label: &'static str,
    /// What its value is called.
    pub value: &'static str,
    /// The languages that the label is said in beside the site's own.
    pub languages: &'a [Language],
    /// Where it is in JSON.
    pub pointer: &'static str,
    /// Where it is in the form.
    pub of: fn(&mut T) -> &mut Vec<Row>,
    /// A new line.
    pub fresh: Row,
    /// The label of the button that adds a line.
    pub add: &'static str,
}

/// The lines, each with a way to remove it, and a way to add one.
pub fn rows<T>(list: &Rows<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (of, fresh) = (list.of, list.fresh.clone());
    let add = draft.on(move |form: &mut T, ()| of(form).push(fresh.clone()));
    html! {
        <>
            { for list.rows.iter().enumerate().map(|(index, row)| line(list, index, row, sending, draft)) }
            { view::secondary(list.add, add) }
        </>
    }
}

fn line<T>(list: &Rows<'_, T>, index: usize, row: &Row, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = list.of;
    let name = list.pointer.trim_start_matches('/');
    let id = |part: &str| format!("{name}-{index}-{part}");
    let change = |change: fn(&mut Row, String)| {
        draft.on(move |form: &mut T, text| {
            if let Some(row) = of(form).get_mut(index) {
                change(row, text);
            }
        })
    };
    let translate = |language: &Language| {
        let to = language.clone();
        let on = draft.on(move |form: &mut T, text: String| {
            if let Some(row) = of(form).get_mut(index) {
                row.text.insert(to.clone(), text);
            }
        });
        let label = format!("{}, in {}", list.label, written::name(language));
        let value = row.text.get(language).cloned().unwrap_or_default();
        input::line(
            &Field::new(id(language.as_str()), label),
            "text",
            &value,
            on,
        )
    };
    let remove = draft.on(move |form: &mut T, ()| {
        let rows = of(form);
        if index < rows.len() {
            rows.remove(index);
        }
    });
    let error = sending.error(&format!("{}/{index}", list.pointer));
    html! {
        <div class="entry">
            if !list.kinds.is_empty() {
                { input::menu(&Field::new(id("kind"), "Type"), &row.kind, &list.kinds, change(|row, text| row.kind = text)) }
            }
            { input::line(&Field::new(id("label"), list.label), "text", &row.label, change(|row, text| row.label = text)) }
            { for list.languages.iter().map(translate) }
            { input::line(&Field::new(id("value"), list.value).error(error), "text", &row.value, change(|row, text| row.value = text)) }
            { view::labelled("Remove", &format!("Remove {}", shown(row)), remove) }
        </div>
    }
}

/// What names a line for somebody who hears only the button.
fn shown(row: &Row) -> &str {
    let named = [&row.label, &row.value]
        .into_iter()
        .find(|text| !text.is_empty());
    named.map_or("the empty line", String::as_str)
}

/// The kinds of contact, for a menu.
pub fn contact_kinds() -> Vec<(String, String)> {
    let named = |kind: &ContactKind| (kind.as_str().to_owned(), words::contact(*kind).to_owned());
    ContactKind::ALL.iter().map(named).collect()
}
