//! Computes the attention counter, which rises when a hidden notice should be shown again.

use crate::wire::{
    enums::{ComponentStatus, Impact, Status},
    incident::{Incident, IncidentComponent},
    patch::Patch,
};

/// An incident before a change, and the result of the change.
#[derive(Clone, Debug)]
pub struct ChangedIncident<'a> {
    /// The incident before the change.
    pub before: &'a Incident,
    /// Status after the change.
    pub status: Status,
    /// Impact after the change.
    pub impact: Impact,
    /// Components after the change.
    pub components: &'a [IncidentComponent],
    /// Change of the advice.
    pub advice: Patch<String>,
}

/// Returns the counter after a change. `renotify` decides whether it rises by 1; with `None`, the kind of change decides.
/// The counter never falls.
pub fn next(change: &ChangedIncident<'_>, renotify: Option<bool>) -> u32 {
    let before = change.before.attention;
    if renotify.unwrap_or_else(|| is_raised(change)) {
        before.saturating_add(1)
    } else {
        before
    }
}

fn is_raised(change: &ChangedIncident<'_>) -> bool {
    let before = change.before;
    let has_ended_or_reopened = before.status.is_over() != change.status.is_over();
    let has_started = change.status == Status::InProgress && before.status == Status::Scheduled;
    let has_worse_impact = change.impact > before.impact;
    let has_new_advice = match &change.advice {
        Patch::Keep => false,
        Patch::Clear => before.advice.is_some(),
        Patch::Set(advice) => before.advice.as_ref() != Some(advice),
    };
    has_ended_or_reopened
        || has_started
        || has_worse_impact
        || has_new_advice
        || has_worse_component(change)
}

fn has_worse_component(change: &ChangedIncident<'_>) -> bool {
    change.components.iter().any(|component| {
        let before = change
            .before
            .components
            .iter()
            .find(|previous| previous.id == component.id)
            .map_or(ComponentStatus::Operational, |previous| previous.status);
        component.status > before
    })
}
