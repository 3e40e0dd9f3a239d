//! Personal data erased: from events and from what they add up to, while the chain still holds.

use std::collections::BTreeSet;

use notice::{
    journal::{next_rev, sha256_hex},
    limits,
    read::read,
    rejection::Rejection,
    state::State,
    wire::{
        event::{Event, RedactedRow},
        ids::IncidentId,
        incident::Incident,
        input::Redaction,
    },
};
use serde_json::Value as Json;

use super::{
    access::Caller,
    change::{moment, row_time},
    erase::{ERASED, erase, holds},
    operate::{Call, Refusal, Write},
};
use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        idempotency,
        journal::{self, Origin},
        projections::{self, Beside},
        sql::Sql,
    },
};

/// Rows that one event names at most: a row of a Durable Object holds 2 MB.
const ROWS_AN_EVENT: usize = 5000;

/// Decides a redaction.
///
/// # Errors
/// The caller's mistake or ours.
pub fn redact<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
) -> Result<Write<'a>, Refusal> {
    let input: Redaction = read(call.body)?;
    if input.text.chars().count() < limits::REDACTED || input.text.trim().is_empty() {
        return Err(Rejection::field(
            "/text",
            format!("Must be at least {} characters.", limits::REDACTED),
        )
        .into());
    }
    let mut erased: Vec<(u64, String)> = Vec::new();
    let mut seq = 0;
    let mut state = State::default();
    let mut narrowed = Narrowed::default();
    loop {
        let batch = journal::after(sql, seq, 500)?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            seq = seq.saturating_add(1);
            narrowed.note(&serde_json::from_str(&entry.event)?);
            let mut event: Json = serde_json::from_str(&entry.event)?;
            let text = if erase(&mut event, &input.text) {
                let text = serde_json::to_string(&event)?;
                still_fits(&entry.event, &text)?;
                erased.push((seq, text.clone()));
                text
            } else {
                entry.event
            };
            let row: notice::journal::Row = serde_json::from_str(&entry.link.row)?;
            let event: Event = serde_json::from_str(&text)?;
            state.apply(&event, row.at);
        }
    }
    narrowed.still(&state)?;
    let stored = projections::load(sql, Beside::Nothing)?;
    let rows = u64::try_from(erased.len()).unwrap_or(u64::MAX);
    let answer = Answer::json(200, &serde_json::json!({ "rows": rows }))?;
    let rev = next_rev(stored.rev, call.now_ms);
    let at = row_time(stored.last_at, moment(call.now_ms));
    let origin = Origin {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer,
        replay: None,
        work: Box::new(move || -> Result<(), Fault> {
            beside_the_journal(sql, &input.text)?;
            if erased.is_empty() {
                return Ok(());
            }
            for (seq, event) in &erased {
                journal::redact(sql, *seq, event)?;
            }
            // They change nothing of what the site is.
            let events: Vec<Event> = erased.chunks(ROWS_AN_EVENT).map(redacted).collect();
            journal::append(sql, &events, None, &origin, at, rev)?;
            projections::clear(sql)?;
            projections::save(sql, &State::default(), &state, rev)
        }),
    })
}

/// Whether an event still fits into a row: what stands for erased words may be longer than they were.
fn still_fits(before: &str, after: &str) -> Result<(), Rejection> {
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

/// What no journal tells of: names of tokens and of devices, messages that wait to be sent, and answers kept for repeats,
/// with the keys that they were given to.
fn beside_the_journal(sql: &impl Sql, words: &str) -> Result<(), Fault> {
    for table in ["token", "invitation"] {
        sql.run(
            &format!("UPDATE {table} SET name = replace(name, ?, ?)"),
            &[words.into(), ERASED.into()],
        )?;
    }
    for mut row in sql.run("SELECT id, document FROM delivery", &[])? {
        let (id, document) = (row.number("delivery")?, row.text("delivery")?);
        if holds(&serde_json::from_str(&document)?, words) {
            sql.run("DELETE FROM delivery WHERE id = ?", &[id.into()])?;
        }
    }
    idempotency::redact(sql, |answer| erase_from_answer(answer, words))
}

/// Takes words out of an answer that is kept for repeats: its fields have the same names as those of events.
fn erase_from_answer(answer: &mut Answer, words: &str) {
    match serde_json::from_str::<Json>(&answer.body) {
        Ok(mut body) => {
            if erase(&mut body, words) {
                answer.body = body.to_string();
            }
        }
        Err(_) => answer.body = answer.body.replace(words, ERASED),
    }
}

/// What names these rows and what is left of their events.
fn redacted(erased: &[(u64, String)]) -> Event {
    let rows = erased.iter().map(|(seq, event)| RedactedRow {
        seq: *seq,
        digest: sha256_hex(event.as_bytes()),
    });
    Event::SiteRedacted {
        rows: rows.collect(),
    }
}

/// The incidents that are for some paths only.
#[derive(Debug, Default)]
struct Narrowed(BTreeSet<IncidentId>);

impl Narrowed {
    /// As the event says before anything is erased from it.
    fn note(&mut self, event: &Event) {
        if let Event::IncidentCreated { incident } | Event::IncidentChanged { incident } = event {
            if has_paths(incident) {
                self.0.insert(incident.id.clone());
            } else {
                self.0.remove(&incident.id);
            }
        }
    }

    /// Whether they all still are: without a path left, one would be shown on every page. That is nothing that an
    /// incident may go to unsaid, so `illegal_transition` is what it is called.
    fn still(&self, after: &State) -> Result<(), Rejection> {
        let widened = self
            .0
            .iter()
            .filter_map(|id| after.incidents.get(id))
            .find(|incident| !has_paths(incident));
        match widened {
            None => Ok(()),
            Some(incident) => Err(Rejection::IllegalTransition(format!(
                "The incident {} has no other path in its audience and would be shown on every page; give it another path first.",
                incident.id
            ))),
        }
    }
}

fn has_paths(incident: &Incident) -> bool {
    let mut audience = incident.audience.iter();
    audience.any(|audience| !audience.paths.is_empty())
}
