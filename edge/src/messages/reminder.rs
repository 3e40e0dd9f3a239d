//! The message to an on-call target.

use notice::{
    notify::{event_name::EventName, occurrence::Detail, route::Urgency},
    wire::time::Timestamp,
};

use serde::{Deserialize, Serialize};

use super::{
    chat_card::{Button, ChatCard, Colour, Section},
    message::Message,
    rich_text::{Paragraph, Span},
    wording,
};
use crate::date_format::{DateFormatter, TimeFormat};

/// A message to one on-call target.
pub struct Reminder<'a> {
    pub message: &'a Message,
    pub urgency: Urgency,
    pub action: Action,
    /// Key of the alert, at most 255 characters: the same for all reminders of one promise. Alerting services merge alerts with
    /// the same key.
    pub key: &'a str,
    /// URL of the page with the button that acknowledges. `None` if there is nothing to acknowledge.
    pub acknowledge_url: Option<&'a str>,
    /// URL of the page with the button that signs in as an editor. `None` unless an owner allows it for this target.
    pub session_url: Option<&'a str>,
    /// Formats times in the site's time zone.
    pub times: &'a dyn DateFormatter,
    /// The site's time zone, as shown after times.
    pub time_zone: &'a str,
}

/// The action to take on an alert. Targets that keep no alerts support [`Action::Trigger`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Open an alert, or send a message.
    Trigger,
    /// Close the alert: somebody has acknowledged, or the promise is kept.
    Resolve,
}

impl Reminder<'_> {
    /// One line: what happened, and to which incident or site.
    pub fn subject(&self) -> String {
        if self.message.test {
            return format!("{}: test of on-call", self.message.site.name);
        }
        let event = wording::event(self.message.event);
        let subject = self
            .message
            .title
            .as_ref()
            .unwrap_or(&self.message.site.name);
        let is_drill = self.message.incident.as_ref().is_some_and(|one| one.drill);
        let drill = if is_drill { "Drill: " } else { "" };
        format!("{drill}{event}: {subject}")
    }

    /// The message: the event and what the reader has to do, in one or two sentences of plain text.
    pub fn text(&self) -> String {
        let message = self.message;
        if message.test {
            return "This is a test of on-call. Nothing is overdue.".to_owned();
        }
        let title = message.title.as_deref().unwrap_or_default();
        let site = &message.site.name;
        match (message.event, &message.detail) {
            (EventName::PromiseDue, Detail::Promise(due)) => {
                format!(
                    "An update of “{title}” is due by {}.",
                    self.time(due.owed_at)
                )
            }
            (EventName::PromiseOverdue, Detail::Promise(due)) => format!(
                "The update of “{title}” was due by {} and is overdue.",
                self.time(due.owed_at)
            ),
            (EventName::PromiseEscalated, Detail::Promise(due)) => format!(
                "The update of “{title}” was due by {} and is still overdue. Nobody has acknowledged this.",
                self.time(due.owed_at)
            ),
            (_, Detail::HeldPost { due_at }) => format!(
                "“{title}” was due to appear at {}. It is too late to appear automatically: publish or delete it.",
                self.time(*due_at)
            ),
            (_, Detail::Webhook { host, reason, .. }) => {
                format!("The webhook to {host} was disabled. {reason}")
            }
            (_, Detail::Session { name, used_at, .. }) => format!(
                "The session “{name}” has not been used since {}. It ends after 90 unused days: end it now if nobody needs it.",
                used_at.to_string().get(..10).unwrap_or_default()
            ),
            (EventName::SiteVerifyFailed, _) => format!(
                "The verification of {site} found a difference between the journal and the stored data. See the console."
            ),
            (event, _) => format!("{}: {title}", wording::event(event)),
        }
    }

    fn time(&self, at: Timestamp) -> String {
        let time = self.times.format(at, TimeFormat::Moment);
        format!("{time} ({})", self.time_zone)
    }

    /// The pages that the reminder links to, the most important first.
    pub fn buttons(&self) -> Vec<Button> {
        let links = &self.message.links;
        let button = |label, url: &str| Button {
            label,
            url: url.to_owned(),
        };
        let form = links.post_update.as_deref();
        [
            form.map(|url| button("Post update", url)),
            self.acknowledge_url.map(|url| button("Acknowledge", url)),
            self.session_url.map(|url| button("Sign in as editor", url)),
            form.is_none().then(|| button("Open console", &links.open)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The card for a chat.
    pub fn card(&self) -> ChatCard {
        let message = self.message;
        let event = match message.test {
            true => "Test",
            false => wording::event(message.event),
        };
        ChatCard {
            event: event.to_owned(),
            title: message
                .title
                .clone()
                .unwrap_or_else(|| message.site.name.clone()),
            url: message.links.open.clone(),
            site: message.site.name.clone(),
            colour: match self.urgency {
                Urgency::Page => Colour::Danger,
                Urgency::Inform => Colour::Neutral,
            },
            facts: Vec::new(),
            sections: vec![Section {
                heading: None,
                text: vec![Paragraph {
                    spans: vec![Span::plain(self.text())],
                    ..Paragraph::default()
                }],
            }],
            buttons: self.buttons(),
        }
    }
}
