//! Creates, changes and deletes components.

use crate::{
    body::{check, merge::MergePatch, slug},
    limits,
    rejection::Rejection,
    state::State,
    wire::{
        component::Component,
        enums::ComponentStatus,
        event::Event,
        ids::{ComponentId, Slug},
        incident::Incident,
        input::{ComponentName, NewComponent},
        time::Timestamp,
    },
};

/// Default tier of a component.
const TIER: u8 = 2;

/// Creates a component. A slug in the input must be unused. Without one, an unused slug is derived from the name.
pub fn create(
    state: &State,
    id: ComponentId,
    input: NewComponent,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::component(&input)?;
    if state.components.len() >= limits::COMPONENTS {
        return Err(Rejection::LimitReached(format!(
            "A site can have at most {} components; delete one first.",
            limits::COMPONENTS
        )));
    }
    let is_taken = |slug: &Slug| {
        state
            .component(&ComponentName::Slug(slug.clone()))
            .is_some()
    };
    let slug = match input.slug {
        Some(slug) if is_taken(&slug) => return Err(Rejection::SlugTaken(slug.to_string())),
        Some(slug) => slug,
        None => slug::free(&input.name, is_taken).ok_or_else(|| {
            Rejection::field(
                "/slug",
                "The name contains no Latin letters or digits to make a slug from; give a slug.",
            )
        })?,
    };
    let last = u32::try_from(state.components.len()).unwrap_or(u32::MAX);
    let component = Component {
        id,
        slug,
        name: input.name,
        group: input.group,
        tier: input.tier.unwrap_or(TIER),
        position: input.position.unwrap_or(last).min(last),
        status: ComponentStatus::Operational,
        since: now,
        created_at: now,
    };
    Ok(vec![Event::ComponentCreated { component }])
}

/// Changes a component. A new slug must be unused. The slug cannot change while it is in the audience of an incident in force.
pub fn change(
    state: &State,
    name: &ComponentName,
    patch: MergePatch,
) -> Result<Vec<Event>, Rejection> {
    let current = state.component(name).ok_or(Rejection::NotFound)?;
    let input: NewComponent = patch.apply_to(&NewComponent::of(current))?;
    check::component(&input)?;
    let slug = input.slug.unwrap_or_else(|| current.slug.clone());
    let slug_owner = state.component(&ComponentName::Slug(slug.clone()));
    if slug_owner.is_some_and(|other| other.id != current.id) {
        return Err(Rejection::SlugTaken(slug.to_string()));
    }
    let incident_with_slug =
        in_force(state).find(|incident| is_in_audience(&current.slug, incident));
    if let (Some(incident), true) = (incident_with_slug, slug != current.slug) {
        return Err(Rejection::NotEmpty(format!(
            "The audience of incident {} uses this slug; change the audience first.",
            incident.id
        )));
    }
    let last = u32::try_from(state.components.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let component = Component {
        slug,
        name: input.name,
        group: input.group,
        tier: input.tier.unwrap_or(TIER),
        position: input.position.unwrap_or(last).min(last),
        ..current.clone()
    };
    if component == *current {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ComponentChanged { component }])
}

fn in_force(state: &State) -> impl Iterator<Item = &Incident> {
    state
        .incidents
        .values()
        .filter(|incident| incident.is_in_force())
}

/// Whether an incident's audience contains the component with this slug.
fn is_in_audience(slug: &Slug, incident: &Incident) -> bool {
    incident.audience.iter().any(|audience| {
        audience
            .components
            .iter()
            .flatten()
            .any(|named| named == slug)
    })
}

/// Deletes a component. No open incident may affect it or have it in its audience.
pub fn delete(state: &State, name: &ComponentName) -> Result<Vec<Event>, Rejection> {
    let current = state.component(name).ok_or(Rejection::NotFound)?;
    let using = in_force(state)
        .filter(|incident| incident.is_open())
        .find(|incident| {
            let affected = incident
                .components
                .iter()
                .any(|affected| affected.id == current.id);
            affected || is_in_audience(&current.slug, incident)
        });
    if let Some(incident) = using {
        return Err(Rejection::NotEmpty(format!(
            "The open incident {} uses this component; resolve the incident first.",
            incident.id
        )));
    }
    Ok(vec![Event::ComponentDeleted {
        component: current.id.clone(),
    }])
}
