//! Links in messages to on-call targets, and the targets that have answered a test. Each attempt has links of its own; only digests
//! of their secrets are stored.

use notice::wire::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::sql::{Sql, Value};
use crate::fault::Fault;

/// The action of the button on a link's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Acknowledges the message.
    Acknowledge,
    /// Opens a session as an editor.
    Session,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Session => "session",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let mut all = [Self::Acknowledge, Self::Session].into_iter();
        all.find(|purpose| purpose.as_str() == word)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of the delivery whose attempt contains the link.
    pub delivery: u64,
    pub purpose: Purpose,
    pub expires_at: Timestamp,
    /// Time at which the button was pressed. Stored only for links that open a session, which work
    /// once.
    pub used_at: Option<Timestamp>,
}

/// Stores a link under the digest of its secret.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn add(sql: &impl Sql, digest: &str, link: &Link) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO on_call_link (digest, delivery, purpose, expires_at) VALUES (?, ?, ?, ?)",
        &[
            digest.into(),
            link.delivery.into(),
            link.purpose.as_str().into(),
            seconds(link.expires_at),
        ],
    )?;
    Ok(())
}

/// Finds a link by the digest of its secret.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, digest: &str) -> Result<Option<Link>, Fault> {
    let rows = sql.run(
        "SELECT delivery, purpose, expires_at, COALESCE(used_at, 0) FROM on_call_link WHERE digest = ?",
        &[digest.into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let delivery = row.number("on_call_link")?;
    let purpose = row.text("on_call_link")?;
    let purpose = Purpose::parse(&purpose).ok_or(Fault::Stored {
        what: "on_call_link",
        detail: purpose,
    })?;
    let expires_at = time(row.number("on_call_link")?);
    let used_at = row.number("on_call_link")?;
    Ok(Some(Link {
        delivery,
        purpose,
        expires_at,
        used_at: (used_at > 0).then(|| time(used_at)),
    }))
}

/// Marks a link as used; returns `false` if it was used before or has expired.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn spend(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<bool, Fault> {
    let spent = sql.run(
        "UPDATE on_call_link SET used_at = ?1 WHERE digest = ?2 AND used_at IS NULL AND expires_at > ?1 RETURNING digest",
        &[seconds(now), digest.into()],
    )?;
    Ok(!spent.is_empty())
}

/// Records that a target, given by its digest, has answered a test.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn answer(sql: &impl Sql, target: &str, now: Timestamp) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO on_call_answer (target, answered_at) VALUES (?, ?)
         ON CONFLICT (target) DO UPDATE SET answered_at = excluded.answered_at",
        &[target.into(), seconds(now)],
    )?;
    Ok(())
}

/// The time at which a target, given by its digest, last answered a test.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn answered_at(sql: &impl Sql, target: &str) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.run(
        "SELECT answered_at FROM on_call_answer WHERE target = ?",
        &[target.into()],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| row.number("on_call_answer").map(time))
        .transpose()
}

fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}

fn time(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}
