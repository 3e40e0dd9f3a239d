//! The alarm's tasks: scheduled transitions, which requests apply too, and the nightly verification.

use notice::{decide, wire::time::Timestamp};

use super::{
    change::{Change, row_time, timestamp},
    due_deliveries, mend,
    on_call::escalate,
    subscribers::upkeep,
    unused_sessions,
    verifier::Verifier,
    verify,
};
use crate::{
    fault::Fault,
    log,
    storage::{
        journal::Author,
        outbox,
        projections::{ExtraIncidents, Stored},
        sql::Sql,
    },
};

/// Applies due scheduled transitions. Idempotent.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn catch_up(sql: &impl Sql, now_ms: u64) -> Result<Stored, Fault> {
    let stored = mend::load(sql, ExtraIncidents::None, now_ms)?;
    let last_at = stored.last_at;
    let change = Change::pass_time(stored, now_ms);
    for skipped in &change.skipped {
        let context = log::LogContext {
            route: "passing_time",
            site: change.after.site.as_ref().map(|site| site.slug.as_str()),
            request_id: None,
        };
        log::error(context, skipped);
    }
    if change.events.is_empty() {
        return Ok(Stored {
            last_at,
            ..change.into_stored()
        });
    }
    sql.transaction(|| change.save(sql, &Author::alarm()))?;
    Ok(change.into_stored())
}

/// Interval of verifications, in seconds: a day.
const VERIFY_EVERY_S: i64 = 86_400;

/// Maximum time between two alarms, in seconds: 6 h.
const WAKE_EVERY_S: i64 = 6 * 3600;

/// Time after which the alarm wakes the courier again for a delivery that is due, in seconds.
const WAKE_COURIER_AGAIN_S: i64 = 10;

/// The time of the next scheduled transition, page, verification or end of a subscription, at most 6 h from now. While a delivery is due, the alarm repeats the
/// call of the courier, which a crash may have lost.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql, stored: &Stored, now_ms: u64) -> Result<Timestamp, Fault> {
    let now = timestamp(now_ms);
    // Transitions happen at the time of the next row.
    let due = decide::next_due(&stored.state, row_time(stored.last_at, now));
    let wake = now.plus_seconds(WAKE_EVERY_S);
    let delivery = due_deliveries::next_due(sql)?.map(|due| due.max(now));
    let delivery = delivery.map(|due| due.plus_seconds(WAKE_COURIER_AGAIN_S));
    let page = escalate::next_due(sql, stored, now)?;
    let verification = verify_due(sql, stored, now)?;
    let ended = upkeep::next_due(sql)?;
    let due = [due, verification, delivery, page, ended]
        .into_iter()
        .flatten();
    Ok(due.min().map_or(wake, |due| due.min(wake)))
}

/// How late the site's work is, in seconds: an alarm that did not go off at the time that it is set for, or work that is still due.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn delay_s(
    sql: &impl Sql,
    stored: &Stored,
    set_for: Option<Timestamp>,
    now_ms: u64,
) -> Result<u64, Fault> {
    let due = next_due(sql, stored, now_ms)?;
    let expected = set_for.map_or(due, |set_for| set_for.min(due));
    let delay_s = timestamp(now_ms)
        .seconds()
        .saturating_sub(expected.seconds());
    Ok(u64::try_from(delay_s).unwrap_or(0))
}

/// Begins the nightly verification, if it is due, deletes old messages, and announces unused sessions. It is also due if the site cannot be read (`stored` is `None`).
///
/// # Errors
/// `Fault` if the database fails.
pub fn verify_nightly(
    sql: &impl Sql,
    stored: Option<&Stored>,
    now_ms: u64,
) -> Result<Option<Verifier>, Fault> {
    let now = timestamp(now_ms);
    let since = match (last_check(sql, now)?, stored) {
        (None, None) => return Ok(Some(Verifier::new(now_ms))),
        (Some(last), _) => Some(last),
        (None, Some(stored)) => created_at(stored),
    };
    let is_due = since.is_some_and(|since| since.plus_seconds(VERIFY_EVERY_S) <= now);
    if is_due {
        sql.transaction(|| outbox::prune(sql, now))?;
        if let Some(stored) = stored {
            sql.transaction(|| unused_sessions::announce(sql, stored, now))?;
        }
    }
    Ok(is_due.then(|| Verifier::new(now_ms)))
}

fn verify_due(sql: &impl Sql, stored: &Stored, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let since = last_check(sql, now)?.or(created_at(stored));
    Ok(since.map(|at| at.plus_seconds(VERIFY_EVERY_S)))
}

/// The time of the last verification. One in the future is ignored: the clock was ahead when it was stored.
fn last_check(sql: &impl Sql, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let last = verify::last_checked_at(sql)?.and_then(|at| i64::try_from(at).ok());
    Ok(last.map(Timestamp::from_seconds).filter(|at| *at <= now))
}

fn created_at(stored: &Stored) -> Option<Timestamp> {
    stored.state.site.as_ref().map(|site| site.created_at)
}
