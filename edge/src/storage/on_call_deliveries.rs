//! Deliveries to on-call targets: messages that are sent, were sent, or could not be sent.

use notice::{
    journal::sha256_hex,
    wire::{
        ids::{IncidentId, MessageId},
        site::{OnCall, Urgency},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    outbox::Attempt,
    sql::{Row, Sql, Value},
};
use crate::{fault::Fault, messages::reminder::Action};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The next attempt is made at its due time.
    Pending,
    /// The target has accepted the message.
    Delivered,
    /// No attempt succeeded, and there are no more.
    Dead,
    /// No longer needed: the update was posted or acknowledged, the target was removed, or another
    /// target gets the message.
    Dropped,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Pending, Self::Delivered, Self::Dead, Self::Dropped];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

/// The promised update that a delivery reminds of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub incident: IncidentId,
    pub owed_at: Timestamp,
}

/// A message with its receiver and its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The target as it was when the delivery was queued.
    pub target: OnCall,
    pub urgency: Urgency,
    pub action: Action,
    /// The key by which alerting services merge messages into one alert.
    pub key: String,
    /// The update of which the message reminds; `None` if it is about something else.
    pub promise: Option<Promise>,
    /// Whether the message is a test of on-call.
    #[serde(default)]
    pub test: bool,
    /// Whether a failure of this delivery is in the journal. Further attempts may follow.
    #[serde(default)]
    pub is_failure_reported: bool,
    /// Time at which the target answered the test.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OnCallDelivery {
    pub id: u64,
    pub message: MessageId,
    pub content: Content,
    pub state: State,
    /// Number of attempts so far.
    pub attempts: u32,
    /// Time of the next attempt, or of the last one that was planned.
    pub due_at: Timestamp,
    pub last: Option<Attempt>,
}

const COLUMNS: &str = "id, message, document, state, attempts, due_at, last_attempt";

/// A digest of a target's kind and value, which identifies the target without showing the value.
pub fn target_digest(target: &OnCall) -> String {
    sha256_hex(format!("{} {}", target.kind.as_str(), target.value).as_bytes())
}

/// Queues a delivery, due at once; returns its id. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add(sql: &impl Sql, message: &MessageId, content: &Content) -> Result<u64, Fault> {
    let rows = sql.run(
        "INSERT INTO on_call_delivery (message, target, document, state, due_at)
         VALUES (?, ?, ?, 'pending', 0) RETURNING id",
        &[
            message.as_str().into(),
            target_digest(&content.target).into(),
            serde_json::to_string(content)?.into(),
        ],
    )?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("on_call_delivery"))
}

/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, id: u64) -> Result<Option<OnCallDelivery>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM on_call_delivery WHERE id = ?");
    let rows = sql.run(&statement, &[id.into()])?;
    rows.into_iter().next().map(read).transpose()
}

/// A page of the deliveries, newest first: those before an id, at most `most`.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(
    sql: &impl Sql,
    before: Option<u64>,
    most: usize,
) -> Result<Vec<OnCallDelivery>, Fault> {
    let statement =
        format!("SELECT {COLUMNS} FROM on_call_delivery WHERE id < ? ORDER BY id DESC LIMIT ?");
    let before = before.unwrap_or(u64::from(u32::MAX));
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    read_all(sql, &statement, &[before.into(), most.into()])
}

/// The deliveries of one message, oldest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn of_message(sql: &impl Sql, message: &MessageId) -> Result<Vec<OnCallDelivery>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM on_call_delivery WHERE message = ? ORDER BY id");
    read_all(sql, &statement, &[message.as_str().into()])
}

/// The message of the newest test.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last_test(sql: &impl Sql) -> Result<Option<MessageId>, Fault> {
    let rows = sql.run(
        "SELECT message FROM on_call_delivery WHERE json_extract(document, '$.test') = 1 ORDER BY id DESC LIMIT 1",
        &[],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(MessageId::parse(&row.text("on_call_delivery")?))
}

/// The deliveries that are due, at most one for each target, oldest first. Leaves out the targets
/// in `busy`, which have an attempt in progress. A delivery that cannot be read, which a
/// verification reports, is ended, so that it does not stop the others.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn due(
    sql: &impl Sql,
    now: Timestamp,
    busy: &[&str],
    most: u32,
) -> Result<Vec<OnCallDelivery>, Fault> {
    // For each group, SQLite returns the columns of the row with the smallest id.
    let statement = "SELECT min(id), message, document, state, attempts, due_at, last_attempt
         FROM on_call_delivery INDEXED BY on_call_delivery_due
         WHERE state = 'pending' AND due_at <= ? AND target NOT IN (SELECT value FROM json_each(?))
         GROUP BY target ORDER BY 1 LIMIT ?";
    let values = [
        seconds(now),
        serde_json::to_string(busy)?.into(),
        u64::from(most).into(),
    ];
    let mut due = Vec::new();
    for row in sql.run(statement, &values)? {
        let id = row.clone().number("on_call_delivery")?;
        match read(row) {
            Ok(delivery) => due.push(delivery),
            Err(_) => {
                let statement = "UPDATE on_call_delivery SET state = 'dead' WHERE id = ?";
                sql.run(statement, &[id.into()])?;
            }
        }
    }
    Ok(due)
}

/// The time of the next attempt, if there is any.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT due_at FROM on_call_delivery INDEXED BY on_call_delivery_due WHERE state = 'pending' ORDER BY due_at LIMIT 1",
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
    let rows = sql.run("SELECT COALESCE(max(id), 0) FROM on_call_delivery", &[])?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("on_call_delivery"))
}

/// Stores a changed delivery.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn save(sql: &impl Sql, delivery: &OnCallDelivery) -> Result<(), Fault> {
    sql.run(
        "UPDATE on_call_delivery SET document = ?, state = ?, attempts = ?, due_at = ?, last_attempt = ? WHERE id = ?",
        &[
            serde_json::to_string(&delivery.content)?.into(),
            delivery.state.as_str().into(),
            u64::from(delivery.attempts).into(),
            seconds(delivery.due_at),
            serde_json::to_string(&delivery.last)?.into(),
            delivery.id.into(),
        ],
    )?;
    Ok(())
}

fn read_all(
    sql: &impl Sql,
    statement: &str,
    values: &[Value],
) -> Result<Vec<OnCallDelivery>, Fault> {
    let rows = sql.run(statement, values)?.into_iter();
    rows.map(read).collect()
}

fn read(mut row: Row) -> Result<OnCallDelivery, Fault> {
    let id = row.number("on_call_delivery")?;
    let stored = |detail: String| Fault::Stored {
        what: "on_call_delivery",
        detail,
    };
    let message = row.text("on_call_delivery")?;
    let message = MessageId::parse(&message).ok_or_else(|| stored(message))?;
    let content = serde_json::from_str(&row.text("on_call_delivery")?)?;
    let state = row.text("on_call_delivery")?;
    let state = State::parse(&state).ok_or_else(|| stored(state))?;
    Ok(OnCallDelivery {
        id,
        message,
        content,
        state,
        attempts: u32::try_from(row.number("on_call_delivery")?).unwrap_or(u32::MAX),
        due_at: time(&mut row)?,
        last: serde_json::from_str(&row.text("on_call_delivery")?)?,
    })
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}

fn time(row: &mut Row) -> Result<Timestamp, Fault> {
    let seconds = i64::try_from(row.number("on_call_delivery")?).unwrap_or(i64::MAX);
    Ok(Timestamp::from_seconds(seconds))
}
