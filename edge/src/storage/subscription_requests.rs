//! Requests for mail that wait for their confirmation.

use notice::{
    notify::subscription::SiteSubscription,
    wire::{ids::IncidentId, language::Language, time::Timestamp},
};
use serde::{Deserialize, Serialize};

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

/// Time for which the link of a request that has expired or was used says so, in seconds: 30 days.
const REMEMBERED_S: i64 = 30 * 86_400;

/// The content of a request: language and subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub language: Language,
    /// `None` for a subscription to an incident only.
    pub site: Option<SiteSubscription>,
    pub incident: Option<FollowedIncident>,
}

/// The incident that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedIncident {
    pub id: IncidentId,
    /// Whether the postmortem is included.
    pub explanation: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be confirmed.
    Open,
    /// It was confirmed by its link.
    Used,
    /// It was not confirmed in time.
    Expired,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Expired => "expired",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let mut all = [Self::Open, Self::Used, Self::Expired].into_iter();
        all.find(|state| state.as_str() == word)
    }
}

/// A request. One that is not open has nothing but its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRequest {
    pub id: u64,
    pub state: State,
    /// HMAC of the address.
    pub look_up: String,
    /// Address and secret of the link, encrypted.
    pub sealed: String,
    /// `None` if it is not open.
    pub choice: Option<Choice>,
    pub expires_at: Timestamp,
}

/// The columns of a new request.
#[derive(Clone, Debug)]
pub struct NewRequest<'a> {
    pub digest: &'a str,
    pub look_up: &'a str,
    pub sealed: &'a str,
    pub choice: &'a Choice,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "id, state, look_up, sealed, document, expires_at";

/// Adds a request; returns its id. Call this inside a transaction.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add(sql: &impl Sql, request: &NewRequest<'_>) -> Result<u64, Fault> {
    let rows = sql.run(
        "INSERT INTO subscription_request (digest, state, look_up, sealed, document, created_at, expires_at)
         VALUES (?, 'open', ?, ?, ?, ?, ?) RETURNING id",
        &[
            request.digest.into(),
            request.look_up.into(),
            request.sealed.into(),
            serde_json::to_string(request.choice)?.into(),
            seconds(request.created_at),
            seconds(request.expires_at),
        ],
    )?;
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("subscription_request"))
}

/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, id: u64) -> Result<Option<SubscriptionRequest>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM subscription_request WHERE id = ?");
    let rows = sql.run(&statement, &[id.into()])?;
    rows.into_iter().next().map(read).transpose()
}

/// The request whose link has this digest.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_by_link(sql: &impl Sql, digest: &str) -> Result<Option<SubscriptionRequest>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM subscription_request WHERE digest = ?");
    let rows = sql.run(&statement, &[digest.into()])?;
    rows.into_iter().next().map(read).transpose()
}

/// The number of requests for an address, by its HMACs, since a time.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn count_since(sql: &impl Sql, look_ups: &[String], since: Timestamp) -> Result<u64, Fault> {
    let rows = sql.run(
        "SELECT count(*) FROM subscription_request
         WHERE look_up IN (SELECT value FROM json_each(?)) AND created_at > ?",
        &[serde_json::to_string(look_ups)?.into(), seconds(since)],
    )?;
    count(rows)
}

/// The number of requests that wait for their confirmation.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn count_open(sql: &impl Sql) -> Result<u64, Fault> {
    count(sql.run(
        "SELECT count(*) FROM subscription_request WHERE state = 'open'",
        &[],
    )?)
}

/// Ends a request: of its row, only the digest and the state are kept. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn end(sql: &impl Sql, id: u64, state: State) -> Result<(), Fault> {
    sql.run("DELETE FROM mail_delivery WHERE request = ?", &[id.into()])?;
    sql.run(
        "UPDATE subscription_request SET state = ?, look_up = '', sealed = '', document = 'null' WHERE id = ?",
        &[state.as_str().into(), id.into()],
    )?;
    Ok(())
}

/// Ends requests that have expired, and deletes those that ended long ago. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn prune(sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM mail_delivery WHERE request IN
           (SELECT id FROM subscription_request WHERE state = 'open' AND expires_at <= ?)",
        &[seconds(now)],
    )?;
    sql.run(
        "UPDATE subscription_request SET state = 'expired', look_up = '', sealed = '', document = 'null'
         WHERE state = 'open' AND expires_at <= ?",
        &[seconds(now)],
    )?;
    sql.run(
        "DELETE FROM subscription_request WHERE state <> 'open' AND expires_at <= ?",
        &[seconds(now.plus_seconds(-REMEMBERED_S))],
    )?;
    Ok(())
}

/// The time at which the next request expires.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_end(sql: &impl Sql) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT expires_at FROM subscription_request INDEXED BY subscription_request_expiry
         WHERE state = 'open' ORDER BY expires_at LIMIT 1",
        &[],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| {
        Ok(Timestamp::from_seconds(
            row.integer("subscription_request")?,
        ))
    })
    .transpose()
}

fn count(rows: Vec<Row>) -> Result<u64, Fault> {
    let row = rows.into_iter().next();
    row.map_or(Ok(0), |mut row| row.number("subscription_request"))
}

fn read(mut row: Row) -> Result<SubscriptionRequest, Fault> {
    let id = row.number("subscription_request")?;
    let state = row.text("subscription_request")?;
    let state = State::parse(&state).ok_or(Fault::Stored {
        what: "subscription_request",
        detail: state,
    })?;
    Ok(SubscriptionRequest {
        id,
        state,
        look_up: row.text("subscription_request")?,
        sealed: row.text("subscription_request")?,
        choice: serde_json::from_str(&row.text("subscription_request")?)?,
        expires_at: Timestamp::from_seconds(row.integer("subscription_request")?),
    })
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}
