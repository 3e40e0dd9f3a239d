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
    Announcement(Reach),
    /// Nothing is broken, and work is planned.
    Planned(Reach),
    /// Planned work is under way.
    Maintenance(Reach),
    /// What is broken is on no list: only some customers are hit.
    Some,
    /// It should work again, and is watched; it was as bad as this.
    Recovering(Impact),
    /// Something is broken, as bad as this.
    Problem(Impact),
}

/// Whom something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All who use the site.
    Everybody,
    /// Some of them: it is on no list.
    Some,
}

/// How a site does. What is held back or rehearsed counts for nothing.
pub fn overall(state: &State) -> Overall {
    let open = || {
        let incidents = state.incidents.values();
        incidents.filter(|incident| incident.is_open() && incident.is_shown() && !incident.drill)
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
    let reach = |is_meant: fn(&Incident) -> bool| {
        let listed = open().filter(|incident| is_meant(incident));
        listed
            .map(Incident::is_listed)
            .reduce(|one, other| one || other)
            .map(|listed| {
                if listed {
                    Reach::Everybody
                } else {
                    Reach::Some
                }
            })
    };
    let goes_on = |incident: &Incident| {
        incident.kind == Kind::Maintenance && incident.status != Status::Scheduled
    };
    reach(goes_on)
        .map(Overall::Maintenance)
        .or_else(|| reach(|incident| incident.kind == Kind::Maintenance).map(Overall::Planned))
        .or_else(|| reach(|_| true).map(Overall::Announcement))
        .unwrap_or(Overall::Working)
}
