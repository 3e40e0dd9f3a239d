//! Tokens, invitations and the sessions they become. None of it is in the journal's events but by id: secrets are shown
//! once and never kept.

use notice::{
    check,
    journal::sha256_hex,
    limits,
    read::read,
    rejection::Rejection,
    wire::{
        ids::{InvitationId, TokenId},
        input::{NewInvitation, NewToken, Redemption},
        words::Role,
    },
};
use serde_json::json;

use super::{
    access::{Caller, may_give},
    change::moment,
    operate::{Call, Refusal, Write, fingerprint, made, replay},
    random,
};
use crate::{
    answer::Answer,
    http::{
        credential::{SECRET_LENGTH, is_secret},
        route::{Route, SiteCall, parse},
    },
    storage::{
        idempotency::{self, Kept},
        migrations,
        sql::Sql,
        tokens::{self, Invitation},
    },
};

/// How long an invitation is good: 15 min.
const INVITATION_S: i64 = 15 * 60;

/// Decides a write of credentials.
///
/// # Errors
/// The caller's mistake or ours.
pub fn write<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    site_call: &SiteCall,
) -> Result<Write<'a>, Refusal> {
    match site_call {
        SiteCall::CreateToken => create(sql, call),
        SiteCall::RevokeToken(id) => revoke(sql, id),
        SiteCall::RevokeOwnToken => match TokenId::parse(&caller.actor) {
            Some(id) => revoke(sql, &id),
            // The deployment's own is no token of this site.
            None => Err(Rejection::Forbidden.into()),
        },
        SiteCall::RotateToken(id) => rotate(sql, call, id),
        _ => invite(sql, call, caller),
    }
}

/// What the caller's own token is and may do.
///
/// # Errors
/// Ours.
pub fn own(sql: &impl Sql, caller: &Caller) -> Result<Answer, Refusal> {
    let known = tokens::list(sql)?;
    let own = known.iter().find(|token| token.id == caller.actor);
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
    room(sql)?;
    let id = made(TokenId::parse(&random::id(TokenId::PREFIX)?))?;
    let name = input.name.unwrap_or_default();
    let token = format!("ac_{}_{}", slug(call)?, random::secret()?);
    let now = moment(call.now_ms);
    let answer = |token: Option<&str>| {
        let body = json!({
            "id": id, "role": input.role, "name": name, "kind": "token", "created_at": now, "token": token
        });
        let location = format!("{}/{id}", call.envelope.path);
        Ok::<_, serde_json::Error>(Answer::json(201, &body)?.with("location", &location))
    };
    let (shown, replay) = (answer(Some(&token))?, answer(None)?);
    let digest = sha256_hex(token.as_bytes());
    let role = input.role;
    Ok(Write {
        answer: shown,
        replay: Some(replay),
        work: Box::new(move || {
            let kept = tokens::NewToken {
                id: &id,
                digest: &digest,
                role,
                name: &name,
                is_session: false,
            };
            tokens::add(sql, kept, now)
        }),
    })
}

fn revoke<'a>(sql: &'a impl Sql, id: &TokenId) -> Result<Write<'a>, Refusal> {
    known(sql, id)?;
    let id = id.clone();
    Ok(Write {
        answer: Answer::nothing(),
        replay: None,
        work: Box::new(move || tokens::revoke(sql, &id).map(drop)),
    })
}

fn rotate<'a>(sql: &'a impl Sql, call: &Call<'a>, id: &TokenId) -> Result<Write<'a>, Refusal> {
    known(sql, id)?;
    let token = format!("ac_{}_{}", slug(call)?, random::secret()?);
    let shown = Answer::json(200, &json!({ "id": id, "token": token }))?;
    let replay = Answer::json(200, &json!({ "id": id, "token": null }))?;
    let digest = sha256_hex(token.as_bytes());
    let id = id.clone();
    Ok(Write {
        answer: shown,
        replay: Some(replay),
        work: Box::new(move || tokens::rotate(sql, &id, &digest).map(drop)),
    })
}

