//! How the notices that a page shows are arranged: which one is the card or the pill, which one the line beneath it
//! names, in which places each is drawn, and what a browser remembers of having shown them.
//!
//! Notices come here after [`showing::view`](crate::showing::view) has said how loud each is, in the order of
//! [`precedence::sorted`](crate::precedence::sorted). Everything collapsed is one card and one line, or one pill.
//!
//! # What "seen" means
//! A notice has been seen when its title was shown for [`SEEN_AFTER_MS`] in a visible tab and the title's centre belonged
//! to the card (`elementFromPoint`). Only then is [`marks`] written. A page load reads the memory of a notice once, when it
//! first draws it, and keeps [`start`] for as long as it lives (until attention rises, or until the notice is over): nothing
//! changes under the reader's eyes because it has just been seen.
//!
//! # What the browser remembers
//! Four objects of numbers beside the hours of visits; each keeps the 100 newest keys.
//!
//! | name | key | value |
//! |---|---|---|
//! | `seen` | `{id}` | attention of the open notice when it was last seen |
//! | `first` | `{id}:{attention}` | when it was first seen at that attention, in seconds since 1970 |
//! | `updates` | `{id}` | `at` of the newest update that is not news, in seconds since 1970 |
//! | `cleared` | `{id}` | time of the all-clear that was seen, in seconds since 1970 |
//! | `hidden` | `{id}`, `{id}:back` | as in [`hiding`](crate::hiding) and [`part_restored`](crate::part_restored) |

use crate::{
    showing::View,
    wire::{
        feed::Notice,
        time::Timestamp,
        words::{Impact, Status},
    },
};

/// How long a title must be shown until its notice counts as seen, in milliseconds.
pub const SEEN_AFTER_MS: u32 = 1_000;
/// How long after it was first seen a notice starts as its pill: 12 h.
const LONG_S: i64 = 12 * 3600;

/// What the browser remembers of a notice, as it was when this page load first drew it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The notice was seen while it was open, at any attention.
    pub is_witness: bool,
    /// When it was first seen at its present attention, in seconds since 1970.
    pub first_seen_at: Option<i64>,
    /// The time of the latest all-clear that was seen, in seconds since 1970.
    pub all_clear_seen_at: Option<i64>,
}

/// How a notice starts in a page load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// It has been known for long, so that it is a pill wherever it is drawn.
    pub is_long: bool,
    /// The layout viewport was too low for a card, so that it is a pill where it floats.
    pub is_low: bool,
    /// It is an all-clear that has not been seen: its card is expanded.
    pub is_new: bool,
    /// It is such an all-clear of a notice that was seen: it takes the line first.
    pub takes_line: bool,
}

/// Decides how a notice starts, once in a page load. `over_at` is the time of its all-clear, or of the page's own
/// ([`part_restored::since`](crate::part_restored::since)); `is_low` says that the layout viewport is lower than 480 CSS px;
/// `now` is in seconds since 1970.
pub fn start(
    notice: &Notice,
    over_at: Option<Timestamp>,
    known: Known,
    is_low: bool,
    now: i64,
) -> Start {
    let is_new = over_at.is_some_and(|at| {
        known
            .all_clear_seen_at
            .is_none_or(|seen| seen < at.seconds())
    });
    // Maintenance that begins becomes a card again 15 min before, without more attention.
    let may_shrink = over_at.is_none()
        && notice.impact != Impact::Critical
        && notice.status != Status::Scheduled
        && !notice.hold;
    Start {
        is_long: may_shrink
            && known
                .first_seen_at
                .is_some_and(|at| now > at.saturating_add(LONG_S)),
        is_low,
        is_new,
        takes_line: is_new && known.is_witness,
    }
}

/// A notice in one place, most pressing first.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// How loud it is; never [`View::Nothing`].
    pub view: View,
    /// How it starts.
    pub start: Start,
    /// It is a drill.
    pub is_drill: bool,
}

impl Entry {
    /// What it is as long as the reader does not open it: a card or a pill.
    pub fn at_rest(&self, is_floating: bool) -> View {
        if self.start.is_long || (is_floating && self.start.is_low) {
            View::Pill
        } else {
            self.view
        }
    }
}

/// How much of a card is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Title, advice and times.
    Brief,
    /// Everything.
    Whole,
}

