//! The outbox: messages, and their deliveries to webhooks. A delivery is `pending` until an attempt succeeds, the last attempt
//! fails, or the delivery is given up because its webhook is disabled or the message cannot be sent.

use notice::{
    notify::EventName,
    wire::{
        ids::{IncidentId, MessageId, WebhookId},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::sql::{Row, Sql, Value};
use crate::{fault::Fault, messages::message::Message};

/// Time for which messages and their deliveries are kept, in seconds: 30 days. The attempts of a
/// delivery end long before.
const KEPT_S: i64 = 30 * 86_400;

/// Maximum number of messages that are merged into one for a chat.
const MERGED: u32 = 20;

/// A number above all ids of deliveries. Added to the id of a delivery that has been attempted, it sorts retries after first
/// attempts.
const ABOVE_IDS: u64 = 1 << 52;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The next attempt is made at its due time.
    Pending,
    /// The endpoint has accepted the message.
    Delivered,
    /// No attempt succeeded, and there are no more.
    Dead,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let mut all = [Self::Pending, Self::Delivered, Self::Dead].into_iter();
        all.find(|state| state.as_str() == word)
    }
}

/// An attempt: its request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// Time until the answer or the failure, in milliseconds.
    pub duration_ms: u64,
    /// The body that was sent, truncated to 4 KB.
    pub request: String,
    /// The status of the answer; `None` without an answer.
    pub status: Option<u16>,
    /// The body of the answer, truncated to 4 KB.
    pub answer: Option<String>,
    /// The reason for which there was no answer, as a sentence.
    pub error: Option<String>,
}

/// The delivery of a message to one webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub id: u64,
    pub webhook: WebhookId,
    pub message: MessageId,
    pub state: DeliveryState,
    /// Number of attempts since the delivery was last queued.
    pub attempts: u32,
    /// Time of the next attempt. Keeps its last value when the delivery has ended.
    pub due_at: Timestamp,
    pub last: Option<Attempt>,
}

const COLUMNS: &str = "id, webhook, message, state, attempts, due_at, document";

/// Stores a message. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add_message(sql: &impl Sql, id: &MessageId, message: &Message) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO message (id, seq, at, document) VALUES (?, ?, ?, ?)",
        &[
            id.as_str().into(),
            message.sequence.into(),
            seconds(message.at),
            serde_json::to_string(message)?.into(),
        ],
    )?;
    Ok(())
}

/// Adds a delivery, due at a time; returns its id. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add_delivery(
    sql: &impl Sql,
    message: &MessageId,
    webhook: &WebhookId,
    due_at: Timestamp,
) -> Result<u64, Fault> {
    let rows = sql.run(
        "INSERT INTO delivery (seq, document, due_at, message, webhook, state)
         SELECT seq, 'null', ?, id, ?, 'pending' FROM message WHERE id = ? RETURNING id",
        &[
            seconds(due_at),
            webhook.as_str().into(),
            message.as_str().into(),
        ],
    )?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("delivery"))
}

/// Finds a message.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn message(sql: &impl Sql, id: &MessageId) -> Result<Option<Message>, Fault> {
    let rows = sql.run(
        "SELECT document FROM message WHERE id = ?",
        &[id.as_str().into()],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| Ok(serde_json::from_str(&row.text("message")?)?))
        .transpose()
}

/// Finds a delivery of a webhook.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, webhook: &WebhookId, id: u64) -> Result<Option<Delivery>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM delivery WHERE id = ? AND webhook = ?");
    let rows = sql.run(&statement, &[id.into(), webhook.as_str().into()])?;
    rows.into_iter().next().map(read).transpose()
}

/// A page of a webhook's deliveries, newest first: those before an id, at most `most`.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(
    sql: &impl Sql,
    webhook: &WebhookId,
    before: Option<u64>,
    most: usize,
) -> Result<Vec<Delivery>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM delivery WHERE webhook = ? AND id < ? ORDER BY id DESC LIMIT ?"
    );
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let before = before.unwrap_or(ABOVE_IDS).min(ABOVE_IDS);
    let values = [webhook.as_str().into(), before.into(), most.into()];
    sql.run(&statement, &values)?
        .into_iter()
        .map(read)
        .collect()
}

