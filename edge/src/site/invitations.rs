//! Pending invitations: operators list and revoke them, and a guest reads one by its secret. No
//! answer here contains a secret.

use notice::{
    body::read::read,
    journal::sha256_hex,
    rejection::Rejection,
    wire::{enums::Role, ids::InvitationId, input::InvitationSecret, time::Timestamp},
};
use serde::Serialize;

use super::{
    access::{Caller, may_grant},
    change::timestamp,
};
use crate::{
    answer::Answer,
    refusal::Refusal,
    site::call::{Call, Write},
    storage::{
        migrations,
        projections::{self, ExtraIncidents},
        sql::Sql,
        tokens,
    },
};

/// An invitation as its guest sees it before redeeming it.
#[derive(Debug, Serialize)]
struct InvitationView<'a> {
    /// The site's name for users.
    site: &'a str,
    role: Role,
    /// The name that the session will have, such as that of a device; may be empty.
    name: &'a str,
    expires_at: Timestamp,
}

/// Revokes a pending invitation.
///
/// # Errors
/// [`Rejection::NotFound`] if it does not exist, [`Rejection::Forbidden`] if the caller may not
/// grant its role, `Fault` if the database fails.
pub fn revoke<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    id: &InvitationId,
) -> Result<Write<'a>, Refusal> {
    let pending = tokens::list_invitations(sql, timestamp(call.now_ms))?;
    let invitation = pending.iter().find(|one| one.id == id.as_str());
    let invitation = invitation.ok_or(Rejection::NotFound)?;
    if !may_grant(caller.role, invitation.role) {
        return Err(Rejection::Forbidden.into());
    }
    let id = id.clone();
    Ok(Write {
        answer: Answer::no_content(),
        replay: None,
        work: Box::new(move || tokens::revoke_invitation(sql, &id)),
    })
}

/// Reads an invitation by its secret, without redeeming it. The request is a `POST`, so that the secret is in no log.
///
/// # Errors
/// [`Rejection::Unauthorized`] if the invitation is unknown, redeemed, revoked or expired, `Fault` if the database
/// fails.
pub fn read_by_secret(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    if migrations::version(sql)? == 0 {
        return Err(Rejection::Unauthorized.into());
    }
    let input: InvitationSecret = read(call.body)?;
    let digest = sha256_hex(input.invitation.as_bytes());
    let invitation = tokens::find_invitation(sql, &digest, timestamp(call.now_ms))?;
    let invitation = invitation.ok_or(Rejection::Unauthorized)?;
    let state = projections::load(sql, ExtraIncidents::None)?.state;
    let site = state.site.as_ref().ok_or(Rejection::Unauthorized)?;
    Ok(Answer::json(
        200,
        &InvitationView {
            site: &site.name,
            role: invitation.role,
            name: &invitation.name,
            expires_at: invitation.expires_at,
        },
    )?)
}
