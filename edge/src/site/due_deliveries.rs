//! The deliveries that the courier has to send: to webhooks and to on-call targets.

use notice::wire::time::Timestamp;

use crate::{
    fault::Fault,
    storage::{on_call_deliveries, outbox, sql::Sql},
};

/// The time of the next attempt to any receiver; `None` if no delivery is pending.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let due = [outbox::next_due(sql)?, on_call_deliveries::next_due(sql)?];
    Ok(due.into_iter().flatten().min())
}

/// A number that rises with each new delivery.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last(sql: &impl Sql) -> Result<u64, Fault> {
    let webhooks = outbox::last_id(sql)?;
    Ok(webhooks.saturating_add(on_call_deliveries::last_id(sql)?))
}
