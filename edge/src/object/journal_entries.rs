//! The journal as operators read it: each entry with the thing it is about and the fields that it changed.

use std::collections::BTreeMap;

use notice::{
    journal::Row,
    limits,
    project::changes::{About, FieldChange, Search},
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    operate::{Call, Refusal},
    reads::Collection,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::query,
    storage::{
        journal::{self, Entry},
        sql::Sql,
    },
};

/// How many earlier events are read at once.
const BATCH: usize = 25;

/// One entry.
#[derive(Debug, Serialize)]
struct Shown {
    row: Box<RawValue>,
    hash: String,
    event: Box<RawValue>,
    /// `null` for events about no single thing.
    about: Option<About>,
    changes: Vec<FieldChange>,
}

/// A part of the journal, newest first.
///
/// # Errors
/// The caller's mistake in the query, or ours.
pub fn list(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let page = query::page(&call.envelope.query)?;
    let newest = journal::head(sql)?.0.saturating_add(1);
    let cursor = page.cursor.unwrap_or(newest);
    let found = journal::before(sql, cursor, page.limit)?;
    let taken = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let oldest = cursor.saturating_sub(taken);
    let next = (found.len() == limits::PAGE_MOST.min(page.limit) && oldest > 1)
        .then(|| oldest.to_string());
    let mut changed = changes(sql, &found)?;
    let mut items = Vec::with_capacity(found.len());
    for entry in found {
        let row: Row = serde_json::from_str(&entry.link.row)?;
        let (about, changes) = changed.remove(&row.seq).unzip();
        items.push(Shown {
            row: RawValue::from_string(entry.link.row)?,
            hash: entry.link.hash,
            event: RawValue::from_string(entry.event)?,
            about,
            changes: changes.unwrap_or_default(),
        });
    }
    Ok(Answer::json(200, &Collection { items, next })?)
}

/// By entry: the thing it is about, and what it changed. The events about one thing are read once for all its entries, and
/// no further back than needed.
fn changes(
    sql: &impl Sql,
    entries: &[Entry],
) -> Result<BTreeMap<u64, (About, Vec<FieldChange>)>, Fault> {
    let mut searches: BTreeMap<String, Vec<(u64, Search)>> = BTreeMap::new();
    for entry in entries {
        let row: Row = serde_json::from_str(&entry.link.row)?;
        if let Some(search) = Search::begin(&serde_json::from_str(&entry.event)?) {
            let thing = search.thing().to_owned();
            searches.entry(thing).or_default().push((row.seq, search));
        }
    }
    for (thing, searches) in &mut searches {
        let mut cursor = searches.iter().map(|(seq, _)| *seq).max().unwrap_or(0);
        while searches.iter().any(|(_, search)| !search.is_over()) {
            let earlier = journal::about(sql, thing, cursor, BATCH)?;
            let Some((oldest, _)) = earlier.last() else {
                break;
            };
            cursor = *oldest;
            for (seq, event) in &earlier {
                let event = serde_json::from_str(event)?;
                for (_, search) in searches.iter_mut().filter(|(of, _)| of > seq) {
                    search.look_at(&event);
                }
            }
        }
    }
    let all = searches.into_values().flatten();
    Ok(all.map(|(seq, search)| (seq, search.end())).collect())
}
