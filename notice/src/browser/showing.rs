//! Decides in which form a browser shows a notice, by the rules of audience, hiding and all-clear.

use crate::{
    browser::{
        all_clear,
        audience::{self, PageContext},
        hiding, partial_all_clear,
        presence::Presence,
        view::View,
    },
    wire::{enums::InApp, feed::Notice},
};

/// Stored facts about a notice and about visits of this browser.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// Attention of the notice when the reader hid it.
    pub hidden_at: Option<u32>,
    /// [`partial_all_clear::since`] of the partial all-clear that the reader hid, in seconds since 1970.
    pub back_hidden_at: Option<i64>,
    /// Whether this browser has seen the notice while it was open.
    pub seen: bool,
    /// Visits, as in [`Presence::visits`].
    pub visits: &'a [i64],
}

/// Returns the form in which the notice is shown at `now`, in seconds since 1970 by the server's clock.
pub fn view(notice: &Notice, page: &PageContext, memory: Memory<'_>, now: i64) -> View {
    let is_for_page = notice.in_app != InApp::Off
        && (page.drill || !notice.drill)
        && audience::matches(&notice.audience, page);
    if !is_for_page {
        return View::Nothing;
    }
    let hidden = hiding::is_hidden(notice, memory.hidden_at);
    let hid_outage = memory.hidden_at.is_some()
        && notice
            .restored
            .as_ref()
            .is_none_or(|restored| !hiding::returns_as_pill(notice, restored, memory.hidden_at));
    let presence = Presence {
        // Hiding the outage implies seeing it, even in less than a second.
        witness: memory.seen || hid_outage,
        visits: memory.visits,
    };
    if let Some(since) = partial_all_clear::since(notice, page) {
        return partial_all_clear::view(notice, since, presence, memory.back_hidden_at, now);
    }
    match &notice.restored {
        None => hiding::view(notice, hidden),
        Some(restored) if !hidden => {
            let view = all_clear::view(restored, notice.impact, presence, now);
            if view == View::Card && hiding::returns_as_pill(notice, restored, memory.hidden_at) {
                View::Pill
            } else {
                view
            }
        }
        Some(_) => View::Nothing,
    }
}
