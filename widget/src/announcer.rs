//! What is said to those who cannot see the card: changes of what is shown and where it stands, and what is worth showing
//! again to those who hid it. Nothing else.

use js_sys::Object;
use notice::wire::words::{Impact, NoticeKind, Word as _};

use crate::{
    host::{Host, set},
    page::{Page, property},
    texts::fill,
    view::{self, Context},
};

/// Milliseconds between the regions' coming and their filling: a region that is inserted full is not read.
pub const DELAY_MS: u32 = 150;
/// Milliseconds after which they are emptied, so that what was said is not met again by whoever reads on.
pub const HEARD_MS: u32 = 5_000;

/// Where the record holds the ids of notices that have interrupted, one after the other. No id is like it.
const ALERTS: &str = "alerts";

/// What the live regions said, as the record has it, which another card may have written and will read.
pub struct Announcer {
    announced: Object,
}

fn kind(shown: &Context<'_>) -> NoticeKind {
    if shown.over.is_some() {
        NoticeKind::Restored
    } else {
        shown.notice.kind
    }
}

/// What is announced of a notice, by which news is told from repetition.
fn mark(shown: &Context<'_>) -> String {
    let attention = shown.notice.attention.to_string();
    fill(
        "% % %",
        &[
            kind(shown).as_str(),
            shown.notice.status.as_str(),
            &attention,
        ],
    )
}

impl Announcer {
    /// Goes on from what another card has said.
    pub fn new(host: &Host) -> Self {
        Self {
            announced: host.announced(),
        }
    }

    /// Whether there is something to say that has not been said.
    pub fn has_news(&self, shown: &[Context<'_>]) -> bool {
        self.news(shown).is_some()
    }

    fn news<'a, 'b>(&self, shown: &'a [Context<'b>]) -> Option<&'a Context<'b>> {
        let is_new =
            |one: &&Context<'b>| self.recalled(one.notice.id.as_str()).as_ref() != Some(&mark(one));
        shown.iter().find(is_new)
    }

    fn recalled(&self, name: &str) -> Option<String> {
        property(&self.announced, name).as_string()
    }

    /// Says the most pressing piece of news: urgently when it is a new critical problem. Gives what has been said then.
    pub fn say(&self, shown: &[Context<'_>], host: &Host, page: &Page) -> Self {
        let mut alerts = self.recalled(ALERTS).unwrap_or_default();
        if let Some(news) = self.news(shown) {
            let id = news.notice.id.as_str();
            let critical =
                kind(news) == NoticeKind::Incident && news.notice.impact == Impact::Critical;
            let is_urgent = critical && alerts.split(' ').all(|other| other != id);
            if is_urgent {
                alerts = fill("% %", &[&alerts, id]);
            }
            page.announce(is_urgent, &view::summary(news), news.texts.tag);
        }
        let announced = Object::new();
        set(&announced, ALERTS, &alerts.into());
        for one in shown {
            set(&announced, one.notice.id.as_str(), &mark(one).into());
        }
        set(&host.record, "announced", &announced);
        Self { announced }
    }
}

/// What was said has been heard.
pub fn hush(page: &Page) {
    page.announce(false, "", "");
    page.announce(true, "", "");
}
