//! Who is told that it is over, and how loudly.

use crate::{
    showing::View,
    wire::{feed::Restored, time::Timestamp, words::Impact},
};

/// How long the people who were hit see the all-clear, unless they hide it: 72 h.
const CARD_S: i64 = 72 * 3600;
/// How far back a visit makes somebody a returning one: 30 days.
const RETURNING_S: i64 = 30 * 86_400;

/// What a browser remembers of having been here.
#[derive(Clone, Copy, Debug)]
pub struct Presence<'a> {
    /// It saw the notice, hidden or not.
    pub witness: bool,
    /// The first moment of each hour (of each day, past a week) in which the embed ran with the tab visible, in
    /// seconds since 1970. Moments and not bare hour numbers, so that who first came minutes after the end was not
    /// "present in that hour".
    pub visits: &'a [i64],
}

impl Presence<'_> {
    /// The embed ran here from one moment on and before another, in seconds since 1970.
    pub(crate) fn visited(&self, from: i64, until: i64) -> bool {
        self.visits.iter().any(|&at| from <= at && at < until)
    }
}

/// The beginning of a moment's hour, in seconds since 1970.
pub(crate) fn hour_of(at: i64) -> i64 {
    at - at.rem_euclid(3600)
}

/// What this browser sees of an incident that is over, before hiding is asked. The caller has checked the audience.
/// The server says by `expires_at` how long it stays for witnesses: 72 h, a maintenance 2 h, longer with a postmortem.
pub fn view(restored: &Restored, impact: Impact, presence: Presence<'_>, now: i64) -> View {
    let end = restored.at.seconds();
    let before = |moment: Option<Timestamp>| moment.is_some_and(|at| now < at.seconds());
    let within = |seconds: i64| now < end.saturating_add(seconds);
    let visited = |from: i64| presence.visited(from, end);
    let hour_of_start = hour_of(end.saturating_sub_unsigned(restored.seconds));
    let planned = impact == Impact::Maintenance;
    let card = within(CARD_S) || restored.withdrawn.is_some();

    if now >= restored.expires_at.seconds() {
        View::Nothing
    } else if presence.witness {
        // A postmortem may keep it in force for longer than the card.
        if card && !planned {
            View::Card
        } else {
            View::Pill
        }
    } else if planned || restored.withdrawn.is_some() {
        View::Nothing
    } else if within(CARD_S) && visited(hour_of_start) {
        View::Card
    } else if (before(restored.returning_until) && visited(end - RETURNING_S))
        || before(restored.everyone_until)
    {
        View::Pill
    } else {
        View::Nothing
    }
}
