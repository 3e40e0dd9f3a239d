//! The replay of a journal: checks each row against those before it, and applies its event.
//! `verifier` compares the resulting state with the projections. Also stores the results of
//! verifications.

use std::{collections::BTreeMap, fmt};

use notice::{
    journal::{FIRST_PREVIOUS, Row, chain, sha256_hex},
    notify::occurrence,
    rejection::Rejection,
    state::State,
    wire::{
        event::{Event, RepairedRow},
        ids::IncidentId,
        incident::Incident,
        site::Site,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::{incident_replay::Deletions, outbox::queue_occurrence};
use crate::{
    fault::Fault,
    refusal::Refusal,
    storage::{journal::Entry, projections, sql::Sql},
};

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether no difference was found.
    pub ok: bool,
    /// Number of rows that were checked.
    pub rows: u64,
    /// The hash of the last of these rows.
    pub head: String,
    /// A description of the first difference.
    pub first_difference: Option<String>,
    pub checked_at: Timestamp,
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

/// A row of the journal that was checked, and its event.
#[derive(Clone, Debug)]
pub struct ParsedRow {
    pub row: Row,
    /// The event as stored, possibly redacted.
    pub event: Event,
    /// Whether the event's digest differs from the hashed one: the event may have been redacted.
    pub is_changed: bool,
}

/// A replay of a journal, row by row. Its size does not depend on the number of rows: incidents that are no longer in force are
/// dropped, and the caller loads them again when an event is about them.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// The state after the rows so far, with the incidents in force.
    pub state: State,
    /// The components that were deleted so far.
    pub deletions: Deletions,
    /// Number of rows so far.
    pub rows: u64,
    /// The last row's revision.
    pub rev: u64,
    /// The time of the last row.
    pub at: Option<Timestamp>,
    hash: Option<String>,
    /// Rows whose time is earlier than that of the previous row, with their times.
    older: BTreeMap<u64, Timestamp>,
    /// Times that a later `journal.repaired` accepts, by row.
    repaired: BTreeMap<u64, Timestamp>,
    /// The current digests of events that differ from the hashed ones, by row.
    changed: BTreeMap<u64, String>,
    /// The digests that events have after the newest redaction of their row, by row.
    redacted: BTreeMap<u64, String>,
}

impl Replay {
    /// The hash of the last row.
    pub fn head(&self) -> &str {
        self.hash.as_deref().unwrap_or(FIRST_PREVIOUS)
    }

    /// Checks the next row and parses its event. Does not apply the event: call [`Replay::apply`]
    /// with the result.
    ///
    /// # Errors
    /// The row's fault. A time or event that a later row may explain is not a fault here: call
    /// [`Replay::check_explanations`] after the last row.
    pub fn check(&mut self, entry: &Entry) -> Result<ParsedRow, Difference> {
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
        let event: Event = serde_json::from_str(&entry.event)
            .map_err(|error| wrong(&format!("its event cannot be read: {error}")))?;
        if let Event::ClockCorrected { from, to } = event {
            if self.at != Some(from) || row.at != to {
                return Err(wrong(
                    "its correction of the clock has other times than the rows",
                ));
            }
        } else if self.at.is_some_and(|at| row.at < at) {
            self.older.insert(number, row.at);
        }
        if event.name() != row.event_type {
            return Err(wrong("its event has a different type"));
        }
        let digest = sha256_hex(entry.event.as_bytes());
        let is_changed = digest != row.digest;
        if is_changed {
            // Possibly redacted: a later row must name this digest.
            self.changed.insert(number, digest);
        }
        match &event {
            Event::SiteRedacted { rows } => {
                let earlier = rows.iter().filter(|redacted| redacted.seq < number);
                self.redacted
                    .extend(earlier.map(|redacted| (redacted.seq, redacted.digest.clone())));
            }
            Event::JournalRepaired { rows, .. } => {
                let earlier = rows.iter().filter(|repaired| repaired.seq < number);
                self.repaired
                    .extend(earlier.map(|repaired| (repaired.seq, repaired.at)));
            }
            _ => {}
        }
        self.rows = number;
        self.rev = row.rev;
        self.at = Some(row.at);
        self.hash = Some(entry.link.hash.clone());
        Ok(ParsedRow {
            row,
            event,
            is_changed,
        })
    }

    /// The incident that an event needs and that is not in the state: insert it before [`Replay::apply`], if it exists.
    pub fn missing<'a>(&self, event: &'a Event) -> Option<&'a IncidentId> {
        let is_new = matches!(event, Event::IncidentCreated { .. });
        event
            .incident()
            .filter(|id| !is_new && !self.state.incidents.contains_key(*id))
    }

    /// Applies the event of a checked row. If the event's incident is no longer in force, drops it
    /// from the state and returns it.
    pub fn apply(&mut self, read: &ParsedRow) -> Option<Incident> {
        self.state.apply(&read.event, read.row.at);
        if let Event::ComponentDeleted { component } = &read.event {
            self.deletions.add(read.row.seq, component);
        }
        let id = read.event.incident()?;
        if self.state.incidents.get(id)?.is_in_force() {
            return None;
        }
        self.state.incidents.remove(id)
    }

    /// Checks that later rows explain every time that is earlier than that of the previous row, and
    /// every changed event. Call this after the last row.
    ///
    /// # Errors
    /// The first unexplained row.
    pub fn check_explanations(&self) -> Result<(), Difference> {
        let older = self
            .unrepaired_rows()
            .into_iter()
            .next()
            .map(|row| Difference {
                row: row.seq,
                what: "it is older than the previous row".to_owned(),
            });
        let differences = self.check_redactions().err().into_iter().chain(older);
        match differences.min_by_key(|difference| difference.row) {
            None => Ok(()),
            Some(first) => Err(first),
        }
    }

    /// Checks that each event is the hashed one, or the result of the newest redaction of its row. Call this after the
    /// last row.
    ///
    /// # Errors
    /// The first unexplained row.
    pub fn check_redactions(&self) -> Result<(), Difference> {
        let mut changed = self.changed.iter();
        match changed.find(|(number, digest)| self.redacted.get(number) != Some(digest)) {
            None => Ok(()),
            Some((number, _)) => Err(Difference {
                row: *number,
                what: "its event does not match its hash".to_owned(),
            }),
        }
    }

    /// The rows whose time is earlier than that of the previous row, and is not named by a
    /// `journal.repaired`. Call this after the last row.
    pub fn unrepaired_rows(&self) -> Vec<RepairedRow> {
        let unnamed = self
            .older
            .iter()
            .filter(|(seq, at)| self.repaired.get(seq) != Some(at));
        unnamed
            .map(|(seq, at)| RepairedRow { seq: *seq, at: *at })
            .collect()
    }
}

