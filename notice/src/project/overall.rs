//! How a site does, in one word: what its status page says first.

use crate::{
    state::State,
    wire::{
        incident::Incident,
        words::{Impact, Kind, Status},
    },
};

/// The worst of what goes on. Never [`Overall::Working`] while anything is open that users may know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// Nothing is open.
    Working,
    /// Nothing is broken, and something is announced.
    Announcement,
    /// Planned work is under way.
    Maintenance,
    /// What is broken is on no list: only some customers are hit.
    Some,
    /// It should work again, and is watched; it was as bad as this.
    Recovering(Impact),
    /// Something is broken, as bad as this.
    Problem(Impact),
}

/// How a site does. What is held back, rehearsed or planned for later counts for nothing.
pub fn overall(state: &State) -> Overall {
    let open = || {
        state.incidents.values().filter(|incident| {
            let goes_on = incident.is_open() && incident.status != Status::Scheduled;
            goes_on && incident.is_shown() && !incident.drill
        })
    };
    let problems = || open().filter(|incident| incident.kind == Kind::Incident);
    if let Some(worst) = problems().map(|incident| incident.impact).max() {
        let recovers = problems().all(|incident| incident.status == Status::Monitoring);
        return match (problems().any(Incident::is_listed), recovers) {
            (false, _) => Overall::Some,
            (true, true) => Overall::Recovering(worst),
            (true, false) => Overall::Problem(worst),
        };
    }
    let has = |kind: Kind| open().any(|incident| incident.kind == kind);
    if has(Kind::Maintenance) {
        Overall::Maintenance
    } else if has(Kind::Announcement) {
        Overall::Announcement
    } else {
        Overall::Working
    }
}
