//! Whom to reach, as real links.

use notice::{
    links,
    wire::{
        feed::{Contact, Notice},
        words::ContactKind,
    },
};

use super::rich_text::link;
use crate::{
    element::{Attribute, Element, element},
    texts::fill,
};

/// A button for each contact.
pub fn contacts(notice: &Notice) -> Option<Element> {
    all(notice, element("div").class("buttons"), true)
}

/// The same in one row, where there is no room for numbers unless there is but one contact.
pub fn row(notice: &Notice) -> Option<Element> {
    let has_values = notice.contacts.len() == 1;
    all(notice, element("div").class("buttons row"), has_values)
}

fn all(notice: &Notice, row: Element, has_values: bool) -> Option<Element> {
    let contacts = notice.contacts.iter();
    let row = contacts.fold(row, |row, one| row.holding(contact(one, has_values)));
    (!notice.contacts.is_empty()).then_some(row)
}

fn contact(contact: &Contact, has_value: bool) -> Element {
    let Contact { kind, label, value } = contact;
    let element = match links::of_contact(contact) {
        Some(href) if matches!(kind, ContactKind::Phone | ContactKind::Email) => element("a")
            .set(Attribute::Href, href.into())
            .class("button"),
        Some(href) => link(&href).class("button"),
        None => element("span"),
    };
    // A number is worth reading even where nothing can dial it, once; isolated, so that its plus stays in front.
    let is_worth_it = *kind == ContactKind::Phone || links::of_contact(contact).is_none();
    let whole = is_worth_it && has_value && !holds(label, value);
    let text = if whole {
        fill("% \u{2066}%\u{2069}", &[label, value])
    } else {
        label.clone()
    };
    element.part("contact").text(text)
}

/// Whether a label ends with a value already, digits for digits where it has any.
fn holds(label: &str, value: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let number = digits(value);
    label == value || (!number.is_empty() && digits(label).ends_with(&number))
}
