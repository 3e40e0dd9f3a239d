//! When the next update of an incident is due: by its promise, else by cadence; and the steps of reminding on-call targets.
//!
//! A promise is public; cadence is for operators only. A step says that a reminder is due, not that it was delivered.

use crate::{
    state::State,
    wire::{
        event::Event,
        incident::{Incident, PromiseStage, Reminded},
        input::ComponentName,
        time::Timestamp,
        words::Kind,
    },
};

/// How long before an update is due the first reminder is due: 10 min.
const DUE_BEFORE_S: i64 = 10 * 60;
/// How long after it the escalation is due, unless the second on-call target has its own delay: 15 min.
const ESCALATED_AFTER_S: i64 = 15 * 60;
/// The tier of an incident that names no component.
const TIER: u8 = 2;

/// When the next update is owed: as promised, else for incidents by cadence since the last word.
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
        .filter_map(|touched| state.component(&ComponentName::Id(touched.id.clone())))
        .map(|component| component.tier)
        .min()
        .unwrap_or(TIER);
    let every_s = incident.cadence_s.unwrap_or_else(|| site.cadence.of(tier));
    let spoken_at = incident.updates.last().map(|update| update.at)?;
    Some(spoken_at.plus_seconds(i64::from(every_s)))
}

/// The next reminder of an incident, and when it is due.
pub fn next(state: &State, incident: &Incident) -> Option<(Timestamp, Reminded)> {
    let site = state.site.as_ref()?;
    let owed_at = owed_at(state, incident)?;
    let reached = incident
        .reminded
        .filter(|reminded| reminded.owed_at == owed_at)
        .map(|reminded| reminded.stage);
    let spoken_at = incident
        .updates
        .last()
        .map_or(incident.created_at, |update| update.at);
    let (stage, at) = match reached {
        // A promise of a few minutes needs no reminder the moment it is made.
        None => {
            let due = owed_at.plus_seconds(-DUE_BEFORE_S);
            (
                PromiseStage::Due,
                if due > spoken_at { due } else { owed_at },
            )
        }
        Some(PromiseStage::Due) => {
            let late = owed_at.plus_seconds(i64::from(site.overdue_after_s));
            (PromiseStage::Overdue, late)
        }
        Some(PromiseStage::Overdue) => {
            let second = site.on_call.get(1).and_then(|target| target.after_minutes);
            let after_s = second.map_or(ESCALATED_AFTER_S, |minutes| i64::from(minutes) * 60);
            (PromiseStage::Escalated, owed_at.plus_seconds(after_s))
        }
        Some(PromiseStage::Escalated) => return None,
    };
    Some((at, Reminded { owed_at, stage }))
}

/// The event of a reminder.
pub fn event(incident: &Incident, reminded: Reminded) -> Event {
    let incident = incident.id.clone();
    match reminded.stage {
        PromiseStage::Due => Event::PromiseDue { incident, reminded },
        PromiseStage::Overdue => Event::PromiseOverdue { incident, reminded },
        PromiseStage::Escalated => Event::PromiseEscalated { incident, reminded },
    }
}
