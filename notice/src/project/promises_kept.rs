//! Evaluates promised update times: compares each promise with the time of the next update.

use crate::wire::{incident::Incident, time::Timestamp};

/// The outcome of a promised update time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseOutcome {
    /// The next update was posted in time.
    InTime,
    /// The next update was posted late, by this number of seconds.
    Late(u64),
    /// The next update is not posted yet, and not overdue.
    Due,
    /// The next update is not posted yet, and overdue.
    Overdue,
}

/// A promised update time and its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluatedPromise {
    /// The time that the update promised.
    pub by: Timestamp,
    /// Whether the next update came in time.
    pub outcome: PromiseOutcome,
}

/// Evaluates the promise of each update, oldest first. `None` for updates without a promise. An update counts as late
/// if it is posted more than `overdue_after_s` seconds after the promised time.
pub fn promises(
    incident: &Incident,
    overdue_after_s: u32,
    now: Timestamp,
) -> Vec<Option<EvaluatedPromise>> {
    let following = incident
        .updates
        .iter()
        .skip(1)
        .map(|update| Some(update.at));
    let end = incident.ended_at.filter(|_| !incident.is_open());
    incident
        .updates
        .iter()
        .zip(following.chain([end]))
        .map(|(update, next)| {
            // The current promise may have been changed or cleared since, without an update.
            let by = match next {
                Some(_) => update.next_update_at,
                None => incident.next_update_at,
            }?;
            let tolerance = i64::from(overdue_after_s);
            let is_late = |at: Timestamp| by.plus_seconds(tolerance) < at;
            let outcome = match next {
                Some(at) if is_late(at) => {
                    PromiseOutcome::Late(u64::try_from(at.seconds() - by.seconds()).unwrap_or(0))
                }
                Some(_) => PromiseOutcome::InTime,
                None if is_late(now) => PromiseOutcome::Overdue,
                None => PromiseOutcome::Due,
            };
            Some(EvaluatedPromise { by, outcome })
        })
        .collect()
}
