//! Webhooks: the URLs to which a site's events are sent. The journal and exports do not contain them,
//! because their URLs and secrets are credentials.

use notice::{
    notify::EventName,
    wire::{
        enums::DisabledReason,
        ids::{ComponentId, WebhookId},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::sql::{Row, Sql, Value};
use crate::{
    fault::Fault,
    messages::{format::Format, signature::Secret},
};

/// A webhook's settings, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub url: String,
    /// The events that the webhook receives. Empty means all.
    pub events: Vec<EventName>,
    /// The components whose events the webhook receives. Empty means all.
    pub components: Vec<ComponentId>,
    pub format: Format,
    /// The reason why the webhook is disabled; `None` while it is enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
    pub created_at: Timestamp,
}

/// The reason why a webhook is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disabled {
    ByOperator,
    /// The server disabled it because of the answers of its endpoint.
    Because(DisabledReason),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub settings: Settings,
    /// The secret with which requests are signed.
    pub secret: Secret,
    /// The secret before the last rotation, and the time until which requests are signed with it
    /// too.
    pub former: Option<(Secret, Timestamp)>,
    /// Whether the last attempt got no answer in time.
    pub hangs: bool,
    /// Time of the first attempt that has failed since the last success; `None` if the last attempt
    /// succeeded.
    pub failing_since: Option<Timestamp>,
}

impl Webhook {
    pub fn is_enabled(&self) -> bool {
        self.settings.disabled.is_none()
    }

    /// The secrets with which requests are signed now, the newest first.
    pub fn secrets(&self, now: Timestamp) -> Vec<Secret> {
        let former = self.former.iter().filter(|(_, until)| *until > now);
        let former = former.map(|(secret, _)| secret);
        std::iter::once(&self.secret)
            .chain(former)
            .cloned()
            .collect()
    }
}

const COLUMNS: &str = "id, document, secret, COALESCE(former_secret, ''), COALESCE(former_until, 0), hangs, COALESCE(failing_since, 0)";

/// Stores a new webhook. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add(sql: &impl Sql, webhook: &Webhook) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO webhook (id, number, document, secret)
         VALUES (?, (SELECT COALESCE(max(number), 0) + 1 FROM webhook), ?, ?)",
        &[
            webhook.id.as_str().into(),
            serde_json::to_string(&webhook.settings)?.into(),
            webhook.secret.as_str().into(),
        ],
    )?;
    Ok(())
}

/// All webhooks, oldest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(sql: &impl Sql) -> Result<Vec<Webhook>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM webhook ORDER BY number");
    let rows = sql.run(&statement, &[])?;
    rows.into_iter().map(read).collect()
}

/// Finds a webhook.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, id: &WebhookId) -> Result<Option<Webhook>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM webhook WHERE id = ?");
    let rows = sql.run(&statement, &[id.as_str().into()])?;
    rows.into_iter().next().map(read).transpose()
}

/// Stores changed settings. An enabled webhook then counts as not having failed.
///
/// # Errors
/// `Fault` if a statement fails. Call this inside a transaction.
pub fn change(sql: &impl Sql, id: &WebhookId, settings: &Settings) -> Result<(), Fault> {
    sql.run(
        "UPDATE webhook SET document = ?1, hangs = 0, failing_since = CASE WHEN ?2 THEN failing_since END WHERE id = ?3",
        &[
            serde_json::to_string(settings)?.into(),
            settings.disabled.is_some().into(),
            id.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Replaces the secret. Requests are signed with the former secret too, until `former_until`.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn rotate(
    sql: &impl Sql,
    id: &WebhookId,
    secret: &Secret,
    former_until: Timestamp,
) -> Result<(), Fault> {
    sql.run(
        "UPDATE webhook SET former_secret = secret, former_until = ?, secret = ? WHERE id = ?",
        &[
            seconds(former_until),
            secret.as_str().into(),
            id.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Records whether the last attempt hung, and since when attempts have failed.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn set_health(
    sql: &impl Sql,
    id: &WebhookId,
    hangs: bool,
    failing_since: Option<Timestamp>,
) -> Result<(), Fault> {
    sql.run(
        "UPDATE webhook SET hangs = ?, failing_since = ? WHERE id = ?",
        &[
            hangs.into(),
            failing_since.map_or(Value::Null, seconds),
            id.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Deletes a webhook with its deliveries. Call this inside a transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn delete(sql: &impl Sql, id: &WebhookId) -> Result<(), Fault> {
    for statement in [
        "DELETE FROM delivery WHERE webhook = ?",
        "DELETE FROM webhook WHERE id = ?",
    ] {
        sql.run(statement, &[id.as_str().into()])?;
    }
    Ok(())
}

fn read(mut row: Row) -> Result<Webhook, Fault> {
    let id = row.text("webhook")?;
    let id = WebhookId::parse(&id).ok_or(Fault::Stored {
        what: "webhook",
        detail: id,
    })?;
    let settings = serde_json::from_str(&row.text("webhook")?)?;
    let secret = Secret::stored(row.text("webhook")?)?;
    let (former, until) = (row.text("webhook")?, time(&mut row)?);
    let former = until.map(|until| Ok::<_, Fault>((Secret::stored(former)?, until)));
    Ok(Webhook {
        id,
        settings,
        secret,
        former: former.transpose()?,
        hangs: row.number("webhook")? == 1,
        failing_since: time(&mut row)?,
    })
}

/// A time as stored: whole seconds since 1970.
fn seconds(at: Timestamp) -> Value {
    u64::try_from(at.seconds()).unwrap_or(0).into()
}

/// Reads a time; `None` for 0.
fn time(row: &mut Row) -> Result<Option<Timestamp>, Fault> {
    let seconds = i64::try_from(row.number("webhook")?).unwrap_or(i64::MAX);
    Ok((seconds > 0).then(|| Timestamp::from_seconds(seconds)))
}
