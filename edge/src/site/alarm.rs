//! The alarm's tasks: scheduled transitions, which requests apply too, and the nightly verification.

use notice::{decide, wire::time::Timestamp};

use super::{
    change::{Change, row_time, timestamp},
    due_deliveries, mend,
    on_call::escalate,
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

/// The time for which to set the alarm: that of the next scheduled transition, page or
/// verification, at most 6 h from now. Or 10 s after a delivery is due: then the alarm wakes the
/// courier again, because a crash may have lost the first call.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql, stored: &Stored, now_ms: u64) -> Result<Timestamp, Fault> {
    let now = timestamp(now_ms);
    let wake = now.plus_seconds(WAKE_EVERY_S);
    let delivery = due_deliveries::next_due(sql)?.map(|due| due.max(now));
    let delivery = delivery.map(|due| due.plus_seconds(WAKE_COURIER_AGAIN_S));
    let due = [
        next_notice(sql, stored, now)?,
        verify_due(sql, stored, now)?,
        delivery,
    ];
    Ok(due.into_iter().flatten().fold(wake, Timestamp::min))
}

/// The time of the next scheduled transition or page.
fn next_notice(
    sql: &impl Sql,
    stored: &Stored,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    // Transitions happen at the time of the next row.
    let transition = decide::next_due(&stored.state, row_time(stored.last_at, now));
    let page = escalate::next_due(sql, stored, now)?;
    Ok([transition, page].into_iter().flatten().min())
}

/// What a site's alarm is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmState {
    /// It goes off at this time. `None`: it is not set.
    SetFor(Option<Timestamp>),
    /// Work on the whole site is in progress. A verification that is due waits for it, and if it is the nightly verification itself,
    /// the alarm is not over.
    Working,
}

/// How late the site's work is, in seconds: an alarm that did not go off at the time for which it was set, or work that is still
/// due. While work on the whole site is in progress, only scheduled transitions and pages can be late.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn delay_s(
    sql: &impl Sql,
    stored: &Stored,
    alarm: AlarmState,
    now_ms: u64,
) -> Result<u64, Fault> {
    let now = timestamp(now_ms);
    let expected = match alarm {
        AlarmState::SetFor(set_for) => {
            let due = next_due(sql, stored, now_ms)?;
            set_for.map_or(due, |set_for| set_for.min(due))
        }
        AlarmState::Working => next_notice(sql, stored, now)?.unwrap_or(now),
    };
    let delay_s = now.seconds().saturating_sub(expected.seconds());
    Ok(u64::try_from(delay_s).unwrap_or(0))
}

/// If the nightly verification is due, returns a verifier, deletes old messages and announces
/// unused sessions. The verification is due a day after the last one, or after the site's creation;
/// at once if there is no earlier one and the site cannot be read (`stored` is `None`).
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

/// The time of the last verification. A time in the future is ignored: the clock was ahead when it
/// was stored.
fn last_check(sql: &impl Sql, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let last = verify::last_checked_at(sql)?.and_then(|at| i64::try_from(at).ok());
    Ok(last.map(Timestamp::from_seconds).filter(|at| *at <= now))
}

fn created_at(stored: &Stored) -> Option<Timestamp> {
    stored.state.site.as_ref().map(|site| site.created_at)
}
