//! Writes that become a command: parse the body, check preconditions, decide, answer.

use notice::{
    body::{merge::MergePatch, read::read},
    decide::Command,
    rejection::Rejection,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, TemplateId, UpdateId},
        input::{ComponentName, NewIncident},
    },
};

use super::{
    access::Caller,
    call::{GrantedClaim, Input, WriteDecision},
    change::Change,
    settings,
};
use crate::{
    answer::Answer,
    http::{etag::precondition, site_call::WriteCall},
    refusal::Refusal,
    runtime::random,
    site::{
        call::{Call, Write},
        read,
    },
    storage::{
        journal::Author,
        projections::{self, ExtraIncidents, Stored},
        sql::Sql,
    },
};

/// Decides a write.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn write<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    write_call: &WriteCall,
    claimed: Option<GrantedClaim>,
) -> Result<WriteDecision<'a>, Refusal> {
    let claim = claimed.map(|claimed| claimed.claim);
    let (input, granted) = match claim {
        Some(claim) => (Some(claim.input), Some(claim.hostnames)),
        None => (None, None),
    };
    let (command, needed) = match input {
        Some(Input::Command(command, needed)) => (command, needed),
        Some(Input::NewSite(_) | Input::Import(_)) | None => parse_command(call, write_call)?,
    };
    let stored = projections::load(sql, ExtraIncidents::Ids(&needed))?;
    check_preconditions(&stored, call, write_call)?;
    let change = Change::decide(stored, command.clone(), call.now_ms)?;
    if let Some(hostnames) = settings::hostnames_to_claim(call, &change)?
        && granted.as_ref() != Some(&hostnames)
    {
        return Ok(WriteDecision::NeedsHostnames(
            hostnames,
            Input::Command(command, needed),
        ));
    }
    let answer = answer(&change, call, write_call)?;
    let author = Author {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(WriteDecision::Write(Write {
        answer,
        replay: None,
        work: Box::new(move || change.save(sql, &author)),
    }))
}

/// Parses the body into a command. Also returns the ids of the incidents that the decision needs.
fn parse_command(
    call: &Call<'_>,
    write_call: &WriteCall,
) -> Result<(Command, Vec<IncidentId>), Refusal> {
    let patch = || MergePatch::read(call.body);
    let update_id = || -> Result<UpdateId, Refusal> {
        Ok(random::typed_id(UpdateId::PREFIX, UpdateId::parse)?)
    };
    Ok(match write_call {
        WriteCall::ChangeSite => {
            let (patch, network) = (patch()?, call.envelope.network());
            (Command::ChangeSite { patch, network }, Vec::new())
        }
        WriteCall::CreateComponent => {
            let id = random::typed_id(ComponentId::PREFIX, ComponentId::parse)?;
            let input = read(call.body)?;
            (Command::CreateComponent { id, input }, Vec::new())
        }
        WriteCall::ChangeComponent(name) => {
            let (name, patch) = (name.clone(), patch()?);
            (Command::ChangeComponent { name, patch }, Vec::new())
        }
        WriteCall::DeleteComponent(name) => {
            let name = name.clone();
            (Command::DeleteComponent { name }, Vec::new())
        }
        WriteCall::CreateTemplate => {
            let id = random::typed_id(TemplateId::PREFIX, TemplateId::parse)?;
            let input = Box::new(read(call.body)?);
            (Command::CreateTemplate { id, input }, Vec::new())
        }
        WriteCall::ChangeTemplate(id) => {
            let (id, patch) = (id.clone(), patch()?);
            (Command::ChangeTemplate { id, patch }, Vec::new())
        }
        WriteCall::DeleteTemplate(id) => {
            let id = id.clone();
            (Command::DeleteTemplate { id }, Vec::new())
        }
        WriteCall::CreateIncident => {
            let id = random::typed_id(IncidentId::PREFIX, IncidentId::parse)?;
            let input: Box<NewIncident> = Box::new(read(call.body)?);
            let needed = input.related.clone();
            let update = update_id()?;
            (Command::CreateIncident { id, update, input }, needed)
        }
        WriteCall::ChangeIncident(id) => {
            let patch = patch()?;
            let mut needed = patch.incidents("related");
            needed.push(id.clone());
            let id = id.clone();
            (Command::ChangeIncident { id, patch }, needed)
        }
        WriteCall::DeleteIncident(id) => {
            let needed = vec![id.clone()];
            (Command::DeleteIncident { id: id.clone() }, needed)
        }
        WriteCall::WithdrawIncident(id) => {
            let input = read(call.body)?;
            let needed = vec![id.clone()];
            (
                Command::WithdrawIncident {
                    id: id.clone(),
                    input,
                },
                needed,
            )
        }
        WriteCall::PostUpdate(incident) => {
            let input = Box::new(read(call.body)?);
            let needed = vec![incident.clone()];
            let (incident, id) = (incident.clone(), update_id()?);
            (
                Command::PostUpdate {
                    incident,
                    id,
                    input,
                },
                needed,
            )
        }
        WriteCall::CorrectUpdate(incident, id) => {
            let patch = patch()?;
            let needed = vec![incident.clone()];
            let (incident, id) = (incident.clone(), id.clone());
            (
                Command::CorrectUpdate {
                    incident,
                    id,
                    patch,
                },
                needed,
            )
        }
        WriteCall::PutPostmortem(incident) => {
            let input = read(call.body)?;
            let needed = vec![incident.clone()];
            let incident = incident.clone();
            (Command::PutPostmortem { incident, input }, needed)
        }
    })
}