/// What a place draws, by indices into its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The card or the pill.
    pub main: usize,
    /// How much of the card; `None`: the pill.
    pub extent: Option<Extent>,
    /// All others. The line names the first and counts the rest; the list has them in this order.
    pub others: Vec<usize>,
}

/// Arranges a place. `chosen` is what its reader opened or folded there. `None` when there is nothing to draw.
pub fn arrange(
    entries: &[Entry],
    is_floating: bool,
    chosen: Option<(usize, Extent)>,
) -> Option<Arrangement> {
    // A drill is the card or the pill only where nothing real is shown, or where the reader opens it.
    let is_real = entries.iter().any(|entry| !entry.is_drill);
    let mut first = None;
    let mut card = None;
    for (index, entry) in entries.iter().enumerate() {
        if !(is_real && entry.is_drill) {
            first = first.or(Some(index));
            if entry.at_rest(is_floating) == View::Card {
                card = card.or(Some(index));
            }
        }
    }
    let (main, extent) = match (chosen, card) {
        (Some((index, Extent::Whole)), _) => (index, Some(Extent::Whole)),
        (chosen, Some(index)) => {
            let is_new = entries.get(index).is_some_and(|entry| entry.start.is_new);
            let extent = match chosen {
                Some((folded, extent)) if folded == index => extent,
                _ if is_new => Extent::Whole,
                _ => Extent::Brief,
            };
            (index, Some(extent))
        }
        (_, None) => (first?, None),
    };
    let mut others = Vec::new();
    let mut named = None;
    for (index, entry) in entries.iter().enumerate() {
        if index != main && entry.start.takes_line && named.is_none() {
            named = Some(index);
            others.push(index);
        }
    }
    for index in 0..entries.len() {
        if index != main && Some(index) != named {
            others.push(index);
        }
    }
    Some(Arrangement {
        main,
        extent,
        others,
    })
}

/// A slot of the page, as it concerns one notice.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// It is connected and has boxes.
    pub is_rendered: bool,
    /// The notice is for its components.
    pub holds: bool,
}

/// Whether a notice floats. The page counts as declaring the components of its slots, so that what any of them holds
/// floats until one that is rendered holds it.
pub fn floats(slots: &[Slot]) -> bool {
    !slots.iter().any(|slot| slot.is_rendered && slot.holds)
}

/// The slot that has the notice's only pill, by its index; `None` when the pill floats.
pub fn slot_of_pill(slots: &[Slot]) -> Option<usize> {
    slots.iter().position(|slot| slot.is_rendered && slot.holds)
}

/// Whether the newest update is news: it came after the notice had been seen, and has not been seen itself. `known` is
/// the `updates` entry of the notice when this page load first drew it, else the newest update when it was first seen.
pub fn is_news(notice: &Notice, known: Option<i64>) -> bool {
    let newest = notice.updates.first().map(|update| update.at.seconds());
    // Without advice the newest update stands in its place.
    notice.advice.is_some()
        && newest
            .zip(known)
            .is_some_and(|(newest, known)| newest > known)
}

/// The key of `first` for a notice at its present attention.
pub fn first_key(notice: &Notice) -> String {
    let mut key = notice.id.as_str().to_owned();
    key.push(':');
    push_number(&mut key, notice.attention);
    key
}

/// Writes a number in decimal. What the standard library has for it takes browsers a kilobyte.
fn push_number(text: &mut String, number: u32) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from_digit(number % 10, 10).unwrap_or_default());
}

/// One number to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Under which name.
    pub name: &'static str,
    /// Which key of it.
    pub key: &'a str,
    /// The number.
    pub value: i64,
    /// A number that is already there stays.
    pub is_first: bool,
}

/// Gives what to remember once a notice has been seen, one after the other. `has_update` says that the newest update's
/// text was shown with it.
pub fn marks(
    notice: &Notice,
    over_at: Option<Timestamp>,
    has_update: bool,
    now: i64,
    remember: &mut dyn FnMut(Mark<'_>),
) {
    let key = notice.id.as_str();
    let mut mark = |name, key: &str, value, is_first| {
        remember(Mark {
            name,
            key,
            value,
            is_first,
        });
    };
    if notice.restored.is_none() {
        mark("seen", key, notice.attention.into(), false);
    }
    if let Some(at) = over_at {
        return mark("cleared", key, at.seconds(), false);
    }
    mark("first", &first_key(notice), now, true);
    if let Some(newest) = notice.updates.first() {
        mark("updates", key, newest.at.seconds(), !has_update);
    }
}
