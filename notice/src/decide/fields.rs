//! What incidents, updates and changes of them have in common: what they name must exist, what they promise lies ahead.

use std::collections::BTreeMap;

use crate::{
    rejection::Rejection,
    state::State,
    wire::{
        ids::{ComponentId, IncidentId},
        input::{Audience, IncidentText, NamedComponent},
        language::Language,
        time::Timestamp,
        words::{ComponentStatus, Impact, Status},
    },
};

/// A promise, an estimate or a plan is about what is to come.
pub fn future(pointer: &str, at: Option<Timestamp>, now: Timestamp) -> Result<(), Rejection> {
    match at {
        Some(at) if at <= now => Err(Rejection::field(
            pointer,
            format!("Must be in the future; the server time is {now}."),
        )),
        _ => Ok(()),
    }
}

/// Texts come in the site's languages only, so that a mistyped tag is not silently unseen.
pub fn languages(state: &State, text: &BTreeMap<Language, IncidentText>) -> Result<(), Rejection> {
    let known = state.site.as_ref().map(|site| site.languages.as_slice());
    for language in text.keys() {
        if !known.unwrap_or_default().contains(language) {
            return Err(unknown(
                format!("/text/{language}"),
                format!(
                    "The site does not have the language {language}; add it to the site first."
                ),
            ));
        }
    }
    Ok(())
}

/// Components named by id or slug, as ids with their statuses.
pub fn resolve_components(
    state: &State,
    named: &[NamedComponent],
    impact: Impact,
    incident: Status,
) -> Result<Vec<(ComponentId, ComponentStatus)>, Rejection> {
    let mut resolved: Vec<(ComponentId, ComponentStatus)> = Vec::with_capacity(named.len());
    for (index, name) in named.iter().enumerate() {
        let component = state.component(&name.id).ok_or_else(|| {
            unknown(
                format!("/components/{index}/id"),
                format!(
                    "The site has no component {}; add it first.",
                    name.id.as_str()
                ),
            )
        })?;
        if resolved.iter().any(|(id, _)| *id == component.id) {
            return Err(Rejection::field(
                format!("/components/{index}/id"),
                format!(
                    "The component {} is listed twice; remove one.",
                    name.id.as_str()
                ),
            ));
        }
        let status = name.status.unwrap_or_else(|| {
            if incident.is_over() {
                ComponentStatus::Operational
            } else {
                usual_status(impact)
            }
        });
        if incident.is_over() && status != ComponentStatus::Operational {
            return Err(Rejection::field(
                format!("/components/{index}/status"),
                "The incident is over, so its components are operational; describe remaining problems in restored.still.",
            ));
        }
        resolved.push((component.id.clone(), status));
    }
    Ok(resolved)
}

/// How a component does that an incident names without saying.
fn usual_status(impact: Impact) -> ComponentStatus {
    match impact {
        Impact::None | Impact::Unknown => ComponentStatus::Operational,
        Impact::Minor => ComponentStatus::DegradedPerformance,
        Impact::Major => ComponentStatus::PartialOutage,
        Impact::Critical => ComponentStatus::MajorOutage,
        Impact::Maintenance => ComponentStatus::UnderMaintenance,
    }
}

/// The incident's texts, and the update's bodies, which belong to the update.
pub fn split_bodies(
    text: BTreeMap<Language, IncidentText>,
) -> (BTreeMap<Language, IncidentText>, BTreeMap<Language, String>) {
    let mut incident = BTreeMap::new();
    let mut bodies = BTreeMap::new();
    for (language, mut words) in text {
        if let Some(body) = words.body.take() {
            bodies.insert(language.clone(), body);
        }
        if words != IncidentText::default() {
            incident.insert(language, words);
        }
    }
    (incident, bodies)
}

/// Segments and components that an audience names must exist.
pub fn known_audience(state: &State, audience: Option<&Audience>) -> Result<(), Rejection> {
    let Some(audience) = audience else {
        return Ok(());
    };
    let segments = state.site.as_ref().map(|site| site.segments.as_slice());
    for (index, slug) in audience.segments.iter().enumerate() {
        let known = segments
            .unwrap_or_default()
            .iter()
            .any(|segment| segment.slug == *slug);
        if !known {
            return Err(unknown(
                format!("/audience/segments/{index}"),
                format!("The site has no segment {slug}; add it first."),
            ));
        }
    }
    for (index, slug) in audience.components.iter().flatten().enumerate() {
        let known = state
            .components
            .iter()
            .any(|component| component.slug == *slug);
        if !known {
            return Err(unknown(
                format!("/audience/components/{index}"),
                format!("The site has no component {slug}; add it first."),
            ));
        }
    }
    Ok(())
}

/// Incidents that are named as related must exist, and be others.
pub fn known_related(
    state: &State,
    own: &IncidentId,
    related: &[IncidentId],
) -> Result<(), Rejection> {
    for (index, other) in related.iter().enumerate() {
        if other == own || !state.incidents.contains_key(other) {
            return Err(unknown(
                format!("/related/{index}"),
                format!("The site has no other incident {other}; remove it or correct its id."),
            ));
        }
    }
    Ok(())
}

fn unknown(pointer: String, detail: String) -> Rejection {
    Rejection::UnknownReference { pointer, detail }
}
