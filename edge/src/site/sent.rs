//! The messages to webhooks and on-call targets, sent or waiting, for `/dev/outbox`.

use notice::notify::target;

use super::dispatch::host_of;
use crate::{
    fault::Fault,
    rpc::sent_message::SentMessage,
    storage::{
        on_call_deliveries,
        outbox::{self, Attempt},
        sql::Sql,
        webhooks,
    },
};

/// Maximum number of deliveries that are returned for each webhook, and for all on-call targets
/// together.
const SHOWN: usize = 50;

/// Returns the newest deliveries of each webhook, and the newest to on-call targets, sorted by the time of the last attempt,
/// latest first. Deliveries without an attempt come last.
///
/// # Errors
/// `Fault` if the database fails.
pub fn messages(sql: &impl Sql) -> Result<Vec<SentMessage>, Fault> {
    let mut messages = Vec::new();
    for webhook in webhooks::list(sql)? {
        let to = format!(
            "{} ({})",
            host_of(&webhook.settings.url),
            webhook.settings.format.as_str()
        );
        for delivery in outbox::list(sql, &webhook.id, None, SHOWN)? {
            messages.push(message(&to, delivery.state.as_str(), delivery.last));
        }
    }
    for delivery in on_call_deliveries::list(sql, None, SHOWN)? {
        let to = format!("on-call: {}", target::name(&delivery.content.target));
        messages.push(message(&to, delivery.state.as_str(), delivery.last));
    }
    messages.sort_by_key(|message| std::cmp::Reverse(message.at));
    Ok(messages)
}

fn message(to: &str, state: &str, last: Option<Attempt>) -> SentMessage {
    let answer = last.as_ref().map(|last| match (last.status, &last.error) {
        (Some(status), _) => status.to_string(),
        (None, error) => error.clone().unwrap_or_default(),
    });
    SentMessage {
        at: last.as_ref().map(|last| last.at),
        to: to.to_owned(),
        state: state.to_owned(),
        answer: answer.unwrap_or_default(),
        request: last.map(|last| last.request).unwrap_or_default(),
    }
}
