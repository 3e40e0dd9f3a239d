//! Rows accepted that are older than the row before them, as earlier versions wrote them after a clock was set back.

use notice::{
    rejection::Rejection,
    wire::event::{Event, RepairedRow},
};

use super::{
    access::Caller,
    change::{moment, row_time},
    operate::{Call, Refusal, Write},
    verify::Replay,
};
use crate::{
    answer::Answer,
    storage::{
        journal::{self, Origin},
        sql::Sql,
    },
};

/// Rows that one event names at most, so that it stays below the size limit of an event.
const ROWS_AN_EVENT: usize = 5000;

/// Decides a repair: the answer names the rows, and where there are any, `journal.repaired` is appended. The journal must
/// have no other fault, since a repair may not hide one.
///
/// # Errors
/// [`Rejection::IllegalTransition`] with another fault of the journal, or ours.
pub fn repair<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
) -> Result<Write<'a>, Refusal> {
    let mut replay = Replay::default();
    let read = replay.add_all(sql)?;
    if let Err(difference) = read.and_then(|()| replay.unexplained_event()) {
        return Err(Rejection::IllegalTransition(format!(
            "The journal has a fault that a repair cannot fix: {difference}."
        ))
        .into());
    }
    let rows = replay.unrepaired();
    let answer = Answer::json(200, &serde_json::json!({ "rows": rows }))?;
    let events: Vec<Event> = rows.chunks(ROWS_AN_EVENT).map(repaired).collect();
    let at = row_time(replay.at, moment(call.now_ms));
    let origin = Origin {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer,
        replay: None,
        // Readers see nothing of it, so the feed's revision stays.
        work: Box::new(move || journal::append(sql, &events, None, &origin, at, replay.rev)),
    })
}

fn repaired(rows: &[RepairedRow]) -> Event {
    Event::JournalRepaired {
        rows: rows.to_vec(),
    }
}
