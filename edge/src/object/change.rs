//! Events that follow from a command, decided first and saved as one.

use notice::{
    decide::{Command, decide},
    journal::next_rev,
    rejection::Rejection,
    state::State,
    wire::{event::Event, ids::IncidentId, incident::Incident, time::Timestamp},
};

use crate::{
    fault::Fault,
    storage::{
        journal::{self, Origin},
        projections::{self, Stored},
        sql::Sql,
    },
};

/// Events, and the states on either side of them.
#[derive(Clone, Debug)]
pub struct Change {
    before: State,
    /// The state they lead to.
    pub after: State,
    /// In order.
    pub events: Vec<Event>,
    /// So many of them, the first ones, time alone brought about.
    by_time: usize,
    /// The revision from then on; that of before when nothing happened that readers could see.
    pub rev: u64,
    /// When.
    pub at: Timestamp,
}

impl Change {
    /// Lets everything happen that is due, then the command.
    ///
    /// # Errors
    /// When the command is rejected.
    pub fn decide(stored: Stored, command: Command, now_ms: u64) -> Result<Self, Rejection> {
        let next = next_rev(stored.rev, now_ms);
        let at = row_time(stored.last_at, moment(next));
        let mut after = stored.state.clone();
        let mut events = Vec::new();
        let mut by_time = 0;
        for command in [Command::PassTime, command] {
            by_time = events.len();
            for event in decide(&after, command, at)? {
                after.apply(&event, at);
                events.push(event);
            }
        }
        let is_draft = |id: &IncidentId| after.incidents.get(id).map(Incident::is_draft);
        let is_private = events.iter().all(|event| event.is_private(is_draft));
        Ok(Self {
            rev: if is_private { stored.rev } else { next },
            before: stored.state,
            after,
            events,
            by_time,
            at,
        })
    }

    /// Journal, outbox and projections; nothing when nothing happened.
    ///
    /// # Errors
    /// When the database refuses it. Call it inside a transaction.
    pub fn save(&self, sql: &impl Sql, origin: &Origin) -> Result<(), Fault> {
        if self.events.is_empty() {
            return Ok(());
        }
        let site = self.after.site.as_ref();
        // Whoever finds undone what was due has not done it.
        let (due, said) = self.events.split_at(self.by_time.min(self.events.len()));
        for (events, origin) in [(due, &Origin::alarm()), (said, origin)] {
            journal::append(sql, events, site, origin, self.at, self.rev)?;
        }
        projections::save(sql, &self.before, &self.after, self.rev)
    }
}

/// The time of a new row: now, or that of the last row where the clock is behind it. Times in a journal never fall.
pub fn row_time(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    last.map_or(now, |last| last.max(now))
}

/// Milliseconds since 1970 as a moment.
pub fn moment(now_ms: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(now_ms).unwrap_or(i64::MAX))
}
