//! Creates, changes and deletes incident templates.

use crate::{
    body::{check, merge::MergePatch},
    limits,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event, ids::TemplateId, input::NewTemplate, template::Template, time::Timestamp,
    },
};

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
        content: input,
        created_at: now,
        updated_at: now,
    };
    Ok(vec![Event::TemplateCreated { template }])
}

pub fn change(
    state: &State,
    id: &TemplateId,
    patch: MergePatch,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let current = find(state, id)?;
    let content: NewTemplate = patch.apply_to(&current.content)?;
    check::template(&content)?;
    if content == current.content {
        return Ok(Vec::new());
    }
    let template = Template {
        content,
        updated_at: now,
        ..current.clone()
    };
    Ok(vec![Event::TemplateChanged { template }])
}

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
