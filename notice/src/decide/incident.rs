//! Publishing an incident.

use std::collections::BTreeMap;

use crate::{
    check,
    rejection::{FieldError, Rejection},
    state::State,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, UpdateId},
        incident::{Incident, IncidentComponent, Update},
        input::{Audience, IncidentText, NamedComponent, NewIncident},
        language::Language,
        time::Timestamp,
        words::{ComponentStatus, Impact, Kind, Status},
    },
};

/// Seconds that an operator's clock may be ahead of ours.
const CLOCK_SKEW_S: i64 = 60;

/// The incident as asked for, with every default filled in.
pub fn create(
    state: &State,
    id: IncidentId,
    update: UpdateId,
    input: NewIncident,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::new_incident(&input)?;
    if input.kind != Kind::Incident {
        return Err(Rejection::field(
            "/kind",
            "this server publishes incidents; maintenance and announcements are not available yet",
        ));
    }
    let status = input.status.unwrap_or(Status::Investigating);
    let impact = input.impact.unwrap_or(Impact::None);
    let started_at = input.started_at.unwrap_or(now);
    if started_at > now.plus_seconds(CLOCK_SKEW_S) {
        return Err(Rejection::field("/started_at", "lies in the future"));
    }
    future("/next_update_at", input.next_update_at, now)?;
    future("/estimated_end_at", input.estimated_end_at, now)?;
    languages(state, &input.text)?;
    if let Some(audience) = &input.audience {
        known_audience(state, audience)?;
    }
    for (index, related) in input.related.iter().enumerate() {
        if !state.incidents.contains_key(related) {
            return Err(unknown_incident(format!("/related/{index}"), related));
        }
    }
    let over = status.is_over();
    let components = resolve_components(state, &input.components, impact, status)?
        .into_iter()
        .map(|(id, status)| IncidentComponent {
            id,
            status,
            since: started_at,
        })
        .collect();
    let (text, bodies) = split_bodies(input.text);
    let first = Update {
        id: update,
        status,
        body: input.body.unwrap_or_default(),
        text: bodies,
        at: now,
        next_update_at: input.next_update_at.filter(|_| !over),
    };
    let incident = Incident {
        id,
        kind: input.kind,
        status,
        impact,
        worst_impact: impact,
        in_app: input.in_app,
        hold: input.hold,
        drill: input.drill,
        attention: 1,
        title: input.title,
        advice: input.advice,
        works: input.works,
        broken: input.broken,
        components,
        audience: input.audience,
        contacts: input.contacts,
        related: input.related,
        started_at,
        ended_at: over.then_some(now),
        next_update_at: first.next_update_at,
        estimated_end_at: input.estimated_end_at.filter(|_| !over),
        confidence: input.confidence.filter(|_| !over),
        restored: input.restored.filter(|_| over),
        postmortem: None,
        text,
        expired: false,
        created_at: now,
        updated_at: now,
        updates: vec![first],
    };
    Ok(vec![Event::IncidentCreated {
        incident: Box::new(incident),
    }])
}

/// A promise or estimate is about what is to come.
pub fn future(pointer: &str, at: Option<Timestamp>, now: Timestamp) -> Result<(), Rejection> {
    match at {
        Some(at) if at <= now => Err(Rejection::field(
            pointer,
            format!("lies in the past; the server's time is {now}"),
        )),
        _ => Ok(()),
    }
}

/// Texts come in the site's languages only, so that a mistyped tag is not silently unseen.
pub fn languages(state: &State, text: &BTreeMap<Language, IncidentText>) -> Result<(), Rejection> {
    let known = state.site.as_ref().map(|site| site.languages.as_slice());
    for language in text.keys() {
        if !known.unwrap_or_default().contains(language) {
            return Err(Rejection::UnknownReference {
                pointer: format!("/text/{language}"),
                detail: format!(
                    "the site has no language {language}; add it to the site's languages first"
                ),
            });
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
        let component = state
            .component(&name.id)
            .ok_or_else(|| Rejection::UnknownReference {
                pointer: format!("/components/{index}/id"),
                detail: format!("the site has no component {}", name.id.as_str()),
            })?;
        if resolved.iter().any(|(id, _)| *id == component.id) {
            return Err(Rejection::Fields(vec![FieldError::invalid(
                format!("/components/{index}/id"),
                format!("{} is named twice", name.id.as_str()),
            )]));
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
                "when an incident is over its components are operational; say in restored.still what is not yet right",
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

fn known_audience(state: &State, audience: &Audience) -> Result<(), Rejection> {
    let segments = state.site.as_ref().map(|site| site.segments.as_slice());
    for (index, slug) in audience.segments.iter().enumerate() {
        let known = segments
            .unwrap_or_default()
            .iter()
            .any(|segment| segment.slug == *slug);
        if !known {
            return Err(Rejection::UnknownReference {
                pointer: format!("/audience/segments/{index}"),
                detail: format!("the site declares no segment {slug}"),
            });
        }
    }
    for (index, slug) in audience.components.iter().flatten().enumerate() {
        let known = state
            .components
            .iter()
            .any(|component| component.slug == *slug);
        if !known {
            return Err(Rejection::UnknownReference {
                pointer: format!("/audience/components/{index}"),
                detail: format!("the site has no component {slug}"),
            });
        }
    }
    Ok(())
}

fn unknown_incident(pointer: String, id: &IncidentId) -> Rejection {
    Rejection::UnknownReference {
        pointer,
        detail: format!("the site has no incident {id}"),
    }
}
