//! Corrects a journal whose times are ahead of the server's clock.

use super::{access::Caller, change::Change};
use crate::{
    answer::Answer,
    refusal::Refusal,
    site::{
        call::{Call, Write},
        change::timestamp,
    },
    storage::{
        incident_lists,
        incident_tables::IncidentTables,
        journal::Author,
        projections::{self, ExtraIncidents},
        severity_spans,
        sql::Sql,
    },
};

/// Decides a correction: `clock.corrected` is appended if the last row is later than the server's
/// clock. The answer has both times: that of the last row as `from`, and that of the clock as `to`.
///
/// # Errors
/// `Fault` if the database fails.
pub fn correct<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
) -> Result<Write<'a>, Refusal> {
    let now = timestamp(call.now_ms);
    let changed = incident_lists::changed_after(sql, &IncidentTables::of_site(), now)?;
    let stored = projections::load(sql, ExtraIncidents::Ids(&changed))?;
    let from = stored.last_at;
    let change = Change::correct_clock(stored, call.now_ms);
    let body =
        serde_json::json!({ "from": from, "to": now, "corrected": !change.events.is_empty() });
    let author = Author {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer: Answer::json(200, &body)?,
        replay: None,
        work: Box::new(move || {
            // While the clock was ahead, spans may have been deleted as older than 90 days.
            severity_spans::forget(sql)?;
            change.save(sql, &author)
        }),
    })
}
