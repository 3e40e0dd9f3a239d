//! The content of a message in a chat, which the formats render.

use notice::{
    notify::event_name::EventName,
    wire::{
        enums::{Impact, NoticeKind},
        feed::Notice,
        time::Timestamp,
    },
};

use super::{
    message::Message,
    rich_text::{self, Marker, Paragraph, Span},
    wording,
};

/// Maximum number of components that are named. The number of the others follows, as `and 3 more`.
const COMPONENTS: usize = 10;

/// A message in a chat.
#[derive(Clone, Debug)]
pub struct ChatCard {
    /// The headline of the event, such as `New incident`.
    pub event: String,
    /// Title of the incident, or the site's name in a message without an incident.
    pub title: String,
    /// URL of the incident's page, or of the status page in a message without an incident.
    pub url: String,
    pub site: String,
    pub colour: Colour,
    pub facts: Vec<Fact>,
    /// The newest update first.
    pub sections: Vec<Section>,
    pub buttons: Vec<Button>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The incident is over.
    Good,
    Neutral,
    Warning,
    Danger,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub value: FactValue,
}

/// A value that each format shows in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    Text(String),
    /// Shown in the reader's time zone.
    Time(Timestamp),
}

#[derive(Clone, Debug)]
pub struct Section {
    pub heading: Option<&'static str>,
    pub text: Vec<Paragraph>,
}

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: &'static str,
    pub url: String,
}

impl ChatCard {
    /// The card of one or more messages about the same incident, oldest first, which are merged. `None` if there is no message.
    pub fn new(messages: &[&Message]) -> Option<Self> {
        let first = messages.first()?;
        let last = messages.last()?;
        let notice = last.incident.as_deref();
        let mut card = Self {
            event: headline(messages, last),
            title: notice.map_or_else(|| last.site.name.clone(), |notice| notice.title.clone()),
            url: notice.map_or_else(|| last.site.url.clone(), |notice| notice.url.clone()),
            site: last.site.name.clone(),
            colour: colour(last, notice),
            facts: notice.map(facts).unwrap_or_default(),
            sections: notice
                .map(|notice| sections(last, notice, first.at))
                .unwrap_or_default(),
            buttons: buttons(last),
        };
        if last.test {
            card.sections.push(Section {
                heading: None,
                text: rich_text::parse("This is a test. Nothing was published."),
            });
        }
        Some(card)
    }

    /// The headline in plain text.
    pub fn headline(&self) -> String {
        format!("{}: {}", self.event, self.title)
    }
}

fn headline(messages: &[&Message], last: &Message) -> String {
    let mut names: Vec<&str> = Vec::new();
    for message in messages {
        let name = wording::event(message.event);
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    let is_drill = last.incident.as_ref().is_some_and(|notice| notice.drill);
    let prefix = match (last.test, is_drill) {
        (true, _) => return "Test".to_owned(),
        (_, true) => "Drill: ",
        _ => "",
    };
    // Merged: "New incident, Update".
    format!("{prefix}{}", names.join(", "))
}

fn colour(message: &Message, notice: Option<&Notice>) -> Colour {
    match (message.event, notice) {
        (
            EventName::IncidentResolved
            | EventName::IncidentWithdrawn
            | EventName::MaintenanceCompleted,
            _,
        ) => Colour::Good,
        (_, Some(notice)) if notice.kind == NoticeKind::Restored => Colour::Good,
        (_, Some(notice)) => match notice.impact {
            Impact::Critical | Impact::Major => Colour::Danger,
            Impact::Minor => Colour::Warning,
            Impact::None | Impact::Maintenance | Impact::Unknown => Colour::Neutral,
        },
        (_, None) => Colour::Neutral,
    }
}

fn facts(notice: &Notice) -> Vec<Fact> {
    let is_open = notice.kind != NoticeKind::Restored;
    let text = |name, value: Option<String>| {
        value.map(|value| Fact {
            name,
            value: FactValue::Text(value),
        })
    };
    let time = |name, at: Option<Timestamp>| {
        at.map(|at| Fact {
            name,
            value: FactValue::Time(at),
        })
    };
    let is_maintenance = notice.kind == NoticeKind::Maintenance;
    [
        text("Status", wording::status(notice.status).map(str::to_owned)),
        text(
            "Severity",
            wording::impact(notice.impact).map(str::to_owned),
        ),
        text("Affects", affected(notice)),
        time("Start", is_maintenance.then_some(notice.started_at)),
        time("End", notice.ends_at.filter(|_| is_open)),
        time("Next update by", notice.next_update_at),
        time("Estimated fix", notice.estimated_end_at),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn affected(notice: &Notice) -> Option<String> {
    let names: Vec<&str> = notice
        .components
        .iter()
        .take(COMPONENTS)
        .map(|component| component.name.as_str())
        .collect();
    let more = notice.components.len().saturating_sub(names.len());
    match (names.is_empty(), more) {
        (true, _) => None,
        (_, 0) => Some(names.join(", ")),
        (_, more) => Some(format!("{} and {more} more", names.join(", "))),
    }
}

fn sections(message: &Message, notice: &Notice, since: Timestamp) -> Vec<Section> {
    let section = |heading, text: &str| Section {
        heading,
        text: rich_text::parse(text),
    };
    let mut sections = Vec::new();
    let restored = notice.restored.as_ref();
    if let Some(reason) = restored.and_then(|restored| restored.withdrawn.as_ref()) {
        sections.push(section(Some("Reason for the withdrawal"), reason));
        return sections;
    }
    // Merged messages show the updates since the first of them, a single message the newest update.
    let updates = notice.updates.iter().enumerate();
    for (_, update) in updates.filter(|(index, update)| *index == 0 || update.at >= since) {
        let mut section = section(None, &update.body);
        if update.truncated {
            section.text.push(Paragraph {
                spans: vec![Span::plain(rich_text::ELLIPSIS)],
                ..Paragraph::default()
            });
        }
        sections.push(section);
    }
    if let Some(advice) = &notice.advice {
        sections.push(section(Some("Advice"), advice));
    }
    if message.event != EventName::IncidentUpdated
        && let Some(restored) = restored
    {
        if let Some(check) = &restored.check {
            sections.push(section(Some("What users should check"), check));
        }
        for (heading, items) in [
            ("Working again", &restored.back),
            ("Not fixed yet", &restored.still),
        ] {
            if !items.is_empty() {
                sections.push(Section {
                    heading: Some(heading),
                    text: items.iter().enumerate().map(item).collect(),
                });
            }
        }
    }
    sections
}

fn item((index, text): (usize, &String)) -> Paragraph {
    Paragraph {
        marker: Marker::Bullet,
        is_continuation: index > 0,
        spans: vec![Span::plain(text)],
    }
}

fn buttons(message: &Message) -> Vec<Button> {
    let links = &message.links;
    let button = |label, url: &Option<String>| url.clone().map(|url| Button { label, url });
    [
        button("Post update", &links.post_update),
        button("Resolve", &links.resolve),
    ]
    .into_iter()
    .flatten()
    .collect()
}
