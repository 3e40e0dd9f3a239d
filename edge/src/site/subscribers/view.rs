//! The numbers of subscribers and the progress of mailings, for operators. Addresses are in no answer.

use notice::{
    notify::EventName,
    wire::{
        ids::{IncidentId, MessageId},
        time::Timestamp,
    },
};
use serde::Serialize;

use crate::{
    answer::Answer,
    fault::Fault,
    site::{call::Call, change::timestamp},
    storage::{
        mailings::{self, Progress},
        sql::Sql,
        subscribers, subscription_requests,
    },
};

/// Number of mailings: the newest ones.
const SHOWN: u64 = 20;

/// The subscribers of a site.
#[derive(Debug, Serialize)]
struct View {
    /// Whether the deployment sends mail.
    sends_mail: bool,
    /// Whether the deployment has `SECRET_KEY`.
    has_secret_key: bool,
    confirmed: u64,
    to_site: u64,
    to_incidents: u64,
    unconfirmed: u64,
    suppressed: u64,
    mailings: Vec<MailingView>,
}

#[derive(Debug, Serialize)]
struct MailingView {
    id: MessageId,
    event: EventName,
    incident: IncidentId,
    at: Timestamp,
    waiting: u64,
    sent: u64,
    failed: u64,
}

/// The numbers of subscribers, and the newest mailings.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn view(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Fault> {
    let counts = subscribers::counts(sql)?;
    let shown = |progress: Progress| MailingView {
        id: progress.id,
        event: progress.event,
        incident: progress.incident,
        at: progress.at,
        waiting: progress.waiting,
        sent: progress.sent,
        failed: progress.failed,
    };
    let view = View {
        sends_mail: call.envelope.sends_mail,
        has_secret_key: call.envelope.has_secret_key,
        confirmed: counts.subscribers,
        to_site: counts.to_site,
        to_incidents: counts.to_incidents,
        unconfirmed: subscription_requests::count_open(sql)?,
        suppressed: mailings::suppressed(sql, timestamp(call.now_ms))?,
        mailings: mailings::progress(sql, SHOWN)?
            .into_iter()
            .map(shown)
            .collect(),
    };
    Ok(Answer::json(200, &view)?)
}
