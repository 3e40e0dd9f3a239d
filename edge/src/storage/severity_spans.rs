//! The severities of incidents over time, for the charts of days: one span for each period with the
//! same severity. A cache of data from the journal. It is filled when it is read, so that a write,
//! an import or a migration does not wait for it.

use notice::{
    project::severity::{self, Severity, Span},
    wire::{event::Event, ids::IncidentId, time::Timestamp},
};

use super::sql::{Sql, Value};
use crate::fault::Fault;

/// A quarter of an hour, in seconds. The offsets of all time zones are multiples of it.
const QUARTER_S: i64 = 900;

/// A row of the table. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpanRow {
    /// The component's id; empty for the site as a whole.
    pub component: String,
    /// The index into [`Severity::ALL`].
    pub severity: u64,
    pub starts: u64,
    /// 0 while the span continues.
    pub ends: u64,
}

impl SpanRow {
    pub fn of(span: &Span) -> Self {
        let index = Severity::ALL
            .iter()
            .position(|severity| *severity == span.severity);
        let seconds = |at: Timestamp| u64::try_from(at.seconds()).unwrap_or(0);
        Self {
            component: span
                .component
                .as_ref()
                .map_or("", |id| id.as_str())
                .to_owned(),
            severity: u64::try_from(index.unwrap_or_default()).unwrap_or(u64::MAX),
            starts: seconds(span.starts),
            ends: span.ends.map_or(0, seconds),
        }
    }
}

/// Returns the spans of the site as a whole that had not ended before a time.
///
/// # Errors
/// `Fault` if the database fails.
pub fn of_site(sql: &impl Sql, since: Timestamp) -> Result<Vec<Span>, Fault> {
    fill(sql, since)?;
    let since = seconds(since);
    // Selects one text, because a row costs more than its three numbers. Spans that begin in the
    // same quarter of an hour and end in the same one are on the same days in every time zone, so
    // they are grouped into one span.
    let statement = format!(
        "SELECT COALESCE(group_concat(severity || ' ' || starts || ' ' || ends, ','), '') FROM (
           SELECT severity, min(starts) AS starts, max(ends) AS ends FROM (
             SELECT severity, starts, ends, (ends + {last}) / {QUARTER_S} AS quarter
             FROM severity_span INDEXED BY severity_span_end WHERE component = '' AND ends >= ?
             UNION ALL
             SELECT severity, starts, 0, 0
             FROM severity_span INDEXED BY severity_span_end WHERE component = '' AND ends IS NULL
           ) GROUP BY severity, quarter, starts / {QUARTER_S}
         )",
        last = QUARTER_S - 1
    );
    let text = match sql.run(&statement, &[since])?.into_iter().next() {
        Some(mut row) => {
            let text = row.text("severity_span");
            text.map_err(|fault| unreadable(fault.to_string()))?
        }
        None => String::new(),
    };
    let spans = text.split(',').filter(|span| !span.is_empty());
    spans.map(parse_span).collect()
}

fn unreadable(detail: String) -> Fault {
    Fault::Unreadable {
        table: "severity_span",
        incidents: Vec::new(),
        detail,
    }
}

/// Parses `severity starts ends`. An end of 0 means that the span continues.
fn parse_span(text: &str) -> Result<Span, Fault> {
    let mut numbers = text.split(' ').map(str::parse::<i64>);
    let mut next = || numbers.next().and_then(Result::ok);
    let parsed = (|| {
        let severity = usize::try_from(next()?).ok()?;
        let (starts, ends) = (next()?, next()?);
        Some(Span {
            component: None,
            severity: *Severity::ALL.get(severity)?,
            starts: Timestamp::from_seconds(starts),
            ends: (ends > 0).then(|| Timestamp::from_seconds(ends)),
        })
    })();
    parsed.ok_or_else(|| unreadable(format!("{text} is not a span")))
}

/// Marks the spans of all incidents as outdated, so that the next read rebuilds them from the
/// journal.
///
/// # Errors
/// `Fault` if the statement fails. Call this inside a transaction.
pub fn forget(sql: &impl Sql) -> Result<(), Fault> {
    sql.run("UPDATE incident SET has_spans = 0", &[])?;
    Ok(())
}

/// Deletes the spans of all incidents, so that the next read rebuilds them from the journal.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn clear(sql: &impl Sql) -> Result<(), Fault> {
    sql.run("DELETE FROM severity_span", &[])?;
    forget(sql)
}

/// Deletes an incident's spans. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn delete(sql: &impl Sql, incident: &IncidentId) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM severity_span WHERE incident = ?",
        &[incident.as_str().into()],
    )?;
    Ok(())
}

/// Writes the spans of the incidents that have changed. Incidents that ended before `since` get no
/// spans: no chart shows them, and reading all events of a site takes seconds.
fn fill(sql: &impl Sql, since: Timestamp) -> Result<(), Fault> {
    // `INDEXED BY`: without statistics, SQLite would read all incidents.
    let changed = "FROM incident INDEXED BY incident_without_spans WHERE has_spans = 0";
    if sql
        .run(&format!("SELECT 1 {changed} LIMIT 1"), &[])?
        .is_empty()
    {
        return Ok(());
    }
    sql.transaction(|| {
        sql.run(
            &format!("DELETE FROM severity_span WHERE incident IN (SELECT id {changed})"),
            &[],
        )?;
        let recent = format!("SELECT id {changed} AND (ended_at IS NULL OR ended_at >= ?)");
        for mut row in sql.run(&recent, &[since.to_string().into()])? {
            insert(sql, &row.text("incident")?)?;
        }
        sql.run("UPDATE incident SET has_spans = 1 WHERE has_spans = 0", &[])?;
        Ok(())
    })
}

/// Inserts the spans of an incident, from its events in the journal.
fn insert(sql: &impl Sql, incident: &str) -> Result<(), Fault> {
    // Corrections of the clock, which concern every incident, are among the few events without a subject.
    let rows = sql.run(
        "SELECT json_extract(row, '$.at'), event FROM journal
         WHERE seq > 0 AND (about = ? OR (about IS NULL AND json_extract(event, '$.type') = 'clock.corrected')) ORDER BY seq",
        &[incident.into()],
    )?;
    let mut events: Vec<(Event, Timestamp)> = Vec::new();
    for mut row in rows {
        let at = Timestamp::parse(&row.text("journal")?).ok_or_else(|| Fault::Stored {
            what: "journal",
            detail: "a row's time cannot be read".to_owned(),
        })?;
        events.push((serde_json::from_str(&row.text("journal")?)?, at));
    }
    let Some(id) = IncidentId::parse(incident) else {
        return Ok(());
    };
    for span in severity::spans(&id, events.iter().map(|(event, at)| (event, *at))) {
        let index = Severity::ALL
            .iter()
            .position(|severity| *severity == span.severity);
        sql.run(
            "INSERT INTO severity_span (incident, component, severity, starts, ends) VALUES (?, ?, ?, ?, ?)",
            &[
                incident.into(),
                span.component.as_ref().map_or("", |id| id.as_str()).into(),
                Value::from(u64::try_from(index.unwrap_or_default()).unwrap_or(u64::MAX)),
                seconds(span.starts),
                span.ends.map_or(Value::Null, seconds),
            ],
        )?;
    }
    Ok(())
}

fn seconds(at: Timestamp) -> Value {
    Value::Integer(at.seconds())
}
