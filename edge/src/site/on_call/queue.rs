//! Queues messages to on-call targets about an occurrence: one that informs, or the first page of an escalation.

use notice::{
    notify::{Detail, EventName, Occurrence, Urgency, escalation::Escalation},
    state::State,
    wire::{ids::MessageId, time::Timestamp},
};

use crate::{
    fault::Fault,
    messages::reminder::Action,
    storage::{
        escalations,
        on_call_deliveries::{self, Content, Promise},
        sql::Sql,
    },
};

/// Whether a message about an occurrence informs an on-call target. Pages have messages of their own, because they are sent later.
pub fn informs(state: &State, urgency: Option<Urgency>) -> bool {
    let targets = state.site.as_ref().map(|site| site.on_call.as_slice());
    urgency == Some(Urgency::Inform) && targets.is_some_and(|targets| !targets.is_empty())
}

/// Queues a message that informs. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn inform(
    sql: &impl Sql,
    message: &MessageId,
    state: &State,
    occurrence: &Occurrence,
) -> Result<(), Fault> {
    let targets = state.site.as_ref().map(|site| site.on_call.as_slice());
    // If this target cannot be reached, the message is redirected to another one when it is due.
    let Some(target) = targets.unwrap_or_default().first() else {
        return Ok(());
    };
    let content = Content {
        target: target.clone(),
        urgency: Urgency::Inform,
        action: Action::Trigger,
        // Not the key of the escalation's pages: with one key for both, a service would add a later page to the alert that this
        // message opened, and would wake nobody.
        key: format!("allclear/{message}"),
        promise: promise(occurrence),
        test: false,
        is_failure_reported: false,
        answered_at: None,
    };
    on_call_deliveries::add(sql, message, &content)?;
    Ok(())
}

/// Begins the escalation of an overdue update if the occurrence is a `promise.overdue`; does
/// nothing otherwise. `sequence` is the sequence number of its row, and `at` its time. Call this
/// inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn escalate(
    sql: &impl Sql,
    occurrence: &Occurrence,
    sequence: u64,
    at: Timestamp,
) -> Result<(), Fault> {
    match (occurrence.event, promise(occurrence)) {
        (EventName::PromiseOverdue, Some(Promise { incident, owed_at })) => {
            escalations::add(sql, sequence, &Escalation::new(incident, owed_at, at))
        }
        _ => Ok(()),
    }
}

/// Returns the promised update that an occurrence reminds of; `None` if the occurrence is about
/// something else.
fn promise(occurrence: &Occurrence) -> Option<Promise> {
    match (&occurrence.detail, &occurrence.incident) {
        (Detail::Promise(reminded), Some(incident)) => Some(Promise {
            incident: incident.clone(),
            owed_at: reminded.owed_at,
        }),
        _ => None,
    }
}
