//! Computes when an incident's next update is due, by promise or else by cadence, and when reminders to on-call targets
//! are due.
//!
//! Promises are public; the cadence is internal. A stage means that a reminder is due, not that it was delivered.

use crate::{
    state::State,
    wire::{
        enums::Kind,
        event::Event,
        incident::{Incident, PromiseStage, Reminded},
        input::ComponentName,
        time::Timestamp,
    },
};

/// Time between the first reminder and the due update, in seconds: 10 min.
const DUE_BEFORE_S: i64 = 10 * 60;
/// Tier of an incident without components.
const TIER: u8 = 2;

/// Returns the time at which the next update is due: the promised time, or else, for the kind `incident`, the time of the
/// last update plus the interval of the cadence.
pub fn owed_at(state: &State, incident: &Incident) -> Option<Timestamp> {
    if !incident.is_open() || incident.is_draft() {
        return None;
    }
    incident
        .next_update_at
        .or_else(|| by_cadence(state, incident))
}

fn by_cadence(state: &State, incident: &Incident) -> Option<Timestamp> {
    if incident.kind != Kind::Incident {
        return None;
    }
    let site = state.site.as_ref()?;
    let tier = incident
        .components
        .iter()
        .filter_map(|affected| state.component(&ComponentName::Id(affected.id.clone())))
        .map(|component| component.tier)
        .min()
        .unwrap_or(TIER);
    let every_s = incident.cadence_s.unwrap_or_else(|| site.cadence.of(tier));
    let updated_at = incident.updates.last().map(|update| update.at)?;
    Some(updated_at.plus_seconds(i64::from(every_s)))
}

/// Returns the next scheduled reminder of an incident, due soon or overdue, and the time at which it is due.
pub fn next(state: &State, incident: &Incident) -> Option<(Timestamp, Reminded)> {
    let site = state.site.as_ref()?;
    let owed_at = owed_at(state, incident)?;
    let reached = incident
        .reminded
        .filter(|reminded| reminded.owed_at == owed_at)
        .map(|reminded| reminded.stage);
    let updated_at = incident
        .updates
        .last()
        .map_or(incident.created_at, |update| update.at);
    let (stage, at) = match reached {
        // If the next update is promised within 10 min, the first reminder is at the promised time.
        None => {
            let due = owed_at.plus_seconds(-DUE_BEFORE_S);
            (
                PromiseStage::Due,
                if due > updated_at { due } else { owed_at },
            )
        }
        Some(PromiseStage::Due) => {
            let overdue_at = owed_at.plus_seconds(i64::from(site.overdue_after_s));
            (PromiseStage::Overdue, overdue_at)
        }
        // The escalation depends on who was reached: see `notify::escalation`.
        Some(PromiseStage::Overdue | PromiseStage::Escalated) => return None,
    };
    Some((at, Reminded { owed_at, stage }))
}

/// Creates the event of a reminder.
pub fn event(incident: &Incident, reminded: Reminded) -> Event {
    let incident = incident.id.clone();
    match reminded.stage {
        PromiseStage::Due => Event::PromiseDue { incident, reminded },
        PromiseStage::Overdue => Event::PromiseOverdue { incident, reminded },
        PromiseStage::Escalated => Event::PromiseEscalated { incident, reminded },
    }
}
