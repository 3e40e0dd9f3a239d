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
    let all = || {
        notice
            .contacts
            .iter()
            .fold(element("div").class("buttons"), |row, one| {
                row.holding(contact(one))
            })
    };
    (!notice.contacts.is_empty()).then(all)
}

fn contact(contact: &Contact) -> Element {
    let Contact { kind, label, value } = contact;
    let element = match links::of_contact(contact) {
        Some(href) if matches!(kind, ContactKind::Phone | ContactKind::Email) => element("a")
            .set(Attribute::Href, href.into())
            .class("button"),
        Some(href) => link(&href).class("button"),
        None => element("span"),
    };
    // A number is worth reading even where nothing can dial it; isolated, so that its plus stays in front.
    let whole = *kind == ContactKind::Phone || links::of_contact(contact).is_none();
    let text = if whole {
        fill("% \u{2066}%\u{2069}", &[label, value])
    } else {
        label.clone()
    };
    element.part("contact").text(text)
}
