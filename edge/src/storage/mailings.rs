//! Mail to subscribers: mailings about events, the pending mails, and suppressed addresses.

use notice::{
    notify::{
        EventName,
        subscription::{IncidentRecipients, Recipients, SiteRecipients},
    },
    wire::{
        feed::Notice,
        ids::{ComponentId, IncidentId, MessageId},
        language::Language,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

/// Time for which mailings are kept, in seconds: 30 days.
const KEPT_S: i64 = 30 * 86_400;
/// Ids of deliveries begin with the second of their creation times this number, so that a later one is never lower than one that was
/// deleted.
const IDS_PER_SECOND: u64 = 1_000_000;

/// The message to subscribers about one event of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mailing {
    pub event: EventName,
    pub incident: IncidentId,
    /// Time of the event.
    pub at: Timestamp,
    /// Updates after this time are in the mail. `None`: only the newest one.
    pub since: Option<Timestamp>,
    /// The incident in the public form, as in the feed, in each language of a subscriber. Its URL lacks the origin.
    pub notices: Vec<(Language, Notice)>,
}

/// The progress of a mailing.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub id: MessageId,
    pub event: EventName,
    pub incident: IncidentId,
    pub at: Timestamp,
    pub waiting: u64,
    pub sent: u64,
    pub failed: u64,
}

/// A pending mail to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailDelivery {
    pub id: u64,
    /// Id of the mailing, or an id of its own for a confirmation.
    pub message: MessageId,
    pub to: Recipient,
    /// Number of attempts so far.
    pub attempts: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A subscriber, by id.
    Subscriber(u64),
    /// The address of a request that is to be confirmed, by id.
    Request(u64),
}

/// The end of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Sent,
    Failed,
}

/// The languages of the subscribers who get a mailing.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn languages(
    sql: &impl Sql,
    incident: &IncidentId,
    recipients: Recipients,
    components: &[ComponentId],
) -> Result<Vec<Language>, Fault> {
    let statement = format!(
        "SELECT DISTINCT language FROM subscriber WHERE {} ORDER BY language",
        condition(recipients)
    );
    let rows = sql.run(&statement, &condition_values(incident, components)?)?;
    let mut languages = Vec::with_capacity(rows.len());
    for mut row in rows {
        languages.extend(Language::parse(&row.text("subscriber")?));
    }
    Ok(languages)
}

/// The number of subscribers who get a mailing.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn count(
    sql: &impl Sql,
    incident: &IncidentId,
    recipients: Recipients,
    components: &[ComponentId],
) -> Result<u64, Fault> {
    let statement = format!(
        "SELECT count(*) FROM subscriber WHERE {}",
        condition(recipients)
    );
    let rows = sql.run(&statement, &condition_values(incident, components)?)?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("subscriber"))
}

/// Queues a mailing for its recipients. Mails about the same incident that still wait for them are not sent any more. Call this inside a
/// transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add(
    sql: &impl Sql,
    id: &MessageId,
    mailing: &Mailing,
    (recipients, components): (Recipients, &[ComponentId]),
    (rank, due_at): (u64, Timestamp),
) -> Result<(), Fault> {
    let first = next_delivery(sql, mailing.at)?;
    sql.run(
        "INSERT INTO mailing (id, incident, at, due_at, document) VALUES (?, ?, ?, ?, ?)",
        &[
            id.as_str().into(),
            mailing.incident.as_str().into(),
            seconds(mailing.at),
            seconds(due_at),
            serde_json::to_string(mailing)?.into(),
        ],
    )?;
    let statement = format!(
        "INSERT INTO mail_delivery (id, message, subscriber, rank, due_at)
         SELECT ?3 + row_number() OVER (ORDER BY id), ?4, id, ?5, ?6 FROM subscriber WHERE {}",
        condition(recipients)
    );
    let mut values = condition_values(&mailing.incident, components)?;
    values.extend([
        first.into(),
        id.as_str().into(),
        rank.into(),
        seconds(due_at),
    ]);
    sql.run(&statement, &values)?;
    sql.run(
        "DELETE FROM mail_delivery WHERE message IN (SELECT id FROM mailing WHERE incident = ?1 AND id <> ?2)
           AND subscriber IN (SELECT subscriber FROM mail_delivery WHERE message = ?2)",
        &[mailing.incident.as_str().into(), id.as_str().into()],
    )?;
    Ok(())
}

/// Queues the mail with the link that confirms a request. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add_confirmation(
    sql: &impl Sql,
    message: &MessageId,
    request: u64,
    rank: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let id = next_delivery(sql, now)?.saturating_add(1);
    sql.run(
        "INSERT INTO mail_delivery (id, message, request, rank, due_at) VALUES (?, ?, ?, ?, 0)",
        &[
            id.into(),
            message.as_str().into(),
            request.into(),
            rank.into(),
        ],
    )?;
    Ok(())
}

