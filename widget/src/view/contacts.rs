//! Contacts as links.

use notice::{
    text::links,
    wire::{
        enums::ContactKind,
        feed::{Contact, Notice},
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

/// The contacts in one row, without their numbers if there are several.
pub fn row(notice: &Notice) -> Option<Element> {
    let has_values = notice.contacts.len() == 1;
    all(notice, element("div").class("buttons row"), has_values)
}

fn all(notice: &Notice, row: Element, has_values: bool) -> Option<Element> {
    let contacts = notice.contacts.iter();
    let row = contacts.fold(row, |row, one| row.child(contact(one, has_values)));
    (!notice.contacts.is_empty()).then_some(row)
}

fn contact(contact: &Contact, has_value: bool) -> Element {
    let Contact { kind, label, value } = contact;
    let element = match links::contact_url(contact) {
        Some(href) if matches!(kind, ContactKind::Phone | ContactKind::Email) => element("a")
            .set(Attribute::Href, href.into())
            .class("button"),
        Some(href) => link(&href).class("button"),
        None => element("span"),
    };
    // The reader may have to dial the number on another device. It is isolated, so that a plus sign stays in front in Arabic.
    let is_readable = *kind == ContactKind::Phone || links::contact_url(contact).is_none();
    let is_shown = is_readable && has_value && !ends_with_value(label, value);
    let text = if is_shown {
        fill("% \u{2066}%\u{2069}", &[label, value])
    } else {
        label.clone()
    };
    element.part("contact").text(text)
}

/// Whether a label ends with the value already. Numbers are compared by their digits.
fn ends_with_value(label: &str, value: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let number = digits(value);
    label == value || (!number.is_empty() && digits(label).ends_with(&number))
}
