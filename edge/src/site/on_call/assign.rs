//! Gives the courier the deliveries to on-call targets that are due. Drops deliveries that are not
//! needed any more, and postpones those that inform until the quiet hours end.

use notice::{
    body::check::endpoint_url,
    journal::sha256_hex,
    notify::{
        Urgency,
        escalation::{is_due_soon, is_owed},
        occurrence::Detail,
        quiet_hours, target,
    },
    state::State as SiteState,
    wire::{
        language::Language,
        site::{OnCall, OnCallKind, Site, TIME_ZONE},
        time::Timestamp,
    },
};

use super::record;
use crate::{
    date_format::{DateFormatter, DateFormatters, TimeFormat},
    fault::Fault,
    log,
    messages::{
        mail,
        message::Message,
        on_call,
        reminder::{Action, Reminder},
    },
    rpc::outbox_call::{Assignment, Exchange, Part, Payload, Receiver, Target},
    runtime::random,
    site::{
        change::timestamp,
        sender::{Sender, with_base},
    },
    storage::{
        on_call_deliveries::{self, Content, OnCallDelivery, Promise, State, target_digest},
        on_call_links::{self, Link, Purpose},
        outbox,
        projections::{self, ExtraIncidents},
        sql::Sql,
    },
};

/// Time for which a link that opens a session is valid, in seconds: 30 min.
const SESSION_LINK_S: i64 = 30 * 60;
/// Time for which a link that acknowledges is valid, in seconds: 30 days, as long as its message is kept.
const ACKNOWLEDGE_LINK_S: i64 = 30 * 86_400;

/// The decision about a delivery that is due.
enum Step {
    Attempt(Payload),
    WaitUntil(Timestamp),
    /// The delivery is no longer needed.
    Drop,
    /// The message is sent to this target instead.
    Redirect(OnCall),
    /// The message cannot be sent. Has the reason as a sentence.
    GiveUp(String),
}

/// Returns the attempts to make next, and stores the decisions about other deliveries that are due.
///
/// # Errors
/// `Fault` if the database fails.
pub fn next_assignments(
    sql: &impl Sql,
    exchange: &Exchange,
    now_ms: u64,
    from: Sender<'_>,
    formatters: &impl DateFormatters,
) -> Result<Vec<Assignment>, Fault> {
    let now = timestamp(now_ms);
    let busy: Vec<&str> = exchange.busy.iter().filter_map(Receiver::on_call).collect();
    let due = on_call_deliveries::due(sql, now, &busy, exchange.room_for_on_call)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    // If the site cannot be read, the message about that must still be sent.
    let state = match projections::load(sql, ExtraIncidents::None) {
        Ok(stored) => stored.state,
        Err(fault) => {
            log_fault(&fault);
            SiteState::default()
        }
    };
    let zone = state
        .site
        .as_ref()
        .map_or(TIME_ZONE, |site| &site.time_zone);
    formatters.with(zone, &Language::english(), |times| {
        let view = View {
            state: &state,
            from,
            times,
            zone,
        };
        let mut assignments = Vec::new();
        for delivery in due {
            assignments.extend(sql.transaction(|| assign(sql, delivery, &view, now))?);
        }
        Ok(assignments)
    })
}

/// The inputs of an assignment, apart from its delivery.
struct View<'a> {
    state: &'a SiteState,
    from: Sender<'a>,
    /// Formats times in the site's time zone.
    times: &'a dyn DateFormatter,
    zone: &'a str,
}

