//! The overall status of a site: the headline of its status page.

use crate::{
    state::State,
    wire::{
        enums::{Impact, Kind, Status},
        incident::Incident,
    },
};

/// The overall status, derived from all open incidents that users can see. `Working` only if no such incident exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// No incident is open.
    Working,
    /// Nothing is broken, and an announcement is current.
    Announcement(Reach),
    /// Nothing is broken, and a maintenance is scheduled.
    Planned(Reach),
    /// A maintenance is in progress.
    Maintenance(Reach),
    /// All open incidents are unlisted: only some customers are affected.
    Some,
    /// All open incidents are monitored after a fix. Holds the worst impact.
    Recovering(Impact),
    /// An incident is open. Holds the worst impact.
    Problem(Impact),
}

/// The users that something affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All users of the site.
    Everybody,
    /// Only some users: the incident is unlisted.
    Some,
}

/// Computes the overall status. Ignores drafts and drills.
pub fn overall(state: &State) -> Overall {
    let open = || {
        let incidents = state.incidents.values();
        incidents.filter(|incident| incident.is_open() && incident.is_shown() && !incident.drill)
    };
    let problems = || open().filter(|incident| incident.kind == Kind::Incident);
    if let Some(worst) = problems().map(|incident| incident.impact).max() {
        let is_recovering = problems().all(|incident| incident.status == Status::Monitoring);
        return match (problems().any(Incident::is_listed), is_recovering) {
            (false, _) => Overall::Some,
            (true, true) => Overall::Recovering(worst),
            (true, false) => Overall::Problem(worst),
        };
    }
    let reach = |includes: fn(&Incident) -> bool| {
        let listed = open().filter(|incident| includes(incident));
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
    let is_in_progress = |incident: &Incident| {
        incident.kind == Kind::Maintenance && incident.status != Status::Scheduled
    };
    reach(is_in_progress)
        .map(Overall::Maintenance)
        .or_else(|| reach(|incident| incident.kind == Kind::Maintenance).map(Overall::Planned))
        .or_else(|| reach(|_| true).map(Overall::Announcement))
        .unwrap_or(Overall::Working)
}
