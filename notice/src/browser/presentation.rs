//! Arranges the notices that a page shows: which one is the card or pill, which one the line below names, in which
//! containers each is drawn, and which values the browser stores after showing them.
//!
//! The input is the list of notices with the [form](crate::browser::showing::view) of each, in the order of
//! [`precedence::sorted`](crate::browser::precedence::sorted). In the collapsed state there is one card and one line,
//! or one pill.
//!
//! # Definition of "seen"
//! A notice has been seen when its title was shown for [`SEEN_AFTER_MS`] in a visible tab and nothing covered the title's
//! centre (`elementFromPoint`). Only then [`marks`] stores values. A page load reads the stored values of a
//! notice once, when it first draws it, and keeps [`start`] until the attention rises or the notice is over, so that a
//! card does not change because it has just been seen.
//!
//! # Stored values
//! Objects of numbers, each with the 100 newest keys:
//!
//! | name | key | value |
//! |---|---|---|
//! | `seen` | `{id}` | attention of the open notice when it was last seen |
//! | `first` | `{id}:{attention}` | when it was first seen at that attention, in seconds since 1970 |
//! | `updates` | `{id}` | `at` of the newest update that is not news, in seconds since 1970 |
//! | `cleared` | `{id}` | time of the all-clear that was seen, in seconds since 1970 |
//! | `hidden` | `{id}`, `{id}:back` | as in [`hiding`](crate::browser::hiding) and [`partial_all_clear`](crate::browser::partial_all_clear) |

use crate::{
    browser::view::View,
    wire::{
        enums::{Impact, Status},
        feed::Notice,
        time::Timestamp,
    },
};

/// Time that a title must be shown until its notice counts as seen, in milliseconds.
pub const SEEN_AFTER_MS: u32 = 1_000;
/// Time from when a notice was first seen until it starts as a pill, in seconds: 12 h.
const LONG_S: i64 = 12 * 3600;

/// The stored values of a notice when this page load first drew it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the notice was seen while it was open, at any attention.
    pub is_witness: bool,
    /// Time when it was first seen at its current attention, in seconds since 1970.
    pub first_seen_at: Option<i64>,
    /// Time of the latest all-clear that was seen, in seconds since 1970.
    pub all_clear_seen_at: Option<i64>,
}

/// The initial state of a notice in a page load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Whether the notice was first seen more than 12 h ago, so that it is a pill everywhere.
    pub is_long: bool,
    /// Whether the layout viewport was too low for a card, so that a floating notice is a pill.
    pub is_low: bool,
    /// Whether this is an all-clear that has not been seen, so that its card is expanded.
    pub is_new: bool,
    /// Whether this is an unseen all-clear of a notice that was seen, so that the line names it first.
    pub takes_line: bool,
}

/// Computes the initial state of a notice, once per page load. `over_at` is the time of its all-clear, or of the
/// [partial one](crate::browser::partial_all_clear::since). `is_low`: the layout viewport is lower than 480 CSS px.
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
    // Scheduled maintenance does not shrink, because it becomes a card 15 min before it starts, at the same attention.
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

/// A notice in a container. Entries are sorted, most pressing first.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The form of the notice; never [`View::Nothing`].
    pub view: View,
    /// Initial state of the notice in this page load.
    pub start: Start,
    /// Whether the notice is a drill.
    pub is_drill: bool,
}

impl Entry {
    /// Returns the form while the reader has not opened the notice: card or pill.
    pub fn at_rest(&self, is_floating: bool) -> View {
        if self.start.is_long || (is_floating && self.start.is_low) {
            View::Pill
        } else {
            self.view
        }
    }
}

/// The extent of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Only title, advice and times.
    Brief,
    /// Everything, including updates, contacts and the postmortem.
    Whole,
}

/// The content of a container, as indices of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The card or pill.
    pub main: usize,
    /// The extent of the card; `None` for a pill.
    pub extent: Option<Extent>,
    /// All other entries. The line names the first one and counts the rest; the list shows them in this order.
    pub others: Vec<usize>,
}

/// Arranges a container. `chosen` is the entry that the reader expanded or collapsed there. `None` if there are no
/// entries.
pub fn arrange(
    entries: &[Entry],
    is_floating: bool,
    chosen: Option<(usize, Extent)>,
) -> Option<Arrangement> {
    // A drill is the card or pill only if no real notice is shown, or if the reader opens it.
    let has_real = entries.iter().any(|entry| !entry.is_drill);
    let mut first = None;
    let mut card = None;
    for (index, entry) in entries.iter().enumerate() {
        if !(has_real && entry.is_drill) {
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

/// A slot of the page, in relation to one notice.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Whether the slot is connected and has layout boxes.
    pub is_rendered: bool,
    /// Whether the slot shows the notice.
    pub shows_notice: bool,
}

/// Whether a notice floats. A page declares its slots' components, so a notice of any slot floats until one of its
/// slots is rendered.
pub fn floats(slots: &[Slot]) -> bool {
    !slots
        .iter()
        .any(|slot| slot.is_rendered && slot.shows_notice)
}

/// Returns the index of the slot that shows the notice's only pill; `None` if the pill floats.
pub fn slot_of_pill(slots: &[Slot]) -> Option<usize> {
    slots
        .iter()
        .position(|slot| slot.is_rendered && slot.shows_notice)
}

/// Whether the newest update is news: newer than the stored `updates` value of the notice when this page load first
/// drew it. Without such a value, `known` is the newest update when the notice was first seen.
pub fn is_news(notice: &Notice, known: Option<i64>) -> bool {
    let newest = notice.updates.first().map(|update| update.at.seconds());
    // Without advice the card always shows the newest update, in the place of the advice.
    notice.advice.is_some()
        && newest
            .zip(known)
            .is_some_and(|(newest, known)| newest > known)
}

/// Returns the key of `first` for a notice at its current attention.
pub fn first_key(notice: &Notice) -> String {
    let mut key = notice.id.as_str().to_owned();
    key.push(':');
    push_number(&mut key, notice.attention);
    key
}

/// Appends a number in decimal. The standard library's formatting costs 1 KB of wasm.
fn push_number(text: &mut String, number: u32) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from_digit(number % 10, 10).unwrap_or_default());
}

/// A number to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Name of the stored object.
    pub name: &'static str,
    /// Key in the object.
    pub key: &'a str,
    /// Number to store: an attention, or seconds since 1970.
    pub value: i64,
    /// Whether a number that is already stored stays.
    pub keeps_existing: bool,
}

/// Calls `remember` with each number to store once a notice has been seen. `has_update`: the newest update's text was
/// shown too.
pub fn marks(
    notice: &Notice,
    over_at: Option<Timestamp>,
    has_update: bool,
    now: i64,
    remember: &mut dyn FnMut(Mark<'_>),
) {
    let key = notice.id.as_str();
    let mut mark = |name, key: &str, value, keeps_existing| {
        remember(Mark {
            name,
            key,
            value,
            keeps_existing,
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
