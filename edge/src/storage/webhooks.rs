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

/// A secret that was replaced by a rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerSecret {
    pub secret: Secret,
    /// Time until which it signs too.
    pub until: Timestamp,
}

/// The column `document`.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(flatten)]
    settings: Settings,
    /// The former secrets before the one in the column `former_secret`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier_secrets: Vec<FormerSecret>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub settings: Settings,
    /// The secret with which requests are signed.
    pub secret: Secret,
    /// The secrets before the last rotations, the newest first.
    pub former: Vec<FormerSecret>,
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
        let former = self.signing_former(now).map(|former| &former.secret);
        std::iter::once(&self.secret)
            .chain(former)
            .cloned()
            .collect()
    }

    fn signing_former(&self, now: Timestamp) -> impl Iterator<Item = &FormerSecret> {
        self.former.iter().filter(move |former| former.until > now)
    }

    /// Replaces the secret. The former one signs too until a time, and those before it as long as they would have without this rotation.
    pub fn rotated(self, secret: Secret, until: Timestamp, now: Timestamp) -> Self {
        let mut former = vec![FormerSecret {
            secret: self.secret.clone(),
            until,
        }];
        former.extend(self.signing_former(now).cloned());
        Self {
            secret,
            former,
            ..self
        }
    }

    fn document(&self) -> Result<String, Fault> {
        Ok(serde_json::to_string(&Document {
            settings: self.settings.clone(),
            earlier_secrets: self.former.iter().skip(1).cloned().collect(),
        })?)
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
            webhook.document()?.into(),
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
pub fn change(sql: &impl Sql, webhook: &Webhook) -> Result<(), Fault> {
    sql.run(
        "UPDATE webhook SET document = ?1, hangs = 0, failing_since = CASE WHEN ?2 THEN failing_since END WHERE id = ?3",
        &[
            webhook.document()?.into(),
            (!webhook.is_enabled()).into(),
            webhook.id.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Stores the secrets after a rotation.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn rotate(sql: &impl Sql, webhook: &Webhook) -> Result<(), Fault> {
    let former = webhook.former.first();
    sql.run(
        "UPDATE webhook SET document = ?, secret = ?, former_secret = ?, former_until = ? WHERE id = ?",
        &[
            webhook.document()?.into(),
            webhook.secret.as_str().into(),
            former.map_or(Value::Null, |former| former.secret.as_str().into()),
            former.map_or(Value::Null, |former| seconds(former.until)),
            webhook.id.as_str().into(),
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
    let Document {
        settings,
        earlier_secrets,
    } = serde_json::from_str(&row.text("webhook")?)?;
    let secret = Secret::stored(row.text("webhook")?)?;
    let (former, until) = (row.text("webhook")?, time(&mut row)?);
    let former = until.map(|until| {
        let secret = Secret::stored(former)?;
        Ok::<_, Fault>(FormerSecret { secret, until })
    });
    Ok(Webhook {
        id,
        settings,
        secret,
        former: former
            .transpose()?
            .into_iter()
            .chain(earlier_secrets)
            .collect(),
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
