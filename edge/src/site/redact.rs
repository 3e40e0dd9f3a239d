//! Redacts a text, such as personal data, from events and everything derived from them, in slices. The hash chain stays valid.
//!
//! The journal is scanned first, so that a redaction that is not possible changes nothing. Then the subjects whose events contain
//! the text (settings, components, templates, incidents) are redacted, each in one transaction with its projections and with the
//! event that names the changed rows: the site verifies after each transaction.

use std::collections::BTreeSet;

use notice::{
    body::read::read,
    journal::{next_rev, sha256_hex},
    limits,
    rejection::Rejection,
    wire::{
        event::{Event, RedactedRow},
        input::Redaction,
    },
};
use serde_json::Value as Json;

use super::{
    access::Caller,
    change::{row_time, timestamp},
    erase::erase,
    redact_tables::{self, Subject},
};
use crate::{
    answer::Answer,
    fault::Fault,
    refusal::Refusal,
    site::call::{Call, Write},
    storage::{
        idempotency,
        journal::{self, Author},
        journal_slices, projections,
        sql::Sql,
    },
};

/// Number of rows after which a transaction ends. It may have more, because the rows of a subject
/// are not divided.
const ROWS: usize = 64;
/// Number of bytes of events after which a transaction ends.
const BYTES: usize = 256 * 1024;
/// Number of subjects that are checked at a time.
const SUBJECTS: usize = 16;
/// Maximum number of rows in one event: a row of a Durable Object holds 2 MB.
const ROWS_AN_EVENT: usize = 5000;

/// A redaction in progress.
#[derive(Clone, Debug)]
pub struct Redactor {
    text: String,
    author: Author,
    /// The last row that was scanned.
    scanned: u64,
    /// Subjects with the text in their events.
    subjects: BTreeSet<Subject>,
    /// The `subjects` that have not been checked yet.
    unchecked: BTreeSet<Subject>,
    /// The number of the last stored answer that was searched.
    answers: u64,
    /// Number of rows that were redacted.
    rows: u64,
}

/// The subjects of one transaction, and their rows that contain the text.
struct Group {
    subjects: Vec<Subject>,
    rows: Vec<RedactedEvent>,
}

/// A row whose event contains the text.
struct RedactedEvent {
    seq: u64,
    before: String,
    after: String,
}

/// The result of a slice.
pub enum Progress<'a> {
    More,
    /// The last slice is decided: the write to store.
    Last(Write<'a>),
}

impl Redactor {
    /// Parses a request.
    ///
    /// # Errors
    /// `Rejection` if it is invalid.
    pub fn new(call: &Call<'_>, caller: &Caller) -> Result<Self, Refusal> {
        let Redaction { text } = read(call.body)?;
        if text.chars().count() < limits::REDACTED || text.trim().is_empty() {
            let least = format!("Must be at least {} characters.", limits::REDACTED);
            return Err(Rejection::field("/text", least).into());
        }
        Ok(Self {
            text,
            author: Author {
                actor: caller.actor.clone(),
                key: call.envelope.key.clone(),
            },
            scanned: 0,
            subjects: BTreeSet::new(),
            unchecked: BTreeSet::new(),
            answers: 0,
            rows: 0,
        })
    }

