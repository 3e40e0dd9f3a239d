//! Personal data erased: from events and from what they add up to, while the chain still holds.

use notice::{
    journal::next_rev,
    limits,
    read::read,
    rejection::Rejection,
    state::State,
    wire::{event::Event, input::Redaction},
};
use serde_json::Value as Json;

use super::{
    access::Caller,
    change::moment,
    operate::{Call, Refusal, Write},
};
use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        journal::{self, Origin},
        projections::{self, Beside},
        sql::Sql,
    },
};

/// What stands where words were erased.
pub const ERASED: &str = "[removed]";

/// Fields whose texts operators write; ids, slugs and words of the vocabulary are left alone.
const WRITTEN: &[&str] = &[
    "title",
    "body",
    "advice",
    "works",
    "broken",
    "back",
    "check",
    "still",
    "reason",
    "withdrawn",
    "root_cause",
    "remedy",
    "prevention",
    "label",
    "value",
    "name",
    "group",
    "text",
];

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
            format!("must be at least {} characters", limits::REDACTED),
        )
        .into());
    }
    let mut erased: Vec<(u64, String)> = Vec::new();
    let mut seq = 0;
    let mut state = State::default();
    loop {
        let batch = journal::after(sql, seq, 500)?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            seq = seq.saturating_add(1);
            let mut event: Json = serde_json::from_str(&entry.event)?;
            let text = if erase(&mut event, &input.text, false) {
                let text = serde_json::to_string(&event)?;
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
    let stored = projections::load(sql, Beside::Nothing)?;
    let rows = u64::try_from(erased.len()).unwrap_or(u64::MAX);
    let answer = Answer::json(200, &serde_json::json!({ "rows": rows }))?;
    let rev = next_rev(stored.rev, call.now_ms);
    let origin = Origin {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer,
        replay: None,
        work: Box::new(move || -> Result<(), Fault> {
            if erased.is_empty() {
                return Ok(());
            }
            for (seq, event) in &erased {
                journal::redact(sql, *seq, event)?;
            }
            let event = Event::SiteRedacted { rows };
            let at = moment(rev);
            journal::append(sql, std::slice::from_ref(&event), None, &origin, at, rev)?;
            state.apply(&event, at);
            projections::clear(sql)?;
            projections::save(sql, &State::default(), &state, rev)?;
            // Answers that are kept for repeats hold the words too.
            sql.run("DELETE FROM idempotency", &[])?;
            Ok(())
        }),
    })
}

/// Replaces words in everything that operators wrote; whether there were any.
fn erase(value: &mut Json, words: &str, written: bool) -> bool {
    match value {
        Json::String(text) if written && text.contains(words) => {
            *text = text.replace(words, ERASED);
            true
        }
        Json::Array(entries) => entries
            .iter_mut()
            .fold(false, |any, entry| erase(entry, words, written) | any),
        Json::Object(fields) => fields.iter_mut().fold(false, |any, (name, field)| {
            let written = WRITTEN.contains(&name.as_str()) || (written && field.is_string());
            erase(field, words, written) | any
        }),
        _ => false,
    }
}
