//! A list of lines that can grow: contacts, segments, who is on call.

use notice::wire::{
    language::Language,
    words::{ContactKind, Word},
};
use serde::Serialize;
use yew::{Html, html};

use crate::{
    api::FieldError,
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

/// Where in the API's entry the two fields of a line are.
const LABEL: &[&str] = &["label", "after_minutes"];
const VALUE: &[&str] = &["value", "slug"];

/// The id of the field of a line that an error is about; `None` for an error about the list as a whole.
pub fn field_of(pointer: &str) -> Option<String> {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let [name, index, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let part = match rest {
        ["text", language, ..] => language,
        [part, ..] if LABEL.contains(part) => "label",
        ["kind", ..] => "kind",
        _ => "value",
    };
    Some(format!("{name}-{index}-{part}"))
}

/// Whether an error is about a field of a line that is still empty: nothing is wrong with it yet, but it is needed.
pub fn is_missing(error: &FieldError, pointer: &str, rows: &[Row]) -> bool {
    let rest = error.pointer.strip_prefix(pointer).unwrap_or_default();
    let mut parts = rest.trim_start_matches('/').split('/');
    let index = parts.next().and_then(|index| index.parse::<usize>().ok());
    let Some(row) = index.and_then(|index| rows.get(index)) else {
        return false;
    };
    match parts.next() {
        Some(part) if LABEL.contains(&part) => row.label.trim().is_empty(),
        Some(part) if VALUE.contains(&part) => row.value.trim().is_empty(),
        _ => false,
    }
}

/// The lines, each with a way to remove it, and a way to add one.
pub fn rows<T>(list: &Rows<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (of, fresh) = (list.of, list.fresh.clone());
    let add = draft.on(move |form: &mut T, ()| of(form).push(fresh.clone()));
    // About the list as a whole, such as that it is too long.
    let whole = sending.error_exactly(list.pointer);
    html! {
        <>
            if let Some(error) = whole { <p class="error">{ error }</p> }
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
    let at = |part: &str| format!("{}/{index}/{part}", list.pointer);
    let error = |parts: &[&str]| {
        let found = parts.iter().filter_map(|part| sending.error(&at(part)));
        let found: Vec<String> = found.collect();
        (!found.is_empty()).then(|| found.join(" "))
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
        let error = sending.error(&at(&format!("text/{language}")));
        input::line(
            &Field::new(id(language.as_str()), label).error(error),
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
    let entry = sending.error_exactly(&format!("{}/{index}", list.pointer));
    html! {
        <div class="entry">
            if !list.kinds.is_empty() {
                { input::menu(&Field::new(id("kind"), "Type").error(error(&["kind"])), &row.kind, &list.kinds, change(|row, text| row.kind = text)) }
            }
            { input::line(&Field::new(id("label"), list.label).error(error(LABEL)), "text", &row.label, change(|row, text| row.label = text)) }
            { for list.languages.iter().map(translate) }
            { input::line(&Field::new(id("value"), list.value).error(error(VALUE).or(entry)), "text", &row.value, change(|row, text| row.value = text)) }
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

#[cfg(test)]
mod tests {
    use super::{field_of, is_missing};
    use crate::{api::FieldError, form::Row};

    #[test]
    fn an_error_of_a_line_belongs_to_one_field() {
        for (pointer, id) in [
            ("/contacts/0/label", "contacts-0-label"),
            ("/contacts/1/value", "contacts-1-value"),
            ("/contacts/0/kind", "contacts-0-kind"),
            ("/on_call/2/after_minutes", "on_call-2-label"),
            ("/segments/0/slug", "segments-0-value"),
            ("/segments/0/text/de", "segments-0-de"),
            ("/segments/0", "segments-0-value"),
        ] {
            assert_eq!(field_of(pointer).as_deref(), Some(id), "{pointer}");
        }
        assert_eq!(field_of("/contacts"), None);
    }

    #[test]
    fn an_empty_field_is_missing_and_a_wrong_one_is_not() {
        let rows = [Row {
            value: "abc".to_owned(),
            ..Row::default()
        }];
        for (pointer, missing) in [
            ("/contacts/0/label", true),
            ("/contacts/0/value", false),
            ("/contacts/1/label", false),
            ("/contacts", false),
        ] {
            let error = FieldError {
                pointer: pointer.to_owned(),
                detail: "Must not be blank.".to_owned(),
            };
            assert_eq!(is_missing(&error, "/contacts", &rows), missing, "{pointer}");
        }
    }
}
