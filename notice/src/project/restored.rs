//! The all-clear: what an incident becomes when it is over.

use crate::{
    state::returns_with_postmortem,
    wire::{
        feed::Restored, incident::Incident, input::RestoredWords, language::Language,
        site::RestoredSettings, time::Timestamp, words::Kind,
    },
};

const HOUR_S: i64 = 3600;
/// How long the all-clear stays, for those who were hit.
pub const EXPIRES_AFTER_S: i64 = 72 * HOUR_S;
/// How long the all-clear of planned work stays.
pub const MAINTENANCE_EXPIRES_AFTER_S: i64 = 2 * HOUR_S;

/// When the all-clear of something that is over leaves the feed; `None` while it goes on.
pub fn expires_at(incident: &Incident) -> Option<Timestamp> {
    let ended_at = incident.ended_at.filter(|_| !incident.is_open())?;
    let stays_s = match incident.kind {
        Kind::Maintenance if incident.withdrawn.is_none() => MAINTENANCE_EXPIRES_AFTER_S,
        // An announcement that has ended says nothing; one that was a mistake says so.
        Kind::Announcement if incident.withdrawn.is_none() => 0,
        _ => EXPIRES_AFTER_S,
    };
    let postmortem = incident
        .postmortem
        .as_ref()
        .map(|postmortem| postmortem.published_at);
    let again = postmortem.filter(|at| returns_with_postmortem(incident, *at));
    let ends = [
        Some(ended_at.plus_seconds(stays_s)),
        again.map(|at| at.plus_seconds(EXPIRES_AFTER_S)),
    ];
    ends.into_iter().flatten().max()
}

/// The all-clear of an incident that is over; `None` while it goes on.
pub fn of(
    incident: &Incident,
    settings: RestoredSettings,
    language: &Language,
) -> Option<Restored> {
    let expires_at = expires_at(incident)?;
    let at = incident.ended_at?;
    let own = incident.restored.clone().unwrap_or_default();
    let words = match translation(incident, language) {
        Some(translated) => RestoredWords {
            back: or(translated.back, own.back),
            check: translated.check.or(own.check),
            still: or(translated.still, own.still),
        },
        None => own,
    };
    let serious = incident.kind == Kind::Incident
        && incident.withdrawn.is_none()
        && incident.worst_impact.is_serious();
    let until = |seconds: u32| serious.then(|| at.plus_seconds(i64::from(seconds)));
    Some(Restored {
        at,
        seconds: u64::try_from(at.seconds() - incident.started_at.seconds()).unwrap_or(0),
        back: words.back,
        check: words.check,
        still: words.still,
        returning_until: until(settings.returning_s),
        everyone_until: until(settings.everyone_s),
        expires_at,
        withdrawn: incident.withdrawn.clone(),
        postmortem: incident.postmortem.clone(),
    })
}

fn translation(incident: &Incident, language: &Language) -> Option<RestoredWords> {
    incident.text.get(language)?.restored.clone()
}

fn or(list: Vec<String>, otherwise: Vec<String>) -> Vec<String> {
    if list.is_empty() { otherwise } else { list }
}
