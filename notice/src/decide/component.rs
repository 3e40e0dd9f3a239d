//! Adding a component.

use crate::{
    check, limits,
    rejection::Rejection,
    state::State,
    wire::{
        component::Component,
        event::Event,
        ids::{ComponentId, Slug},
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
    check::new_component(&input)?;
    if state.components.len() >= limits::COMPONENTS {
        return Err(Rejection::LimitReached(format!(
            "a site has at most {} components; delete one first",
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
            Rejection::field("/slug", "no slug can be made from this name; give one")
        })?,
    };
    let position = state
        .components
        .iter()
        .map(|component| component.position.saturating_add(1))
        .max()
        .unwrap_or(0);
    let component = Component {
        id,
        slug,
        name: input.name,
        group: input.group,
        tier: input.tier.unwrap_or(TIER),
        position,
        status: ComponentStatus::Operational,
        since: now,
        created_at: now,
    };
    Ok(vec![Event::ComponentCreated { component }])
}

/// `Text messages (EU)` becomes `text-messages-eu`, or `text-messages-eu-2` when that is taken.
fn free_slug(name: &str, taken: impl Fn(&Slug) -> bool) -> Option<Slug> {
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
