//! Writes of webhooks. Their secrets are shown once. Like tokens, webhooks are not in the journal.

use notice::{
    body::{merge::MergePatch, read::read},
    limits,
    rejection::Rejection,
    state::State,
    wire::ids::{DeliveryId, MessageId, WebhookId},
};
use serde_json::json;

use super::{
    call::{Call, Write},
    change::timestamp,
    outbox::at_once,
    webhook_input::{NewWebhook, Redelivery},
    webhook_view::{self, UrlAccess},
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        etag::{precondition, with_etag},
        site_call::WebhookCall,
    },
    messages::message::{Message, Origin},
    refusal::Refusal,
    runtime::random,
    storage::{
        journal, outbox,
        projections::{self, ExtraIncidents},
        sql::Sql,
        webhooks::{self, Settings, Webhook},
    },
};

/// Time after a rotation for which the former secret signs requests too, in seconds: 24 h.
const OVERLAP_S: i64 = 86_400;

/// Decides a write about webhooks.
///
/// # Errors
/// `Rejection` if the request is invalid, `Fault` if the server fails.
pub fn write<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    webhook_call: &WebhookCall,
) -> Result<Write<'a>, Refusal> {
    match webhook_call {
        WebhookCall::Create => create(sql, call),
        WebhookCall::Change(id) => change(sql, call, id),
        WebhookCall::Delete(id) => {
            let id = webhook_view::find(sql, id)?.id;
            let work = Box::new(move || webhooks::delete(sql, &id));
            Ok(simple(Answer::no_content(), work))
        }
        WebhookCall::Rotate(id) => rotate(sql, call, id),
        WebhookCall::Test(id) => send_test(sql, call, id),
        WebhookCall::Redeliver(id, delivery) => redeliver(sql, id, delivery),
        WebhookCall::RedeliverSince(id) => redeliver_since(sql, call, id),
    }
}

/// Finds a webhook, and rejects one that is disabled.
fn find_enabled(sql: &impl Sql, id: &WebhookId) -> Result<Webhook, Refusal> {
    let webhook = webhook_view::find(sql, id)?;
    if !webhook.is_enabled() {
        let detail = "The webhook is disabled; enable it first.".to_owned();
        return Err(Rejection::IllegalTransition(detail).into());
    }
    Ok(webhook)
}

fn load_state(sql: &impl Sql) -> Result<State, Refusal> {
    Ok(projections::load(sql, ExtraIncidents::None)?.state)
}

/// A write with the same answer for the caller and for replays.
fn simple<'a>(answer: Answer, work: Box<dyn FnOnce() -> Result<(), Fault> + 'a>) -> Write<'a> {
    Write {
        answer,
        replay: None,
        work,
    }
}

fn create<'a>(sql: &'a impl Sql, call: &Call<'a>) -> Result<Write<'a>, Refusal> {
    let input: NewWebhook = read(call.body)?;
    let now = timestamp(call.now_ms);
    let settings = input.settings(&load_state(sql)?, call.envelope.network(), None, now)?;
    if webhooks::list(sql)?.len() >= limits::WEBHOOKS {
        return Err(Rejection::LimitReached(format!(
            "A site can have at most {} webhooks; delete one first.",
            limits::WEBHOOKS
        ))
        .into());
    }
    let webhook = Webhook {
        id: random::typed_id(WebhookId::PREFIX, WebhookId::parse)?,
        settings,
        secret: random::webhook_secret()?,
        former: Vec::new(),
        hangs: false,
        failing_since: None,
    };
    let answer = |secret: Option<&str>| {
        let view = webhook_view::created(&webhook, secret);
        let location = format!("{}/{}", call.envelope.path, webhook.id);
        let answer = with_etag(Answer::json(201, &view)?);
        Ok::<_, serde_json::Error>(answer.with("location", &location))
    };
    let (first_answer, replay) = (answer(Some(webhook.secret.as_str()))?, answer(None)?);
    // The ETag is that of the resource as it is read later, without the secret.
    let tagged = with_etag(Answer::json(
        200,
        &webhook_view::of(&webhook, UrlAccess::Owner),
    )?);
    let tag = tagged.header("etag").unwrap_or_default().to_owned();
    Ok(Write {
        answer: first_answer.with("etag", &tag),
        replay: Some(replay.with("etag", &tag)),
        work: Box::new(move || webhooks::add(sql, &webhook)),
    })
}

