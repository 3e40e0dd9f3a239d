//! Decides which browsers show an all-clear, and in which form.

use crate::{
    browser::{
        presence::{Presence, hour_of},
        view::View,
    },
    wire::{enums::Impact, feed::Restored, time::Timestamp},
};

/// Time that affected browsers show the all-clear as a card, unless it is hidden, in seconds: 72 h.
const CARD_S: i64 = 72 * 3600;
/// Age of the oldest visit that makes a browser a returning one, in seconds: 30 days.
const RETURNING_S: i64 = 30 * 86_400;

/// Returns the form of an all-clear, regardless of hiding. The caller has checked the audience. `expires_at` limits how
/// long witnesses see it: 72 h, for maintenance 2 h, longer after a postmortem.
pub fn view(restored: &Restored, impact: Impact, presence: Presence<'_>, now: i64) -> View {
    let end = restored.at.seconds();
    let is_before = |until: Option<Timestamp>| until.is_some_and(|at| now < at.seconds());
    let within = |seconds: i64| now < end.saturating_add(seconds);
    let visited = |from: i64| presence.visited(from, end);
    let hour_of_start = hour_of(end.saturating_sub_unsigned(restored.seconds));
    let is_maintenance = impact == Impact::Maintenance;
    let card = within(CARD_S) || restored.withdrawn.is_some();

    if now >= restored.expires_at.seconds() {
        View::Nothing
    } else if presence.witness {
        // A postmortem extends the all-clear beyond the 72 h of the card. For the rest of the time it is a pill.
        if card && !is_maintenance {
            View::Card
        } else {
            View::Pill
        }
    } else if is_maintenance || restored.withdrawn.is_some() {
        View::Nothing
    } else if within(CARD_S) && visited(hour_of_start) {
        View::Card
    } else if (is_before(restored.returning_until) && visited(end - RETURNING_S))
        || is_before(restored.everyone_until)
    {
        View::Pill
    } else {
        View::Nothing
    }
}
