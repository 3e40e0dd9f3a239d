//! Subscribers to mail who have confirmed their address, and their subscriptions to incidents.

use notice::{
    notify::subscription::{self, Lifetime, SiteSubscription, Updates},
    wire::{ids::IncidentId, language::Language, time::Timestamp},
};

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

/// The columns of a subscriber that are not encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    pub id: u64,
    /// HMAC of the address.
    pub look_up: String,
    /// SHA-256 of the secret of the subscriber's links, in hex.
    pub digest: String,
    /// Address and secret, encrypted.
    pub sealed: String,
    pub language: Language,
    pub site: SiteSubscription,
    pub confirmed_at: Timestamp,
}

/// A subscription to one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentSubscription {
    pub incident: IncidentId,
    /// Whether the subscriber gets the postmortem too.
    pub explanation: bool,
    /// The time until which it is kept. `None` while the incident goes on.
    pub until: Option<Timestamp>,
}

/// The numbers of subscribers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub subscribers: u64,
    /// Those with updates or maintenance of the site.
    pub to_site: u64,
    /// Those to an incident.
    pub to_incidents: u64,
}

const COLUMNS: &str =
    "id, look_up, digest, sealed, language, updates, maintenance, components, confirmed_at";

/// Adds a subscriber; returns its id. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add(sql: &impl Sql, subscriber: &Subscriber) -> Result<u64, Fault> {
    let rows = sql.run(
        "INSERT INTO subscriber (look_up, digest, sealed, language, updates, maintenance, components, confirmed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        &[
            subscriber.look_up.as_str().into(),
            subscriber.digest.as_str().into(),
            subscriber.sealed.as_str().into(),
            subscriber.language.as_str().into(),
            subscriber.site.updates.as_str().into(),
            subscriber.site.maintenance.into(),
            serde_json::to_string(&subscriber.site.components)?.into(),
            seconds(subscriber.confirmed_at),
        ],
    )?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("subscriber"))
}

/// Stores the language and the subscription to the site.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn save(sql: &impl Sql, subscriber: &Subscriber) -> Result<(), Fault> {
    sql.run(
        "UPDATE subscriber SET language = ?, updates = ?, maintenance = ?, components = ? WHERE id = ?",
        &[
            subscriber.language.as_str().into(),
            subscriber.site.updates.as_str().into(),
            subscriber.site.maintenance.into(),
            serde_json::to_string(&subscriber.site.components)?.into(),
            subscriber.id.into(),
        ],
    )?;
    Ok(())
}

/// Stores the address of a subscriber as sealed by another key.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn reseal(sql: &impl Sql, id: u64, look_up: &str, sealed: &str) -> Result<(), Fault> {
    sql.run(
        "UPDATE subscriber SET look_up = ?, sealed = ? WHERE id = ?",
        &[look_up.into(), sealed.into(), id.into()],
    )?;
    Ok(())
}

/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, id: u64) -> Result<Option<Subscriber>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM subscriber WHERE id = ?");
    first(sql.run(&statement, &[id.into()])?)
}

/// The subscriber with one of these HMACs of the address.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_by_address(sql: &impl Sql, look_ups: &[String]) -> Result<Option<Subscriber>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM subscriber WHERE look_up IN (SELECT value FROM json_each(?))"
    );
    first(sql.run(&statement, &[serde_json::to_string(look_ups)?.into()])?)
}

/// The subscriber whose links have this digest.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_by_link(sql: &impl Sql, digest: &str) -> Result<Option<Subscriber>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM subscriber WHERE digest = ?");
    first(sql.run(&statement, &[digest.into()])?)
}

/// Subscribers that another key has sealed than the one with this prefix, at most `most`, after an id.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn sealed_by_others(
    sql: &impl Sql,
    prefix: &str,
    after: u64,
    most: u64,
) -> Result<Vec<Subscriber>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM subscriber WHERE id > ? AND substr(sealed, 1, ?) <> ? ORDER BY id LIMIT ?"
    );
    let length = u64::try_from(prefix.len()).unwrap_or(0);
    let values = [after.into(), length.into(), prefix.into(), most.into()];
    let rows = sql.run(&statement, &values)?.into_iter();
    rows.map(read).collect()
}

/// Whether there is a subscriber.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn exist(sql: &impl Sql) -> Result<bool, Fault> {
    Ok(!sql.run("SELECT 1 FROM subscriber LIMIT 1", &[])?.is_empty())
}

/// Deletes a subscriber with all subscriptions and mails that wait. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn delete(sql: &impl Sql, id: u64) -> Result<(), Fault> {
    for statement in [
        "DELETE FROM mail_delivery WHERE subscriber = ?",
        "DELETE FROM incident_subscriber WHERE subscriber = ?",
        "DELETE FROM subscriber WHERE id = ?",
    ] {
        sql.run(statement, &[id.into()])?;
    }
    Ok(())
}

/// The subscriptions to incidents of a subscriber, oldest incident first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn incidents(sql: &impl Sql, id: u64) -> Result<Vec<IncidentSubscription>, Fault> {
    let rows = sql.run(
        "SELECT incident, explanation, COALESCE(until, 0) FROM incident_subscriber WHERE subscriber = ? ORDER BY incident",
        &[id.into()],
    )?;
    let read = |mut row: Row| {
        let incident = row.text("incident_subscriber")?;
        let incident = IncidentId::parse(&incident).ok_or_else(|| stored(incident))?;
        let explanation = row.integer("incident_subscriber")? != 0;
        let until = row.integer("incident_subscriber")?;
        Ok(IncidentSubscription {
            incident,
            explanation,
            until: (until > 0).then(|| Timestamp::from_seconds(until)),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Adds a subscription to an incident, or replaces it.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn follow(
    sql: &impl Sql,
    subscriber: u64,
    subscription: &IncidentSubscription,
) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO incident_subscriber (incident, subscriber, explanation, until) VALUES (?, ?, ?, ?)
         ON CONFLICT (incident, subscriber) DO UPDATE SET explanation = excluded.explanation, until = excluded.until",
        &[
            subscription.incident.as_str().into(),
            subscriber.into(),
            subscription.explanation.into(),
            subscription.until.map_or(Value::Null, seconds),
        ],
    )?;
    Ok(())
}

/// Ends a subscription to an incident. Mails that wait are still sent.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn unfollow(sql: &impl Sql, subscriber: u64, incident: &IncidentId) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM incident_subscriber WHERE incident = ? AND subscriber = ?",
        &[incident.as_str().into(), subscriber.into()],
    )?;
    Ok(())
}

