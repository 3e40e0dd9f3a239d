//! Adding, changing and deleting components.

use crate::{
    check, limits,
    merge::MergePatch,
    rejection::Rejection,
    state::State,
    wire::{
        component::Component,
        event::Event,
        ids::{ComponentId, Slug},
        incident::Incident,
        input::{ComponentName, NewComponent},
        time::Timestamp,
        words::ComponentStatus,
    },
};

/// The tier of a component that names none.
const TIER: u8 = 2;

/// A slug that is given must be free; one that is made from the name finds a free one.
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
    let taken = |slug: &Slug| {
        state
            .component(&ComponentName::Slug(slug.clone()))
            .is_some()
    };
    let slug = match input.slug {
        Some(slug) if taken(&slug) => return Err(Rejection::SlugTaken(slug.to_string())),
        Some(slug) => slug,
        None => free_slug(&input.name, taken).ok_or_else(|| {
            Rejection::field(
                "/slug",
                "The name contains no letters a-z or digits to make a slug from; give a slug.",
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

/// Its id stays; its slug must stay free of others'.
pub fn change(
    state: &State,
    name: &ComponentName,
    patch: MergePatch,
) -> Result<Vec<Event>, Rejection> {
    let standing = state.component(name).ok_or(Rejection::NotFound)?;
    let input: NewComponent = patch.over(&NewComponent::of(standing))?;
    check::component(&input)?;
    let slug = input.slug.unwrap_or_else(|| standing.slug.clone());
    let named_so = state.component(&ComponentName::Slug(slug.clone()));
    if named_so.is_some_and(|other| other.id != standing.id) {
        return Err(Rejection::SlugTaken(slug.to_string()));
    }
    let aimed_at = in_force(state).find(|incident| aims_at(incident, &standing.slug));
    if let (Some(incident), true) = (aimed_at, slug != standing.slug) {
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
        ..standing.clone()
    };
    if component == *standing {
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

/// Whether an incident's audience names this slug.
fn aims_at(incident: &Incident, slug: &Slug) -> bool {
    incident.audience.iter().any(|audience| {
        audience
            .components
            .iter()
            .flatten()
            .any(|named| named == slug)
    })
}

/// Only while nothing open touches it.
pub fn delete(state: &State, name: &ComponentName) -> Result<Vec<Event>, Rejection> {
    let standing = state.component(name).ok_or(Rejection::NotFound)?;
    let touching = in_force(state)
        .filter(|incident| incident.is_open())
        .find(|incident| {
            let touched = incident
                .components
                .iter()
                .any(|touched| touched.id == standing.id);
            touched || aims_at(incident, &standing.slug)
        });
    if let Some(incident) = touching {
        return Err(Rejection::NotEmpty(format!(
            "The open incident {} uses this component; resolve the incident first.",
            incident.id
        )));
    }
    Ok(vec![Event::ComponentDeleted {
        component: standing.id.clone(),
    }])
}

/// The slug of a component that is given none. `Text messages (EU)` becomes `text-messages-eu`, or `text-messages-eu-2` when
/// that is taken. `None`: the name has no letters a-z or digits to make it from.
pub fn free_slug(name: &str, taken: impl Fn(&Slug) -> bool) -> Option<Slug> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let stem = words.join("-");
    (1..=limits::COMPONENTS + 1)
        .filter_map(|number| {
            let end = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let room = Slug::MAX.saturating_sub(end.len());
            let stem: String = stem.chars().take(room).collect();
            Slug::parse(&format!("{}{end}", stem.trim_end_matches('-')))
        })
        .find(|slug| !taken(slug))
}
