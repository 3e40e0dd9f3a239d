//! What operators read, and how each thing is shown to them: the same after a write as in a read.

use notice::{
    project::view,
    rejection::Rejection,
    state::State,
    wire::{
        ids::{IncidentId, TemplateId, UpdateId},
        input::ComponentName,
        words::Word,
    },
};
use serde::Serialize;

use super::{
    change::moment,
    journal_entries,
    operate::{Call, Refusal, with_etag},
    verify,
};
use crate::{
    answer::Answer,
    http::{query, route::SiteCall},
    storage::{
        projections::{self, Beside, Part},
        sql::Sql,
        tokens,
    },
};

/// A part of a list, and where the next part begins.
#[derive(Debug, Serialize)]
pub struct Collection<T> {
    /// The entries.
    pub items: Vec<T>,
    /// The cursor of the next part; `null`: this is the last.
    pub next: Option<String>,
}

impl<T> Collection<T> {
    fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Answers a read.
///
/// # Errors
/// The caller's mistake or ours.
pub fn read(sql: &impl Sql, call: &Call<'_>, site_call: &SiteCall) -> Result<Answer, Refusal> {
    let beside = |id: &IncidentId| projections::load(sql, Beside::These(std::slice::from_ref(id)));
    let now = || projections::load(sql, Beside::Nothing);
    let public_url = call.envelope.public_url.as_str();
    Ok(match site_call {
        SiteCall::Read => site(&now()?.state)?,
        SiteCall::ListComponents => Answer::json(200, &Collection::whole(now()?.state.components))?,
        SiteCall::ReadComponent(name) => component(&now()?.state, name)?,
        SiteCall::ListTemplates => Answer::json(200, &Collection::whole(now()?.state.templates))?,
        SiteCall::ReadTemplate(id) => template(&now()?.state, id)?,
        SiteCall::ReadIncident(id) => incident(&beside(id)?.state, id, public_url)?,
        SiteCall::ReadUpdate(id, update_id) => update(&beside(id)?.state, id, update_id)?,
        SiteCall::ReadPostmortem(id) => postmortem(&beside(id)?.state, id)?,
        SiteCall::ListIncidents => incidents(sql, call)?,
        SiteCall::ListTokens => Answer::json(200, &Collection::whole(tokens::list(sql)?))?,
        SiteCall::ListInvitations => {
            let pending = tokens::invitations(sql, moment(call.now_ms))?;
            Answer::json(200, &Collection::whole(pending))?
        }
        SiteCall::Journal => journal_entries::list(sql, call)?,
        SiteCall::Verify => Answer::json(200, &verify::verify(sql, call.now_ms)?)?,
        _ => return Err(Rejection::NotFound.into()),
    })
}

/// The body of what a write has changed, as it is now: only an incident with a long timeline is too large to be kept
/// for a repeat.
///
/// # Errors
/// When it is gone.
pub fn again(sql: &impl Sql, call: &Call<'_>, site_call: &SiteCall) -> Result<String, Refusal> {
    match site_call {
        SiteCall::ChangeIncident(id) | SiteCall::Withdraw(id) => {
            let read = SiteCall::ReadIncident(id.clone());
            Ok(self::read(sql, call, &read)?.body)
        }
        _ => Ok(String::new()),
    }
}

/// The site's settings.
///
/// # Errors
/// When there is none.
pub fn site(state: &State) -> Result<Answer, Refusal> {
    let site = state.site.as_ref().ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, site)?))
}

/// One component.
///
/// # Errors
/// When there is none.
pub fn component(state: &State, name: &ComponentName) -> Result<Answer, Refusal> {
    let component = state.component(name).ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, component)?))
}

/// One template.
///
/// # Errors
/// When there is none.
pub fn template(state: &State, id: &TemplateId) -> Result<Answer, Refusal> {
    let template = state.templates.iter().find(|template| template.id == *id);
    let template = template.ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, template)?))
}

/// One incident with every update.
///
/// # Errors
/// When there is none.
pub fn incident(state: &State, id: &IncidentId, public_url: &str) -> Result<Answer, Refusal> {
    let view = view::incident(state, id, public_url).ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, &view)?))
}

/// One update.
///
/// # Errors
/// When there is none.
pub fn update(state: &State, incident: &IncidentId, id: &UpdateId) -> Result<Answer, Refusal> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    let update = incident.updates.iter().find(|update| update.id == *id);
    let update = update.ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(
        200,
        &view::update(incident, update),
    )?))
}

/// What was learned of one incident.
///
/// # Errors
/// When nothing has been written.
pub fn postmortem(state: &State, id: &IncidentId) -> Result<Answer, Refusal> {
    let incident = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    let postmortem = incident.postmortem.as_ref().ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, postmortem)?))
}

fn incidents(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let page = query::page(&call.envelope.query)?;
    let found = projections::list(
        sql,
        Part {
            status: page.status.map(Word::as_str),
            kind: page.kind.map(Word::as_str),
            open: page.open,
            before: page.cursor,
            limit: page.limit.saturating_add(1),
        },
    )?;
    let more = found.len() > page.limit;
    let shown: Vec<_> = found.into_iter().take(page.limit).collect();
    let next = shown
        .last()
        .filter(|_| more)
        .map(|(number, _)| number.to_string());
    let mut state = projections::load(sql, Beside::Nothing)?.state;
    let ids: Vec<IncidentId> = shown
        .iter()
        .map(|(_, incident)| incident.id.clone())
        .collect();
    for (_, incident) in shown {
        state.incidents.insert(incident.id.clone(), incident);
    }
    let items = ids
        .iter()
        .filter_map(|id| view::incident(&state, id, &call.envelope.public_url))
        .collect();
    Ok(Answer::json(200, &Collection { items, next })?)
}
