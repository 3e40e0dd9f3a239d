//! Fills the outbox: for each event that others are notified about, a message and its deliveries, in the transaction of the event.

use notice::{
    notify::{Occurrence, Urgency, occurrence::of_events, plan::is_notifying, routes},
    state::State,
    wire::{event::Event, ids::MessageId, time::Timestamp},
};

use super::on_call;
use crate::{
    fault::Fault,
    messages::message::{Message, Origin},
    runtime::random,
    storage::{
        outbox,
        sql::Sql,
        webhooks::{self, Webhook},
    },
};

/// Consecutive events that are being stored.
#[derive(Clone, Copy, Debug)]
pub struct NewRows<'a> {
    /// The state before the first event.
    pub before: &'a State,
    pub events: &'a [Event],
    /// The time of all rows.
    pub at: Timestamp,
    /// The revision of all rows.
    pub rev: u64,
    /// The sequence number of the row before the first one.
    pub head: u64,
}

/// Queues the messages to webhooks and on-call targets about events. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn queue(sql: &impl Sql, rows: NewRows<'_>) -> Result<(), Fault> {
    let webhooks = enabled(sql)?;
    if webhooks.is_empty() && !rows.events.iter().any(concerns_on_call) {
        return Ok(());
    }
    let mut occurrences = of_events(rows.before, rows.events, rows.at).into_iter();
    let mut next = occurrences.next();
    let mut before = rows.before.clone();
    for (index, (sequence, event)) in (rows.head.saturating_add(1)..).zip(rows.events).enumerate() {
        let mut after = before.clone();
        after.apply(event, rows.at);
        while let Some((_, occurrence)) = next.take_if(|(of, _)| *of == index) {
            let notifies_chats = is_notifying(&occurrence, event, &before, &after);
            let origin = (sequence, rows.rev, rows.at);
            queue_one(
                sql,
                &webhooks,
                (&occurrence, notifies_chats),
                &after,
                origin,
            )?;
            next = occurrences.next();
        }
        before = after;
    }
    Ok(())
}

/// Queues the message about an occurrence that is not an event of an incident. `origin` is the
/// sequence number, the revision and the time of the row that caused it. Call this inside a
/// transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn queue_occurrence(
    sql: &impl Sql,
    state: &State,
    occurrence: &Occurrence,
    origin: (u64, u64, Timestamp),
) -> Result<(), Fault> {
    let notifies_chats = false;
    let webhooks = enabled(sql)?;
    queue_one(sql, &webhooks, (occurrence, notifies_chats), state, origin)
}

/// Whether on-call targets are notified of an event. Without webhooks, other events need no messages.
fn concerns_on_call(event: &Event) -> bool {
    matches!(
        event,
        Event::PromiseDue { .. } | Event::PromiseOverdue { .. } | Event::ScheduleMissed { .. }
    )
}

/// The webhooks that are not disabled.
fn enabled(sql: &impl Sql) -> Result<Vec<Webhook>, Fault> {
    let mut webhooks = webhooks::list(sql)?;
    webhooks.retain(Webhook::is_enabled);
    Ok(webhooks)
}

/// Queues the message about one occurrence, its deliveries, and the escalation of an overdue
/// update.
fn queue_one(
    sql: &impl Sql,
    webhooks: &[Webhook],
    (occurrence, notifies_chats): (&Occurrence, bool),
    state: &State,
    (sequence, rev, at): (u64, u64, Timestamp),
) -> Result<(), Fault> {
    let channels = routes(occurrence, notifies_chats);
    let receivers: Vec<&Webhook> = webhooks
        .iter()
        .filter(|webhook| {
            let settings = &webhook.settings;
            let is_notified = match settings.format.is_chat() {
                true => channels.chat,
                false => channels.webhooks,
            };
            is_notified
                && (settings.events.is_empty() || settings.events.contains(&occurrence.event))
                && occurrence.concerns(&settings.components)
        })
        .collect();
    if channels.on_call == Some(Urgency::Page) {
        on_call::queue::escalate(sql, occurrence, sequence, at)?;
    }
    let informs = on_call::queue::informs(state, channels.on_call);
    if receivers.is_empty() && !informs {
        return Ok(());
    }
    let id = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    let origin = Origin {
        id: id.as_str().to_owned(),
        sequence,
        rev,
        at,
        // Added when the message is sent: see `dispatch`.
        public_url: "",
    };
    let Some(message) = Message::new(state, occurrence, origin) else {
        return Ok(());
    };
    outbox::add_message(sql, &id, &message)?;
    for webhook in receivers {
        outbox::add_delivery(sql, &id, &webhook.id, at_once())?;
    }
    match informs {
        true => on_call::queue::inform(sql, &id, state, occurrence),
        false => Ok(()),
    }
}

/// The due time of a first attempt, which is always in the past. The row's time could be in the
/// future, if the clock was set back.
pub fn at_once() -> Timestamp {
    Timestamp::from_seconds(0)
}
