//! Announces sessions that have not been used for 60 days: a session that is not used for 90 days
//! ends.

use notice::{notify::occurrence, wire::time::Timestamp};

use super::outbox::queue_occurrence;
use crate::{
    fault::Fault,
    storage::{journal, projections::Stored, sql::Sql, tokens},
};

/// Days after which an unused session is announced.
const UNUSED_DAYS: i64 = 60;
const DAY_S: i64 = 86_400;

/// Queues a message for each session that has been unused for 60 days and was not announced since its last use. Call this inside a
/// transaction.
///
/// # Errors
/// `Fault` if the database fails.
pub fn announce(sql: &impl Sql, stored: &Stored, now: Timestamp) -> Result<(), Fault> {
    let before = now.plus_seconds(-UNUSED_DAYS * DAY_S);
    for session in tokens::unused_sessions(sql, before)? {
        let used_at = session
            .last_used_at
            .as_deref()
            .unwrap_or(&session.created_at);
        let used_at = Timestamp::parse(used_at).unwrap_or(before);
        let id = session.id.clone();
        let occurrence = occurrence::session_unused(id, session.name, used_at);
        let origin = (journal::head(sql)?.0, stored.rev, now);
        queue_occurrence(sql, &stored.state, &occurrence, origin)?;
        tokens::announce(sql, &session.id, now)?;
    }
    Ok(())
}
