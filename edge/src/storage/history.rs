//! The history of incidents, ordered by their start. It is read from an index, so that the cost
//! depends on the number of incidents that are returned. An incident is in the history if its
//! column `history_at` is not NULL.

use notice::wire::{ids::IncidentId, incident::Incident, time::Timestamp};

use super::{
    documents::heads,
    sql::{Sql, Value},
};
use crate::fault::Fault;

/// The position of an incident in the history, as a sort key. The newest is the highest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The incident's start.
    pub at: Timestamp,
    /// The incident's number, which orders incidents with the same start.
    pub number: u64,
}

/// A time range: from the second `from` to the second before `until`.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Period {
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// The start of the newest incident in a period.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn newest(sql: &impl Sql, period: Period) -> Result<Option<Timestamp>, Fault> {
    one_start(sql, "DESC", period)
}

/// The start of the oldest incident in a period.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn oldest(sql: &impl Sql, period: Period) -> Result<Option<Timestamp>, Fault> {
    one_start(sql, "ASC", period)
}

/// The start of the first incident in a period, in ascending (`ASC`) or descending (`DESC`) order.
fn one_start(
    sql: &impl Sql,
    order: &'static str,
    period: Period,
) -> Result<Option<Timestamp>, Fault> {
    // All times have one format (RFC 3339, whole seconds, UTC), so that texts sort by time.
    let rows = sql.run(
        &format!(
            "SELECT id, history_at FROM incident INDEXED BY incident_history
             WHERE history_at >= ? AND history_at < ? ORDER BY history_at {order} LIMIT 1"
        ),
        &[
            period.from.to_string().into(),
            period.until.to_string().into(),
        ],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let id = row.text("incident")?;
    time(&id, &row.text("incident")?).map(Some)
}

/// The position of an incident; `None` if the history does not have it.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn place(sql: &impl Sql, id: &IncidentId) -> Result<Option<Place>, Fault> {
    let rows = sql.run(
        "SELECT history_at, number FROM incident WHERE id = ? AND history_at IS NOT NULL",
        &[id.as_str().into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Place {
        at: time(id.as_str(), &row.text("incident")?)?,
        number: row
            .number("incident")
            .map_err(|fault| unreadable(id.as_str(), fault.to_string()))?,
    }))
}

/// Incidents of a period that are older than `before`, newest first; at most `most`.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn page(
    sql: &impl Sql,
    period: Period,
    before: Option<&Place>,
    most: usize,
) -> Result<Vec<Incident>, Fault> {
    let mut values = vec![Value::from(period.from.to_string())];
    let end = match before {
        Some(place) => {
            values.extend([place.at.to_string().into(), place.number.into()]);
            "(history_at, number) < (?, ?)"
        }
        None => {
            values.push(period.until.to_string().into());
            "history_at < ?"
        }
    };
    values.push(u64::try_from(most).unwrap_or(u64::MAX).into());
    let rows = sql.run(
        &format!(
            "SELECT id, document FROM incident INDEXED BY incident_history
             WHERE history_at >= ? AND {end} ORDER BY history_at DESC, number DESC LIMIT ?"
        ),
        &values,
    )?;
    heads(rows)
}

/// The id of the incident that is `count` positions newer than `place` in a period; `None` if fewer
/// incidents are newer.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn above(
    sql: &impl Sql,
    period: Period,
    place: &Place,
    count: usize,
) -> Result<Option<String>, Fault> {
    let rows = sql.run(
        "SELECT id FROM incident INDEXED BY incident_history
         WHERE history_at < ? AND (history_at, number) > (?, ?) ORDER BY history_at, number LIMIT 1 OFFSET ?",
        &[
            period.until.to_string().into(),
            place.at.to_string().into(),
            place.number.into(),
            u64::try_from(count.saturating_sub(1)).unwrap_or(u64::MAX).into(),
        ],
    )?;
    rows.into_iter()
        .next()
        .map(|mut row| row.text("incident"))
        .transpose()
}

fn time(id: &str, text: &str) -> Result<Timestamp, Fault> {
    Timestamp::parse(text).ok_or_else(|| unreadable(id, format!("{text} is not a time")))
}

fn unreadable(id: &str, detail: String) -> Fault {
    Fault::Unreadable {
        table: "incident",
        incidents: vec![id.to_owned()],
        detail,
    }
}
