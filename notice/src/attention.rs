//! When something hidden is worth showing again: the counter that rises.

use crate::wire::{
    incident::{Incident, IncidentComponent},
    patch::Patch,
    words::{ComponentStatus, Impact, Status},
};

/// An incident before a change, and what the change makes of it.
#[derive(Clone, Debug)]
pub struct Rise<'a> {
    /// As it stands.
    pub before: &'a Incident,
    /// Its status after.
    pub status: Status,
    /// Its impact after.
    pub impact: Impact,
    /// Its components after.
    pub components: &'a [IncidentComponent],
    /// What is said of advice.
    pub advice: Patch<String>,
}

/// The counter after a change. `renotify` overrules what changed, either way; the counter never falls.
pub fn after(rise: &Rise<'_>, renotify: Option<bool>) -> u32 {
    let before = rise.before.attention;
    if renotify.unwrap_or_else(|| is_worth_it(rise)) {
        before.saturating_add(1)
    } else {
        before
    }
}

fn is_worth_it(rise: &Rise<'_>) -> bool {
    let before = rise.before;
    let ended_or_reopened = before.status.is_over() != rise.status.is_over();
    let begun = rise.status == Status::InProgress && before.status == Status::Scheduled;
    let worse_impact = rise.impact > before.impact;
    let new_advice = match &rise.advice {
        Patch::Keep => false,
        Patch::Clear => before.advice.is_some(),
        Patch::Set(advice) => before.advice.as_ref() != Some(advice),
    };
    ended_or_reopened || begun || worse_impact || new_advice || any_component_worse(rise)
}

fn any_component_worse(rise: &Rise<'_>) -> bool {
    rise.components.iter().any(|component| {
        let before = rise
            .before
            .components
            .iter()
            .find(|standing| standing.id == component.id)
            .map_or(ComponentStatus::Operational, |standing| standing.status);
        component.status > before
    })
}
