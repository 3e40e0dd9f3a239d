//! The mail to a subscriber about an event of an incident, in the subscriber's language and with the words of the pages.

use notice::{
    browser::outcome::{Outcome, outcome},
    notify::EventName,
    wire::{
        enums::{Impact, NoticeKind, Status},
        feed::{Notice, Restored},
        language::Language,
        time::Timestamp,
    },
};

use super::{
    Mail, Mailbox, MailingList,
    document::{Document, Link},
};
use crate::{
    date_format::{DateFormatter, TimeFormat},
    messages::{
        chat_card::Colour,
        rich_text::{self, Marker, Span, fit_line},
    },
    pages::texts::{Texts, fill_text},
};

/// Characters of a subject. Mail programs show fewer.
const SUBJECT: usize = 200;

/// An event of an incident, for one subscriber.
#[derive(Clone, Copy)]
pub struct SubscriberMail<'a> {
    /// Id without the domain, the same for each attempt.
    pub id: &'a str,
    pub event: EventName,
    /// The incident after the event, in the subscriber's language.
    pub notice: &'a Notice,
    /// Updates after this time are in the mail. `None`: only the newest one.
    pub since: Option<Timestamp>,
    pub address: &'a str,
    pub language: &'a Language,
    /// Name of the site.
    pub site: &'a str,
    /// Slug of the site.
    pub slug: &'a str,
    pub time_zone: &'a str,
    /// Formats times in the site's time zone and the subscriber's language.
    pub dates: &'a dyn DateFormatter,
    /// Address of the incident's page.
    pub url: &'a str,
    /// The page of the subscription.
    pub settings_url: &'a str,
    /// The address that unsubscribes by a POST.
    pub unsubscribe_url: &'a str,
}