fn invite<'a>(sql: &'a impl Sql, call: &Call<'a>, caller: &Caller) -> Result<Write<'a>, Refusal> {
    let input: NewInvitation = read(call.body)?;
    check::name(input.name.as_deref())?;
    if !may_give(caller.role, input.role) {
        return Err(Rejection::Forbidden.into());
    }
    let id = made(InvitationId::parse(&random::id(InvitationId::PREFIX)?))?;
    let slug = slug(call)?;
    let secret = random::secret()?;
    let now = moment(call.now_ms);
    let expires_at = now.plus_seconds(INVITATION_S);
    // In the fragment, which no server and no log ever sees.
    let url = format!(
        "{}/console#invitation={slug}.{secret}",
        call.envelope.public_url
    );
    let answer = |secret: Option<(&str, &str, &str)>| {
        let body = json!({
            "id": id, "role": input.role, "expires_at": expires_at,
            "invitation": secret.map(|(secret, _, _)| secret),
            "url": secret.map(|(_, url, _)| url),
            "qr": secret.map(|(_, _, qr)| qr),
        });
        Answer::json(201, &body)
    };
    let qr = qr_code(&url)?;
    let (shown, replay) = (answer(Some((&secret, &url, &qr)))?, answer(None)?);
    let digest = sha256_hex(secret.as_bytes());
    let invitation = Invitation {
        role: input.role,
        name: input.name.unwrap_or_default(),
    };
    Ok(Write {
        answer: shown,
        replay: Some(replay),
        work: Box::new(move || tokens::invite(sql, &id, &digest, &invitation, expires_at, now)),
    })
}

/// An invitation becomes a session; it is used up by that.
///
/// # Errors
/// [`Rejection::Unauthorized`] when it is none, was used, or has run out.
pub fn redeem(sql: &impl Sql, call: &Call<'_>) -> Result<Answer, Refusal> {
    if migrations::version(sql)? == 0 {
        return Err(Rejection::Unauthorized.into());
    }
    let input: Redemption = read(call.body)?;
    check::name(input.name.as_deref())?;
    let used = sha256_hex(input.invitation.as_bytes());
    // There is no token yet that a key could belong to, so it belongs to the invitation.
    let caller = Caller {
        actor: format!("invitation:{used}"),
        role: Role::Unknown,
    };
    let fingerprint = fingerprint(call.envelope, call.body);
    if let Some(answer) = replay(sql, call, &caller, &fingerprint)? {
        return Ok(answer);
    }
    let now = moment(call.now_ms);
    let slug = slug(call)?;
    let id = made(TokenId::parse(&random::id(TokenId::PREFIX)?))?;
    let token = format!("ac_{slug}_{}", session_secret(&input)?);
    let digest = sha256_hex(token.as_bytes());
    if tokens::find(sql, &digest, now)?.is_some() {
        // The repeat of a redemption, or a guess: neither learns more.
        return Err(Rejection::Unauthorized.into());
    }
    room(sql)?;
    let session = sql.transaction(|| {
        let Some(invitation) = tokens::redeem(sql, &used, now)? else {
            return Ok(None);
        };
        let name = input.name.clone().unwrap_or(invitation.name);
        let kept = tokens::NewToken {
            id: &id,
            digest: &digest,
            role: invitation.role,
            name: &name,
            is_session: true,
        };
        tokens::add(sql, kept, now)?;
        let answer = |token: Option<&str>| {
            let body = json!({
                "id": id, "role": invitation.role, "name": name, "kind": "session", "created_at": now, "token": token
            });
            Answer::json(201, &body)
        };
        if let Some(key) = &call.envelope.key {
            let kept = Kept {
                fingerprint,
                answer: answer(None)?,
            };
            idempotency::keep(sql, &caller.actor, key, &kept, call.now_ms)?;
        }
        Ok(Some(answer(Some(&token))?))
    })?;
    Ok(session.ok_or(Rejection::Unauthorized)?)
}

/// The device's own, if it made one.
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

fn known(sql: &impl Sql, id: &TokenId) -> Result<(), Refusal> {
    let known = tokens::list(sql)?
        .iter()
        .any(|token| token.id == id.as_str());
    if known {
        Ok(())
    } else {
        Err(Rejection::NotFound.into())
    }
}

fn room(sql: &impl Sql) -> Result<(), Refusal> {
    if tokens::list(sql)?.len() >= limits::TOKENS {
        return Err(Rejection::LimitReached(format!(
            "A site can have at most {} tokens and sessions; revoke one first.",
            limits::TOKENS
        ))
        .into());
    }
    Ok(())
}

fn slug(call: &Call<'_>) -> Result<String, Rejection> {
    match parse(&call.envelope.method, &call.envelope.path)? {
        Route::Operator(slug, _) => Ok(slug.to_string()),
        _ => Err(Rejection::NotFound),
    }
}

/// The link as an SVG picture that a telephone's camera reads.
fn qr_code(url: &str) -> Result<String, Refusal> {
    let code = qrcode::QrCode::new(url)
        .map_err(|error| crate::fault::Fault::Random(format!("QR code: {error}")))?;
    Ok(code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build())
}
