//! The replay of one incident, whose events are found by the journal's index of subjects.

use notice::{
    project::severity::{self, Span},
    state::State,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId},
        incident::Incident,
        time::Timestamp,
    },
};

use crate::{
    fault::Fault,
    storage::{
        journal_slices::{self, SubjectEvent},
        sql::Sql,
    },
};

/// The components that a site has deleted. A deletion changes the incidents in force that name the component, although its event
/// is not about them.
#[derive(Clone, Debug, Default)]
pub struct Deletions(Vec<(u64, ComponentId)>);

impl Deletions {
    /// Adds the deletion of a component by the row `seq`.
    pub fn add(&mut self, seq: u64, component: &ComponentId) {
        self.0.push((seq, component.clone()));
    }

    /// Returns these deletions, and the deletions by rows after `seq`.
    ///
    /// # Errors
    /// `Fault` if the database or an event cannot be read.
    pub fn with_later(&self, sql: &impl Sql, seq: u64) -> Result<Self, Fault> {
        let mut all = self.clone();
        for (seq, event, _) in parse(journal_slices::about_components(
            sql,
            seq,
            journal_slices::END,
        )?)? {
            if let Event::ComponentDeleted { component } = &event {
                all.add(seq, component);
            }
        }
        Ok(all)
    }

    /// The sequence number of the last deletion after the row `seq` of a component that one of
    /// `events` names.
    fn last_of(&self, seq: u64, events: &[SubjectEvent]) -> Option<u64> {
        let names = |id: &ComponentId| events.iter().any(|event| event.event.contains(id.as_str()));
        let mut deletions = self.0.iter().rev();
        deletions
            .find(|(deleted, component)| *deleted > seq && names(component))
            .map(|(deleted, _)| *deleted)
    }
}

/// An incident as replayed from its events.
#[derive(Clone, Debug)]
pub struct ReplayedIncident {
    /// `None` if it was deleted.
    pub incident: Option<Incident>,
    /// Its severities over time.
    pub spans: Vec<Span>,
}

/// Replays an incident up to the row `until`.
///
/// # Errors
/// `Fault` if the database or an event cannot be read.
pub fn replay(
    sql: &impl Sql,
    id: &IncidentId,
    until: u64,
    deletions: &Deletions,
) -> Result<ReplayedIncident, Fault> {
    let own = journal_slices::about(sql, id.as_str(), until)?;
    let first = own.first().map_or(0, |event| event.seq);
    let deleted = deletions.last_of(first, &own).filter(|seq| *seq <= until);
    let mut events = parse(own)?;
    events.extend(parse(journal_slices::corrections(sql, first, until)?)?);
    events.sort_by_key(|(seq, ..)| *seq);
    let spans = severity::spans(id, events.iter().map(|(_, event, at)| (event, *at)));
    let mut all = events;
    if let Some(deleted) = deleted {
        all.extend(parse(journal_slices::about_components(sql, 0, deleted)?)?);
        all.sort_by_key(|(seq, ..)| *seq);
    }
    let mut state = State::default();
    for (_, event, at) in &all {
        state.apply(event, *at);
    }
    Ok(ReplayedIncident {
        incident: state.incidents.remove(id),
        spans,
    })
}

/// Parses events, each with its sequence number and time.
///
/// # Errors
/// `Fault` if an event cannot be read.
pub fn parse(events: Vec<SubjectEvent>) -> Result<Vec<(u64, Event, Timestamp)>, Fault> {
    let parsed = events.into_iter().map(|SubjectEvent { seq, at, event }| {
        let event = serde_json::from_str(&event).map_err(|error| Fault::Stored {
            what: "journal",
            detail: format!("the event of row {seq}: {error}"),
        })?;
        Ok((seq, event, at))
    });
    parsed.collect()
}
