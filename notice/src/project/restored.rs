//! The all-clear: what an incident becomes when it is over.

use crate::wire::{
    feed::Restored, incident::Incident, input::RestoredWords, language::Language, time::Timestamp,
};

const HOUR_S: i64 = 3600;
/// How long the all-clear stays, for those who were hit.
pub const EXPIRES_AFTER_S: i64 = 72 * HOUR_S;
/// How long those see the pill who were here before, but not during.
pub const RETURNING_FOR_S: i64 = 24 * HOUR_S;
/// How long everybody sees the pill.
pub const EVERYONE_FOR_S: i64 = 2 * HOUR_S;

/// When the all-clear of something that was over at `ended_at` leaves the feed.
pub fn expires_at(ended_at: Timestamp) -> Timestamp {
    ended_at.plus_seconds(EXPIRES_AFTER_S)
}

/// The all-clear of an incident that is over; `None` while it goes on.
pub fn of(incident: &Incident, language: &Language) -> Option<Restored> {
    let at = incident.ended_at.filter(|_| !incident.is_open())?;
    let own = incident.restored.clone().unwrap_or_default();
    let words = match translation(incident, language) {
        Some(translated) => RestoredWords {
            back: or(translated.back, own.back),
            check: translated.check.or(own.check),
            still: or(translated.still, own.still),
        },
        None => own,
    };
    let serious = incident.worst_impact.is_serious();
    let until = |seconds: i64| serious.then(|| at.plus_seconds(seconds));
    Some(Restored {
        at,
        seconds: u64::try_from(at.seconds() - incident.started_at.seconds()).unwrap_or(0),
        back: words.back,
        check: words.check,
        still: words.still,
        returning_until: until(RETURNING_FOR_S),
        everyone_until: until(EVERYONE_FOR_S),
        expires_at: expires_at(at),
        withdrawn: None,
        postmortem: incident.postmortem.clone(),
    })
}

fn translation(incident: &Incident, language: &Language) -> Option<RestoredWords> {
    incident.text.get(language)?.restored.clone()
}

fn or(list: Vec<String>, otherwise: Vec<String>) -> Vec<String> {
    if list.is_empty() { otherwise } else { list }
}
