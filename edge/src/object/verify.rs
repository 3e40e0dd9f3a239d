//! The journal replayed against the projections: what a backup is worth is known before it is needed.

use std::{collections::BTreeMap, fmt};

use notice::{
    journal::{FIRST_PREVIOUS, Row, chain, sha256_hex},
    state::State,
    wire::{
        event::{Event, RepairedRow},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::change::moment;
use crate::{
    fault::Fault,
    storage::{
        journal::{self, Entry},
        projections::{self, Beside},
        sql::Sql,
    },
};

/// Rows read at a time.
const BATCH: usize = 500;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Everything agrees.
    pub ok: bool,
    /// How many rows there are.
    pub rows: u64,
    /// The last row's hash.
    pub head: String,
    /// The first thing that does not agree, in words.
    pub first_difference: Option<String>,
    /// When this was found.
    pub checked_at: Timestamp,
}

/// Goes through the whole journal.
///
/// # Errors
/// When the database cannot be read; what cannot be understood is a difference, not an error.
pub fn verify(sql: &impl Sql, now_ms: u64) -> Result<Verification, Fault> {
    let mut replay = Replay::default();
    let read = replay.add_all(sql)?;
    let mut first_difference = read
        .and_then(|()| replay.unexplained())
        .err()
        .map(|difference| difference.to_string());
    if first_difference.is_none() {
        let stored = projections::load(sql, Beside::Everything)?;
        first_difference = difference(&replay.state, &stored.state)
            .or_else(|| (replay.rev != stored.rev).then(|| "the feed's revision".to_owned()));
    }
    Ok(Verification {
        ok: first_difference.is_none(),
        rows: replay.rows,
        head: replay.head().to_owned(),
        first_difference,
        checked_at: moment(now_ms),
    })
}

/// A fault of one row of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The row's sequence number.
    pub row: u64,
    /// A description of the fault, as a clause about the row.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "row {}: {}", self.row, self.what)
    }
}

/// A row as it was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The row's parsed text.
    pub row: Row,
    /// Its event as it is now.
    pub event: Event,
    /// The event is not the one that was hashed: words may have been erased from it.
    pub is_changed: bool,
}

/// The journal, row by row.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What the rows so far add up to.
    pub state: State,
    /// How many there were.
    pub rows: u64,
    /// The revision after them.
    pub rev: u64,
    /// The time of the last row.
    pub at: Option<Timestamp>,
    hash: Option<String>,
    /// Rows that are older than the row before, with their times.
    older: BTreeMap<u64, Timestamp>,
    /// Times that a later `journal.repaired` accepts, by row.
    repaired: BTreeMap<u64, Timestamp>,
    /// Events that are not those that were hashed, by row: their present digests.
    changed: BTreeMap<u64, String>,
    /// The digest that the newest redaction of a row gave its event.
    redacted: BTreeMap<u64, String>,
}

impl Replay {
    /// The hash of the last row.
    pub fn head(&self) -> &str {
        self.hash.as_deref().unwrap_or(FIRST_PREVIOUS)
    }