fn change<'a>(sql: &'a impl Sql, call: &Call<'a>, id: &WebhookId) -> Result<Write<'a>, Refusal> {
    let before = webhook_view::find(sql, id)?;
    let current = with_etag(Answer::json(
        200,
        &webhook_view::of(&before, UrlAccess::Owner),
    )?);
    let patch = MergePatch::read(call.body)?;
    let input: NewWebhook = patch.apply_to(&NewWebhook::of(&before.settings))?;
    let network = call.envelope.network();
    let now = timestamp(call.now_ms);
    let settings = input.settings(&load_state(sql)?, network, Some(&before.settings), now)?;
    let tags: Vec<String> = current
        .header("etag")
        .map(str::to_owned)
        .into_iter()
        .collect();
    precondition(call.envelope.if_match.as_deref(), &tags)?;
    let after = with_settings(before, settings);
    let answer = Answer::json(200, &webhook_view::of(&after, UrlAccess::Owner))?;
    let work = Box::new(move || {
        webhooks::change(sql, &after)?;
        match after.is_enabled() {
            true => Ok(()),
            false => outbox::end_pending(sql, &after.id),
        }
    });
    Ok(simple(with_etag(answer), work))
}

/// The webhook with other settings. An enabled one starts without earlier failures.
fn with_settings(before: Webhook, settings: Settings) -> Webhook {
    let is_disabled = settings.disabled.is_some();
    Webhook {
        settings,
        hangs: false,
        failing_since: before.failing_since.filter(|_| is_disabled),
        ..before
    }
}

fn rotate<'a>(sql: &'a impl Sql, call: &Call<'a>, id: &WebhookId) -> Result<Write<'a>, Refusal> {
    let webhook = webhook_view::find(sql, id)?;
    let now = timestamp(call.now_ms);
    if webhook.secrets(now).len() >= limits::WEBHOOK_SECRETS {
        return Err(Rejection::LimitReached(format!(
            "At most {} secrets can sign at the same time; rotate again when the oldest one has ended.",
            limits::WEBHOOK_SECRETS
        ))
        .into());
    }
    let until = now.plus_seconds(OVERLAP_S);
    let webhook = webhook.rotated(random::webhook_secret()?, until, now);
    let answer = |secret: Option<&str>| {
        Answer::json(
            200,
            &json!({ "id": webhook.id, "secret": secret, "former_secret_until": until }),
        )
    };
    let (first_answer, replay) = (answer(Some(webhook.secret.as_str()))?, answer(None)?);
    Ok(Write {
        answer: first_answer,
        replay: Some(replay),
        work: Box::new(move || webhooks::rotate(sql, &webhook)),
    })
}

fn send_test<'a>(sql: &'a impl Sql, call: &Call<'a>, id: &WebhookId) -> Result<Write<'a>, Refusal> {
    let webhook = find_enabled(sql, id)?;
    let message_id = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    let state = load_state(sql)?;
    let site = state.site.as_ref().ok_or(Rejection::NotFound)?;
    let origin = Origin {
        id: message_id.as_str().to_owned(),
        sequence: journal::head(sql)?.0,
        rev: projections::rev(sql)?,
        at: timestamp(call.now_ms),
        public_url: "",
    };
    let message = Message::test(site, origin);
    let answer = Answer::json(202, &json!({ "message": message_id }))?;
    let work = Box::new(move || {
        outbox::add_message(sql, &message_id, &message)?;
        outbox::add_delivery(sql, &message_id, &webhook.id, at_once())?;
        Ok(())
    });
    Ok(simple(answer, work))
}

fn redeliver<'a>(
    sql: &'a impl Sql,
    id: &WebhookId,
    delivery: &DeliveryId,
) -> Result<Write<'a>, Refusal> {
    let webhook = find_enabled(sql, id)?;
    let number = webhook_view::delivery_number(delivery)?;
    let found = outbox::find(sql, &webhook.id, number)?;
    // Numbers only rise, so a delivery with a number up to the newest one has existed. If there is no delivery, all may have
    // been deleted.
    let newest = outbox::last_id(sql)?;
    let is_past = newest == 0 || number <= newest;
    let found = match found {
        Some(found) => found,
        None if is_past => return Err(Rejection::NoLongerKept(
            "This delivery no longer exists: deliveries are kept for 30 days, and until their webhook is deleted.",
        )
        .into()),
        None => return Err(Rejection::NotFound.into()),
    };
    let answer = Answer::json(202, &json!({ "id": delivery, "message": found.message }))?;
    let work = Box::new(move || outbox::send_again(sql, &webhook.id, found.id));
    Ok(simple(answer, work))
}

fn redeliver_since<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    id: &WebhookId,
) -> Result<Write<'a>, Refusal> {
    let webhook = find_enabled(sql, id)?;
    let Redelivery { since } = read(call.body)?;
    let ids: Vec<u64> = outbox::finished_since(sql, &webhook.id, since, limits::REDELIVERIES + 1)?;
    if ids.len() > limits::REDELIVERIES {
        let detail = format!(
            "More than {} deliveries have ended since then; choose a later time.",
            limits::REDELIVERIES
        );
        return Err(Rejection::field("/since", detail).into());
    }
    let answer = Answer::json(202, &json!({ "deliveries": ids.len() }))?;
    let work = Box::new(move || {
        let mut ids = ids.into_iter();
        ids.try_for_each(|id| outbox::send_again(sql, &webhook.id, id))
    });
    Ok(simple(answer, work))
}