impl SubscriberMail<'_> {
    /// Returns the mail, with the headers of the list.
    pub fn mail(&self, from: &Mailbox, now: Timestamp) -> Mail {
        let document = self.document();
        let domain = from.domain();
        Mail {
            id: format!("{}@{domain}", self.id),
            references: vec![format!("{}.{}@{domain}", self.notice.id, self.slug)],
            date: now,
            from: from.clone(),
            reply_to: None,
            to: Mailbox {
                name: None,
                address: self.address.to_owned(),
            },
            subject: fit_line(&self.subject(), SUBJECT),
            text: document.text(),
            html: document.html(),
            list: Some(MailingList {
                id: format!("{}.{domain}", self.slug),
                unsubscribe_url: self.unsubscribe_url.to_owned(),
            }),
        }
    }

    fn texts(&self) -> &'static Texts {
        Texts::in_language(self.language)
    }

    fn time(&self, at: Timestamp) -> String {
        self.dates.format(at, TimeFormat::Moment)
    }

    /// "Resolved: Messages are delayed · 11:05".
    fn subject(&self) -> String {
        let texts = self.texts();
        let label = fill_text(texts.labelled, &[&self.label()]);
        let title = &self.notice.title;
        let at = match (&self.notice.restored, self.notice.updates.first()) {
            _ if self.event == EventName::PostmortemPublished => None,
            (Some(restored), _) => Some(self.dates.format(restored.at, TimeFormat::Time)),
            (None, _) if self.notice.status == Status::Scheduled => {
                Some(self.time(self.notice.started_at))
            }
            (None, Some(update)) => Some(self.dates.format(update.at, TimeFormat::Time)),
            (None, None) => None,
        };
        match at {
            Some(at) => fill_text(texts.outcome, &[&label, title, &at]),
            None => format!("{label} {title}"),
        }
    }

    /// The words before the title: the outcome, or kind and severity. A drill says that it is one.
    fn label(&self) -> String {
        let texts = self.texts();
        let label = match (self.event, outcome(self.notice)) {
            (EventName::PostmortemPublished, _) => texts.postmortem,
            (_, Some(Outcome::Resolved)) => texts.resolved_label,
            (_, Some(Outcome::MostlyResolved)) => texts.mostly_resolved_label,
            (_, Some(Outcome::Completed)) => texts.completed_label,
            (_, Some(Outcome::Ended)) => texts.ended,
            (_, Some(Outcome::Withdrawn)) => texts.withdrawn,
            (EventName::IncidentReopened, None) => texts.not_fixed,
            (_, None) => match (self.notice.kind, self.notice.impact) {
                (NoticeKind::Maintenance, _) => texts.maintenance,
                (NoticeKind::Announcement, _) => texts.announcement,
                (_, Impact::Critical) => texts.critical,
                (_, Impact::Major) => texts.major,
                _ => texts.minor,
            },
        };
        match self.notice.drill {
            true => format!("{}: {label}", texts.drill_label),
            false => label.to_owned(),
        }
    }

    fn document(&self) -> Document {
        let texts = self.texts();
        Document {
            language: texts.tag.to_owned(),
            direction: texts.direction,
            event: self.label(),
            title: self.notice.title.clone(),
            colour: self.colour(),
            paragraphs: self.paragraphs(),
            links: vec![
                Link {
                    label: texts.read_on.to_owned(),
                    url: self.url.to_owned(),
                },
                Link {
                    label: texts.mail_settings.to_owned(),
                    url: self.settings_url.to_owned(),
                },
            ],
            footer: vec![fill_text(texts.mail_why, &[self.site])],
        }
    }

    fn colour(&self) -> Colour {
        match (self.notice.kind, self.notice.impact) {
            (NoticeKind::Restored, _) => Colour::Good,
            (NoticeKind::Maintenance | NoticeKind::Announcement, _) => Colour::Neutral,
            (_, Impact::Critical | Impact::Major) => Colour::Danger,
            (_, Impact::Minor) => Colour::Warning,
            _ => Colour::Neutral,
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let texts = self.texts();
        let mut paragraphs = match &self.notice.restored {
            Some(restored) if self.event == EventName::PostmortemPublished => {
                self.postmortem(restored)
            }
            Some(restored) => self.all_clear(restored),
            None => self.state(),
        };
        paragraphs.push(fill_text(texts.zone, &[self.time_zone]));
        paragraphs
    }

    /// The updates since the last mail, advice, and promises.
    fn state(&self) -> Vec<String> {
        let texts = self.texts();
        let notice = self.notice;
        let mut paragraphs = Vec::new();
        if notice.status == Status::Scheduled {
            let end = notice.ends_at.map(|at| self.time(at)).unwrap_or_default();
            let start = self.time(notice.started_at);
            paragraphs.push(fill_text(texts.lasted, &[&start, &end]));
        }
        let newest = notice.updates.first().map(|update| update.at);
        let shown = notice.updates.iter().filter(|update| {
            Some(update.at) == newest || self.since.is_some_and(|since| update.at > since)
        });
        let shown: Vec<_> = shown.collect();
        for update in &shown {
            let body = plain(&update.body);
            paragraphs.push(match shown.len() {
                1 => body,
                _ => format!("{}\n{body}", self.time(update.at)),
            });
        }
        if let Some(advice) = &notice.advice {
            paragraphs.push(headed(texts.advice, &plain(advice)));
        }
        push_list(&mut paragraphs, texts.broken, &notice.broken);
        push_list(&mut paragraphs, texts.works, &notice.works);
        if let Some(at) = notice.next_update_at {
            paragraphs.push(fill_text(texts.next_by, &[&self.time(at)]));
        }
        paragraphs
    }

    fn all_clear(&self, restored: &Restored) -> Vec<String> {
        let texts = self.texts();
        let mut paragraphs = Vec::new();
        match (&restored.withdrawn, self.notice.updates.first()) {
            (Some(reason), _) => paragraphs.push(plain(reason)),
            (None, Some(update)) => paragraphs.push(plain(&update.body)),
            (None, None) => {}
        }
        push_list(&mut paragraphs, texts.back, &restored.back);
        if let Some(check) = &restored.check {
            paragraphs.push(headed(texts.check, &plain(check)));
        }
        push_list(&mut paragraphs, texts.still, &restored.still);
        paragraphs
    }

    fn postmortem(&self, restored: &Restored) -> Vec<String> {
        let texts = self.texts();
        let Some(postmortem) = &restored.postmortem else {
            return Vec::new();
        };
        let mut paragraphs = vec![
            headed(texts.cause, &plain(&postmortem.root_cause)),
            headed(texts.remedy, &plain(&postmortem.remedy)),
        ];
        push_list(&mut paragraphs, texts.prevention, &postmortem.prevention);
        paragraphs
    }
}

fn headed(heading: &str, text: &str) -> String {
    format!("{heading}\n{text}")
}

fn push_list(paragraphs: &mut Vec<String>, heading: &str, entries: &[String]) {
    if !entries.is_empty() {
        let lines = entries.iter().map(|entry| format!("• {}", plain(entry)));
        let lines: Vec<String> = lines.collect();
        paragraphs.push(headed(heading, &lines.join("\n")));
    }
}

/// Markdown as plain text. The address of a link follows its text.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for paragraph in rich_text::parse(markdown) {
        if !text.is_empty() {
            text.push_str(if paragraph.is_continuation {
                "\n"
            } else {
                "\n\n"
            });
        }
        match paragraph.marker {
            Marker::None => {}
            Marker::Bullet => text.push_str("• "),
            Marker::Number(number) => text.push_str(&format!("{number}. ")),
        }
        for span in &paragraph.spans {
            push_span(&mut text, span);
        }
    }
    text
}

fn push_span(text: &mut String, span: &Span) {
    text.push_str(&span.text);
    if let Some(link) = span.link.as_ref().filter(|link| **link != span.text) {
        text.push_str(&format!(" ({link})"));
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markdown_becomes_plain_text() {
        for (markdown, expected) in [
            ("One.\n\nTwo **bold**.", "One.\n\nTwo bold."),
            ("- a\n- b", "• a\n• b"),
            ("1. a\n2. b", "1. a\n2. b"),
            (
                "See [status](https://example.com/a).",
                "See status (https://example.com/a).",
            ),
            ("<b>text</b>", "<b>text</b>"),
            ("", ""),
        ] {
            assert_eq!(plain(markdown), expected, "{markdown}");
        }
    }
}
