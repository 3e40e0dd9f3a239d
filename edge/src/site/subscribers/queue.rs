//! Queues the mails to subscribers about an occurrence, in the transaction of its event.

use notice::{
    notify::{
        EventName, Mail, Occurrence,
        subscription::{due_at, lifetime, rank, recipients},
    },
    project::feed,
    state::State,
    wire::{ids::MessageId, time::Timestamp},
};

use crate::{
    fault::Fault,
    runtime::random,
    storage::{
        mailings::{self, Last, Mailing},
        sql::Sql,
        subscribers,
    },
};

/// Queues a mailing. `mail` is the occurrence's route, `state` the state after its event, `at` the time of the row. Call this inside a
/// transaction.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn queue(
    sql: &impl Sql,
    occurrence: &Occurrence,
    mail: Mail,
    state: &State,
    at: Timestamp,
) -> Result<(), Fault> {
    let id = occurrence.incident.as_ref();
    let (Some(site), Some(incident)) = (&state.site, id.and_then(|id| state.incidents.get(id)))
    else {
        return Ok(());
    };
    subscribers::set_lifetime(sql, &incident.id, lifetime(occurrence.event), at)?;
    let recipients = recipients(occurrence, mail, incident);
    if recipients.is_nobody() {
        return Ok(());
    }
    let components = occurrence.components.as_slice();
    let languages = mailings::languages(sql, &incident.id, recipients, components)?;
    if languages.is_empty() {
        return Ok(());
    }
    let status_url = format!("/s/{}", site.slug);
    let last = mailings::last(sql, &incident.id)?;
    let mailing = Mailing {
        event: occurrence.event,
        incident: incident.id.clone(),
        at,
        since: since(occurrence.event, last, at),
        notices: languages
            .into_iter()
            .map(|language| {
                let notice = feed::notice(state, site, incident, &language, &status_url);
                (language, notice)
            })
            .collect(),
    };
    let message = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    let due_at = due_at(occurrence.event, last.map(|last| last.due_at), at);
    let rank = rank(occurrence.event, incident.worst_or_current());
    let receivers = (recipients, components);
    mailings::add(sql, &message, &mailing, receivers, (rank, due_at))
}

/// The time since which a mail about an update has all updates: that of the last mailing, or, if that one waits and is replaced, the
/// time since which it would have had them.
fn since(event: EventName, last: Option<Last>, now: Timestamp) -> Option<Timestamp> {
    let last = last.filter(|_| event == EventName::IncidentUpdated)?;
    match last.due_at > now {
        true => last.since,
        false => Some(last.at),
    }
}
