//! Making a site: its tables, its first event, its first owner's token.

use notice::{
    decide::Command,
    journal::sha256_hex,
    read::read,
    rejection::Rejection,
    wire::{ids::TokenId, input::NewSite, site::Site, words::Role},
};
use serde::Serialize;

use super::{
    access::Caller,
    change::{Change, moment},
    operate::{Call, Refusal, fingerprint, made, replay, settle},
    random,
};
use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        idempotency::{self, Kept},
        journal::Origin,
        migrations, projections,
        sql::Sql,
        tokens,
    },
};

/// What a caller learns of a new site.
#[derive(Debug, Serialize)]
struct Created<'a> {
    site: &'a Site,
    /// Shown once: `null` when the request is repeated.
    token: Option<&'a str>,
}

/// Makes the site that the body asks for; the caller is root.
///
/// # Errors
/// [`Fault`] when something of ours failed; then nothing has been written.
pub fn create(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Fault> {
    settle(created(sql, call))
}

fn created(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    let input: NewSite = read(call.body)?;
    let slug = input.slug.clone();
    let caller = Caller::root();
    let fingerprint = fingerprint(call.envelope, call.body);
    let exists = migrations::version(sql)? > 0;
    if exists {
        return match replay(sql, call, &caller, &fingerprint)? {
            Some(answer) => Ok(answer),
            None => Err(Rejection::SlugTaken(slug.to_string()).into()),
        };
    }
    let change = decided(sql, input, call.now_ms)?;
    let site = change.after.site.as_ref().ok_or(Rejection::NotFound)?;
    let token = format!("ac_{slug}_{}", random::secret()?);
    let id = made(TokenId::parse(&random::id(TokenId::PREFIX)?))?;
    let location = format!("/v1/sites/{slug}");
    let answer = |token: Option<&str>| -> Result<Answer, serde_json::Error> {
        let body = Created { site, token };
        Ok(Answer::json(201, &body)?.with("location", &location))
    };
    let kept = Kept {
        fingerprint,
        answer: answer(None)?,
    };
    let shown = answer(Some(&token))?;
    // Both in one transaction, so that a failure leaves no half-made site behind.
    sql.transaction(|| {
        migrations::unbury(sql)?;
        migrations::apply(sql, migrations::SITE)?;
        let origin = Origin {
            actor: caller.actor.clone(),
            key: call.envelope.key.clone(),
        };
        change.save(sql, &origin)?;
        let digest = sha256_hex(token.as_bytes());
        let owner = tokens::NewToken {
            id: &id,
            digest: &digest,
            role: Role::Owner,
            name: "First owner",
            is_session: false,
        };
        tokens::add(sql, owner, moment(call.now_ms))?;
        match &call.envelope.key {
            Some(key) => idempotency::keep(sql, &caller.actor, key, &kept, call.now_ms),
            None => Ok(()),
        }
    })?;
    Ok(shown)
}

/// What making the site would lead to; makes nothing.
///
/// # Errors
/// The caller's mistake or ours.
pub fn decided(sql: &impl Sql, input: NewSite, now_ms: u64) -> Result<Change, Refusal> {
    let standing = projections::Stored {
        rev: migrations::buried_rev(sql)?,
        ..projections::Stored::default()
    };
    let command = Command::CreateSite {
        input: Box::new(input),
    };
    Ok(Change::decide(standing, command, now_ms)?)
}