    /// Adds every row of a site's journal, up to the first one that is wrong.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn add_all(&mut self, sql: &impl Sql) -> Result<Result<(), Difference>, Fault> {
        loop {
            let batch = journal::after(sql, self.rows, BATCH)?;
            if batch.is_empty() {
                return Ok(Ok(()));
            }
            for entry in batch {
                if let Err(difference) = self.add(&entry) {
                    return Ok(Err(difference));
                }
            }
        }
    }

    /// Adds the next row.
    ///
    /// # Errors
    /// What is wrong with it. A time or an event that a later row may explain is not an error here: ask
    /// [`Replay::unexplained`] after the last row.
    pub fn add(&mut self, entry: &Entry) -> Result<Read, Difference> {
        let number = self.rows.saturating_add(1);
        let wrong = |what: &str| Difference {
            row: number,
            what: what.to_owned(),
        };
        if chain(self.head(), &entry.link.row) != entry.link.hash {
            return Err(wrong("its hash does not match the previous row"));
        }
        let row: Row = serde_json::from_str(&entry.link.row)
            .map_err(|error| wrong(&format!("it cannot be read: {error}")))?;
        if row.seq != number {
            return Err(wrong("its sequence number is out of order"));
        }
        if row.rev < self.rev {
            return Err(wrong("its revision is lower than that of the previous row"));
        }
        if self.at.is_some_and(|at| row.at < at) {
            self.older.insert(number, row.at);
        }
        let event: Event = serde_json::from_str(&entry.event)
            .map_err(|error| wrong(&format!("its event cannot be read: {error}")))?;
        if event.name() != row.event_type {
            return Err(wrong("its event has a different type"));
        }
        let digest = sha256_hex(entry.event.as_bytes());
        let is_changed = digest != row.digest;
        if is_changed {
            // Perhaps words were erased: a later row must say so, and name what was left.
            self.changed.insert(number, digest);
        }
        match &event {
            Event::SiteRedacted { rows } => {
                let earlier = rows.iter().filter(|redacted| redacted.seq < number);
                self.redacted
                    .extend(earlier.map(|redacted| (redacted.seq, redacted.digest.clone())));
            }
            Event::JournalRepaired { rows } => {
                let earlier = rows.iter().filter(|repaired| repaired.seq < number);
                self.repaired
                    .extend(earlier.map(|repaired| (repaired.seq, repaired.at)));
            }
            _ => {}
        }
        self.state.apply(&event, row.at);
        self.rows = number;
        self.rev = row.rev;
        self.at = Some(row.at);
        self.hash = Some(entry.link.hash.clone());
        Ok(Read {
            row,
            event,
            is_changed,
        })
    }

    /// Once every row is added: whether a later row explains whatever needs it.
    ///
    /// # Errors
    /// The first row of which that is not so.
    pub fn unexplained(&self) -> Result<(), Difference> {
        let older = self.unrepaired().into_iter().next().map(|row| Difference {
            row: row.seq,
            what: "it is older than the previous row".to_owned(),
        });
        let differences = self.unexplained_event().err().into_iter().chain(older);
        match differences.min_by_key(|difference| difference.row) {
            None => Ok(()),
            Some(first) => Err(first),
        }
    }

    /// Once every row is added: whether each event is the one that was hashed, or what the newest redaction of its row
    /// left of it.
    ///
    /// # Errors
    /// The first row of which that is not so.
    pub fn unexplained_event(&self) -> Result<(), Difference> {
        let mut changed = self.changed.iter();
        match changed.find(|(number, digest)| self.redacted.get(number) != Some(digest)) {
            None => Ok(()),
            Some((number, _)) => Err(Difference {
                row: *number,
                what: "its event does not match its hash".to_owned(),
            }),
        }
    }

    /// Once every row is added: the rows that are older than the row before, and whose time no `journal.repaired` names.
    pub fn unrepaired(&self) -> Vec<RepairedRow> {
        let unnamed = self
            .older
            .iter()
            .filter(|(seq, at)| self.repaired.get(seq) != Some(at));
        unnamed
            .map(|(seq, at)| RepairedRow { seq: *seq, at: *at })
            .collect()
    }
}

/// The first thing in which two states of a site differ, in words.
fn difference(replayed: &State, stored: &State) -> Option<String> {
    if replayed.site != stored.site {
        return Some("the site's settings".to_owned());
    }
    if replayed.components != stored.components {
        return Some("the components".to_owned());
    }
    if replayed.templates != stored.templates {
        return Some("the templates".to_owned());
    }
    let everything = replayed.incidents.keys().chain(stored.incidents.keys());
    everything
        .filter(|id| replayed.incidents.get(*id) != stored.incidents.get(*id))
        .map(|id| format!("the incident {id}"))
        .next()
}

/// The last verification that the alarm made.
///
/// # Errors
/// When the database cannot be read.
pub fn last(sql: &impl Sql) -> Result<Option<u64>, Fault> {
    let rows = sql.run("SELECT checked_at FROM verification", &[])?;
    rows.into_iter()
        .next()
        .map(|mut row| row.number("verification"))
        .transpose()
}

/// Keeps what a verification came to.
///
/// # Errors
/// When the database refuses it.
pub fn keep(sql: &impl Sql, verification: &Verification) -> Result<(), Fault> {
    let at = u64::try_from(verification.checked_at.seconds()).unwrap_or(0);
    sql.run(
        "INSERT INTO verification (one, checked_at, document) VALUES (1, ?, ?)
         ON CONFLICT (one) DO UPDATE SET checked_at = excluded.checked_at, document = excluded.document",
        &[at.into(), serde_json::to_string(verification)?.into()],
    )?;
    Ok(())
}
