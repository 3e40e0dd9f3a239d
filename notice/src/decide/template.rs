//! Words to begin with.

use crate::{
    check, limits,
    merge::MergePatch,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event, ids::TemplateId, input::NewTemplate, template::Template, time::Timestamp,
    },
};

/// One more.
pub fn create(
    state: &State,
    id: TemplateId,
    input: NewTemplate,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    check::template(&input)?;
    if state.templates.len() >= limits::TEMPLATES {
        return Err(Rejection::LimitReached(format!(
            "A site can have at most {} templates; delete one first.",
            limits::TEMPLATES
        )));
    }
    let template = Template {
        id,
        words: input,
        created_at: now,
        updated_at: now,
    };
    Ok(vec![Event::TemplateCreated { template }])
}

/// Other words.
pub fn change(
    state: &State,
    id: &TemplateId,
    patch: MergePatch,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let standing = find(state, id)?;
    let words: NewTemplate = patch.over(&standing.words)?;
    check::template(&words)?;
    if words == standing.words {
        return Ok(Vec::new());
    }
    let template = Template {
        words,
        updated_at: now,
        ..standing.clone()
    };
    Ok(vec![Event::TemplateChanged { template }])
}

/// One less.
pub fn delete(state: &State, id: TemplateId) -> Result<Vec<Event>, Rejection> {
    find(state, &id)?;
    Ok(vec![Event::TemplateDeleted { template: id }])
}

fn find<'a>(state: &'a State, id: &TemplateId) -> Result<&'a Template, Rejection> {
    state
        .templates
        .iter()
        .find(|template| template.id == *id)
        .ok_or(Rejection::NotFound)
}
