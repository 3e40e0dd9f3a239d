//! Stores the results of attempts to reach on-call targets, and appends an event to the journal for
//! each target that was notified or could not be reached.

use notice::{
    notify::{Urgency, retry, target},
    wire::{
        event::{Event, OnCallMessage},
        time::Timestamp,
    },
};

use crate::{
    fault::Fault,
    messages::{mail::outcome::Verdict, reminder::Action},
    rpc::outbox_call::{Outcome, Report},
    runtime::random,
    site::{attempts, change::row_time, sender::Sender},
    storage::{
        escalations,
        journal::{self, Author},
        on_call_deliveries::{self, OnCallDelivery, State},
        outbox,
        sql::Sql,
    },
};

/// Stores the result of an attempt. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the database fails.
pub fn record(
    sql: &impl Sql,
    report: &Report,
    now: Timestamp,
    from: Sender<'_>,
) -> Result<(), Fault> {
    for part in &report.target.deliveries {
        let delivery = on_call_deliveries::find(sql, part.delivery)?;
        // The delivery may have been deleted meanwhile, and its number reused; or the same report
        // may have arrived before.
        let is_same = |delivery: &OnCallDelivery| {
            delivery.message == part.message
                && delivery.attempts == part.attempts
                && delivery.state == State::Pending
        };
        if let Some(delivery) = delivery.filter(is_same) {
            advance(sql, delivery, report, (now, from))?;
        }
    }
    Ok(())
}

/// Stores a delivery after an attempt.
fn advance(
    sql: &impl Sql,
    mut delivery: OnCallDelivery,
    report: &Report,
    (now, from): (Timestamp, Sender<'_>),
) -> Result<(), Fault> {
    delivery.attempts = delivery.attempts.saturating_add(1);
    let count = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    let attempt = attempts::for_decision(&report.outcome);
    let verdict = retry::judge_on_call(&attempt, count, now, random::jitter()?);
    let mut stored_attempt = attempts::for_storage(report, now);
    if !from.keeps_links {
        // The request contains links with which anybody could sign in.
        stored_attempt.request = String::new();
    }
    delivery.last = Some(stored_attempt);
    let is_unreached = match verdict {
        retry::Verdict::Delivered => {
            delivery.state = State::Delivered;
            false
        }
        retry::Verdict::RetryAt(at) => {
            delivery.due_at = at;
            count >= retry::UNREACHED_AFTER
        }
        retry::Verdict::Dead | retry::Verdict::Gone => {
            delivery.state = State::Dead;
            true
        }
    };
    if is_unreached {
        return fail(sql, delivery, &reason(&report.outcome), now);
    }
    if delivery.state == State::Delivered && delivery.content.action == Action::Trigger {
        let message = describe(sql, &delivery)?;
        append(sql, Event::OnCallNotified { message }, now)?;
    }
    on_call_deliveries::save(sql, &delivery)
}

/// Ends a delivery that cannot be sent. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the database fails.
pub fn give_up(
    sql: &impl Sql,
    mut delivery: OnCallDelivery,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    delivery.state = State::Dead;
    delivery.last = Some(attempts::not_sent(reason.to_owned(), now));
    fail(sql, delivery, reason, now)
}

/// Stores a delivery whose target could not be reached. The first failure of a delivery that opens
/// an alert is also appended to the journal. If the delivery is a page about a promise, the failure
/// is recorded in the escalation too, which then pages the next target.
fn fail(
    sql: &impl Sql,
    mut delivery: OnCallDelivery,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let content = &delivery.content;
    let is_first = !content.is_failure_reported && content.action == Action::Trigger;
    if is_first {
        let message = describe(sql, &delivery)?;
        let reason = reason.to_owned();
        append(sql, Event::OnCallFailed { message, reason }, now)?;
        if let (Urgency::Page, Some(promise)) = (content.urgency, &content.promise)
            && let Some(mut stored) = escalations::find(sql, &promise.incident, promise.owed_at)?
        {
            stored.escalation.record_failure(&content.target);
            escalations::save(sql, &stored.escalation)?;
        }
        delivery.content.is_failure_reported = true;
    }
    on_call_deliveries::save(sql, &delivery)
}

/// Describes a delivery for an event.
fn describe(sql: &impl Sql, delivery: &OnCallDelivery) -> Result<OnCallMessage, Fault> {
    let content = &delivery.content;
    let message = outbox::message(sql, &delivery.message)?;
    Ok(OnCallMessage {
        kind: content.target.kind,
        name: target::name(&content.target),
        urgency: content.urgency,
        row: message.map_or(0, |message| message.sequence),
        test: content.test,
    })
}

/// The reason of a failure, as a sentence.
fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered { status, .. } => format!("The target answered {status}."),
        Outcome::Mailed(answer) => match answer.verdict {
            Verdict::Sent | Verdict::Temporary => {
                format!("The mail server answered {}.", answer.status)
            }
            Verdict::Bounced => {
                format!("The mail server refused the address ({}).", answer.status)
            }
        },
        Outcome::TimedOut => "No answer within 15 s.".to_owned(),
        Outcome::Failed(reason) => reason.clone(),
    }
}

/// Appends to the journal an event that does not change the state, so that the revision stays the
/// same.
fn append(sql: &impl Sql, event: Event, now: Timestamp) -> Result<(), Fault> {
    let last = journal::last(sql)?;
    let at = row_time(last.as_ref().map(|row| row.at), now);
    let rev = last.map_or(0, |row| row.rev);
    journal::append(sql, &[event], &Author::courier(), at, rev)
}
