//! Projects the all-clear: the notice that an incident becomes when it is over.

use crate::{
    state::returns_with_postmortem,
    wire::{
        enums::Kind, feed::Restored, incident::Incident, input::RestoredTexts, language::Language,
        site::RestoredSettings, time::Timestamp,
    },
};

const HOUR_S: i64 = 3600;
/// Time from an incident's end until its all-clear leaves the feed, in seconds: 72 h.
pub const EXPIRES_AFTER_S: i64 = 72 * HOUR_S;
/// Time from a maintenance's end until its all-clear leaves the feed, in seconds: 2 h.
pub const MAINTENANCE_EXPIRES_AFTER_S: i64 = 2 * HOUR_S;

/// Returns the time at which the all-clear leaves the feed. `None` while the incident is open.
pub fn expires_at(incident: &Incident) -> Option<Timestamp> {
    let ended_at = incident.ended_at.filter(|_| !incident.is_open())?;
    let shown_s = match incident.kind {
        Kind::Maintenance if incident.withdrawn.is_none() => MAINTENANCE_EXPIRES_AFTER_S,
        // An ended announcement has no all-clear; a withdrawn one shows the reason.
        Kind::Announcement if incident.withdrawn.is_none() => 0,
        _ => EXPIRES_AFTER_S,
    };
    let postmortem = incident
        .postmortem
        .as_ref()
        .map(|postmortem| postmortem.published_at);
    let after_postmortem = postmortem.filter(|at| returns_with_postmortem(incident, *at));
    let ends = [
        Some(ended_at.plus_seconds(shown_s)),
        after_postmortem.map(|at| at.plus_seconds(EXPIRES_AFTER_S)),
    ];
    ends.into_iter().flatten().max()
}

/// Projects the all-clear into a language. `None` while the incident is open.
pub fn project(
    incident: &Incident,
    settings: RestoredSettings,
    language: &Language,
) -> Option<Restored> {
    let expires_at = expires_at(incident)?;
    let at = incident.ended_at?;
    let original = incident.restored.clone().unwrap_or_default();
    let texts = match translation(incident, language) {
        Some(translated) => RestoredTexts {
            back: non_empty_or(translated.back, original.back),
            check: translated.check.or(original.check),
            still: non_empty_or(translated.still, original.still),
        },
        None => original,
    };
    let is_serious = incident.kind == Kind::Incident
        && incident.withdrawn.is_none()
        && incident.worst_impact.is_serious();
    let until = |seconds: u32| is_serious.then(|| at.plus_seconds(i64::from(seconds)));
    Some(Restored {
        at,
        seconds: u64::try_from(at.seconds() - incident.started_at.seconds()).unwrap_or(0),
        back: texts.back,
        check: texts.check,
        still: texts.still,
        returning_until: until(settings.returning_s),
        everyone_until: until(settings.everyone_s),
        expires_at,
        withdrawn: incident.withdrawn.clone(),
        postmortem: incident.postmortem.clone(),
    })
}

fn translation(incident: &Incident, language: &Language) -> Option<RestoredTexts> {
    incident.text.get(language)?.restored.clone()
}

fn non_empty_or(list: Vec<String>, otherwise: Vec<String>) -> Vec<String> {
    if list.is_empty() { otherwise } else { list }
}
