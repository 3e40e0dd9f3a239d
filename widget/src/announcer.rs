//! What is said to those who cannot see the card: changes of what is shown and where it stands, nothing else.

use notice::wire::{
    feed::Notice,
    ids::IncidentId,
    words::{Impact, NoticeKind, Status},
};

use crate::{
    element::{Attribute, Element, element},
    moments::Moments,
    texts::Texts,
    view,
};

/// Milliseconds between the region's coming and its filling: a region that is inserted full is not read.
pub const DELAY_MS: u32 = 150;

/// What was announced of a notice, by which news is told from repetition.
type Mark = (IncidentId, NoticeKind, Status);

/// Remembers what was said.
#[derive(Default)]
pub struct Announcer {
    said: Vec<Mark>,
    alerted: Vec<IncidentId>,
    polite: String,
    urgent: String,
}

fn mark(notice: &Notice) -> Mark {
    (notice.id.clone(), notice.kind, notice.status)
}

impl Announcer {
    /// Whether there is something to say that has not been said.
    pub fn has_news(&self, shown: &[&Notice]) -> bool {
        shown
            .iter()
            .any(|notice| !self.said.contains(&mark(notice)))
    }

    /// Says the most pressing piece of news: urgently when it is a new critical problem.
    pub fn say(&mut self, shown: &[&Notice], texts: &Texts, moments: &Moments) {
        if let Some(notice) = shown
            .iter()
            .find(|notice| !self.said.contains(&mark(notice)))
        {
            let text = view::summary(notice, texts, moments);
            let critical = notice.kind == NoticeKind::Incident && notice.impact == Impact::Critical;
            if critical && !self.alerted.contains(&notice.id) {
                self.alerted.push(notice.id.clone());
                self.urgent = text;
            } else {
                self.polite = text;
            }
        }
        self.said = shown.iter().map(|notice| mark(notice)).collect();
    }

    /// The regions: always there, mostly empty.
    pub fn view(&self, into: Element) -> Element {
        let region = |role, text: &String| {
            element("div")
                .class("announcer")
                .with(Attribute::Role, role)
                .key(role)
                .text(text.clone())
        };
        into.holding(region("status", &self.polite))
            .holding(region("alert", &self.urgent))
    }
}
