//! Gives the courier the deliveries that are due, and stores the results of its attempts.

use notice::{
    body::check::endpoint_url,
    notify::{merging, occurrence, retry},
    wire::{enums::DisabledReason, event::Event, ids::WebhookId, time::Timestamp},
};
use worker::Url;

use super::{
    attempts,
    change::{row_time, timestamp},
    due_deliveries, on_call, outbox as queue,
    sender::{Sender, with_base},
};
use crate::{
    date_format::DateFormatters,
    fault::Fault,
    log,
    messages::{
        message::Message,
        webhook::{self, Endpoint},
    },
    rpc::outbox_call::{
        Assignment, Exchange, Outcome, Part, Payload, Receiver, Report, Target, Work,
    },
    runtime::random,
    storage::{
        journal::{self, Author},
        outbox::{self, Delivery, DeliveryState, Endpoints},
        projections::{self, ExtraIncidents},
        sql::Sql,
        webhooks::{self, Disabled, Webhook},
    },
};

/// Stores the courier's reports, and returns its next assignments. Assignments to on-call targets
/// come first.
///
/// # Errors
/// `Fault` if the database fails. Then the courier must send the reports again.
pub fn exchange(
    sql: &impl Sql,
    exchange: &Exchange,
    now_ms: u64,
    from: Sender<'_>,
    formatters: &impl DateFormatters,
) -> Result<Work, Fault> {
    let now = timestamp(now_ms);
    if !exchange.reports.is_empty() {
        sql.transaction(|| {
            let mut reports = exchange.reports.iter();
            reports.try_for_each(|report| match &report.target.receiver {
                Receiver::Webhook(id) => record(sql, id, report, now),
                Receiver::OnCall(_) => on_call::record::record(sql, report, now, from),
            })
        })?;
    }
    let mut assignments =
        on_call::assign::next_assignments(sql, exchange, now_ms, from, formatters)?;
    let busy: Vec<&WebhookId> = exchange.busy.iter().filter_map(Receiver::webhook).collect();
    let mut due = outbox::due(sql, now, &busy, Endpoints::Others, exchange.room)?;
    let left = exchange
        .room
        .saturating_sub(u32::try_from(due.len()).unwrap_or(u32::MAX));
    let room_for_hanging = exchange.room_for_hanging.min(left);
    let hanging = outbox::due(sql, now, &busy, Endpoints::Hanging, room_for_hanging)?;
    due.extend(hanging);
    for delivery in due {
        match assign(sql, &delivery, now, from) {
            Ok(Assigned::Attempt(assignment)) => assignments.push(assignment),
            Ok(Assigned::NoAttempt) => {}
            Ok(Assigned::Refused(refused, reason)) => give_up(sql, refused, &reason, now)?,
            // One message that cannot be read must not block the others.
            Err(fault) => {
                let context = log::LogContext {
                    route: "dispatch",
                    ..log::LogContext::default()
                };
                log::fault(context, &fault);
                give_up(sql, vec![delivery], "The message cannot be read.", now)?;
            }
        }
    }
    Ok(Work {
        assignments,
        next_due_in_ms: due_deliveries::next_due(sql)?.map(|due| {
            let due_s = u64::try_from(due.seconds()).unwrap_or(0);
            due_s.saturating_mul(1000).saturating_sub(now_ms)
        }),
    })
}

/// The decision about a delivery that is due.
enum Assigned {
    Attempt(Assignment),
    /// The delivery waits to be merged with others, or its webhook was deleted.
    NoAttempt,
    /// These deliveries cannot be sent. Has the reason as a sentence, for example that the URL of their webhook is not allowed any
    /// more.
    Refused(Vec<Delivery>, String),
}

