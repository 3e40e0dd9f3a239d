//! Decides the form in which a notice that its reader has hidden is still shown.

use crate::{
    browser::view::View,
    wire::{
        enums::InApp,
        feed::{Notice, Restored},
    },
};

/// Whether hiding is still in effect: the notice's attention has not risen since. `hidden_at` is
/// the attention when the reader hid the notice.
pub fn is_hidden(notice: &Notice, hidden_at: Option<u32>) -> bool {
    hidden_at.is_some_and(|attention| attention >= notice.attention)
}

/// Whether an all-clear is shown again as a pill only: the reader had hidden the all-clear, and only the postmortem has
/// raised the attention since. A reader who had hidden only the outage sees the card.
pub fn returns_as_pill(notice: &Notice, restored: &Restored, hidden_at: Option<u32>) -> bool {
    restored.postmortem.is_some()
        && hidden_at.is_some_and(|attention| attention.saturating_add(1) >= notice.attention)
}

/// Returns the form of an open notice. If hidden, a notice with `hold` or a serious bar becomes a pill, and all others
/// disappear.
pub fn view(notice: &Notice, hidden: bool) -> View {
    match notice.in_app {
        InApp::Off => View::Nothing,
        InApp::Bar if !hidden => View::Card,
        InApp::Bar if notice.impact.is_serious() => View::Pill,
        _ if !hidden || notice.hold => View::Pill,
        _ => View::Nothing,
    }
}
