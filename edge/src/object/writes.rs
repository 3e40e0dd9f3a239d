//! Writes that follow from a command: read the body, decide, say what it led to.

use notice::{
    decide::Command,
    merge::MergePatch,
    read::read,
    rejection::Rejection,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, TemplateId, UpdateId},
        input::{ComponentName, NewIncident},
    },
};

use super::{
    access::Caller,
    change::Change,
    operate::{Call, Refusal, Write, made, precondition},
    random, reads,
};
use crate::{
    answer::Answer,
    http::route::SiteCall,
    storage::{
        journal::Origin,
        projections::{self, Beside, Stored},
        sql::Sql,
    },
};

/// Decides a write.
///
/// # Errors
/// The caller's mistake or ours.
pub fn write<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    site_call: &SiteCall,
) -> Result<Write<'a>, Refusal> {
    let (command, needed) = command(call, site_call)?;
    let stored = projections::load(sql, Beside::These(&needed))?;
    conditions(&stored, call, site_call)?;
    let change = Change::decide(stored, command, call.now_ms)?;
    let answer = written(&change, call, site_call)?;
    let origin = Origin {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer,
        replay: None,
        work: Box::new(move || change.save(sql, &origin)),
    })
}

/// The command, and the incidents it needs loaded.
fn command(call: &Call<'_>, site_call: &SiteCall) -> Result<(Command, Vec<IncidentId>), Refusal> {
    let patch = || MergePatch::read(call.body);
    let update_id = || -> Result<UpdateId, Refusal> {
        Ok(made(UpdateId::parse(&random::id(UpdateId::PREFIX)?))?)
    };
    Ok(match site_call {
        SiteCall::Change => (Command::ChangeSite { patch: patch()? }, Vec::new()),
        SiteCall::CreateComponent => {
            let id = made(ComponentId::parse(&random::id(ComponentId::PREFIX)?))?;
            let input = read(call.body)?;
            (Command::CreateComponent { id, input }, Vec::new())
        }
        SiteCall::ChangeComponent(name) => {
            let (name, patch) = (name.clone(), patch()?);
            (Command::ChangeComponent { name, patch }, Vec::new())
        }
        SiteCall::DeleteComponent(name) => {
            let name = name.clone();
            (Command::DeleteComponent { name }, Vec::new())
        }
        SiteCall::CreateTemplate => {
            let id = made(TemplateId::parse(&random::id(TemplateId::PREFIX)?))?;
            let input = Box::new(read(call.body)?);
            (Command::CreateTemplate { id, input }, Vec::new())
        }
        SiteCall::ChangeTemplate(id) => {
            let (id, patch) = (id.clone(), patch()?);
            (Command::ChangeTemplate { id, patch }, Vec::new())
        }
        SiteCall::DeleteTemplate(id) => {
            let id = id.clone();
            (Command::DeleteTemplate { id }, Vec::new())
        }
        SiteCall::CreateIncident => {
            let id = made(IncidentId::parse(&random::id(IncidentId::PREFIX)?))?;
            let input: Box<NewIncident> = Box::new(read(call.body)?);
            let needed = input.related.clone();
            let update = update_id()?;
            (Command::CreateIncident { id, update, input }, needed)
        }
        SiteCall::ChangeIncident(id) => {
            let patch = patch()?;
            let mut needed = patch.incidents("related");
            needed.push(id.clone());
            let id = id.clone();
            (Command::ChangeIncident { id, patch }, needed)
        }
        SiteCall::DeleteIncident(id) => {
            let needed = vec![id.clone()];
            (Command::DeleteIncident { id: id.clone() }, needed)
        }
        SiteCall::Withdraw(id) => {
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
        SiteCall::PostUpdate(incident) => {
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
        SiteCall::CorrectUpdate(incident, id) => {
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
        SiteCall::PutPostmortem(incident) => {
            let input = read(call.body)?;
            let needed = vec![incident.clone()];
            let incident = incident.clone();
            (Command::PutPostmortem { incident, input }, needed)
        }
        _ => return Err(Rejection::NotFound.into()),
    })
}

/// Changes of what exists say what they change. Of an update or a postmortem the incident's own entity tag will do.
fn conditions(stored: &Stored, call: &Call<'_>, site_call: &SiteCall) -> Result<(), Refusal> {
    let state = &stored.state;
    let public_url = call.envelope.public_url.as_str();
    let shown = match site_call {
        SiteCall::Change => vec![reads::site(state)?],
        SiteCall::ChangeComponent(name) => vec![reads::component(state, name)?],
        SiteCall::ChangeTemplate(id) => vec![reads::template(state, id)?],
        SiteCall::ChangeIncident(id) => vec![reads::incident(state, id, public_url)?],
        SiteCall::CorrectUpdate(incident, id) => vec![
            reads::update(state, incident, id)?,
            reads::incident(state, incident, public_url)?,
        ],
        SiteCall::PutPostmortem(id) => match reads::postmortem(state, id) {
            Ok(standing) => vec![standing, reads::incident(state, id, public_url)?],
            // The first one changes nothing that exists.
            Err(_) => return Ok(()),
        },
        _ => return Ok(()),
    };
    let present: Vec<String> = shown
        .iter()
        .filter_map(|answer| answer.header("etag"))
        .map(str::to_owned)
        .collect();
    Ok(precondition(call, &present)?)
}

/// What the caller is told of what has happened.
fn written(change: &Change, call: &Call<'_>, site_call: &SiteCall) -> Result<Answer, Refusal> {
    let state = &change.after;
    let public_url = call.envelope.public_url.as_str();
    let base = call.envelope.path.as_str();
    let made = |answer: Answer, id: &str| Answer {
        status: 201,
        ..answer.with("location", &format!("{base}/{id}"))
    };
    let newest = change.events.iter().rev();
    Ok(match site_call {
        SiteCall::Change => reads::site(state)?,
        SiteCall::ChangeComponent(name) => {
            // By id, since its slug may be another now.
            let changed = newest.clone().find_map(|event| match event {
                Event::ComponentChanged { component } => Some(component.id.clone()),
                _ => None,
            });
            let name = changed.map_or_else(|| name.clone(), ComponentName::Id);
            reads::component(state, &name)?
        }
        SiteCall::ChangeTemplate(id) => reads::template(state, id)?,
        SiteCall::ChangeIncident(id) | SiteCall::Withdraw(id) => {
            reads::incident(state, id, public_url)?
        }
        SiteCall::CorrectUpdate(incident, id) => reads::update(state, incident, id)?,
        SiteCall::PutPostmortem(id) => reads::postmortem(state, id)?,
        SiteCall::DeleteComponent(_)
        | SiteCall::DeleteTemplate(_)
        | SiteCall::DeleteIncident(_) => Answer::nothing(),
        _ => match newest.clone().next() {
            Some(Event::ComponentCreated { component }) => {
                let name = ComponentName::Id(component.id.clone());
                made(reads::component(state, &name)?, component.id.as_str())
            }
            Some(Event::TemplateCreated { template }) => {
                made(reads::template(state, &template.id)?, template.id.as_str())
            }
            Some(Event::IncidentCreated { incident }) => made(
                reads::incident(state, &incident.id, public_url)?,
                incident.id.as_str(),
            ),
            Some(Event::IncidentUpdated {
                incident, update, ..
            }) => made(
                reads::update(state, incident, &update.id)?,
                update.id.as_str(),
            ),
            _ => return Err(Rejection::NotFound.into()),
        },
    })
}
