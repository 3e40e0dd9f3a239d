//! The journal's entries for operators: each with its subject and the fields that it changed.

use std::collections::BTreeMap;

use notice::{
    journal::Row,
    limits,
    project::changes::{About, FieldChange, Search},
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    answer::Answer,
    fault::Fault,
    http::list_query,
    refusal::Refusal,
    site::{call::Call, collection::Collection},
    storage::{
        journal::{self, Entry},
        sql::Sql,
    },
};

/// Number of earlier events that are read at a time.
const BATCH: usize = 25;

#[derive(Debug, Serialize)]
struct EntryView {
    row: Box<RawValue>,
    hash: String,
    event: Box<RawValue>,
    /// The event's subject; `null` for events about several subjects.
    about: Option<About>,
    changes: Vec<FieldChange>,
}

/// Returns a page of the journal, newest first.
///
/// # Errors
/// `Rejection` if the query is invalid, `Fault` if the database fails.
pub fn list(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let query = list_query::parse(&call.envelope.query)?;
    let newest = journal::head(sql)?.0.saturating_add(1);
    let cursor = query.cursor.unwrap_or(newest);
    let entries = journal::before(sql, cursor, query.limit)?;
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let oldest = cursor.saturating_sub(count);
    let next = (entries.len() == limits::PAGE_MOST.min(query.limit) && oldest > 1)
        .then(|| oldest.to_string());
    let mut changed = find_changes(sql, &entries)?;
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let row: Row = serde_json::from_str(&entry.link.row)?;
        let (about, changes) = changed.remove(&row.seq).unzip();
        items.push(EntryView {
            row: RawValue::from_string(entry.link.row)?,
            hash: entry.link.hash,
            event: RawValue::from_string(entry.event)?,
            about,
            changes: changes.unwrap_or_default(),
        });
    }
    Ok(Answer::json(200, &Collection { items, next })?)
}

/// Returns the subject and the changes of each entry, by sequence number. The earlier events of a
/// subject are read once for all entries about it, and no further back than needed.
fn find_changes(
    sql: &impl Sql,
    entries: &[Entry],
) -> Result<BTreeMap<u64, (About, Vec<FieldChange>)>, Fault> {
    let mut searches: BTreeMap<String, Vec<(u64, Search)>> = BTreeMap::new();
    for entry in entries {
        let row: Row = serde_json::from_str(&entry.link.row)?;
        if let Some(search) = Search::begin(&serde_json::from_str(&entry.event)?) {
            let subject = search.subject().to_owned();
            searches.entry(subject).or_default().push((row.seq, search));
        }
    }
    for (subject, searches) in &mut searches {
        let mut cursor = searches.iter().map(|(seq, _)| *seq).max().unwrap_or(0);
        while searches.iter().any(|(_, search)| !search.is_over()) {
            let earlier = journal::about(sql, subject, cursor, BATCH)?;
            let Some((oldest, _)) = earlier.last() else {
                break;
            };
            cursor = *oldest;
            for (seq, event) in &earlier {
                let event = serde_json::from_str(event)?;
                for (_, search) in searches.iter_mut().filter(|(of, _)| of > seq) {
                    search.visit(&event);
                }
            }
        }
    }
    let all = searches.into_values().flatten();
    Ok(all.map(|(seq, search)| (seq, search.end())).collect())
}
