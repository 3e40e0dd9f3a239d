//! What the clock alone brings about: the alarm's work, and whoever finds it undone.

use notice::{
    decide::{self, Command},
    wire::time::Timestamp,
};

use super::{change::Change, verify};
use crate::{
    fault::Fault,
    storage::{
        journal::Origin,
        projections::{self, Beside, Stored},
        sql::Sql,
    },
};

/// Lets everything happen that is due by now, once; doing it twice changes nothing more.
///
/// # Errors
/// When the database fails; then nothing has changed.
pub fn catch_up(sql: &impl Sql, now_ms: u64) -> Result<Stored, Fault> {
    let stored = projections::load(sql, Beside::Nothing)?;
    let (rev, last_at) = (stored.rev, stored.last_at);
    let unchanged = stored.clone();
    // Passing time is never rejected; were it, the state stands as it is.
    let Ok(change) = Change::decide(stored, Command::PassTime, now_ms) else {
        return Ok(unchanged);
    };
    if change.events.is_empty() {
        return Ok(Stored {
            state: change.after,
            rev,
            last_at,
        });
    }
    sql.transaction(|| change.save(sql, &Origin::alarm()))?;
    Ok(Stored {
        rev: change.rev,
        state: change.after,
        last_at: Some(change.at),
    })
}

/// Seconds between verifications: every night.
const VERIFY_EVERY_S: i64 = 86_400;

/// When the alarm is next needed: for what time changes, and for the nightly verification.
///
/// # Errors
/// When the database cannot be read.
pub fn next_due(sql: &impl Sql, stored: &Stored) -> Result<Option<Timestamp>, Fault> {
    let due = decide::next_due(&stored.state);
    Ok([due, verify_due(sql, stored)?].into_iter().flatten().min())
}

/// Replays the journal against the projections once a day, and keeps what came of it.
///
/// # Errors
/// When the database fails.
pub fn verify_nightly(
    sql: &impl Sql,
    stored: &Stored,
    now_ms: u64,
) -> Result<Option<verify::Verification>, Fault> {
    let now = super::change::moment(now_ms);
    if verify_due(sql, stored)?.is_none_or(|due| due > now) {
        return Ok(None);
    }
    let verification = verify::verify(sql, now_ms)?;
    verify::keep(sql, &verification)?;
    Ok(Some(verification))
}

fn verify_due(sql: &impl Sql, stored: &Stored) -> Result<Option<Timestamp>, Fault> {
    let made_at = stored.state.site.as_ref().map(|site| site.created_at);
    let last = verify::last(sql)?.and_then(|at| i64::try_from(at).ok());
    let since = last.map(Timestamp::from_seconds).or(made_at);
    Ok(since.map(|at| at.plus_seconds(VERIFY_EVERY_S)))
}
