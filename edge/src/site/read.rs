//! Operators' reads, and the representation of each resource, which the answers to writes have too.

use notice::{
    project::view,
    rejection::Rejection,
    state::State,
    wire::{
        ids::{IncidentId, TemplateId, UpdateId},
        input::ComponentName,
    },
};

use super::{
    access::Caller, call::WriteKind, change::timestamp, collection::Collection, credentials,
    hostnames, incident_list, journal_entries, on_call, verify, webhook_view,
};
use crate::{
    answer::Answer,
    http::{
        etag::with_etag,
        site_call::{ReadCall, WriteCall},
    },
    refusal::Refusal,
    site::call::Call,
    storage::{
        projections::{self, ExtraIncidents},
        sql::Sql,
        tokens,
    },
};

/// Answers a read.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn read(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    read_call: &ReadCall,
) -> Result<Answer, Refusal> {
    let with_incident =
        |id: &IncidentId| projections::load(sql, ExtraIncidents::Ids(std::slice::from_ref(id)));
    let current = || projections::load(sql, ExtraIncidents::None);
    let public_url = call.envelope.public_url.as_str();
    Ok(match read_call {
        ReadCall::Site => site(&current()?.state)?,
        ReadCall::Hostnames => hostnames::list(&current()?.state)?,
        ReadCall::Components => Answer::json(200, &Collection::whole(current()?.state.components))?,
        ReadCall::Component(name) => component(&current()?.state, name)?,
        ReadCall::Templates => Answer::json(200, &Collection::whole(current()?.state.templates))?,
        ReadCall::Template(id) => template(&current()?.state, id)?,
        ReadCall::Incident(id) => incident(&with_incident(id)?.state, id, public_url)?,
        ReadCall::Update(id, update_id) => update(&with_incident(id)?.state, id, update_id)?,
        ReadCall::Postmortem(id) => postmortem(&with_incident(id)?.state, id)?,
        ReadCall::Incidents => incident_list::list(sql, call)?,
        ReadCall::Tokens => Answer::json(200, &Collection::whole(tokens::list(sql)?))?,
        ReadCall::OwnToken => credentials::read_own_token(sql, caller)?,
        ReadCall::Invitations => {
            let pending = tokens::list_invitations(sql, timestamp(call.now_ms))?;
            Answer::json(200, &Collection::whole(pending))?
        }
        ReadCall::Webhooks => webhook_view::list(sql, caller)?,
        ReadCall::Webhook(id) => webhook_view::read(sql, caller, id)?,
        ReadCall::Deliveries(id) => webhook_view::list_deliveries(sql, call, id)?,
        ReadCall::OnCall => on_call::view::read(sql, call, &current()?)?,
        ReadCall::OnCallDeliveries => on_call::view::list_deliveries(sql, call)?,
        ReadCall::Journal => journal_entries::list(sql, call)?,
        ReadCall::LastVerification => last_verification(sql)?,
        // Answered in slices, see `job`.
        ReadCall::Verify | ReadCall::Export => return Err(Rejection::NotFound.into()),
    })
}

/// Rebuilds the body of a replayed answer that was too large to store. Only an incident with a long timeline is that large.
///
/// # Errors
/// `Rejection::NotFound` if the incident was deleted.
pub fn reread_body(
    sql: &impl Sql,
    call: &Call<'_>,
    write: &WriteKind<'_>,
) -> Result<String, Refusal> {
    match write {
        WriteKind::Command(WriteCall::ChangeIncident(id) | WriteCall::WithdrawIncident(id)) => {
            let state =
                projections::load(sql, ExtraIncidents::Ids(std::slice::from_ref(id)))?.state;
            Ok(incident(&state, id, &call.envelope.public_url)?.body)
        }
        WriteKind::Command(
            WriteCall::ChangeSite
            | WriteCall::CreateComponent
            | WriteCall::ChangeComponent(_)
            | WriteCall::DeleteComponent(_)
            | WriteCall::CreateTemplate
            | WriteCall::ChangeTemplate(_)
            | WriteCall::DeleteTemplate(_)
            | WriteCall::CreateIncident
            | WriteCall::DeleteIncident(_)
            | WriteCall::PostUpdate(_)
            | WriteCall::CorrectUpdate(..)
            | WriteCall::PutPostmortem(_),
        )
        | WriteKind::Credential(_)
        | WriteKind::Webhook(_)
        | WriteKind::TestOnCall
        | WriteKind::Journal(_) => Ok(String::new()),
    }
}

/// The answer with the site's settings.
///
/// # Errors
/// `Rejection::NotFound` if it does not exist.
pub fn site(state: &State) -> Result<Answer, Refusal> {
    let site = state.site.as_ref().ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, site)?))
}

/// The answer with one component.
///
/// # Errors
/// `Rejection::NotFound` if it does not exist.
pub fn component(state: &State, name: &ComponentName) -> Result<Answer, Refusal> {
    let component = state.component(name).ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, component)?))
}

/// The answer with one template.
///
/// # Errors
/// `Rejection::NotFound` if it does not exist.
pub fn template(state: &State, id: &TemplateId) -> Result<Answer, Refusal> {
    let template = state.templates.iter().find(|template| template.id == *id);
    let template = template.ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, template)?))
}

/// The answer with one incident and all its updates.
///
/// # Errors
/// `Rejection::NotFound` if it does not exist.
pub fn incident(state: &State, id: &IncidentId, public_url: &str) -> Result<Answer, Refusal> {
    let view = view::incident(state, id, public_url).ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, &view)?))
}

/// The answer with one update.
///
/// # Errors
/// `Rejection::NotFound` if it does not exist.
pub fn update(state: &State, incident: &IncidentId, id: &UpdateId) -> Result<Answer, Refusal> {
    let incident = state.incidents.get(incident).ok_or(Rejection::NotFound)?;
    let update = incident.updates.iter().find(|update| update.id == *id);
    let update = update.ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(
        200,
        &view::update(incident, update),
    )?))
}

/// The answer with an incident's postmortem.
///
/// # Errors
/// `Rejection::NotFound` if there is none.
pub fn postmortem(state: &State, id: &IncidentId) -> Result<Answer, Refusal> {
    let incident = state.incidents.get(id).ok_or(Rejection::NotFound)?;
    let postmortem = incident.postmortem.as_ref().ok_or(Rejection::NotFound)?;
    Ok(with_etag(Answer::json(200, postmortem)?))
}

/// The answer with the result of the last verification.
///
/// # Errors
/// `Rejection::NotFound` if there was none.
fn last_verification(sql: &impl Sql) -> Result<Answer, Refusal> {
    let verification = verify::last(sql)?.ok_or(Rejection::NotFound)?;
    Ok(Answer::json(200, &verification)?)
}
