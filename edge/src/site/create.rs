//! Creates a site: its tables, its first event and its first owner token.

use notice::{
    body::read::read,
    decide::Command,
    journal::sha256_hex,
    rejection::Rejection,
    wire::{enums::Role, ids::TokenId, input::NewSite, site::Site},
};
use serde::Serialize;

use super::{
    access::Caller,
    call::{Claim, GrantedClaim, Input},
    change::{Change, timestamp},
    settings,
    step::Step,
};
use crate::{
    answer::Answer,
    refusal::Refusal,
    runtime::random,
    site::{
        call::Call,
        idempotency::{fingerprint, replay},
    },
    storage::{
        idempotency::{self, StoredAnswer},
        journal::Author,
        migrations, projections,
        sql::Sql,
        tokens,
    },
};

/// The body of the answer.
#[derive(Debug, Serialize)]
struct Created<'a> {
    site: &'a Site,
    /// Shown once: `null` in a replay.
    token: Option<&'a str>,
}

/// Creates the site that the body describes, or returns the host names that must be claimed first.
/// The caller is root.
///
/// # Errors
/// `Rejection` if the request is invalid, `Fault` if the server fails; nothing has been written then.
pub fn create(
    sql: &impl Sql,
    call: &Call<'_>,
    claimed: Option<GrantedClaim>,
) -> Result<Step, Refusal> {
    let claim = claimed.map(|claimed| claimed.claim);
    let (input, granted) = match claim {
        Some(claim) => (Some(claim.input), Some(claim.hostnames)),
        None => (None, None),
    };
    let input: Box<NewSite> = match input {
        Some(Input::NewSite(input)) => input,
        Some(Input::Command(..) | Input::Import(_)) | None => Box::new(read(call.body)?),
    };
    let slug = input.slug.clone();
    let caller = Caller::root();
    let fingerprint = fingerprint(call.envelope, call.body);
    let exists = migrations::version(sql)? > 0;
    if exists {
        return match replay(sql, call, &caller, &fingerprint)? {
            Some(answer) => Ok(Step::Done(answer)),
            None => Err(Rejection::SlugTaken(slug.to_string()).into()),
        };
    }
    let change = decide(sql, input.clone(), call)?;
    if let Some(hostnames) = settings::hostnames_to_claim(call, &change)?
        && granted.as_ref() != Some(&hostnames)
    {
        return Ok(Step::Claim(Claim {
            hostnames,
            input: Input::NewSite(input),
            fingerprint,
            remaining: None,
        }));
    }
    let site = change.after.site.as_ref().ok_or(Rejection::NotFound)?;
    let token = format!("ac_{slug}_{}", random::secret()?);
    let id = random::typed_id(TokenId::PREFIX, TokenId::parse)?;
    let location = format!("/v1/sites/{slug}");
    let answer = |token: Option<&str>| -> Result<Answer, serde_json::Error> {
        let body = Created { site, token };
        Ok(Answer::json(201, &body)?.with("location", &location))
    };
    let stored = StoredAnswer {
        fingerprint,
        answer: answer(None)?,
    };
    let first_answer = answer(Some(&token))?;
    // One transaction, so that a failure leaves no partial site.
    sql.transaction(|| {
        migrations::remove_tombstone(sql)?;
        migrations::apply(sql, migrations::SITE)?;
        let author = Author {
            actor: caller.actor.clone(),
            key: call.envelope.key.clone(),
        };
        change.save(sql, &author)?;
        let digest = sha256_hex(token.as_bytes());
        let owner = tokens::NewToken {
            id: &id,
            digest: &digest,
            role: Role::Owner,
            name: "First owner",
            is_session: false,
            expires_at: None,
        };
        tokens::add(sql, owner, timestamp(call.now_ms))?;
        match &call.envelope.key {
            Some(key) => idempotency::store(sql, &caller.actor, key, &stored, call.now_ms),
            None => Ok(()),
        }
    })?;
    Ok(Step::Done(first_answer))
}

fn decide(sql: &impl Sql, input: Box<NewSite>, call: &Call<'_>) -> Result<Change, Refusal> {
    let before = projections::Stored {
        rev: migrations::tombstone_rev(sql)?,
        ..projections::Stored::default()
    };
    let network = call.envelope.network();
    let command = Command::CreateSite { input, network };
    Ok(Change::decide(before, command, call.now_ms)?)
}
