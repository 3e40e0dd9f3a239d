//! Pending invitations: listed and revoked by those who may make them, read by whoever holds the secret. Secrets are never
//! shown again.

use notice::{
    journal::sha256_hex,
    read::read,
    rejection::Rejection,
    wire::{ids::InvitationId, input::InvitationSecret, time::Timestamp, words::Role},
};
use serde::Serialize;

use super::{
    access::{Caller, may_give},
    change::moment,
    operate::{Call, Refusal, Write},
};
use crate::{
    answer::Answer,
    storage::{
        migrations,
        projections::{self, Beside},
        sql::Sql,
        tokens,
    },
};

/// What whoever was invited may know before they join.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    /// The site's name, as its users know it.
    site: &'a str,
    role: Role,
    /// Whose device it is for; may be empty.
    name: &'a str,
    expires_at: Timestamp,
}

/// Revokes a pending invitation.
///
/// # Errors
/// [`Rejection::NotFound`] when there is none of this id, [`Rejection::Forbidden`] when it gives more than the caller may
/// give, or ours.
pub fn revoke<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    id: &InvitationId,
) -> Result<Write<'a>, Refusal> {
    let pending = tokens::invitations(sql, moment(call.now_ms))?;
    let found = pending.iter().find(|one| one.id == id.as_str());
    let found = found.ok_or(Rejection::NotFound)?;
    if !may_give(caller.role, found.role) {
        return Err(Rejection::Forbidden.into());
    }
    let id = id.clone();
    Ok(Write {
        answer: Answer::nothing(),
        replay: None,
        work: Box::new(move || tokens::revoke_invitation(sql, &id)),
    })
}

/// What an invitation gives, without using it up. It is a `POST`, so that no log holds the secret.
///
/// # Errors
/// [`Rejection::Unauthorized`] when the invitation is unknown, used, revoked or expired, or ours.
pub fn read_by_secret(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    if migrations::version(sql)? == 0 {
        return Err(Rejection::Unauthorized.into());
    }
    let input: InvitationSecret = read(call.body)?;
    let digest = sha256_hex(input.invitation.as_bytes());
    let found = tokens::invitation(sql, &digest, moment(call.now_ms))?;
    let found = found.ok_or(Rejection::Unauthorized)?;
    let state = projections::load(sql, Beside::Nothing)?.state;
    let site = state.site.as_ref().ok_or(Rejection::Unauthorized)?;
    Ok(Answer::json(
        200,
        &Shown {
            site: &site.name,
            role: found.role,
            name: &found.name,
            expires_at: found.expires_at,
        },
    )?)
}
