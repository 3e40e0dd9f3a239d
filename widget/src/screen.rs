//! What is on the screen: which notices, how much of each, in which order.

use notice::{
    audience::Page,
    precedence,
    showing::{self, View},
    wire::{
        feed::{Feed, Notice},
        ids::IncidentId,
        words::NoticeKind,
    },
};

use crate::memory::Remembered;

/// One notice on the screen.
#[derive(Clone, PartialEq)]
pub struct Shown {
    /// Which.
    pub id: IncidentId,
    /// Of which kind: when that changes, it is news.
    pub kind: NoticeKind,
    /// A card or a pill.
    pub view: View,
}

/// What a feed comes to in this browser, most pressing first.
pub fn of(
    feed: &Feed,
    page: &Page,
    remembered: &Remembered,
    now: i64,
    opened: Option<&IncidentId>,
) -> Vec<Shown> {
    let mut all = Vec::new();
    for notice in precedence::sorted(&feed.notices, page) {
        let view = match showing::view(notice, page, remembered.of(notice), now) {
            // Whoever asked for it by name sees it.
            View::Nothing if opened == Some(&notice.id) => View::Pill,
            view => view,
        };
        if view != View::Nothing {
            all.push(Shown {
                id: notice.id.clone(),
                kind: notice.kind,
                view,
            });
        }
    }
    all
}

/// A feed's notice.
pub fn notice<'a>(feed: &'a Feed, id: &IncidentId) -> Option<&'a Notice> {
    feed.notices.iter().find(|notice| notice.id == *id)
}
