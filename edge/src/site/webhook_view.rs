//! Webhooks and their deliveries as the API returns them.

use notice::{
    notify::EventName,
    rejection::Rejection,
    wire::{
        enums::StringEnum,
        ids::{ComponentId, DeliveryId, IncidentId, MessageId, WebhookId},
        time::Timestamp,
    },
};
use serde::Serialize;

use super::{access::Caller, collection::Collection, dispatch::host_of};
use crate::{
    answer::Answer,
    http::{etag::with_etag, list_query},
    messages::format::Format,
    refusal::Refusal,
    site::{access::is_owner, call::Call},
    storage::{
        outbox::{self, Delivery, DeliveryState},
        sql::Sql,
        webhooks::{self, Disabled, Webhook},
    },
};

/// Whether the caller gets the URLs of webhooks: owners and root do. Editors do not, because the URLs of chats are
/// secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlAccess {
    Owner,
    Editor,
}

impl UrlAccess {
    fn of(caller: &Caller) -> Self {
        match is_owner(caller) {
            true => Self::Owner,
            false => Self::Editor,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct WebhookView<'a> {
    id: &'a WebhookId,
    /// `null` for editors.
    url: Option<&'a str>,
    host: String,
    events: &'a [EventName],
    components: &'a [ComponentId],
    format: Format,
    enabled: bool,
    /// `operator`, `gone` or `failing`; `null` while the webhook is enabled.
    disabled_because: Option<&'static str>,
    failing_since: Option<Timestamp>,
    former_secret_until: Option<Timestamp>,
    created_at: Timestamp,
}

/// A webhook that was just created, with its secret.
#[derive(Debug, Serialize)]
pub struct CreatedWebhook<'a> {
    #[serde(flatten)]
    webhook: WebhookView<'a>,
    /// `null` in the answer to a repeated request.
    secret: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct DeliveryView {
    id: String,
    message: MessageId,
    event: Option<EventName>,
    incident: Option<IncidentId>,
    /// Time of the event.
    at: Option<Timestamp>,
    state: DeliveryState,
    /// Number of attempts since the delivery was last queued.
    attempts: u32,
    /// Time of the next retry. `null` if no attempt follows, or if none was made since the delivery was last queued.
    next_attempt_at: Option<Timestamp>,
    /// `null` before the first attempt.
    last_attempt: Option<outbox::Attempt>,
}

/// A webhook as a role sees it.
pub fn of(webhook: &Webhook, reader: UrlAccess) -> WebhookView<'_> {
    let settings = &webhook.settings;
    WebhookView {
        id: &webhook.id,
        url: (reader == UrlAccess::Owner).then_some(settings.url.as_str()),
        host: host_of(&settings.url),
        events: &settings.events,
        components: &settings.components,
        format: settings.format,
        enabled: webhook.is_enabled(),
        disabled_because: settings.disabled.map(|disabled| match disabled {
            Disabled::ByOperator => "operator",
            Disabled::Because(reason) => reason.as_str(),
        }),
        failing_since: webhook.failing_since,
        former_secret_until: webhook.former.first().map(|former| former.until),
        created_at: settings.created_at,
    }
}

/// A webhook that was just created. `secret` is `None` in the answer to a repeated request.
pub fn created<'a>(webhook: &'a Webhook, secret: Option<&'a str>) -> CreatedWebhook<'a> {
    CreatedWebhook {
        webhook: of(webhook, UrlAccess::Owner),
        secret,
    }
}

/// Returns all webhooks, oldest first.
///
/// # Errors
/// `Fault` if the database fails.
pub fn list(sql: &impl Sql, caller: &Caller) -> Result<Answer, Refusal> {
    let webhooks = webhooks::list(sql)?;
    let reader = UrlAccess::of(caller);
    let items = webhooks.iter().map(|webhook| of(webhook, reader));
    Ok(Answer::json(200, &Collection::whole(items.collect()))?)
}

/// Returns one webhook.
///
/// # Errors
/// [`Rejection::NotFound`] if it does not exist, `Fault` if the database fails.
pub fn read(sql: &impl Sql, caller: &Caller, id: &WebhookId) -> Result<Answer, Refusal> {
    let webhook = find(sql, id)?;
    Ok(with_etag(Answer::json(
        200,
        &of(&webhook, UrlAccess::of(caller)),
    )?))
}

/// Returns a page of the list of a webhook's deliveries, newest first.
///
/// # Errors
/// `Rejection` if the webhook does not exist or the query is invalid, `Fault` if the database fails.
pub fn list_deliveries(sql: &impl Sql, call: &Call<'_>, id: &WebhookId) -> Result<Answer, Refusal> {
    let webhook = find(sql, id)?;
    let query = list_query::parse(&call.envelope.query)?;
    let most = query.limit.saturating_add(1);
    let found = outbox::list(sql, &webhook.id, query.cursor, most)?;
    let page = Collection::page(
        found,
        query.limit,
        |delivery| delivery.id,
        |delivery| delivery_view(sql, delivery),
    )?;
    Ok(Answer::json(200, &page)?)
}

fn delivery_view(sql: &impl Sql, delivery: Delivery) -> Result<DeliveryView, Refusal> {
    let about = outbox::about(sql, &delivery.message)?;
    let is_retry = delivery.state == DeliveryState::Pending && delivery.attempts > 0;
    Ok(DeliveryView {
        id: format!("{}{}", DeliveryId::PREFIX, delivery.id),
        message: delivery.message,
        event: about.as_ref().and_then(|about| about.event),
        at: about.as_ref().map(|about| about.at),
        incident: about.and_then(|about| about.incident),
        state: delivery.state,
        attempts: delivery.attempts,
        next_attempt_at: is_retry.then_some(delivery.due_at),
        last_attempt: delivery.last,
    })
}

/// Finds a webhook of the site.
///
/// # Errors
/// [`Rejection::NotFound`] if it does not exist, `Fault` if the database fails.
pub fn find(sql: &impl Sql, id: &WebhookId) -> Result<Webhook, Refusal> {
    Ok(webhooks::find(sql, id)?.ok_or(Rejection::NotFound)?)
}

/// The number in a delivery's id.
///
/// # Errors
/// [`Rejection::NotFound`] if the id has none.
pub fn delivery_number(id: &DeliveryId) -> Result<u64, Rejection> {
    let number = id.as_str().strip_prefix(DeliveryId::PREFIX);
    number
        .and_then(|number| number.parse().ok())
        .ok_or(Rejection::NotFound)
}