/// Changes how long the subscriptions to an incident are kept. `at` is the time of the event.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn set_lifetime(
    sql: &impl Sql,
    incident: &IncidentId,
    lifetime: Lifetime,
    at: Timestamp,
) -> Result<(), Fault> {
    let until = |explanation| seconds(subscription::kept_until(at, explanation));
    let (explained, other) = match lifetime {
        Lifetime::Same => return Ok(()),
        Lifetime::Open => (Value::Null, Value::Null),
        Lifetime::Ends => (until(true), until(false)),
        Lifetime::Over => (seconds(at), seconds(at)),
    };
    sql.run(
        "UPDATE incident_subscriber SET until = CASE explanation WHEN 1 THEN ?1 ELSE ?2 END
         WHERE incident = ?3 AND (?4 OR explanation = 1)",
        &[
            explained,
            other,
            incident.as_str().into(),
            (lifetime != Lifetime::Over).into(),
        ],
    )?;
    Ok(())
}

/// Deletes subscriptions to incidents that have ended, and subscribers who have no other one. Those with a mail that waits are kept
/// until it is sent. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn prune(sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
    end_forgotten(sql)?;
    sql.run(
        "DELETE FROM incident_subscriber WHERE until IS NOT NULL AND until <= ?
         AND subscriber NOT IN (SELECT subscriber FROM mail_delivery WHERE subscriber IS NOT NULL)",
        &[seconds(now)],
    )?;
    sql.run(
        "DELETE FROM subscriber WHERE updates = 'none' AND maintenance = 0
         AND id NOT IN (SELECT subscriber FROM incident_subscriber)
         AND id NOT IN (SELECT subscriber FROM mail_delivery WHERE subscriber IS NOT NULL)",
        &[],
    )?;
    Ok(())
}

/// Ends subscriptions to incidents that have ended without a mailing, and deletes those to incidents that do not exist.
fn end_forgotten(sql: &impl Sql) -> Result<(), Fault> {
    let rows = sql.run(
        "SELECT followed.incident, COALESCE(incident.ended_at, '')
         FROM (SELECT DISTINCT incident FROM incident_subscriber WHERE until IS NULL) AS followed
         LEFT JOIN incident ON incident.id = followed.incident
         WHERE incident.id IS NULL OR incident.ended_at IS NOT NULL",
        &[],
    )?;
    for mut row in rows {
        let incident = row.text("incident_subscriber")?;
        let ended_at = Timestamp::parse(&row.text("incident_subscriber")?);
        match (IncidentId::parse(&incident), ended_at) {
            (Some(id), Some(at)) => set_lifetime(sql, &id, Lifetime::Ends, at)?,
            _ => {
                let statement = "DELETE FROM incident_subscriber WHERE incident = ?";
                sql.run(statement, &[incident.into()])?;
            }
        }
    }
    Ok(())
}

/// The time at which the next subscription to an incident ends.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_end(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT until FROM incident_subscriber INDEXED BY incident_subscriber_until
         WHERE until IS NOT NULL ORDER BY until LIMIT 1",
        &[],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| Ok(Timestamp::from_seconds(row.integer("incident_subscriber")?)))
        .transpose()
}

/// # Errors
/// `Fault` if the database cannot be read.
pub fn counts(sql: &impl Sql) -> Result<Counts, Fault> {
    let rows = sql.run(
        "SELECT count(*), count(CASE WHEN updates <> 'none' OR maintenance = 1 THEN 1 END),
           (SELECT count(DISTINCT subscriber) FROM incident_subscriber) FROM subscriber",
        &[],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(Counts::default());
    };
    Ok(Counts {
        subscribers: row.number("subscriber")?,
        to_site: row.number("subscriber")?,
        to_incidents: row.number("subscriber")?,
    })
}

fn first(rows: Vec<Row>) -> Result<Option<Subscriber>, Fault> {
    rows.into_iter().next().map(read).transpose()
}

fn read(mut row: Row) -> Result<Subscriber, Fault> {
    let id = row.number("subscriber")?;
    let look_up = row.text("subscriber")?;
    let digest = row.text("subscriber")?;
    let sealed = row.text("subscriber")?;
    let language = row.text("subscriber")?;
    let language = Language::parse(&language).ok_or_else(|| stored(language))?;
    let updates = row.text("subscriber")?;
    let updates = Updates::parse(&updates).ok_or_else(|| stored(updates))?;
    let maintenance = row.integer("subscriber")? != 0;
    let components = serde_json::from_str(&row.text("subscriber")?)?;
    Ok(Subscriber {
        id,
        look_up,
        digest,
        sealed,
        language,
        site: SiteSubscription {
            updates,
            maintenance,
            components,
        },
        confirmed_at: Timestamp::from_seconds(row.integer("subscriber")?),
    })
}

fn stored(detail: String) -> Fault {
    Fault::Stored {
        what: "subscriber",
        detail,
    }
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}