    /// Works on the next slice.
    ///
    /// # Errors
    /// `Rejection` if the redaction is not possible, `Fault` if the database fails.
    pub fn step<'a>(&mut self, sql: &'a impl Sql, now_ms: u64) -> Result<Progress<'a>, Refusal> {
        // Rows that were added since the last slice may contain the text too.
        let head = journal::head(sql)?.0;
        if self.scanned < head {
            self.scan(sql, head)?;
            return Ok(Progress::More);
        }
        if !self.unchecked.is_empty() {
            for _ in 0..SUBJECTS {
                if let Some(subject) = self.unchecked.pop_first() {
                    redact_tables::check_audience(sql, &subject, &self.text)?;
                }
            }
            return Ok(Progress::More);
        }
        let text = self.text.as_str();
        let last = idempotency::redact(sql, self.answers, |answer| {
            redact_tables::erase_from_answer(answer, text);
        })?;
        if last > self.answers {
            self.answers = last;
            return Ok(Progress::More);
        }
        let group = self.next_group(sql)?;
        let count = u64::try_from(group.rows.len()).unwrap_or(u64::MAX);
        self.rows = self.rows.saturating_add(count);
        if !self.subjects.is_empty() {
            sql.transaction(|| group.save(sql, &self.text, &self.author, now_ms))?;
            // The rows that this transaction has appended need no scan: they have no texts.
            self.scanned = journal::head(sql)?.0;
            return Ok(Progress::More);
        }
        let (text, author) = (self.text.clone(), self.author.clone());
        Ok(Progress::Last(Write {
            answer: Answer::json(200, &serde_json::json!({ "rows": self.rows }))?,
            replay: None,
            work: Box::new(move || {
                group.save(sql, &text, &author, now_ms)?;
                redact_tables::redact_other_tables(sql, &text)
            }),
        }))
    }

    /// Searches the next rows, and adds the subjects of those that contain the text.
    fn scan(&mut self, sql: &impl Sql, head: u64) -> Result<(), Refusal> {
        for entry in journal_slices::next(sql, self.scanned, head)? {
            self.scanned = self.scanned.saturating_add(1);
            let Some(after) = without_text(&entry.event, &self.text)? else {
                continue;
            };
            check_event_size(&entry.event, &after)?;
            let subject = Subject::of(sql, self.scanned)?;
            self.unchecked.insert(subject.clone());
            self.subjects.insert(subject);
        }
        Ok(())
    }

    /// Takes subjects for the next transaction.
    fn next_group(&mut self, sql: &impl Sql) -> Result<Group, Fault> {
        let mut group = Group {
            subjects: Vec::new(),
            rows: Vec::new(),
        };
        let mut bytes: usize = 0;
        while group.rows.len() < ROWS && bytes < BYTES {
            let Some(subject) = self.subjects.pop_first() else {
                break;
            };
            for (seq, before) in subject.events(sql)? {
                if let Some(after) = without_text(&before, &self.text)? {
                    bytes = bytes.saturating_add(before.len());
                    group.rows.push(RedactedEvent { seq, before, after });
                }
            }
            group.subjects.push(subject);
        }
        group.rows.sort_by_key(|row| row.seq);
        Ok(group)
    }
}

impl Group {
    /// Redacts the rows and their projections, and appends the events that name the rows.
    fn save(&self, sql: &impl Sql, text: &str, author: &Author, now_ms: u64) -> Result<(), Fault> {
        if self.rows.is_empty() {
            return Ok(());
        }
        for row in &self.rows {
            redact_tables::replace_event(sql, row.seq, &row.before, &row.after)?;
        }
        for subject in &self.subjects {
            redact_tables::redact_projections(sql, subject, text)?;
        }
        // These events do not change the state.
        let events: Vec<Event> = self
            .rows
            .chunks(ROWS_AN_EVENT)
            .map(redacted_event)
            .collect();
        let last = journal::last(sql)?;
        let rev = next_rev(last.as_ref().map_or(0, |row| row.rev), now_ms);
        let at = row_time(last.map(|row| row.at), timestamp(now_ms));
        journal::append(sql, &events, author, at, rev)?;
        projections::set_rev(sql, rev)
    }
}

/// The event without the text; `None` if the event does not contain the text.
fn without_text(event: &str, text: &str) -> Result<Option<String>, Fault> {
    let mut json: Json = serde_json::from_str(event)?;
    match erase(&mut json, text) {
        true => Ok(Some(serde_json::to_string(&json)?)),
        false => Ok(None),
    }
}

/// Checks that the redacted event still fits into a row: the replacement may be longer than the
/// erased text.
fn check_event_size(before: &str, after: &str) -> Result<(), Rejection> {
    if after.len() <= limits::EVENT.max(before.len()) {
        return Ok(());
    }
    Err(Rejection::field(
        "/text",
        format!(
            "Occurs so often that an event would grow to {} bytes, but at most {} fit; erase longer texts.",
            after.len(),
            limits::EVENT
        ),
    ))
}

/// The event that names the redacted rows and their new digests.
fn redacted_event(rows: &[RedactedEvent]) -> Event {
    let rows = rows.iter().map(|row| RedactedRow {
        seq: row.seq,
        digest: sha256_hex(row.after.as_bytes()),
    });
    Event::SiteRedacted {
        rows: rows.collect(),
    }
}
