//! What the clock alone brings about: the alarm's work, and whoever finds it undone.

use notice::{
    decide::{self, Command},
    wire::time::Timestamp,
};

use super::operate::Change;
use crate::{
    fault::Fault,
    storage::{
        journal::Origin,
        projections::{self, Stored},
        sql::Sql,
    },
};

/// Lets everything happen that is due by now, once; doing it twice changes nothing more.
///
/// # Errors
/// When the database fails; then nothing has changed.
pub fn catch_up(sql: &impl Sql, now_ms: u64) -> Result<Stored, Fault> {
    let stored = projections::load(sql, None)?;
    let rev = stored.rev;
    let unchanged = stored.clone();
    // Passing time is never rejected; were it, the state stands as it is.
    let Ok(change) = Change::decide(stored, Command::PassTime, now_ms) else {
        return Ok(unchanged);
    };
    if change.events.is_empty() {
        return Ok(Stored {
            state: change.after,
            rev,
        });
    }
    let origin = Origin {
        actor: "alarm".to_owned(),
        key: None,
    };
    sql.transaction(|| change.save(sql, &origin))?;
    Ok(Stored {
        rev: change.rev,
        state: change.after,
    })
}

/// When the alarm is next needed.
pub fn next_due(stored: &Stored) -> Option<Timestamp> {
    decide::next_due(&stored.state)
}
