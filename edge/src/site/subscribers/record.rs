//! Stores the results of attempts to send mail to subscribers. The texts of answers are not stored, because they may have the address.

use notice::{notify::retry, wire::time::Timestamp};

use crate::{
    fault::Fault,
    rpc::outbox_call::Report,
    runtime::random,
    site::attempts,
    storage::{
        mailings::{self, End, MailDelivery, Recipient},
        sql::Sql,
        subscribers,
        subscription_requests::{self, State},
    },
};

/// Time for which nothing is sent to an address that bounced, in seconds: 30 days. The mailbox may exist again later.
const SUPPRESSED_S: i64 = 30 * 86_400;

/// Stores the result of an attempt. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the database fails.
pub fn record(sql: &impl Sql, id: u64, report: &Report, now: Timestamp) -> Result<(), Fault> {
    let delivery = mailings::find_delivery(sql, id)?;
    // It may have been deleted meanwhile, and its number used again; or the report has come before.
    let is_same = |delivery: &MailDelivery| {
        let mut parts = report.target.deliveries.iter();
        parts.any(|part| {
            part.delivery == delivery.id
                && part.message == delivery.message
                && part.attempts == delivery.attempts
        })
    };
    let Some(delivery) = delivery.filter(is_same) else {
        return Ok(());
    };
    let attempts = delivery.attempts.saturating_add(1);
    let count = usize::try_from(attempts).unwrap_or(usize::MAX);
    let made = attempts::for_decision(&report.outcome);
    match retry::judge_mail(&made, count, now, random::jitter()?) {
        retry::Verdict::Delivered => mailings::end(sql, &delivery, End::Sent),
        retry::Verdict::RetryAt(at) => mailings::retry(sql, delivery.id, attempts, at),
        retry::Verdict::Dead => mailings::end(sql, &delivery, End::Failed),
        retry::Verdict::Gone => {
            mailings::end(sql, &delivery, End::Failed)?;
            stop(sql, delivery.to, now)
        }
    }
}

/// Sends nothing more to an address that takes no mail, and deletes its subscription.
fn stop(sql: &impl Sql, to: Recipient, now: Timestamp) -> Result<(), Fault> {
    let until = now.plus_seconds(SUPPRESSED_S);
    match to {
        Recipient::Subscriber(id) => match subscribers::find(sql, id)? {
            Some(found) => {
                mailings::suppress(sql, &found.look_up, until)?;
                subscribers::delete(sql, id)
            }
            None => Ok(()),
        },
        Recipient::Request(id) => match subscription_requests::find(sql, id)? {
            Some(found) if found.state == State::Open => {
                mailings::suppress(sql, &found.look_up, until)?;
                subscription_requests::end(sql, id, State::Expired)
            }
            _ => Ok(()),
        },
    }
}
