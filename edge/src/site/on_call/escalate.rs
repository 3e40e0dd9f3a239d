//! Pages on-call targets about overdue updates, one after the other. [`Escalation`] decides which
//! target is next.

use notice::{
    notify::{
        Detail, EventName, Occurrence, Urgency,
        escalation::{End, Escalation, Step, escalation_event, is_owed},
    },
    state::State,
    wire::{
        ids::MessageId,
        incident::{PromiseStage, Reminded},
        site::{OnCall, OnCallKind},
        time::Timestamp,
    },
};

use crate::{
    fault::Fault,
    messages::{
        message::{Message, Origin},
        reminder::Action,
    },
    runtime::random,
    site::change::{Change, row_time, timestamp},
    storage::{
        escalations::{self, StoredEscalation},
        journal::{self, Author},
        on_call_deliveries::{self, Content, Promise},
        outbox,
        projections::{self, ExtraIncidents, Stored},
        sql::Sql,
    },
};

/// Queues all pages that are due, and ends escalations whose update was posted or acknowledged. Returns whether anything changed.
/// Idempotent.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn advance(sql: &impl Sql, now_ms: u64) -> Result<bool, Fault> {
    let open = escalations::open(sql)?;
    if open.is_empty() {
        return Ok(false);
    }
    let mut stored = projections::load(sql, ExtraIncidents::None)?;
    sql.transaction(|| {
        let mut has_changed = false;
        for one in open {
            has_changed |= advance_one(sql, &mut stored, one, now_ms)?;
        }
        Ok(has_changed)
    })
}

/// The time at which [`advance`] is next needed: the time of the next page, which is in the past if
/// the page is late, or now if an escalation is to be ended. `None` if there is neither.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(
    sql: &impl Sql,
    stored: &Stored,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let targets = targets(&stored.state);
    let at = row_time(stored.last_at, now);
    let due = escalations::open(sql)?.into_iter().filter_map(|one| {
        if reason_to_end(&stored.state, &one.escalation).is_some() {
            return Some(now);
        }
        let due = one.escalation.next_page_at(targets)?;
        // Pages are sent at the time of the next row, which may be later than now.
        Some(if due <= at { due.min(now) } else { due })
    });
    Ok(due.min())
}

fn targets(state: &State) -> &[OnCall] {
    let site = state.site.as_ref();
    site.map(|site| site.on_call.as_slice()).unwrap_or_default()
}

/// The reason to end an escalation: its update was posted or acknowledged. `None` if there is none.
fn reason_to_end(state: &State, escalation: &Escalation) -> Option<End> {
    let Escalation {
        incident, owed_at, ..
    } = escalation;
    if !is_owed(state, incident, *owed_at) {
        return Some(End::Kept);
    }
    let incident = state.incidents.get(incident)?;
    incident
        .is_acknowledged(*owed_at)
        .then_some(End::Acknowledged)
}

/// Queues the pages of one escalation that are due, or ends it. Returns whether anything changed.
fn advance_one(
    sql: &impl Sql,
    stored: &mut Stored,
    one: StoredEscalation,
    now_ms: u64,
) -> Result<bool, Fault> {
    let StoredEscalation { seq, escalation } = one;
    let mut changed = escalation.clone();
    loop {
        let now = row_time(stored.last_at, timestamp(now_ms));
        if let Some(end) = reason_to_end(&stored.state, &changed) {
            changed.end(end);
            close_alerts(sql, stored, &changed, now)?;
            break;
        }
        let Step::Page(target) = changed.next(targets(&stored.state), now) else {
            break;
        };
        let target = target.clone();
        let (stage, sequence) = match changed.pages.is_empty() {
            true => (PromiseStage::Overdue, seq),
            false => {
                let event = escalation_event(&changed.incident, changed.owed_at);
                let change = Change::of_event(std::mem::take(stored), event, now_ms);
                change.save(sql, &Author::alarm())?;
                *stored = change.into_stored();
                (PromiseStage::Escalated, journal::head(sql)?.0)
            }
        };
        let message = add_message(sql, stored, &changed, (stage, sequence, now))?;
        queue(sql, stored, &changed, message, (&target, Action::Trigger))?;
        changed.record_page(&target, now);
    }
    let has_changed = changed != escalation;
    if has_changed {
        escalations::save(sql, &changed)?;
    }
    Ok(has_changed)
}

/// Queues the messages that close the alerts of PagerDuty and Opsgenie about an update.
fn close_alerts(
    sql: &impl Sql,
    stored: &Stored,
    escalation: &Escalation,
    now: Timestamp,
) -> Result<(), Fault> {
    for page in &escalation.pages {
        if !matches!(page.kind, OnCallKind::Pagerduty | OnCallKind::Opsgenie) {
            continue;
        }
        let target = OnCall {
            kind: page.kind,
            value: page.value.clone(),
            after_minutes: None,
            name: None,
            session_link: false,
        };
        let sequence = journal::head(sql)?.0;
        let about = (PromiseStage::Overdue, sequence, now);
        let message = add_message(sql, stored, escalation, about)?;
        queue(sql, stored, escalation, message, (&target, Action::Resolve))?;
    }
    Ok(())
}

/// Stores the message about an overdue update; returns its id. `None` before the site is created.
fn add_message(
    sql: &impl Sql,
    stored: &Stored,
    escalation: &Escalation,
    (stage, sequence, at): (PromiseStage, u64, Timestamp),
) -> Result<Option<MessageId>, Fault> {
    let id = &escalation.incident;
    let incident = stored.state.incidents.get(id);
    let occurrence = Occurrence {
        event: match stage {
            PromiseStage::Escalated => EventName::PromiseEscalated,
            PromiseStage::Due | PromiseStage::Overdue => EventName::PromiseOverdue,
        },
        incident: Some(id.clone()),
        drill: incident.is_some_and(|incident| incident.drill),
        components: Vec::new(),
        detail: Detail::Promise(Reminded {
            owed_at: escalation.owed_at,
            stage,
        }),
    };
    let message_id = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    let origin = Origin {
        id: message_id.as_str().to_owned(),
        sequence,
        rev: stored.rev,
        at,
        // Added when the message is sent.
        public_url: "",
    };
    let Some(message) = Message::new(&stored.state, &occurrence, origin) else {
        return Ok(None);
    };
    outbox::add_message(sql, &message_id, &message)?;
    Ok(Some(message_id))
}

/// Queues the delivery of a message to a target, as a page.
fn queue(
    sql: &impl Sql,
    stored: &Stored,
    escalation: &Escalation,
    message: Option<MessageId>,
    (target, action): (&OnCall, Action),
) -> Result<(), Fault> {
    let (Some(message), Some(site)) = (message, &stored.state.site) else {
        return Ok(());
    };
    let content = Content {
        target: target.clone(),
        urgency: Urgency::Page,
        action,
        key: escalation.key(site.slug.as_str()),
        promise: Some(Promise {
            incident: escalation.incident.clone(),
            owed_at: escalation.owed_at,
        }),
        test: false,
        is_failure_reported: false,
        answered_at: None,
    };
    on_call_deliveries::add(sql, &message, &content)?;
    Ok(())
}