/// Carries out the decision about a delivery; returns the attempt to make, if any.
fn assign(
    sql: &impl Sql,
    mut delivery: OnCallDelivery,
    view: &View<'_>,
    now: Timestamp,
) -> Result<Option<Assignment>, Fault> {
    let step = next_step(sql, &delivery, view, now).unwrap_or_else(|fault| {
        log_fault(&fault);
        // One message that cannot be read must not block the others.
        Step::GiveUp("The message cannot be read.".to_owned())
    });
    match step {
        Step::Attempt(payload) => Ok(Some(Assignment {
            target: Target {
                receiver: Receiver::OnCall(target_digest(&delivery.content.target)),
                url: String::new(),
                deliveries: vec![Part {
                    delivery: delivery.id,
                    message: delivery.message,
                    attempts: delivery.attempts,
                }],
            },
            is_hanging: false,
            payload,
        })),
        Step::WaitUntil(at) => {
            delivery.due_at = at;
            on_call_deliveries::save(sql, &delivery).map(|()| None)
        }
        Step::Drop => {
            delivery.state = State::Dropped;
            on_call_deliveries::save(sql, &delivery).map(|()| None)
        }
        Step::Redirect(target) => {
            let content = Content {
                target,
                ..delivery.content.clone()
            };
            // The new delivery is due at once; the next exchange assigns it.
            on_call_deliveries::add(sql, &delivery.message, &content)?;
            delivery.state = State::Dropped;
            on_call_deliveries::save(sql, &delivery).map(|()| None)
        }
        Step::GiveUp(reason) => record::give_up(sql, delivery, &reason, now).map(|()| None),
    }
}

fn next_step(
    sql: &impl Sql,
    delivery: &OnCallDelivery,
    view: &View<'_>,
    now: Timestamp,
) -> Result<Step, Fault> {
    let content = &delivery.content;
    let site = view.state.site.as_ref();
    if content.action == Action::Trigger && !is_needed(view.state, content) {
        return Ok(Step::Drop);
    }
    if content.urgency == Urgency::Inform {
        let hours = site.and_then(|site| site.on_call_quiet_hours.as_ref());
        let at = quiet_hours::send_at(hours, now, |at| minute_of_day(view.times, at));
        if at > now {
            return Ok(Step::WaitUntil(at));
        }
    }
    let sends_mail = view.from.mail_from.is_some();
    if !target::can_send_to(content.target.kind, sends_mail) {
        // Only messages that inform are redirected: an escalation pages its next target anyway.
        let targets = site.map(|site| site.on_call.as_slice());
        let other = target::target_to_inform(targets.unwrap_or_default(), sends_mail)
            .filter(|other| target::can_send_to(other.kind, sends_mail));
        return Ok(match (content.urgency, other) {
            (Urgency::Inform, Some(other)) => Step::Redirect(other.clone()),
            _ => Step::GiveUp(target::NO_MAIL.to_owned()),
        });
    }
    // The setting that allowed private addresses may have changed since the URL was stored.
    if has_url(content.target.kind)
        && let Err(reason) = endpoint_url::check(&content.target.value, view.from.network)
    {
        return Ok(Step::GiveUp(reason));
    }
    let Some(message) = outbox::message(sql, &delivery.message)? else {
        return Ok(Step::Drop);
    };
    if is_decided(view.state, &message) {
        return Ok(Step::Drop);
    }
    let message = with_base(message, view.from.public_url);
    let payload = build_payload(sql, delivery, &message, view, now)?;
    Ok(payload.map_or(Step::Drop, Step::Attempt))
}

/// Whether the target still has to be notified.
fn is_needed(state: &SiteState, content: &Content) -> bool {
    // The state has no site if the site cannot be read. Such a site may still have the target.
    let site = state.site.as_ref();
    if site.is_some_and(|site| current(site, &content.target).is_none()) {
        return false;
    }
    let Some(Promise { incident, owed_at }) = &content.promise else {
        return true;
    };
    match content.urgency {
        Urgency::Inform => is_due_soon(state, incident, *owed_at),
        Urgency::Page => {
            let found = state.incidents.get(incident);
            is_owed(state, incident, *owed_at)
                && found.is_some_and(|found| !found.is_acknowledged(*owed_at))
        }
    }
}

