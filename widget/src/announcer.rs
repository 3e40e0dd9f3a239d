//! What is said to those who cannot see the card: changes of what is shown and where it stands, and what is worth showing
//! again to those who hid it. Nothing else.

use notice::wire::{
    feed::Notice,
    ids::IncidentId,
    words::{Impact, NoticeKind, Status},
};

use crate::{
    element::{Attribute, Element, element},
    view::{self, Context},
};

/// Milliseconds between the region's coming and its filling: a region that is inserted full is not read.
pub const DELAY_MS: u32 = 150;
/// Milliseconds after which it is emptied: what was said stands in nobody's way who reads on, nor in a dialogue that opens.
pub const HEARD_MS: u32 = 5_000;

/// What was announced of a notice, by which news is told from repetition.
type Mark = (IncidentId, NoticeKind, Status, u32);

/// Remembers what was said.
#[derive(Default)]
pub struct Announcer {
    said: Vec<Mark>,
    alerted: Vec<IncidentId>,
    polite: String,
    urgent: String,
}

fn mark(shown: &Context<'_>) -> Mark {
    let kind = if shown.over.is_some() {
        NoticeKind::Restored
    } else {
        shown.notice.kind
    };
    let Notice {
        id,
        status,
        attention,
        ..
    } = shown.notice;
    (id.clone(), kind, *status, *attention)
}

impl Announcer {
    /// Whether there is something to say that has not been said.
    pub fn has_news(&self, shown: &[Context<'_>]) -> bool {
        self.news(shown).is_some()
    }

    fn news<'a, 'b>(&self, shown: &'a [Context<'b>]) -> Option<&'a Context<'b>> {
        shown.iter().find(|one| !self.said.contains(&mark(one)))
    }

    /// Says the most pressing piece of news: urgently when it is a new critical problem.
    pub fn say(&mut self, shown: &[Context<'_>]) {
        if let Some(news) = self.news(shown) {
            let text = view::summary(news);
            let (id, kind, ..) = mark(news);
            let critical = kind == NoticeKind::Incident && news.notice.impact == Impact::Critical;
            if critical && !self.alerted.contains(&id) {
                self.alerted.push(id);
                self.urgent = text;
            } else {
                self.polite = text;
            }
        }
        self.said = shown.iter().map(mark).collect();
    }

    /// What was said has been heard.
    pub fn hush(&mut self) {
        self.polite.clear();
        self.urgent.clear();
    }

    /// The regions: always there, mostly empty.
    pub fn view(&self, into: Element) -> Element {
        let region = |role, text: &String| {
            element("div")
                .class("announcer")
                .with(Attribute::Role, role)
                .key(role)
                .sentence(text)
        };
        into.holding(region("status", &self.polite))
            .holding(region("alert", &self.urgent))
    }
}
