//! The mail to an on-call target.

use notice::wire::{site::OnCall, time::Timestamp};

use super::{
    Mail, Mailbox,
    document::{Document, Link},
};
use crate::messages::{
    reminder::{Action, Reminder},
    rich_text::fit_line,
};

/// Maximum length of a subject, in UTF-16 code units. Mail programs show less.
const SUBJECT: usize = 200;

/// Returns the mail. `None` for the end of an alert: a mail cannot be taken back. `delivery` is the delivery's number. It is part of
/// the mail's id, so that the mails about one message to two targets have different ids. `now` becomes the mail's date.
pub fn mail(
    target: &OnCall,
    reminder: &Reminder<'_>,
    from: &Mailbox,
    (delivery, now): (u64, Timestamp),
) -> Option<Mail> {
    if reminder.action != Action::Trigger {
        return None;
    }
    let message = reminder.message;
    let domain = from.domain();
    let thread = message.incident_id.as_ref().map(|incident| {
        let site = &message.site.slug;
        format!("{incident}.{site}.on-call@{domain}")
    });
    let document = document(reminder);
    Some(Mail {
        id: format!("{}.{delivery}@{domain}", message.id),
        references: thread.into_iter().collect(),
        date: now,
        from: from.clone(),
        reply_to: None,
        to: Mailbox {
            name: None,
            address: target.value.clone(),
        },
        subject: fit_line(&reminder.subject(), SUBJECT),
        text: document.text(),
        html: document.html(),
        list: None,
    })
}

fn document(reminder: &Reminder<'_>) -> Document {
    let card = reminder.card();
    let links = card.buttons.into_iter().map(|button| Link {
        label: button.label.to_owned(),
        url: button.url,
    });
    Document {
        // English, like the console: the readers are operators.
        language: "en".to_owned(),
        event: card.event,
        title: card.title,
        colour: card.colour,
        paragraphs: vec![reminder.text()],
        links: links.collect(),
        footer: vec![
            format!("Sent by Allclear for {}.", card.site),
            "You get this mail because your address is an on-call target of this site.".to_owned(),
        ],
    }
}