/// The ids of a webhook's deliveries that are not pending and are about events at or after a time,
/// oldest first; at most `most`.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn finished_since(
    sql: &impl Sql,
    webhook: &WebhookId,
    since: Timestamp,
    most: usize,
) -> Result<Vec<u64>, Fault> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    sql.run(
        "SELECT delivery.id FROM message JOIN delivery ON delivery.message = message.id
         WHERE message.at >= ? AND webhook = ? AND state <> 'pending' ORDER BY delivery.id LIMIT ?",
        &[seconds(since), webhook.as_str().into(), most.into()],
    )?
    .into_iter()
    .map(|mut row| row.number("delivery"))
    .collect()
}

/// Queues a delivery once more, as if it had not been attempted. Its last attempt stays visible until the next one.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn send_again(sql: &impl Sql, webhook: &WebhookId, id: u64) -> Result<(), Fault> {
    sql.run(
        "UPDATE delivery SET state = 'pending', attempts = 0, due_at = 0 WHERE id = ? AND webhook = ?",
        &[id.into(), webhook.as_str().into()],
    )?;
    Ok(())
}

/// The subject of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub event: Option<EventName>,
    pub incident: Option<IncidentId>,
    /// Time of the event.
    pub at: Timestamp,
}

/// The subject of a message, without its content; `None` if the message does not exist.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn about(sql: &impl Sql, id: &MessageId) -> Result<Option<About>, Fault> {
    let rows = sql.run(
        "SELECT COALESCE(json_extract(document, '$.event'), ''), COALESCE(json_extract(document, '$.incident_id'), ''), at
         FROM message WHERE id = ?",
        &[id.as_str().into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(About {
        event: row.text("message")?.parse().ok(),
        incident: IncidentId::parse(&row.text("message")?),
        at: time(&mut row)?,
    }))
}

/// A group of endpoints, by their last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoints {
    /// Endpoints that did not answer the last attempt within the deadline.
    Hanging,
    /// All other endpoints.
    Others,
}

/// The due deliveries to a group of endpoints: at most one for each webhook, first attempts before
/// retries, then by id. Leaves out the webhooks in `busy`, which have an attempt in progress.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn due(
    sql: &impl Sql,
    now: Timestamp,
    busy: &[&WebhookId],
    endpoints: Endpoints,
    most: u32,
) -> Result<Vec<Delivery>, Fault> {
    // For each group, SQLite returns the columns of the row with the smallest `place`.
    let statement = format!(
        "SELECT delivery.id, webhook, message, state, attempts, due_at, delivery.document,
           min((attempts > 0) * {ABOVE_IDS} + delivery.id) AS place
         FROM delivery JOIN webhook ON webhook.id = delivery.webhook
         WHERE state = 'pending' AND due_at <= ?1 AND webhook.hangs = ?2
           AND webhook NOT IN (SELECT value FROM json_each(?3))
         GROUP BY webhook ORDER BY place LIMIT ?4"
    );
    let values = [
        seconds(now),
        (endpoints == Endpoints::Hanging).into(),
        serde_json::to_string(busy)?.into(),
        u64::from(most).into(),
    ];
    sql.run(&statement, &values)?
        .into_iter()
        .map(read)
        .collect()
}

/// The deliveries of a webhook that are due, oldest first; at most as many as can be merged into
/// one message.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn due_of(sql: &impl Sql, webhook: &WebhookId, now: Timestamp) -> Result<Vec<Delivery>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM delivery
         WHERE webhook = ? AND state = 'pending' AND due_at <= ? ORDER BY id LIMIT {MERGED}"
    );
    sql.run(&statement, &[webhook.as_str().into(), seconds(now)])?
        .into_iter()
        .map(read)
        .collect()
}

