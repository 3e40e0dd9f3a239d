//! Announces notices to screen readers. `src/dom/announcer.js` decides which ones, and when.

use js_sys::Array;
use notice::wire::{
    enums::{Impact, NoticeKind},
    feed::Feed,
};

use crate::{
    dom::Dom,
    screen::{self, ShownNotice},
    view::{self, NoticeContext},
};

/// The announcer's entries for the notices on the screen: id, attention, whether it is over, and whether it is a critical
/// incident.
pub fn entries(shown: &[ShownNotice], feed: Option<&Feed>) -> Array {
    let entries = Array::new();
    for ShownNotice { id, kind, .. } in shown {
        let Some(notice) = feed.and_then(|feed| screen::notice(feed, id)) else {
            continue;
        };
        let is_critical = *kind == NoticeKind::Incident && notice.impact == Impact::Critical;
        let entry = Array::new();
        entry.push(&id.as_str().into());
        entry.push(&notice.attention.into());
        entry.push(&(*kind == NoticeKind::Restored).into());
        entry.push(&is_critical.into());
        entries.push(&entry);
    }
    entries
}

/// Announces a notice: "inc_… 1", with 1 for an urgent announcement.
pub fn announce(news: &str, shown: &[NoticeContext<'_>], dom: &Dom) {
    let Some((id, is_urgent)) = news.split_once(' ') else {
        return;
    };
    let mut shown = shown.iter();
    if let Some(news) = shown.find(|one| one.notice.id.as_str() == id) {
        dom.announce(is_urgent == "1", &view::summary(news), news.texts.tag);
    }
}
