//! Checks that creating, changing and updating incidents share: references must exist, promised times must be in the
//! future.

use std::collections::BTreeMap;

use crate::{
    rejection::Rejection,
    state::State,
    wire::{
        enums::{ComponentStatus, Impact, Status},
        ids::{ComponentId, IncidentId},
        input::{Audience, IncidentText, NamedComponent},
        language::Language,
        time::Timestamp,
    },
};

/// Checks that a time is in the future.
pub fn check_future(pointer: &str, at: Option<Timestamp>, now: Timestamp) -> Result<(), Rejection> {
    match at {
        Some(at) if at <= now => Err(Rejection::field(
            pointer,
            format!("Must be in the future; the server time is {now}."),
        )),
        _ => Ok(()),
    }
}

/// Checks that the site has the languages of all translations, so that a misspelt tag does not go unnoticed.
pub fn check_languages(
    state: &State,
    text: &BTreeMap<Language, IncidentText>,
) -> Result<(), Rejection> {
    let known = state.site.as_ref().map(|site| site.languages.as_slice());
    for language in text.keys() {
        if !known.unwrap_or_default().contains(language) {
            return Err(unknown_reference(
                format!("/text/{language}"),
                format!(
                    "The site does not have the language {language}; add it to the site first."
                ),
            ));
        }
    }
    Ok(())
}

/// Resolves the ids and slugs of components, and fills in their default statuses.
pub fn resolve_components(
    state: &State,
    named: &[NamedComponent],
    impact: Impact,
    incident: Status,
) -> Result<Vec<(ComponentId, ComponentStatus)>, Rejection> {
    let mut resolved: Vec<(ComponentId, ComponentStatus)> = Vec::with_capacity(named.len());
    for (index, name) in named.iter().enumerate() {
        let component = state.component(&name.id).ok_or_else(|| {
            unknown_reference(
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
                default_status(impact)
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

/// Returns the default status of a component in an incident of this impact.
fn default_status(impact: Impact) -> ComponentStatus {
    match impact {
        Impact::None | Impact::Unknown => ComponentStatus::Operational,
        Impact::Minor => ComponentStatus::DegradedPerformance,
        Impact::Major => ComponentStatus::PartialOutage,
        Impact::Critical => ComponentStatus::MajorOutage,
        Impact::Maintenance => ComponentStatus::UnderMaintenance,
    }
}

/// Separates translations of the incident's texts from translations of the update's body.
pub fn split_bodies(
    text: BTreeMap<Language, IncidentText>,
) -> (BTreeMap<Language, IncidentText>, BTreeMap<Language, String>) {
    let mut incident = BTreeMap::new();
    let mut bodies = BTreeMap::new();
    for (language, mut texts) in text {
        if let Some(body) = texts.body.take() {
            bodies.insert(language.clone(), body);
        }
        if texts != IncidentText::default() {
            incident.insert(language, texts);
        }
    }
    (incident, bodies)
}

/// Checks that the segments and components of an audience exist.
pub fn check_audience(state: &State, audience: Option<&Audience>) -> Result<(), Rejection> {
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
            return Err(unknown_reference(
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
            return Err(unknown_reference(
                format!("/audience/components/{index}"),
                format!("The site has no component {slug}; add it first."),
            ));
        }
    }
    Ok(())
}

/// Checks that related incidents exist, and that the incident is not among them.
pub fn check_related(
    state: &State,
    own: &IncidentId,
    related: &[IncidentId],
) -> Result<(), Rejection> {
    for (index, other) in related.iter().enumerate() {
        if other == own || !state.incidents.contains_key(other) {
            return Err(unknown_reference(
                format!("/related/{index}"),
                format!("The site has no other incident {other}; remove it or correct its id."),
            ));
        }
    }
    Ok(())
}

fn unknown_reference(pointer: String, detail: String) -> Rejection {
    Rejection::UnknownReference { pointer, detail }
}
