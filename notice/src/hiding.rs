//! What is left of a notice that its reader has hidden.

use crate::{
    showing::View,
    wire::{
        feed::{Notice, Restored},
        words::InApp,
    },
};

/// Whether hiding still holds: until the notice's attention rises above what it was.
pub fn is_hidden(notice: &Notice, hidden_at: Option<u32>) -> bool {
    hidden_at.is_some_and(|attention| attention >= notice.attention)
}

/// Whether an all-clear comes back as a pill only: its reader had hidden it, and it is its postmortem that raised its
/// attention since. Who had hidden no more than the outage reads the whole of it.
pub fn returns_as_pill(notice: &Notice, restored: &Restored, hidden_at: Option<u32>) -> bool {
    restored.postmortem.is_some()
        && hidden_at.is_some_and(|attention| attention.saturating_add(1) >= notice.attention)
}

/// How loud an open notice is, hidden or not. A held notice and a serious bar shrink to a pill; the rest vanishes.
pub fn view(notice: &Notice, hidden: bool) -> View {
    match notice.in_app {
        InApp::Off => View::Nothing,
        InApp::Bar if !hidden => View::Card,
        InApp::Bar if notice.impact.is_serious() => View::Pill,
        _ if !hidden || notice.hold => View::Pill,
        _ => View::Nothing,
    }
}