/// Whether a message is about a missed incident that has appeared since, or was deleted or rescheduled.
fn is_decided(state: &SiteState, message: &Message) -> bool {
    let (Detail::HeldPost { due_at }, Some(id)) = (&message.detail, &message.incident_id) else {
        return false;
    };
    let missed_at = state.incidents.get(id).map(|incident| incident.missed_at);
    // Of a site that cannot be read, nothing is known.
    state.site.is_some() && missed_at != Some(Some(*due_at))
}

/// The target with its current settings; `None` if the site has it no longer.
fn current<'a>(site: &'a Site, target: &OnCall) -> Option<&'a OnCall> {
    site.on_call.iter().find(|other| other.is_same(target))
}

/// Whether the value of a target is a URL that operators have chosen.
fn has_url(kind: OnCallKind) -> bool {
    match kind {
        OnCallKind::Webhook | OnCallKind::Slack | OnCallKind::Teams | OnCallKind::Ntfy => true,
        OnCallKind::Email | OnCallKind::Pagerduty | OnCallKind::Opsgenie => false,
    }
}

/// Builds the request or mail of an attempt, with links that only this attempt has. `None` if
/// targets of this kind get no such message.
fn build_payload(
    sql: &impl Sql,
    delivery: &OnCallDelivery,
    message: &Message,
    view: &View<'_>,
    now: Timestamp,
) -> Result<Option<Payload>, Fault> {
    let content = &delivery.content;
    let can_acknowledge = content.action == Action::Trigger && content.urgency == Urgency::Page;
    let link = |purpose: Purpose, valid_s: i64| {
        let secret = random::secret()?;
        let link = Link {
            delivery: delivery.id,
            purpose,
            expires_at: now.plus_seconds(valid_s),
            used_at: None,
        };
        on_call_links::add(sql, &sha256_hex(secret.as_bytes()), &link)?;
        let base = view.from.public_url;
        Ok::<_, Fault>(format!("{base}/s/{}/on-call/{secret}", message.site.slug))
    };
    let acknowledge_url = match can_acknowledge {
        true => Some(link(Purpose::Acknowledge, ACKNOWLEDGE_LINK_S)?),
        false => None,
    };
    let session_url = match can_acknowledge && may_open_session(sql, content, view.state)? {
        true => Some(link(Purpose::Session, SESSION_LINK_S)?),
        false => None,
    };
    let reminder = Reminder {
        message,
        urgency: content.urgency,
        action: content.action,
        key: &content.key,
        acknowledge_url: acknowledge_url.as_deref(),
        session_url: session_url.as_deref(),
        times: view.times,
        time_zone: view.zone,
    };
    let target = &content.target;
    match (target.kind, view.from.mail_from) {
        (OnCallKind::Email, Some(from)) => {
            let mail = mail::on_call::mail(target, &reminder, from, (delivery.id, now));
            Ok(mail.map(|mail| Payload::Mail(Box::new(mail))))
        }
        _ => Ok(on_call::request(target, &reminder)?.map(Payload::Request)),
    }
}

/// Whether a page may have a link that opens a session: an owner allows it, and the target has answered a test.
fn may_open_session(sql: &impl Sql, content: &Content, state: &SiteState) -> Result<bool, Fault> {
    let site = state.site.as_ref();
    let target = site.and_then(|site| current(site, &content.target));
    if content.promise.is_none() || !target.is_some_and(|target| target.session_link) {
        return Ok(false);
    }
    let answered = on_call_links::answered_at(sql, &target_digest(&content.target))?;
    Ok(answered.is_some())
}

/// The minute of the day in the formatter's time zone, from 0 to 1439.
fn minute_of_day(times: &dyn DateFormatter, at: Timestamp) -> u32 {
    let time = times.format(at, TimeFormat::Time);
    let (hours, minutes) = time.split_once(':').unwrap_or_default();
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    number(hours)
        .saturating_mul(60)
        .saturating_add(number(minutes))
}

fn log_fault(fault: &Fault) {
    let context = log::LogContext {
        route: "on_call",
        ..log::LogContext::default()
    };
    log::fault(context, fault);
}