/// A number below the ids of new deliveries.
fn next_delivery(sql: &impl Sql, now: Timestamp) -> Result<u64, Fault> {
    let second = u64::try_from(now.seconds()).unwrap_or(0);
    Ok(last_id(sql)?.max(second.saturating_mul(IDS_PER_SECOND)))
}

/// The condition of the recipients among subscribers. `?1` is the incident, `?2` the components that it is about.
fn condition(recipients: Recipients) -> String {
    let updates = match recipients.site {
        SiteRecipients::Nobody => "0",
        SiteRecipients::OfUpdates => "updates = 'all'",
        SiteRecipients::OfEnds => "updates IN ('all', 'resolved')",
        SiteRecipients::OfMaintenance => "maintenance = 1",
    };
    let incident = match recipients.incident {
        IncidentRecipients::Nobody => "0",
        IncidentRecipients::All => "1",
        IncidentRecipients::Explanation => "explanation = 1",
    };
    format!(
        "(({updates} AND (?2 = '[]' OR components = '[]' OR EXISTS
            (SELECT 1 FROM json_each(components) AS own WHERE own.value IN (SELECT value FROM json_each(?2)))))
          OR id IN (SELECT subscriber FROM incident_subscriber WHERE incident = ?1 AND {incident}))"
    )
}

fn condition_values(
    incident: &IncidentId,
    components: &[ComponentId],
) -> Result<Vec<Value>, Fault> {
    let components = serde_json::to_string(components)?;
    Ok(vec![incident.as_str().into(), components.into()])
}

/// A stored mailing.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, id: &MessageId) -> Result<Option<Mailing>, Fault> {
    let rows = sql.run(
        "SELECT document FROM mailing WHERE id = ?",
        &[id.as_str().into()],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| Ok(serde_json::from_str(&row.text("mailing")?)?))
        .transpose()
}

/// The times of the last mailing about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    pub at: Timestamp,
    pub due_at: Timestamp,
    /// As in [`Mailing::since`]: the time after which it has updates.
    pub since: Option<Timestamp>,
}

/// The last mailing about an incident.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last(sql: &impl Sql, incident: &IncidentId) -> Result<Option<Last>, Fault> {
    let rows = sql.run(
        "SELECT at, due_at, COALESCE(json_extract(document, '$.since'), '') FROM mailing
         WHERE incident = ? ORDER BY at DESC, rowid DESC LIMIT 1",
        &[incident.as_str().into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Last {
        at: Timestamp::from_seconds(row.integer("mailing")?),
        due_at: Timestamp::from_seconds(row.integer("mailing")?),
        since: Timestamp::parse(&row.text("mailing")?),
    }))
}

/// The newest mailings, newest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn progress(sql: &impl Sql, most: u64) -> Result<Vec<Progress>, Fault> {
    let rows = sql.run(
        "SELECT id, json_extract(document, '$.event'), incident, at, sent, failed,
           (SELECT count(*) FROM mail_delivery WHERE message = mailing.id)
         FROM mailing ORDER BY at DESC, rowid DESC LIMIT ?",
        &[most.into()],
    )?;
    let read = |mut row: Row| {
        let id = message_id(&mut row)?;
        let event = row.text("mailing")?;
        let event = event.parse().map_err(|_| stored(event))?;
        let incident = row.text("mailing")?;
        let incident = IncidentId::parse(&incident).ok_or_else(|| stored(incident))?;
        Ok(Progress {
            id,
            event,
            incident,
            at: Timestamp::from_seconds(row.integer("mailing")?),
            sent: row.number("mailing")?,
            failed: row.number("mailing")?,
            waiting: row.number("mailing")?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The mails that are due, in the order in which they are sent. Leaves out those with an attempt in progress.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn due(
    sql: &impl Sql,
    now: Timestamp,
    busy: &[u64],
    most: u32,
) -> Result<Vec<MailDelivery>, Fault> {
    let rows = sql.run(
        "SELECT id, message, COALESCE(subscriber, 0), COALESCE(request, 0), attempts
         FROM mail_delivery INDEXED BY mail_delivery_rank
         WHERE due_at <= ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY rank, id LIMIT ?",
        &[
            seconds(now),
            serde_json::to_string(busy)?.into(),
            u64::from(most).into(),
        ],
    )?;
    rows.into_iter().map(read).collect()
}

/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_delivery(sql: &impl Sql, id: u64) -> Result<Option<MailDelivery>, Fault> {
    let rows = sql.run(
        "SELECT id, message, COALESCE(subscriber, 0), COALESCE(request, 0), attempts
         FROM mail_delivery WHERE id = ?",
        &[id.into()],
    )?;
    rows.into_iter().next().map(read).transpose()
}

/// Plans the next attempt of a mail.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn retry(sql: &impl Sql, id: u64, attempts: u32, due_at: Timestamp) -> Result<(), Fault> {
    sql.run(
        "UPDATE mail_delivery SET attempts = ?, due_at = ? WHERE id = ?",
        &[u64::from(attempts).into(), seconds(due_at), id.into()],
    )?;
    Ok(())
}

/// Ends a mail: deletes it, and counts it. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn end(sql: &impl Sql, delivery: &MailDelivery, end: End) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM mail_delivery WHERE id = ?",
        &[delivery.id.into()],
    )?;
    let counter = match end {
        End::Sent => "sent",
        End::Failed => "failed",
    };
    sql.run(
        &format!("UPDATE mailing SET {counter} = {counter} + 1 WHERE id = ?"),
        &[delivery.message.as_str().into()],
    )?;
    Ok(())
}