/// The time of the last verification, in seconds since 1970.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last_checked_at(sql: &impl Sql) -> Result<Option<u64>, Fault> {
    let rows = sql.run("SELECT checked_at FROM verification", &[])?;
    // A damaged row counts as missing: the next verification overwrites it.
    let row = rows.into_iter().next();
    Ok(row.and_then(|mut row| row.number("verification").ok()))
}

/// Stores the result of a verification. Queues a message if the last result was good and this one is not.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn store(
    sql: &impl Sql,
    verification: &Verification,
    site: Option<&Site>,
) -> Result<(), Fault> {
    let was_ok = last(sql)?.is_none_or(|last| last.ok);
    sql.transaction(|| {
        write(sql, verification)?;
        if verification.ok || !was_ok {
            return Ok(());
        }
        let state = State {
            site: site.cloned(),
            ..State::default()
        };
        let origin = (
            verification.rows,
            // The site's row may be unreadable.
            projections::last_known_rev(sql).unwrap_or(0),
            verification.checked_at,
        );
        queue_occurrence(sql, &state, &occurrence::verify_failed(), origin)
    })
}

/// Writes the result of a verification, and queues no message.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn write(sql: &impl Sql, verification: &Verification) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO verification (one, checked_at, document) VALUES (1, ?, ?)
         ON CONFLICT (one) DO UPDATE SET checked_at = excluded.checked_at, document = excluded.document",
        &[
            seconds(verification.checked_at).into(),
            serde_json::to_string(verification)?.into(),
        ],
    )?;
    Ok(())
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0)
}

/// The last stored verification; `None` if there is none that can be read.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last(sql: &impl Sql) -> Result<Option<Verification>, Fault> {
    let rows = sql.run("SELECT document FROM verification", &[])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let text = row.text("verification").ok();
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Checks that the last verification found no difference.
///
/// # Errors
/// [`Rejection::VerifyFailed`] if it found one, `Fault` if the database cannot be read.
pub fn check_passed(sql: &impl Sql) -> Result<(), Refusal> {
    match last(sql)? {
        Some(Verification {
            ok: false,
            first_difference,
            ..
        }) => Err(Rejection::VerifyFailed(first_difference.unwrap_or_default()).into()),
        Some(_) | None => Ok(()),
    }
}