/// Checks `If-Match` (optimistic locking). For updates and postmortems, the incident's ETag is
/// accepted too.
fn check_preconditions(
    stored: &Stored,
    call: &Call<'_>,
    write_call: &WriteCall,
) -> Result<(), Refusal> {
    let state = &stored.state;
    let public_url = call.envelope.public_url.as_str();
    let representations = match write_call {
        WriteCall::ChangeSite => vec![read::site(state)?],
        WriteCall::ChangeComponent(name) => vec![read::component(state, name)?],
        WriteCall::ChangeTemplate(id) => vec![read::template(state, id)?],
        WriteCall::ChangeIncident(id) => vec![read::incident(state, id, public_url)?],
        WriteCall::CorrectUpdate(incident, id) => vec![
            read::update(state, incident, id)?,
            read::incident(state, incident, public_url)?,
        ],
        WriteCall::PutPostmortem(id) => match read::postmortem(state, id) {
            Ok(current) => vec![current, read::incident(state, id, public_url)?],
            // The first postmortem replaces nothing.
            Err(_) => return Ok(()),
        },
        WriteCall::CreateComponent
        | WriteCall::DeleteComponent(_)
        | WriteCall::CreateTemplate
        | WriteCall::DeleteTemplate(_)
        | WriteCall::CreateIncident
        | WriteCall::DeleteIncident(_)
        | WriteCall::WithdrawIncident(_)
        | WriteCall::PostUpdate(_) => return Ok(()),
    };
    let current_etags: Vec<String> = representations
        .iter()
        .filter_map(|answer| answer.header("etag"))
        .map(str::to_owned)
        .collect();
    Ok(precondition(
        call.envelope.if_match.as_deref(),
        &current_etags,
    )?)
}

/// The answer to a write: the resource after the write.
fn answer(change: &Change, call: &Call<'_>, write_call: &WriteCall) -> Result<Answer, Refusal> {
    let state = &change.after;
    let public_url = call.envelope.public_url.as_str();
    let base = call.envelope.path.as_str();
    let created = |answer: Answer, id: &str| Answer {
        status: 201,
        ..answer.with("location", &format!("{base}/{id}"))
    };
    let newest = change.events.iter().rev();
    Ok(match write_call {
        WriteCall::ChangeSite => read::site(state)?,
        WriteCall::ChangeComponent(name) => {
            // Finds the component by its id, because the write may have changed its slug.
            let changed = newest.clone().find_map(|event| match event {
                Event::ComponentChanged { component } => Some(component.id.clone()),
                _ => None,
            });
            let name = changed.map_or_else(|| name.clone(), ComponentName::Id);
            read::component(state, &name)?
        }
        WriteCall::ChangeTemplate(id) => read::template(state, id)?,
        WriteCall::ChangeIncident(id) | WriteCall::WithdrawIncident(id) => {
            read::incident(state, id, public_url)?
        }
        WriteCall::CorrectUpdate(incident, id) => read::update(state, incident, id)?,
        WriteCall::PutPostmortem(id) => read::postmortem(state, id)?,
        WriteCall::DeleteComponent(_)
        | WriteCall::DeleteTemplate(_)
        | WriteCall::DeleteIncident(_) => Answer::no_content(),
        WriteCall::CreateComponent
        | WriteCall::CreateTemplate
        | WriteCall::CreateIncident
        | WriteCall::PostUpdate(_) => match newest.clone().next() {
            Some(Event::ComponentCreated { component }) => {
                let name = ComponentName::Id(component.id.clone());
                created(read::component(state, &name)?, component.id.as_str())
            }
            Some(Event::TemplateCreated { template }) => {
                created(read::template(state, &template.id)?, template.id.as_str())
            }
            Some(Event::IncidentCreated { incident }) => created(
                read::incident(state, &incident.id, public_url)?,
                incident.id.as_str(),
            ),
            Some(Event::IncidentUpdated {
                incident, update, ..
            }) => created(
                read::update(state, incident, &update.id)?,
                update.id.as_str(),
            ),
            _ => return Err(Rejection::NotFound.into()),
        },
    })
}