/// Delays all mails that are due, because none can be sent.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn postpone_all(sql: &impl Sql, now: Timestamp, until: Timestamp) -> Result<(), Fault> {
    sql.run(
        "UPDATE mail_delivery SET due_at = ? WHERE due_at <= ?",
        &[seconds(until), seconds(now)],
    )?;
    Ok(())
}

/// The time of the next attempt, if there is any.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT due_at FROM mail_delivery INDEXED BY mail_delivery_due ORDER BY due_at LIMIT 1",
        &[],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| Ok(Timestamp::from_seconds(row.integer("mail_delivery")?)))
        .transpose()
}

/// The id of the newest delivery; 0 if there is none.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn last_id(sql: &impl Sql) -> Result<u64, Fault> {
    let rows = sql.run("SELECT COALESCE(max(id), 0) FROM mail_delivery", &[])?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("mail_delivery"))
}

/// Sends nothing to an address, by its HMAC, until a time.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn suppress(sql: &impl Sql, look_up: &str, until: Timestamp) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO suppressed_address (look_up, until) VALUES (?, ?)
         ON CONFLICT (look_up) DO UPDATE SET until = max(until, excluded.until)",
        &[look_up.into(), seconds(until)],
    )?;
    Ok(())
}

/// Whether nothing is sent to an address, by its HMACs.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn is_suppressed(sql: &impl Sql, look_ups: &[String], now: Timestamp) -> Result<bool, Fault> {
    let rows = sql.run(
        "SELECT 1 FROM suppressed_address WHERE look_up IN (SELECT value FROM json_each(?)) AND until > ?",
        &[serde_json::to_string(look_ups)?.into(), seconds(now)],
    )?;
    Ok(!rows.is_empty())
}

/// The number of addresses to which nothing is sent.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn suppressed(sql: &impl Sql, now: Timestamp) -> Result<u64, Fault> {
    let rows = sql.run(
        "SELECT count(*) FROM suppressed_address WHERE until > ?",
        &[seconds(now)],
    )?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("suppressed_address"))
}

/// Deletes mailings that are older than 30 days with their mails, and suppressions that have ended. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn prune(sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
    let oldest = seconds(now.plus_seconds(-KEPT_S));
    for (statement, at) in [
        (
            "DELETE FROM mail_delivery WHERE message IN (SELECT id FROM mailing WHERE at < ?)",
            oldest.clone(),
        ),
        ("DELETE FROM mailing WHERE at < ?", oldest),
        (
            "DELETE FROM suppressed_address WHERE until <= ?",
            seconds(now),
        ),
    ] {
        sql.run(statement, &[at])?;
    }
    Ok(())
}

fn read(mut row: Row) -> Result<MailDelivery, Fault> {
    let id = row.number("mail_delivery")?;
    let message = message_id(&mut row)?;
    let (subscriber, request) = (row.number("mail_delivery")?, row.number("mail_delivery")?);
    Ok(MailDelivery {
        id,
        message,
        to: match subscriber {
            0 => Recipient::Request(request),
            subscriber => Recipient::Subscriber(subscriber),
        },
        attempts: u32::try_from(row.number("mail_delivery")?).unwrap_or(u32::MAX),
    })
}

fn message_id(row: &mut Row) -> Result<MessageId, Fault> {
    let id = row.text("mailing")?;
    MessageId::parse(&id).ok_or_else(|| stored(id))
}

fn stored(detail: String) -> Fault {
    Fault::Stored {
        what: "mailing",
        detail,
    }
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}
