//! Writes of tokens, invitations and sessions. The journal has no events about them. Secrets are
//! shown once and never stored.

use notice::{
    body::{check, read::read},
    journal::sha256_hex,
    limits,
    rejection::Rejection,
    wire::{
        enums::Role,
        ids::{InvitationId, TokenId},
        input::{NewInvitation, NewToken, Redemption},
    },
};
use serde_json::json;

use super::{
    access::{Caller, may_grant},
    change::timestamp,
    invitations,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::{SECRET_LENGTH, is_secret},
        list_query,
        site_call::CredentialCall,
    },
    refusal::Refusal,
    runtime::random,
    site::{
        call::{Call, Write},
        idempotency::{fingerprint, replay},
    },
    storage::{
        idempotency::{self, StoredAnswer},
        migrations,
        sql::Sql,
        tokens::{self, Invitation},
    },
};

/// Validity of an invitation, in seconds: 15 min.
const INVITATION_S: i64 = 15 * 60;

/// Decides a write of tokens or invitations.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn write<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    credential_call: &CredentialCall,
) -> Result<Write<'a>, Refusal> {
    match credential_call {
        CredentialCall::CreateToken => create(sql, call),
        CredentialCall::RevokeToken(id) => revoke(sql, id),
        CredentialCall::RevokeOwnToken => match TokenId::parse(&caller.actor) {
            Some(id) => revoke(sql, &id),
            // The root token does not belong to a site.
            None => Err(Rejection::Forbidden.into()),
        },
        CredentialCall::RotateToken(id) => rotate(sql, call, id),
        CredentialCall::Invite => invite(sql, call, caller),
        CredentialCall::RevokeInvitation(id) => invitations::revoke(sql, call, caller, id),
    }
}

/// Returns the caller's own token.
///
/// # Errors
/// `Fault` if the database fails.
pub fn read_own_token(sql: &impl Sql, caller: &Caller) -> Result<Answer, Refusal> {
    let all = tokens::list(sql)?;
    let own = all.iter().find(|token| token.id == caller.actor);
    Ok(match own {
        Some(token) => Answer::json(200, token)?,
        None => Answer::json(
            200,
            &json!({ "id": caller.actor, "role": caller.role, "name": "", "kind": "root" }),
        )?,
    })
}

fn create<'a>(sql: &'a impl Sql, call: &Call<'a>) -> Result<Write<'a>, Refusal> {
    let input: NewToken = read(call.body)?;
    check::name(input.name.as_deref())?;
    check_token_limit(sql)?;
    let id = random::typed_id(TokenId::PREFIX, TokenId::parse)?;
    let name = input.name.unwrap_or_default();
    let token = format!("ac_{}_{}", call.envelope.site, random::secret()?);
    let now = timestamp(call.now_ms);
    let answer = |token: Option<&str>| {
        let body = json!({
            "id": id, "role": input.role, "name": name, "kind": "token", "created_at": now, "token": token
        });
        let location = format!("{}/{id}", call.envelope.path);
        Ok::<_, serde_json::Error>(Answer::json(201, &body)?.with("location", &location))
    };
    let (first_answer, replay) = (answer(Some(&token))?, answer(None)?);
    let digest = sha256_hex(token.as_bytes());
    let role = input.role;
    Ok(Write {
        answer: first_answer,
        replay: Some(replay),
        work: Box::new(move || {
            let new_token = tokens::NewToken {
                id: &id,
                digest: &digest,
                role,
                name: &name,
                is_session: false,
                expires_at: None,
            };
            tokens::add(sql, new_token, now)
        }),
    })
}

fn revoke<'a>(sql: &'a impl Sql, id: &TokenId) -> Result<Write<'a>, Refusal> {
    check_exists(sql, id)?;
    let id = id.clone();
    Ok(Write {
        answer: Answer::no_content(),
        replay: None,
        work: Box::new(move || tokens::revoke(sql, &id).map(drop)),
    })
}

fn rotate<'a>(sql: &'a impl Sql, call: &Call<'a>, id: &TokenId) -> Result<Write<'a>, Refusal> {
    check_exists(sql, id)?;
    let token = format!("ac_{}_{}", call.envelope.site, random::secret()?);
    let first_answer = Answer::json(200, &json!({ "id": id, "token": token }))?;
    let replay = Answer::json(200, &json!({ "id": id, "token": null }))?;
    let digest = sha256_hex(token.as_bytes());
    let id = id.clone();
    Ok(Write {
        answer: first_answer,
        replay: Some(replay),
        work: Box::new(move || tokens::rotate(sql, &id, &digest).map(drop)),
    })
}

