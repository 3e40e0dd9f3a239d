//! A list of rows that can grow: contacts, segments or on-call targets.

use notice::wire::{
    enums::{ContactKind, StringEnum},
    language::Language,
};
use serde::Serialize;
use yew::{Html, html};

use crate::{
    form::{Row, draft::Draft, sending::Sending},
    server::failure::FieldError,
    text::{labels, language},
    ui::{
        self,
        input::{self, Field},
        typing::Typing,
    },
};

/// The inputs of [`rows`].
#[derive(Debug)]
pub struct RowList<'a, T> {
    pub rows: &'a [Row],
    /// The kinds of rows as pairs of API name and label; empty: rows have no kind.
    pub kinds: Vec<(String, String)>,
    /// The label of the first field.
    pub label: &'static str,
    /// The kind of text of the first field.
    pub label_typing: Typing,
    /// The label of the second field.
    pub value: &'static str,
    /// The languages into which the label is translated.
    pub languages: &'a [Language],
    /// JSON pointer to the list in the API.
    pub pointer: &'static str,
    /// Access to the list in the form.
    pub of: fn(&mut T) -> &mut Vec<Row>,
    pub new_row: Row,
    /// The label of the button that adds a row.
    pub add: &'static str,
    /// Further fields of each row, by its index.
    pub more: Vec<Html>,
}

/// The API names of the first field.
const LABEL: &[&str] = &["label", "after_minutes"];
/// The API names of the second field.
const VALUE: &[&str] = &["value", "slug"];

/// Returns the HTML id of the field that an error is about; `None` for an error of the whole list.
pub fn field_id(pointer: &str) -> Option<String> {
    let segments: Vec<&str> = pointer.split('/').skip(1).collect();
    let [name, index, rest @ ..] = segments.as_slice() else {
        return None;
    };
    let field = match rest {
        ["text", language, ..] => language,
        [field, ..] if LABEL.contains(field) => "label",
        ["kind", ..] => "kind",
        ["name", ..] => "name",
        ["session_link", ..] => "session-link",
        _ => "value",
    };
    Some(format!("{name}-{index}-{field}"))
}

/// Returns whether an error is about an empty field of a row, which is required but not wrong yet.
pub fn is_missing(error: &FieldError, pointer: &str, rows: &[Row]) -> bool {
    let rest = error.pointer.strip_prefix(pointer).unwrap_or_default();
    let mut segments = rest.trim_start_matches('/').split('/');
    let index = segments
        .next()
        .and_then(|index| index.parse::<usize>().ok());
    let Some(row) = index.and_then(|index| rows.get(index)) else {
        return false;
    };
    match segments.next() {
        Some(field) if LABEL.contains(&field) => row.label.trim().is_empty(),
        Some(field) if VALUE.contains(&field) => row.value.trim().is_empty(),
        _ => false,
    }
}

/// Renders the rows, each with a button that removes it, and a button that adds one.
pub fn rows<T>(list: &RowList<'_, T>, sending: &Sending, draft: &Draft<T>) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let (of, new_row) = (list.of, list.new_row.clone());
    let add = draft.on(move |form: &mut T, ()| of(form).push(new_row.clone()));
    let list_error = sending.error_exactly(list.pointer);
    html! {
        <>
            if let Some(error) = list_error { <p class="error">{ error }</p> }
            { for list.rows.iter().enumerate()  .map(|(index, row)| row_fields(list, index, row, sending, draft)) }
            { ui::secondary(list.add, add) }
        </>
    }
}

fn row_fields<T>(
    list: &RowList<'_, T>,
    index: usize,
    row: &Row,
    sending: &Sending,
    draft: &Draft<T>,
) -> Html
where
    T: Clone + PartialEq + Serialize + 'static,
{
    let of = list.of;
    let name = list.pointer.trim_start_matches('/');
    let id = |field: &str| format!("{name}-{index}-{field}");
    let change = |change: fn(&mut Row, String)| {
        draft.on(move |form: &mut T, text| {
            if let Some(row) = of(form).get_mut(index) {
                change(row, text);
            }
        })
    };
    let at = |field: &str| format!("{}/{index}/{field}", list.pointer);
    let error = |names: &[&str]| {
        let errors = names.iter().filter_map(|name| sending.error(&at(name)));
        let errors: Vec<String> = errors.collect();
        (!errors.is_empty()).then(|| errors.join(" "))
    };
    let translation = |language: &Language| {
        let to = language.clone();
        let on = draft.on(move |form: &mut T, text: String| {
            if let Some(row) = of(form).get_mut(index) {
                row.text.insert(to.clone(), text);
            }
        });
        let label = format!("{}, in {}", list.label, language::name(language));
        let value = row.text.get(language).cloned().unwrap_or_default();
        let error = sending.error(&at(&format!("text/{language}")));
        input::line(
            &Field::new(id(language.as_str()), label).error(error),
            Typing::Name,
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
    let value_typing = match list.kinds.is_empty() {
        true => Typing::Code,
        false => Typing::of_address(&row.kind),
    };
    let row_error = sending.error_exactly(&format!("{}/{index}", list.pointer));
    html! {
        <div class="entry">
            if !list.kinds.is_empty() {
                { input::menu(&Field::new(id("kind"), "Type").error(error(&["kind"])), &row.kind, &list.kinds, change(|row, text| row.kind = text)) }
            }
            { input::line(&Field::new(id("label"), list.label).error(error(LABEL)), list.label_typing, &row.label, change(|row, text| row.label = text)) }
            { for list.languages.iter().map(translation) }
            { input::line(&Field::new(id("value"), list.value).error(error(VALUE).or(row_error)), value_typing, &row.value, change(|row, text| row.value = text)) }
            { for list.more.get(index).cloned() }
            { ui::labelled("Remove", &format!("Remove {}", row_name(row)), remove) }
        </div>
    }
}

/// Returns the name of a row for the accessible name of its button.
fn row_name(row: &Row) -> &str {
    let name = [&row.label, &row.value]
        .into_iter()
        .find(|text| !text.is_empty());
    name.map_or("the empty line", String::as_str)
}

/// Returns the kinds of contacts as options of a menu.
pub fn contact_kinds() -> Vec<(String, String)> {
    let option = |kind: &ContactKind| (kind.as_str().to_owned(), labels::contact(*kind).to_owned());
    ContactKind::ALL.iter().map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::{field_id, is_missing};
    use crate::{form::Row, server::failure::FieldError};

    #[test]
    fn an_error_of_a_row_belongs_to_one_field() {
        for (pointer, id) in [
            ("/contacts/0/label", "contacts-0-label"),
            ("/contacts/1/value", "contacts-1-value"),
            ("/contacts/0/kind", "contacts-0-kind"),
            ("/on_call/2/after_minutes", "on_call-2-label"),
            ("/on_call/2/name", "on_call-2-name"),
            ("/on_call/2/session_link", "on_call-2-session-link"),
            ("/segments/0/slug", "segments-0-value"),
            ("/segments/0/text/de", "segments-0-de"),
            ("/segments/0", "segments-0-value"),
        ] {
            assert_eq!(field_id(pointer).as_deref(), Some(id), "{pointer}");
        }
        assert_eq!(field_id("/contacts"), None);
    }

    #[test]
    fn only_an_empty_field_is_missing() {
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
