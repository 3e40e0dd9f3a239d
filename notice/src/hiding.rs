//! What is left of a notice that its reader has hidden.

use crate::{
    showing::View,
    wire::{feed::Notice, words::InApp},
};

/// Whether hiding still holds: until the notice's attention rises above what it was.
pub fn is_hidden(notice: &Notice, hidden_at: Option<u32>) -> bool {
    hidden_at.is_some_and(|attention| attention >= notice.attention)
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