fn invite<'a>(sql: &'a impl Sql, call: &Call<'a>, caller: &Caller) -> Result<Write<'a>, Refusal> {
    let input: NewInvitation = read(call.body)?;
    check::name(input.name.as_deref())?;
    if !may_grant(caller.role, input.role) {
        return Err(Rejection::Forbidden.into());
    }
    let id = random::typed_id(InvitationId::PREFIX, InvitationId::parse)?;
    let slug = &call.envelope.site;
    let secret = random::secret()?;
    let now = timestamp(call.now_ms);
    let expires_at = now.plus_seconds(INVITATION_S);
    // The secret is in the fragment, which a browser never sends to a server.
    let url = format!(
        "{}/console#invitation={slug}.{secret}",
        call.envelope.public_url
    );
    let answer = |secret: Option<(&str, &str, Option<&str>)>| {
        let body = json!({
            "id": id, "role": input.role, "expires_at": expires_at,
            "invitation": secret.map(|(secret, _, _)| secret),
            "url": secret.map(|(_, url, _)| url),
            "qr": secret.and_then(|(_, _, qr)| qr),
        });
        Answer::json(201, &body)
    };
    // The code has 15 kB, and only clients that show it need it.
    let qr = match list_query::asks_for_qr(&call.envelope.query) {
        true => Some(qr_code(&url)?),
        false => None,
    };
    let first_answer = answer(Some((&secret, &url, qr.as_deref())))?;
    let replay = answer(None)?;
    let digest = sha256_hex(secret.as_bytes());
    let invitation = Invitation {
        role: input.role,
        name: input.name.unwrap_or_default(),
        session_s: None,
    };
    Ok(Write {
        answer: first_answer,
        replay: Some(replay),
        work: Box::new(move || {
            tokens::add_invitation(sql, &id, &digest, &invitation, expires_at, now)
        }),
    })
}

/// Redeems an invitation: it is exchanged for a session.
///
/// # Errors
/// [`Rejection::Unauthorized`] if the invitation is unknown, redeemed or expired.
pub fn redeem(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    if migrations::version(sql)? == 0 {
        return Err(Rejection::Unauthorized.into());
    }
    let input: Redemption = read(call.body)?;
    check::name(input.name.as_deref())?;
    let used = sha256_hex(input.invitation.as_bytes());
    // A guest has no token yet, so the idempotency key belongs to the invitation.
    let caller = Caller {
        actor: format!("invitation:{used}"),
        role: Role::Unknown,
    };
    let fingerprint = fingerprint(call.envelope, call.body);
    if let Some(answer) = replay(sql, call, &caller, &fingerprint)? {
        return Ok(answer);
    }
    let now = timestamp(call.now_ms);
    let slug = &call.envelope.site;
    let id = random::typed_id(TokenId::PREFIX, TokenId::parse)?;
    let token = format!("ac_{slug}_{}", session_secret(&input)?);
    let digest = sha256_hex(token.as_bytes());
    if tokens::find(sql, &digest, now)?.is_some() {
        // The token exists: the request repeats a redemption, or guesses a secret. The answer must
        // not tell which.
        return Err(Rejection::Unauthorized.into());
    }
    check_token_limit(sql)?;
    let session = sql.transaction(|| {
        let Some(invitation) = tokens::redeem(sql, &used, now)? else {
            return Ok(None);
        };
        let name = input.name.clone().unwrap_or(invitation.name);
        let expires_at = invitation.session_s.map(|seconds| now.plus_seconds(seconds));
        let new_token = tokens::NewToken {
            id: &id,
            digest: &digest,
            role: invitation.role,
            name: &name,
            is_session: true,
            expires_at,
        };
        tokens::add(sql, new_token, now)?;
        let answer = |token: Option<&str>| {
            let body = json!({
                "id": id, "role": invitation.role, "name": name, "kind": "session", "created_at": now,
                "expires_at": expires_at, "token": token
            });
            Answer::json(201, &body)
        };
        if let Some(key) = &call.envelope.key {
            let stored = StoredAnswer {
                fingerprint,
                answer: answer(None)?,
            };
            idempotency::store(sql, &caller.actor, key, &stored, call.now_ms)?;
        }
        Ok(Some(answer(Some(&token))?))
    })?;
    Ok(session.ok_or(Rejection::Unauthorized)?)
}

/// The secret that the guest's device has generated, or a new one.
fn session_secret(input: &Redemption) -> Result<String, Refusal> {
    match &input.secret {
        None => Ok(random::secret()?),
        Some(secret) if is_secret(secret) => Ok(secret.clone()),
        Some(_) => {
            let detail = format!("Must be {SECRET_LENGTH} base64url characters.");
            Err(Rejection::field("/secret", detail).into())
        }
    }
}

fn check_exists(sql: &impl Sql, id: &TokenId) -> Result<(), Refusal> {
    let exists = tokens::list(sql)?
        .iter()
        .any(|token| token.id == id.as_str());
    if exists {
        Ok(())
    } else {
        Err(Rejection::NotFound.into())
    }
}

fn check_token_limit(sql: &impl Sql) -> Result<(), Refusal> {
    if tokens::list(sql)?.len() >= limits::TOKENS {
        return Err(Rejection::LimitReached(format!(
            "A site can have at most {} tokens and sessions; revoke one first.",
            limits::TOKENS
        ))
        .into());
    }
    Ok(())
}

/// The link as a QR code, in SVG.
fn qr_code(url: &str) -> Result<String, Refusal> {
    let code = qrcode::QrCode::new(url).map_err(|error| Fault::Stored {
        what: "an invitation's link",
        detail: format!("it does not fit into a QR code: {error}"),
    })?;
    Ok(code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build())
}