/// The time at which a message about an incident was last delivered to a webhook.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn sent_at(
    sql: &impl Sql,
    webhook: &WebhookId,
    incident: &IncidentId,
) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT COALESCE(max(json_extract(delivery.document, '$.at')), '')
         FROM delivery JOIN message ON message.id = delivery.message
         WHERE webhook = ? AND state = 'delivered' AND json_extract(message.document, '$.incident_id') = ?",
        &[webhook.as_str().into(), incident.as_str().into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Timestamp::parse(&row.text("delivery")?))
}

/// Delays a delivery.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn postpone(sql: &impl Sql, id: u64, due_at: Timestamp) -> Result<(), Fault> {
    sql.run(
        "UPDATE delivery SET due_at = ? WHERE id = ?",
        &[seconds(due_at), id.into()],
    )?;
    Ok(())
}

/// The time of the next attempt, if there is any.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT due_at FROM delivery INDEXED BY delivery_due WHERE state = 'pending' ORDER BY due_at LIMIT 1",
        &[],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| time(&mut row)).transpose()
}

/// The id of the newest delivery; 0 if there is none.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last_id(sql: &impl Sql) -> Result<u64, Fault> {
    let rows = sql.run("SELECT COALESCE(max(id), 0) FROM delivery", &[])?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("delivery"))
}

/// Stores a delivery after an attempt.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn save(sql: &impl Sql, delivery: &Delivery) -> Result<(), Fault> {
    sql.run(
        "UPDATE delivery SET state = ?, attempts = ?, due_at = ?, document = ? WHERE id = ?",
        &[
            delivery.state.as_str().into(),
            u64::from(delivery.attempts).into(),
            seconds(delivery.due_at),
            serde_json::to_string(&delivery.last)?.into(),
            delivery.id.into(),
        ],
    )?;
    Ok(())
}

/// Ends all pending deliveries of a webhook that is disabled.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn end_pending(sql: &impl Sql, webhook: &WebhookId) -> Result<(), Fault> {
    sql.run(
        "UPDATE delivery SET state = 'dead' WHERE webhook = ? AND state = 'pending'",
        &[webhook.as_str().into()],
    )?;
    Ok(())
}

/// Deletes messages that are older than 30 days, with their deliveries and the links in messages to on-call targets, and ended
/// escalations of the same age. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn prune(sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
    let oldest = now.plus_seconds(-KEPT_S);
    for statement in [
        "DELETE FROM delivery WHERE message IN (SELECT id FROM message WHERE at < ?)",
        "DELETE FROM on_call_link WHERE delivery IN
           (SELECT id FROM on_call_delivery WHERE message IN (SELECT id FROM message WHERE at < ?))",
        "DELETE FROM on_call_delivery WHERE message IN (SELECT id FROM message WHERE at < ?)",
        "DELETE FROM escalation WHERE is_open = 0 AND owed_at < ?",
        "DELETE FROM message WHERE at < ?",
    ] {
        sql.run(statement, &[seconds(oldest)])?;
    }
    Ok(())
}

fn read(mut row: Row) -> Result<Delivery, Fault> {
    let id = row.number("delivery")?;
    let webhook = row.text("delivery")?;
    let webhook = WebhookId::parse(&webhook).ok_or(Fault::Stored {
        what: "delivery",
        detail: webhook,
    })?;
    let message = message_id(&mut row)?;
    let state = row.text("delivery")?;
    let state = DeliveryState::parse(&state).ok_or(Fault::Stored {
        what: "delivery",
        detail: state,
    })?;
    Ok(Delivery {
        id,
        webhook,
        message,
        state,
        attempts: u32::try_from(row.number("delivery")?).unwrap_or(u32::MAX),
        due_at: time(&mut row)?,
        last: serde_json::from_str(&row.text("delivery")?)?,
    })
}

fn message_id(row: &mut Row) -> Result<MessageId, Fault> {
    let id = row.text("message")?;
    MessageId::parse(&id).ok_or(Fault::Stored {
        what: "message",
        detail: id,
    })
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}

fn time(row: &mut Row) -> Result<Timestamp, Fault> {
    let seconds = i64::try_from(row.number("delivery")?).unwrap_or(i64::MAX);
    Ok(Timestamp::from_seconds(seconds))
}
