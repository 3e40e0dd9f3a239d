//! Checks the rows of an export file. Every row is checked like a new request; an old row by the
//! fewer rules of its time, see [`Rules`].

use notice::{
    body::check::{self, Rules},
    journal::Row,
    limits,
    rejection::Rejection,
    state::State,
    wire::{event::Event, ids::TokenId, site::Site, time::Timestamp},
};

use super::{
    erase::ERASED,
    verify::{Difference, ParsedRow},
};
use crate::storage::journal::Entry;

/// The rejection of a file. `why` is a clause about the file.
pub fn unusable(why: &str) -> Rejection {
    Rejection::UnusableImport(why.to_owned())
}

/// The rejection of a row, with its line number; the header is line 1.
pub fn row_rejection(difference: &Difference) -> Rejection {
    let line = difference.row.saturating_add(1);
    Rejection::UnusableImport(format!("line {line}: {}", difference.what))
}

/// Checks that a row fits into the database and that a request could have written its event.
/// `before` are the site's settings before the row, and `after` is the state after the row.
pub fn check_row(
    read: &ParsedRow,
    entry: &Entry,
    before: Option<&Site>,
    after: &State,
) -> Result<(), Difference> {
    let wrong = |what: String| Difference {
        row: read.row.seq,
        what,
    };
    let (row, text) = (&entry.link.row, &entry.event);
    if row.len() > limits::ROW {
        return Err(wrong(format!(
            "its row has {} bytes, but at most {} fit",
            row.len(),
            limits::ROW
        )));
    }
    let rules = Rules::of_row(read.row.at);
    check_author(&read.row, rules).map_err(&wrong)?;
    check_new_ids(read, after).map_err(|what| wrong(what.to_owned()))?;
    let redacted = match read.is_changed {
        false => None,
        true => before_redaction(text),
    };
    let event = redacted.as_ref().unwrap_or(&read.event);
    let result = check::event(event, before, after, rules);
    if let Err(rejection) = result {
        return Err(wrong(first_complaint(&read.event, rejection)));
    }
    if text.len() > limits::IMPORTED_EVENT {
        return Err(wrong(format!(
            "its event has {} bytes, but at most {} fit",
            text.len(),
            limits::IMPORTED_EVENT
        )));
    }
    Ok(())
}

/// Checks a row's actor and key. A redaction does not erase texts in them, so the actor must be a
/// known one, and the key a digest.
fn check_author(row: &Row, rules: Rules) -> Result<(), String> {
    let is_known = matches!(row.actor.as_str(), "root" | "alarm" | "courier" | "on_call");
    if !is_known && TokenId::parse(&row.actor).is_none() {
        return Err(
            "its actor is neither root, alarm, courier, on_call nor a token's id".to_owned(),
        );
    }
    let is_digest =
        |key: &String| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = row.key.as_ref();
    if rules != Rules::Earlier && key.is_some_and(|key| !is_digest(key)) {
        return Err("its key is not a digest of an idempotency key".to_owned());
    }
    Ok(())
}

/// Checks that the first row, and no other, creates the site, and that a component's slug and an
/// update's id are not used twice.
fn check_new_ids(read: &ParsedRow, after: &State) -> Result<(), &'static str> {
    let is_first = read.row.seq == 1;
    let components = &after.components;
    match &read.event {
        Event::SiteCreated { .. } if !is_first => Err("it creates the site again"),
        _ if is_first && !matches!(read.event, Event::SiteCreated { .. }) => {
            Err("it does not create the site")
        }
        Event::ComponentCreated { component } | Event::ComponentChanged { component } => {
            let mut same = components
                .iter()
                .filter(|other| other.slug == component.slug);
            match same.nth(1) {
                Some(_) => Err("its component has the slug of another one"),
                None => Ok(()),
            }
        }
        Event::IncidentUpdated {
            incident, update, ..
        } => {
            let updates = after.incidents.get(incident).into_iter();
            let updates = updates.flat_map(|incident| &incident.updates);
            match updates.filter(|other| other.id == update.id).nth(1) {
                Some(_) => Err("its update has the id of another one"),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// The first complaint about an event, as a clause.
fn first_complaint(event: &Event, rejection: Rejection) -> String {
    let complaint = match rejection {
        Rejection::Fields(errors) => errors
            .into_iter()
            .next()
            .map(|error| {
                format!(
                    "{} of its {}: {}",
                    error.pointer,
                    event.name(),
                    error.detail
                )
            })
            .unwrap_or_default(),
        other => other.to_string(),
    };
    complaint.trim_end_matches('.').to_owned()
}

/// The event with each [`ERASED`] replaced by the shortest text that can be redacted. [`ERASED`]
/// may be longer than the original text, and so exceed a limit that the original met.
fn before_redaction(text: &str) -> Option<Event> {
    let shortest = "x".repeat(limits::REDACTED);
    serde_json::from_str(&text.replace(ERASED, &shortest)).ok()
}

/// Rejects rows whose revision or time is ahead of the server's clock, because no later row could
/// have a lower one. Revisions are compared like times: a new revision is the time in milliseconds
/// since 1970, or the last revision plus 1. If the file has a `clock.corrected`, times and revisions
/// up to its `from` are valid.
#[derive(Clone, Debug)]
pub struct FutureRows {
    /// The latest valid time and revision, in milliseconds since 1970.
    latest_ms: u64,
    /// The latest time or revision of all rows that were ahead, in milliseconds since 1970.
    highest_ms: u64,
    /// The first row that was ahead.
    first: Option<Difference>,
}

impl FutureRows {
    pub fn new(now_ms: u64) -> Self {
        Self {
            latest_ms: now_ms.saturating_add(limits::IMPORT_AHEAD_MS),
            highest_ms: 0,
            first: None,
        }
    }

    /// Adds the next row.
    ///
    /// # Errors
    /// If the row's revision is above the maximum. A correction of the clock does not help then.
    pub fn add(&mut self, read: &ParsedRow) -> Result<(), Difference> {
        let row = &read.row;
        let wrong = |what: String| Difference { row: row.seq, what };
        if row.rev > limits::REV {
            return Err(wrong(format!(
                "its revision {} is above the maximum of {}",
                row.rev,
                limits::REV
            )));
        }
        if let Event::ClockCorrected { from, .. } = read.event {
            let from_ms = milliseconds(from).saturating_add(limits::IMPORT_AHEAD_MS);
            self.latest_ms = self.latest_ms.max(from_ms);
        }
        let row_ms = row.rev.max(milliseconds(row.at));
        if row_ms <= self.latest_ms {
            return Ok(());
        }
        self.highest_ms = self.highest_ms.max(row_ms);
        if self.first.is_none() {
            let what = match row.rev > self.latest_ms {
                true => format!("its revision {} is", row.rev),
                false => format!("its time {} is", row.at),
            };
            self.first = Some(wrong(format!(
                "{what} more than a day ahead of the server's clock; set the clock, or import the file after that time"
            )));
        }
        Ok(())
    }

    /// Checks that no row is ahead, after all rows are added.
    ///
    /// # Errors
    /// The first row that is ahead.
    pub fn finish(self) -> Result<(), Difference> {
        let ahead = self.first.filter(|_| self.highest_ms > self.latest_ms);
        ahead.map_or(Ok(()), Err)
    }
}

/// Converts a time to milliseconds since 1970.
fn milliseconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds())
        .unwrap_or(0)
        .saturating_mul(1000)
}
