//! An operator's request to one site: who may, has it happened already, what follows, keep it, answer.

use notice::{
    decide::{Command, decide},
    journal::{next_rev, sha256_hex},
    project::view,
    read::read,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        ids::{ComponentId, IncidentId, UpdateId},
        time::Timestamp,
        words::Role,
    },
};
use serde::Serialize;

use super::{envelope::Envelope, random};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::Credential,
        route::{Route, SiteCall, parse},
    },
    storage::{
        idempotency::{self, Kept},
        journal::{self, Origin},
        migrations,
        projections::{self, Stored},
        sql::Sql,
        tokens,
    },
};

/// An operator's request, whole.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// What the Worker read of it.
    pub envelope: &'a Envelope,
    /// Its body's bytes.
    pub body: &'a [u8],
    /// Milliseconds since 1970.
    pub now_ms: u64,
}

/// Who asks, once that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// A token's id, or `root`.
    pub actor: String,
    /// What they may do.
    pub role: Role,
}

/// Why there is no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The caller's mistake.
    #[error(transparent)]
    Rejection(#[from] Rejection),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Answers an operator's request. A refusal by rule is an answer too.
///
/// # Errors
/// [`Fault`] when something of ours failed; then nothing has been written.
pub fn operate(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Fault> {
    match answer(sql, call) {
        Ok(answer) => Ok(answer),
        Err(Refusal::Rejection(rejection)) => Ok(Answer::rejection(&rejection)),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}

fn answer(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let Route::Operator(_, site_call) = parse(&call.envelope.method, &call.envelope.path)? else {
        return Err(Rejection::NotFound.into());
    };
    let caller = authenticate(sql, &call.envelope.credential)?;
    if !site_call.is_write() {
        allow(caller.role, &site_call)?;
        return read_site(sql, call, &site_call);
    }
    let fingerprint = fingerprint(call);
    if let Some(replay) = replay(sql, call, &caller, &fingerprint)? {
        return Ok(replay);
    }
    allow(caller.role, &site_call)?;
    write(sql, call, &caller, &site_call, fingerprint)
}

/// Nothing is revealed of a site to whom it does not know.
fn authenticate(sql: &impl Sql, credential: &Credential) -> Result<Caller, Refusal> {
    // A site that was never made has no tables; asking for them must not make any.
    let exists = migrations::version(sql)? > 0;
    match credential {
        Credential::Root if exists => Ok(Caller {
            actor: "root".to_owned(),
            role: Role::Owner,
        }),
        Credential::Root => Err(Rejection::NotFound.into()),
        Credential::Token { digest } if exists => {
            let token = tokens::find(sql, digest)?.ok_or(Rejection::Unauthorized)?;
            Ok(Caller {
                actor: token.id,
                role: token.role,
            })
        }
        Credential::Token { .. } => Err(Rejection::Unauthorized.into()),
    }
}

/// The one place that says which role may do what.
fn allow(role: Role, call: &SiteCall) -> Result<(), Rejection> {
    let allowed = match role {
        Role::Owner => true,
        Role::Editor => match call {
            SiteCall::Read
            | SiteCall::ListComponents
            | SiteCall::ReadIncident(_)
            | SiteCall::CreateComponent
            | SiteCall::CreateIncident
            | SiteCall::PostUpdate(_) => true,
        },
        Role::Viewer => !call.is_write(),
        Role::Alerts | Role::Unknown => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Rejection::Forbidden)
    }
}

/// Digest of what makes two requests the same: method, path and body.
pub fn fingerprint(call: &Call<'_>) -> String {
    let mut bytes = format!("{}\n{}\n", call.envelope.method, call.envelope.path).into_bytes();
    bytes.extend_from_slice(call.body);
    sha256_hex(&bytes)
}

/// The answer that was given to this key before, if it was.
pub fn replay(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    fingerprint: &str,
) -> Result<Option<Answer>, Refusal> {
    let Some(key) = &call.envelope.key else {
        return Ok(None);
    };
    match idempotency::find(sql, &caller.actor, key, call.now_ms)? {
        None => Ok(None),
        Some(kept) if kept.fingerprint == fingerprint => {
            Ok(Some(kept.answer.with("idempotent-replayed", "true")))
        }
        Some(_) => Err(Rejection::IdempotencyMismatch.into()),
    }
}

fn read_site(sql: &impl Sql, call: &Call<'_>, site_call: &SiteCall) -> Result<Answer, Refusal> {
    let answer = match site_call {
        SiteCall::Read => {
            let stored = projections::load(sql, None)?;
            let site = stored.state.site.ok_or(Rejection::NotFound)?;
            Answer::json(200, &site)?
        }
        SiteCall::ListComponents => {
            let stored = projections::load(sql, None)?;
            Answer::json(200, &Collection::whole(&stored.state.components))?
        }
        SiteCall::ReadIncident(id) => {
            let stored = projections::load(sql, Some(id))?;
            let view = view::incident(&stored.state, id, &call.envelope.public_url)
                .ok_or(Rejection::NotFound)?;
            with_etag(Answer::json(200, &view)?)
        }
        SiteCall::CreateComponent | SiteCall::CreateIncident | SiteCall::PostUpdate(_) => {
            return Err(Rejection::NotFound.into());
        }
    };
    Ok(answer)
}

/// A part of a list, and where the next part begins.
#[derive(Debug, Serialize)]
struct Collection<'a, T> {
    items: &'a [T],
    next: Option<String>,
}

impl<'a, T> Collection<'a, T> {
    fn whole(items: &'a [T]) -> Self {
        Self { items, next: None }
    }
}

fn write(
    sql: &impl Sql,
    call: &Call<'_>,
    caller: &Caller,
    site_call: &SiteCall,
    fingerprint: String,
) -> Result<Answer, Refusal> {
    let command = command(call, site_call)?;
    let incident = match site_call {
        SiteCall::PostUpdate(id) => Some(id),
        _ => None,
    };
    let stored = projections::load(sql, incident)?;
    let change = Change::decide(stored, command, call.now_ms)?;
    let answer = written(&change, call)?;
    let kept = call.envelope.key.as_ref().map(|key| {
        (
            key.as_str(),
            Kept {
                fingerprint,
                answer: answer.clone(),
            },
        )
    });
    sql.transaction(|| {
        let origin = Origin {
            actor: caller.actor.clone(),
            key: call.envelope.key.clone(),
        };
        change.save(sql, &origin)?;
        match &kept {
            Some((key, kept)) => idempotency::keep(sql, &caller.actor, key, kept, call.now_ms),
            None => Ok(()),
        }
    })?;
    Ok(answer)
}

fn command(call: &Call<'_>, site_call: &SiteCall) -> Result<Command, Refusal> {
    Ok(match site_call {
        SiteCall::CreateComponent => Command::CreateComponent {
            id: made(ComponentId::parse(&random::id(ComponentId::PREFIX)?))?,
            input: read(call.body)?,
        },
        SiteCall::CreateIncident => Command::CreateIncident {
            id: made(IncidentId::parse(&random::id(IncidentId::PREFIX)?))?,
            update: made(UpdateId::parse(&random::id(UpdateId::PREFIX)?))?,
            input: Box::new(read(call.body)?),
        },
        SiteCall::PostUpdate(incident) => Command::PostUpdate {
            incident: incident.clone(),
            id: made(UpdateId::parse(&random::id(UpdateId::PREFIX)?))?,
            input: Box::new(read(call.body)?),
        },
        SiteCall::Read | SiteCall::ListComponents | SiteCall::ReadIncident(_) => {
            return Err(Rejection::NotFound.into());
        }
    })
}

/// An id that was just made.
pub fn made<T>(id: Option<T>) -> Result<T, Fault> {
    id.ok_or_else(|| Fault::Random("an id of our own making does not parse".to_owned()))
}

/// What the caller is told of what has happened.
fn written(change: &Change, call: &Call<'_>) -> Result<Answer, Refusal> {
    let public_url = &call.envelope.public_url;
    let base = call.envelope.path.as_str();
    for event in &change.events {
        match event {
            Event::ComponentCreated { component } => {
                let location = format!("{base}/{}", component.id);
                return Ok(Answer::json(201, component)?.with("location", &location));
            }
            Event::IncidentCreated { incident } => {
                let view = view::incident(&change.after, &incident.id, public_url)
                    .ok_or(Rejection::NotFound)?;
                let location = format!("{base}/{}", incident.id);
                let answer = Answer::json(201, &view)?.with("location", &location);
                return Ok(with_etag(answer));
            }
            Event::IncidentUpdated {
                incident, update, ..
            } => {
                let incident = change
                    .after
                    .incidents
                    .get(incident)
                    .ok_or(Rejection::NotFound)?;
                let location = format!("{base}/{}", update.id);
                let answer = Answer::json(201, &view::update(incident, update))?;
                return Ok(answer.with("location", &location));
            }
            _ => {}
        }
    }
    Err(Rejection::NotFound.into())
}

fn with_etag(answer: Answer) -> Answer {
    let etag = etag(&answer.body);
    answer.with("etag", &etag)
}

/// The entity tag of an exact body: half of its SHA-256, quoted.
pub fn etag(body: &str) -> String {
    let hex = sha256_hex(body.as_bytes());
    format!("\"{}\"", hex.get(..32).unwrap_or(&hex))
}

/// Events that follow from a command, and the states on either side of them.
#[derive(Clone, Debug)]
pub struct Change {
    before: State,
    /// The state they lead to.
    pub after: State,
    /// In order.
    pub events: Vec<Event>,
    /// The revision from then on.
    pub rev: u64,
    at: Timestamp,
}

impl Change {
    /// Lets everything happen that is due, then the command.
    ///
    /// # Errors
    /// When the command is rejected.
    pub fn decide(stored: Stored, command: Command, now_ms: u64) -> Result<Self, Rejection> {
        let rev = next_rev(stored.rev, now_ms);
        // The revision never falls, so neither does the time that is read from it, whatever the clock does.
        let at = Timestamp::from_millis(i64::try_from(rev).unwrap_or(i64::MAX));
        let mut after = stored.state.clone();
        let mut events = Vec::new();
        for command in [Command::PassTime, command] {
            for event in decide(&after, command, at)? {
                after.apply(&event, at);
                events.push(event);
            }
        }
        Ok(Self {
            before: stored.state,
            after,
            events,
            rev,
            at,
        })
    }

    /// Journal and projections.
    ///
    /// # Errors
    /// When the database refuses it. Call it inside a transaction.
    pub fn save(&self, sql: &impl Sql, origin: &Origin) -> Result<(), Fault> {
        journal::append(sql, &self.events, origin, self.at, self.rev)?;
        projections::save(sql, &self.before, &self.after, self.rev)
    }
}