fn assign(
    sql: &impl Sql,
    delivery: &Delivery,
    now: Timestamp,
    from: Sender<'_>,
) -> Result<Assigned, Fault> {
    let Some(webhook) = webhooks::find(sql, &delivery.webhook)? else {
        return Ok(Assigned::NoAttempt);
    };
    // The setting that allowed private addresses may have changed since the URL was stored.
    if let Err(reason) = endpoint_url::check(&webhook.settings.url, from.network) {
        return Ok(Assigned::Refused(vec![delivery.clone()], reason));
    }
    let deliveries = match webhook.settings.format.is_chat() {
        true => select_merged(sql, &webhook, now)?,
        false => vec![delivery.clone()],
    };
    let mut messages = Vec::with_capacity(deliveries.len());
    for delivery in &deliveries {
        let message = outbox::message(sql, &delivery.message)?;
        messages.extend(message.map(|message| with_base(message, from.public_url)));
    }
    if messages.is_empty() && !deliveries.is_empty() {
        let reason = "The message was deleted.".to_owned();
        return Ok(Assigned::Refused(deliveries, reason));
    }
    let endpoint = Endpoint {
        url: &webhook.settings.url,
        format: webhook.settings.format,
        secrets: &webhook.secrets(now),
    };
    let messages: Vec<&Message> = messages.iter().collect();
    let request = webhook::request(&endpoint, &messages, now)?;
    let Some(request) = request else {
        return Ok(Assigned::NoAttempt);
    };
    Ok(Assigned::Attempt(Assignment {
        target: Target {
            deliveries: deliveries
                .into_iter()
                .map(|delivery| Part {
                    delivery: delivery.id,
                    message: delivery.message,
                    attempts: delivery.attempts,
                })
                .collect(),
            receiver: Receiver::Webhook(webhook.id),
            url: webhook.settings.url,
        },
        is_hanging: webhook.hangs,
        payload: Payload::Request(request),
    }))
}

/// Selects the deliveries that a chat gets next as one message. Postpones deliveries about an
/// incident if the chat got a message about that incident within the last [`merging::WINDOW_S`].
fn select_merged(
    sql: &impl Sql,
    webhook: &Webhook,
    now: Timestamp,
) -> Result<Vec<Delivery>, Fault> {
    let waiting = outbox::due_of(sql, &webhook.id, now)?;
    let mut posts = Vec::with_capacity(waiting.len());
    let mut sent = Vec::new();
    for delivery in &waiting {
        let about = outbox::about(sql, &delivery.message)?;
        let incident = about.and_then(|about| about.incident);
        if let Some(incident) = &incident {
            let sent_at = outbox::sent_at(sql, &webhook.id, incident)?;
            sent.push((incident.clone(), sent_at));
        }
        posts.push(merging::Waiting {
            key: delivery.id,
            incident,
        });
    }
    let sent_at = |incident: &_| {
        let found = sent.iter().find(|(other, _)| other == incident);
        found.and_then(|(_, at)| *at)
    };
    let plan = merging::plan(&posts, sent_at, now);
    let is_due = |id: u64| plan.due.iter().flatten().any(|due| *due == id);
    if let Some(next_at) = plan.next_at {
        for delivery in waiting.iter().filter(|delivery| !is_due(delivery.id)) {
            outbox::postpone(sql, delivery.id, next_at)?;
        }
    }
    let first = plan.due.into_iter().next().unwrap_or_default();
    let is_first = |delivery: &Delivery| first.contains(&delivery.id);
    Ok(waiting.into_iter().filter(is_first).collect())
}

/// Ends deliveries that cannot be sent.
fn give_up(
    sql: &impl Sql,
    deliveries: Vec<Delivery>,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    deliveries.into_iter().try_for_each(|mut delivery| {
        delivery.state = DeliveryState::Dead;
        delivery.last = Some(attempts::not_sent(reason.to_owned(), now));
        outbox::save(sql, &delivery)
    })
}

