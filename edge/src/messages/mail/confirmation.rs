//! The mail that asks whether an address wants mail.

use notice::wire::{language::Language, time::Timestamp};

use super::{
    Mail, Mailbox,
    document::{Document, Link},
};
use crate::{
    messages::{chat_card::Colour, rich_text::fit_line},
    pages::texts::{Texts, fill_text},
};

/// Characters of a subject. Mail programs show fewer.
const SUBJECT: usize = 200;

/// The content of a mail with the link that confirms a request.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation<'a> {
    /// Id without the domain, the same for each attempt.
    pub id: &'a str,
    pub address: &'a str,
    pub language: &'a Language,
    /// Name of the site.
    pub site: &'a str,
    /// Title of the incident that the request is about. `None`: it is about the site.
    pub incident: Option<&'a str>,
    /// The page whose button confirms.
    pub url: &'a str,
}

/// Returns the mail. It lacks the headers of the list, so that mail programs do not offer a button "Unsubscribe".
pub fn mail(confirmation: &Confirmation<'_>, from: &Mailbox, now: Timestamp) -> Mail {
    let texts = Texts::in_language(confirmation.language);
    let about = confirmation.incident.unwrap_or(confirmation.site);
    let document = Document {
        language: texts.tag.to_owned(),
        direction: texts.direction,
        event: confirmation.site.to_owned(),
        title: texts.confirm.to_owned(),
        colour: Colour::Neutral,
        paragraphs: vec![fill_text(texts.confirm_about, &[about])],
        links: vec![Link {
            label: texts.confirm.to_owned(),
            url: confirmation.url.to_owned(),
        }],
        footer: vec![texts.confirm_ignore.to_owned()],
    };
    let subject = fill_text(texts.confirm_mail, &[confirmation.site]);
    Mail {
        id: format!("{}@{}", confirmation.id, from.domain()),
        references: Vec::new(),
        date: now,
        from: from.clone(),
        reply_to: None,
        to: Mailbox {
            name: None,
            address: confirmation.address.to_owned(),
        },
        subject: fit_line(&subject, SUBJECT),
        text: document.text(),
        html: document.html(),
        list: None,
    }
}
