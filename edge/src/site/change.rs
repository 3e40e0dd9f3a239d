//! The events of a command: decided first, then saved together.

use notice::{
    decide::{Command, decide, pass_time},
    journal::next_rev,
    rejection::Rejection,
    state::State,
    wire::{event::Event, ids::IncidentId, incident::Incident, time::Timestamp},
};

use super::outbox::{self, NewRows};
use crate::{
    fault::Fault,
    storage::{
        journal::{self, Author},
        projections::{self, Stored},
        sql::Sql,
    },
};

/// Events, with the states before and after them.
#[derive(Clone, Debug)]
pub struct Change {
    pub before: State,
    pub after: State,
    /// In chronological order.
    pub events: Vec<Event>,
    /// Number of leading events produced by the clock, not by the command.
    by_clock: usize,
    /// Log messages about due scheduled transitions that could not be applied.
    pub skipped: Vec<String>,
    /// The revision after the events; unchanged if all events are private.
    pub rev: u64,
    /// The revision for events that readers can see.
    next: u64,
    /// The time of the events.
    pub at: Timestamp,
}

impl Change {
    /// Applies due scheduled transitions, then decides the command.
    ///
    /// # Errors
    /// The command's rejection.
    pub fn decide(stored: Stored, command: Command, now_ms: u64) -> Result<Self, Rejection> {
        let mut change = Self::pass_time(stored, now_ms);
        let events = decide(&change.after, command, change.at)?;
        for event in &events {
            change.after.apply(event, change.at);
        }
        change.by_clock = change.events.len();
        change.events.extend(events);
        Ok(change.with_rev())
    }

    /// The change of one event that no command causes, such as an acknowledgement. Does not apply
    /// due transitions.
    pub fn of_event(stored: Stored, event: Event, now_ms: u64) -> Self {
        let at = row_time(stored.last_at, timestamp(now_ms));
        let mut after = stored.state.clone();
        after.apply(&event, at);
        let change = Self {
            rev: stored.rev,
            next: next_rev(stored.rev, now_ms),
            before: stored.state,
            after,
            by_clock: 0,
            events: vec![event],
            skipped: Vec::new(),
            at,
        };
        change.with_rev()
    }

    /// The site after the events.
    pub fn into_stored(self) -> Stored {
        Stored {
            state: self.after,
            rev: self.rev,
            last_at: Some(self.at),
        }
    }

    /// Applies due scheduled transitions. Those that cannot be applied are in [`Change::skipped`].
    pub fn pass_time(stored: Stored, now_ms: u64) -> Self {
        let next = next_rev(stored.rev, now_ms);
        let at = row_time(stored.last_at, timestamp(now_ms));
        let passed = pass_time(&stored.state, at);
        let mut after = stored.state.clone();
        for event in &passed.events {
            after.apply(event, at);
        }
        let change = Self {
            rev: stored.rev,
            next,
            before: stored.state,
            after,
            by_clock: passed.events.len(),
            events: passed.events,
            skipped: passed.skipped,
            at,
        };
        change.with_rev()
    }

    /// Appends a `clock.corrected` if the journal's last row is later than now, because the clock
    /// was ahead. `stored` must have all incidents that this event changes.
    pub fn correct_clock(stored: Stored, now_ms: u64) -> Self {
        let to = timestamp(now_ms);
        let ahead = stored.last_at.filter(|last| *last > to);
        let events: Vec<Event> = ahead
            .map(|from| Event::ClockCorrected { from, to })
            .into_iter()
            .collect();
        let mut after = stored.state.clone();
        for event in &events {
            after.apply(event, to);
        }
        let change = Self {
            rev: stored.rev,
            next: next_rev(stored.rev, now_ms),
            before: stored.state,
            after,
            by_clock: 0,
            events,
            skipped: Vec::new(),
            at: to,
        };
        change.with_rev()
    }

    /// Sets the revision, which rises unless all events are private.
    fn with_rev(mut self) -> Self {
        let is_draft = |id: &IncidentId| self.after.incidents.get(id).map(Incident::is_draft);
        if !self.events.iter().all(|event| event.is_private(is_draft)) {
            self.rev = self.next;
        }
        self
    }

    /// Stores journal rows, outbox and projections; nothing if there are no events.
    ///
    /// # Errors
    /// `Fault` if a statement fails. Call this inside a transaction.
    pub fn save(&self, sql: &impl Sql, author: &Author) -> Result<(), Fault> {
        if self.events.is_empty() {
            return Ok(());
        }
        // The author of due transitions is the alarm, even if a request applies them.
        let (due, commanded) = self.events.split_at(self.by_clock.min(self.events.len()));
        let (head, _) = journal::head(sql)?;
        for (events, author) in [(due, &Author::alarm()), (commanded, author)] {
            journal::append(sql, events, author, self.at, self.rev)?;
        }
        let rows = NewRows {
            before: &self.before,
            events: &self.events,
            at: self.at,
            rev: self.rev,
            head,
        };
        outbox::queue(sql, rows)?;
        projections::save(sql, &self.before, &self.after, self.rev)
    }
}

/// The time of a new row: now, or the last row's time if that is later. Times in a journal decrease
/// only when the clock is corrected.
pub fn row_time(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    last.map_or(now, |last| last.max(now))
}

/// Converts milliseconds since 1970.
pub fn timestamp(now_ms: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(now_ms).unwrap_or(i64::MAX))
}