/// Stores the result of an attempt. Call this inside a transaction.
fn record(sql: &impl Sql, id: &WebhookId, report: &Report, now: Timestamp) -> Result<(), Fault> {
    let Some(webhook) = webhooks::find(sql, id)? else {
        return Ok(());
    };
    let random = random::jitter()?;
    let judge = |attempts: usize| {
        let made = attempts::for_decision(&report.outcome);
        retry::judge(&made, attempts, now, random)
    };
    // A failure at a URL that was changed meanwhile says nothing about the new one, which gets the message at once.
    let is_current = report.target.url == webhook.settings.url;
    let is_delivered = judge(1) == retry::Verdict::Delivered;
    if !is_current && !is_delivered {
        return Ok(());
    }
    let mut last = None;
    for part in &report.target.deliveries {
        let delivery = outbox::find(sql, id, part.delivery)?;
        // The delivery may have been deleted meanwhile, and its number reused; or the same report
        // may have arrived before. It is dead if the webhook was disabled meanwhile.
        let is_same = |delivery: &Delivery| {
            let is_open = match delivery.state {
                DeliveryState::Pending => true,
                DeliveryState::Dead => is_delivered,
                DeliveryState::Delivered => false,
            };
            is_open && delivery.message == part.message && delivery.attempts == part.attempts
        };
        if let Some(delivery) = delivery.filter(is_same) {
            let is_retry = delivery.attempts > 0;
            let previous = delivery.last.as_ref().filter(|_| is_retry);
            let previous = previous.map(|attempt| attempt.at);
            last = Some((advance(sql, delivery, report, judge, now)?, previous));
        }
    }
    let Some((verdict, previous)) = last.filter(|_| is_current) else {
        return Ok(());
    };
    let failing_since = match verdict {
        retry::Verdict::Delivered => None,
        _ => webhook.failing_since.or(Some(now)),
    };
    let hangs = report.outcome == Outcome::TimedOut;
    webhooks::set_health(sql, &webhook.id, hangs, failing_since)?;
    match verdict {
        _ if !webhook.is_enabled() => Ok(()),
        retry::Verdict::Gone => disable(sql, &webhook, DisabledReason::Gone, now),
        _ if retry::is_given_up(failing_since, previous, now) => {
            disable(sql, &webhook, DisabledReason::Failing, now)
        }
        _ => Ok(()),
    }
}

/// Stores a delivery after an attempt. `judge` takes the number of the delivery's attempts.
fn advance(
    sql: &impl Sql,
    mut delivery: Delivery,
    report: &Report,
    judge: impl Fn(usize) -> retry::Verdict,
    now: Timestamp,
) -> Result<retry::Verdict, Fault> {
    delivery.attempts = delivery.attempts.saturating_add(1);
    let verdict = judge(usize::try_from(delivery.attempts).unwrap_or(usize::MAX));
    match verdict {
        retry::Verdict::Delivered => delivery.state = DeliveryState::Delivered,
        retry::Verdict::RetryAt(at) => delivery.due_at = at,
        retry::Verdict::Dead | retry::Verdict::Gone => delivery.state = DeliveryState::Dead,
    }
    delivery.last = Some(attempts::for_storage(report, now));
    outbox::save(sql, &delivery)?;
    Ok(verdict)
}

/// Disables a webhook whose endpoint is gone (HTTP 410) or fails for too long, and notifies the
/// site's other webhooks.
fn disable(
    sql: &impl Sql,
    webhook: &Webhook,
    reason: DisabledReason,
    now: Timestamp,
) -> Result<(), Fault> {
    let host = host_of(&webhook.settings.url);
    let mut disabled = webhook.clone();
    disabled.settings.disabled = Some(Disabled::Because(reason));
    webhooks::change(sql, &disabled)?;
    outbox::end_pending(sql, &webhook.id)?;
    let stored = projections::load(sql, ExtraIncidents::None)?;
    let at = row_time(stored.last_at, now);
    let (head, _) = journal::head(sql)?;
    let event = Event::WebhookDisabled {
        webhook: webhook.id.clone(),
        host: host.clone(),
        cause: reason,
    };
    journal::append(sql, &[event], &Author::courier(), at, stored.rev)?;
    let id = webhook.id.as_str().to_owned();
    let occurrence = occurrence::webhook_disabled(id, host, reason.sentence().to_owned());
    let origin = (head.saturating_add(1), stored.rev, at);
    queue::queue_occurrence(sql, &stored.state, &occurrence, origin)
}

/// The host of a URL, by which operators who may not see the whole URL recognise a webhook. Empty
/// if the URL has none.
pub fn host_of(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let host = parsed.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}
