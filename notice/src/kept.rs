//! Whether what was promised was kept: each update's promise of the next, against when the next came.

use crate::wire::{incident::Incident, time::Timestamp};

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The next word came by then.
    InTime,
    /// It came so many seconds after.
    Late(u64),
    /// It is still due.
    Due,
    /// It should have come, and has not.
    Overdue,
}

/// What an update promised, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// When the next word was to come.
    pub by: Timestamp,
    /// Whether it did.
    pub kept: Kept,
}

/// One entry per update, oldest first; `None` where nothing was promised. A word counts as late so many seconds past
/// the promise.
pub fn promises(
    incident: &Incident,
    overdue_after_s: u32,
    now: Timestamp,
) -> Vec<Option<Promised>> {
    let later = incident
        .updates
        .iter()
        .skip(1)
        .map(|update| Some(update.at));
    let end = incident.ended_at.filter(|_| !incident.is_open());
    incident
        .updates
        .iter()
        .zip(later.chain([end]))
        .map(|(update, next)| {
            // The last one's promise may have been changed, or taken back, without a word.
            let by = match next {
                Some(_) => update.next_update_at,
                None => incident.next_update_at,
            }?;
            let patience = i64::from(overdue_after_s);
            let is_late = |at: Timestamp| by.plus_seconds(patience) < at;
            let kept = match next {
                Some(at) if is_late(at) => {
                    Kept::Late(u64::try_from(at.seconds() - by.seconds()).unwrap_or(0))
                }
                Some(_) => Kept::InTime,
                None if is_late(now) => Kept::Overdue,
                None => Kept::Due,
            };
            Some(Promised { by, kept })
        })
        .collect()
}
