//! The API's answers about on-call: targets, escalations and deliveries.

use notice::{
    notify::{
        EventName,
        escalation::{End, Escalation, Page, Step},
        target,
    },
    rejection::Rejection,
    wire::{
        ids::{DeliveryId, IncidentId, MessageId},
        site::{OnCall, OnCallKind, Site, Urgency},
        time::Timestamp,
    },
};
use serde::Serialize;

use crate::{
    answer::Answer,
    http::list_query,
    messages::reminder::Action,
    refusal::Refusal,
    site::{call::Call, collection::Collection},
    storage::{
        escalations,
        on_call_deliveries::{self, OnCallDelivery, State, target_digest},
        on_call_links,
        outbox::{self, Attempt},
        projections::Stored,
        sql::Sql,
    },
};

/// Number of escalations in the answer, the newest ones.
const ESCALATIONS: u32 = 20;

#[derive(Debug, Serialize)]
struct OnCallView {
    /// Whether targets of kind `email` can be reached.
    sends_mail: bool,
    /// In the order of escalation.
    targets: Vec<TargetView>,
    /// Newest first.
    escalations: Vec<EscalationView>,
    last_test: Option<TestView>,
}

#[derive(Debug, Serialize)]
struct TargetView {
    kind: OnCallKind,
    name: String,
    after_minutes: Option<u32>,
    session_link: bool,
    /// Time of the last answer to a test.
    answered_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct EscalationView {
    incident: IncidentId,
    owed_at: Timestamp,
    overdue_at: Timestamp,
    /// `paging`, `exhausted` (all targets were paged), `acknowledged` or `kept` (the update was
    /// posted, or is no longer due).
    state: &'static str,
    /// `null` if no further target is paged.
    next_page_at: Option<Timestamp>,
    /// Oldest first.
    pages: Vec<PageView>,
}

#[derive(Debug, Serialize)]
struct PageView {
    kind: OnCallKind,
    name: String,
    at: Timestamp,
    /// Whether the target could not be reached.
    failed: bool,
}

#[derive(Debug, Serialize)]
struct TestView {
    message: MessageId,
    at: Option<Timestamp>,
    deliveries: Vec<DeliveryView>,
}

#[derive(Debug, Serialize)]
struct DeliveryView {
    id: String,
    message: MessageId,
    kind: OnCallKind,
    name: String,
    urgency: Urgency,
    action: Action,
    test: bool,
    event: Option<EventName>,
    incident: Option<IncidentId>,
    /// Time of the event.
    at: Option<Timestamp>,
    state: State,
    attempts: u32,
    /// `null` if there is no further attempt, or if it is the first one.
    next_attempt_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    /// `null` before the first attempt.
    last_attempt: Option<AttemptView>,
}

/// An attempt without the request, which has the links.
#[derive(Debug, Serialize)]
struct AttemptView {
    at: Timestamp,
    duration_ms: u64,
    status: Option<u16>,
    answer: Option<String>,
    error: Option<String>,
}

/// Returns targets, escalations and the last test.
///
/// # Errors
/// `Fault` if the database fails.
pub fn read(sql: &impl Sql, call: &Call<'_>, stored: &Stored) -> Result<Answer, Refusal> {
    let site = stored.state.site.as_ref().ok_or(Rejection::NotFound)?;
    let mut targets = Vec::with_capacity(site.on_call.len());
    for target in &site.on_call {
        targets.push(TargetView {
            kind: target.kind,
            name: target::name(target),
            after_minutes: target.after_minutes,
            session_link: target.session_link,
            answered_at: on_call_links::answered_at(sql, &target_digest(target))?,
        });
    }
    let newest = escalations::newest(sql, ESCALATIONS)?;
    let escalations = newest
        .into_iter()
        .map(|one| escalation_view(site, &one.escalation));
    let view = OnCallView {
        sends_mail: call.envelope.sends_mail,
        targets,
        escalations: escalations.collect(),
        last_test: last_test(sql)?,
    };
    Ok(Answer::json(200, &view)?)
}

fn escalation_view(site: &Site, escalation: &Escalation) -> EscalationView {
    let (state, next_page_at) = match escalation.next(&site.on_call, escalation.overdue_at) {
        Step::Page(_) => ("paging", Some(escalation.overdue_at)),
        Step::WaitUntil(at) => ("paging", Some(at)),
        Step::Exhausted => ("exhausted", None),
        Step::Ended(End::Acknowledged) => ("acknowledged", None),
        Step::Ended(End::Kept) => ("kept", None),
    };
    EscalationView {
        incident: escalation.incident.clone(),
        owed_at: escalation.owed_at,
        overdue_at: escalation.overdue_at,
        state,
        next_page_at,
        pages: escalation
            .pages
            .iter()
            .map(|one| page_view(site, one))
            .collect(),
    }
}

fn page_view(site: &Site, page: &Page) -> PageView {
    let target = site.on_call.iter().find(|target| page.is_to(target));
    let removed = OnCall {
        kind: page.kind,
        value: page.value.clone(),
        after_minutes: None,
        name: None,
        session_link: false,
    };
    PageView {
        kind: page.kind,
        name: target::name(target.unwrap_or(&removed)),
        at: page.at,
        failed: page.failed,
    }
}

fn last_test(sql: &impl Sql) -> Result<Option<TestView>, Refusal> {
    let Some(message) = on_call_deliveries::last_test(sql)? else {
        return Ok(None);
    };
    let about = outbox::about(sql, &message)?;
    let mut deliveries = Vec::new();
    for delivery in on_call_deliveries::of_message(sql, &message)? {
        if delivery.content.action == Action::Trigger {
            deliveries.push(delivery_view(sql, delivery)?);
        }
    }
    Ok(Some(TestView {
        message,
        at: about.map(|about| about.at),
        deliveries,
    }))
}

/// Returns a page of the list of deliveries, newest first.
///
/// # Errors
/// `Rejection` if the query is invalid, `Fault` if the database fails.
pub fn list_deliveries(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let query = list_query::parse(&call.envelope.query)?;
    let most = query.limit.saturating_add(1);
    let found = on_call_deliveries::list(sql, query.cursor, most)?;
    let page = Collection::page(
        found,
        query.limit,
        |delivery| delivery.id,
        |delivery| delivery_view(sql, delivery),
    )?;
    Ok(Answer::json(200, &page)?)
}

fn delivery_view(sql: &impl Sql, delivery: OnCallDelivery) -> Result<DeliveryView, Refusal> {
    let about = outbox::about(sql, &delivery.message)?;
    let is_retry = delivery.state == State::Pending && delivery.attempts > 0;
    let content = delivery.content;
    let named = about.as_ref().filter(|_| !content.test);
    Ok(DeliveryView {
        id: format!("{}{}", DeliveryId::PREFIX, delivery.id),
        message: delivery.message,
        kind: content.target.kind,
        name: target::name(&content.target),
        urgency: content.urgency,
        action: content.action,
        test: content.test,
        event: named.and_then(|about| about.event),
        incident: named.and_then(|about| about.incident.clone()),
        at: about.map(|about| about.at),
        state: delivery.state,
        attempts: delivery.attempts,
        next_attempt_at: is_retry.then_some(delivery.due_at),
        answered_at: content.answered_at,
        last_attempt: delivery.last.map(attempt_view),
    })
}

fn attempt_view(attempt: Attempt) -> AttemptView {
    AttemptView {
        at: attempt.at,
        duration_ms: attempt.duration_ms,
        status: attempt.status,
        answer: attempt.answer,
        error: attempt.error,
    }
}
