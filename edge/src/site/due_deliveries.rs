//! The deliveries that the courier has to send: to webhooks, on-call targets and subscribers.

use notice::wire::time::Timestamp;

use crate::{
    fault::Fault,
    storage::{mailings, on_call_deliveries, outbox, sql::Sql},
};

/// The time of the next attempt to any receiver; `None` if no delivery is pending.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let due = [
        outbox::next_due(sql)?,
        on_call_deliveries::next_due(sql)?,
        mailings::next_due(sql)?,
    ];
    Ok(due.into_iter().flatten().min())
}

/// A number that is another one after each new delivery.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last(sql: &impl Sql) -> Result<u64, Fault> {
    let ids = [
        outbox::last_id(sql)?,
        on_call_deliveries::last_id(sql)?,
        mailings::last_id(sql)?,
    ];
    Ok(ids.into_iter().fold(0, u64::saturating_add))
}
