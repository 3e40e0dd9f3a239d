//! What a browser shows of a notice: the rules of audience, hiding and all-clear, asked in turn.

use crate::{
    all_clear::{self, Presence},
    audience::{self, Page},
    hiding, part_restored,
    wire::{feed::Notice, words::InApp},
};

/// How much of a notice is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// A card.
    Card,
    /// A small pill that opens the card.
    Pill,
    /// Nothing.
    Nothing,
}

/// What this browser remembers of a notice, and of having been here.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// The attention at which its reader hid it.
    pub hidden_at: Option<u32>,
    /// The [`part_restored::since`] of the page's own all-clear that its reader hid, in seconds since 1970.
    pub back_hidden_at: Option<i64>,
    /// It was on the screen here.
    pub seen: bool,
    /// As [`Presence::visits`].
    pub visits: &'a [i64],
}

/// What is shown at `now`, in seconds since 1970 by the server's clock.
pub fn view(notice: &Notice, page: &Page, memory: Memory<'_>, now: i64) -> View {
    let meant = notice.in_app != InApp::Off
        && (page.drill || !notice.drill)
        && audience::matches(&notice.audience, page);
    if !meant {
        return View::Nothing;
    }
    let hidden = hiding::is_hidden(notice, memory.hidden_at);
    let hid_outage = memory.hidden_at.is_some()
        && notice
            .restored
            .as_ref()
            .is_none_or(|over| !hiding::returns_as_pill(notice, over, memory.hidden_at));
    let presence = Presence {
        // Whoever hid the outage has seen it, however quickly.
        witness: memory.seen || hid_outage,
        visits: memory.visits,
    };
    if let Some(since) = part_restored::since(notice, page) {
        return part_restored::view(notice, since, presence, memory.back_hidden_at, now);
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
