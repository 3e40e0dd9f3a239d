//! Operators' tokens and devices' sessions, of which only digests are kept, and invitations.

use notice::wire::{
    ids::{InvitationId, TokenId},
    time::Timestamp,
    words::{Role, Word},
};
use serde::Serialize;

use super::sql::{Row, Sql};
use crate::fault::Fault;

/// How long a session lives that is not used: 90 days.
const SESSION_DAYS: i64 = 90;
const DAY_S: i64 = 86_400;

/// A token as operators see it: never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Its id, as in the journal.
    pub id: String,
    /// What it may do.
    pub role: Role,
    /// What it is for, or whose device.
    pub name: String,
    /// `token`, or `session` of a device.
    pub kind: &'static str,
    /// When it was made.
    pub created_at: String,
    /// The beginning of the day it was last used; `null`: never. Kept to the day, so that a read seldom writes.
    pub last_used_at: Option<String>,
}

/// What is kept of a new token.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// Its id.
    pub id: &'a TokenId,
    /// The hex of its SHA-256.
    pub digest: &'a str,
    /// What it may do.
    pub role: Role,
    /// What it is for.
    pub name: &'a str,
    /// It belongs to a device, and ends when it is not used.
    pub is_session: bool,
}

const COLUMNS: &str = "id, role, name, is_session, created_at, COALESCE(last_used_on, '')";

/// Keeps a new token.
///
/// # Errors
/// When the database refuses it.
pub fn add(sql: &impl Sql, token: NewToken<'_>, at: Timestamp) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO token (id, digest, role, name, is_session, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        &[
            token.id.as_str().into(),
            token.digest.into(),
            token.role.as_str().into(),
            token.name.into(),
            token.is_session.into(),
            at.to_string().into(),
        ],
    )?;
    Ok(())
}

/// The token with this digest, unless it is a session that has not been used for too long. Looking up by digest gives
/// nothing away: whoever could steer it would have to invert SHA-256.
///
/// # Errors
/// When the database cannot be read.
pub fn find(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<Option<Token>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM token WHERE digest = ?");
    let rows = sql.run(&statement, &[digest.into()])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let token = read(&mut row)?;
    let last = token.last_used_at.as_deref().unwrap_or(&token.created_at);
    let oldest = day(now.plus_seconds(-SESSION_DAYS * DAY_S));
    let ended = token.kind == "session" && last < oldest.as_str();
    Ok((!ended).then_some(token))
}

/// Notes that a token was used today; writes once a day at most.
///
/// # Errors
/// When the database refuses it.
pub fn touch(sql: &impl Sql, token: &Token, now: Timestamp) -> Result<(), Fault> {
    let today = day(now);
    let used = token.last_used_at.as_deref().unwrap_or_default();
    if !used.starts_with(&today) {
        sql.run(
            "UPDATE token SET last_used_on = ? WHERE id = ?",
            &[today.into(), token.id.as_str().into()],
        )?;
    }
    Ok(())
}

/// Every token, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn list(sql: &impl Sql) -> Result<Vec<Token>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM token ORDER BY created_at, id");
    sql.run(&statement, &[])?.iter_mut().map(read).collect()
}

/// Ends a token; `false` when there is none of this id.
///
/// # Errors
/// When the database refuses it.
pub fn revoke(sql: &impl Sql, id: &TokenId) -> Result<bool, Fault> {
    let gone = sql.run(
        "DELETE FROM token WHERE id = ? RETURNING id",
        &[id.as_str().into()],
    )?;
    Ok(!gone.is_empty())
}

/// Gives a token another secret; `false` when there is none of this id.
///
/// # Errors
/// When the database refuses it.
pub fn rotate(sql: &impl Sql, id: &TokenId, digest: &str) -> Result<bool, Fault> {
    let changed = sql.run(
        "UPDATE token SET digest = ? WHERE id = ? RETURNING id",
        &[digest.into(), id.as_str().into()],
    )?;
    Ok(!changed.is_empty())
}

/// What an invitation gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What the device may do.
    pub role: Role,
    /// Whose device it will be.
    pub name: String,
}

/// Keeps a new invitation, and lets go of those that have run out.
///
/// # Errors
/// When the database refuses it.
pub fn invite(
    sql: &impl Sql,
    id: &InvitationId,
    digest: &str,
    invitation: &Invitation,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM invitation WHERE expires_at <= ?",
        &[seconds(now).into()],
    )?;
    sql.run(
        "INSERT INTO invitation (id, digest, role, name, expires_at) VALUES (?, ?, ?, ?, ?)",
        &[
            id.as_str().into(),
            digest.into(),
            invitation.role.as_str().into(),
            invitation.name.as_str().into(),
            seconds(expires_at).into(),
        ],
    )?;
    Ok(())
}

/// An invitation that was not used and has not expired, as operators see it: never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// Its id.
    pub id: String,
    /// The role that it gives.
    pub role: Role,
    /// Whose device it is for; may be empty.
    pub name: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

const PENDING: &str = "SELECT id, role, name, expires_at FROM invitation WHERE expires_at > ?";

/// Pending invitations, the next to expire first.
///
/// # Errors
/// When the database cannot be read.
pub fn invitations(sql: &impl Sql, now: Timestamp) -> Result<Vec<Pending>, Fault> {
    let statement = format!("{PENDING} ORDER BY expires_at, id");
    let rows = sql.run(&statement, &[seconds(now).into()])?;
    rows.into_iter().map(pending).collect()
}

/// The pending invitation whose secret has this digest. It stays as it is.
///
/// # Errors
/// When the database cannot be read.
pub fn invitation(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<Option<Pending>, Fault> {
    let statement = format!("{PENDING} AND digest = ?");
    let rows = sql.run(&statement, &[seconds(now).into(), digest.into()])?;
    rows.into_iter().next().map(pending).transpose()
}

/// Revokes an invitation.
///
/// # Errors
/// When the database refuses it.
pub fn revoke_invitation(sql: &impl Sql, id: &InvitationId) -> Result<(), Fault> {
    sql.run("DELETE FROM invitation WHERE id = ?", &[id.as_str().into()])?;
    Ok(())
}

fn pending(mut row: Row) -> Result<Pending, Fault> {
    Ok(Pending {
        id: row.text("invitation")?,
        role: role(&mut row)?,
        name: row.text("invitation")?,
        expires_at: Timestamp::from_seconds(
            i64::try_from(row.number("invitation")?).unwrap_or(i64::MAX),
        ),
    })
}

/// As the table keeps times: whole seconds since 1970.
fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0)
}

/// Uses an invitation up. `None` when there is none, it was used, or it has run out.
///
/// # Errors
/// When the database refuses it.
pub fn redeem(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let used = sql.run(
        "DELETE FROM invitation WHERE digest = ? AND expires_at > ? RETURNING role, name",
        &[digest.into(), seconds(now).into()],
    )?;
    let Some(mut row) = used.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Invitation {
        role: role(&mut row)?,
        name: row.text("invitation")?,
    }))
}

fn read(row: &mut Row) -> Result<Token, Fault> {
    let id = row.text("token")?;
    let role = role(row)?;
    let name = row.text("token")?;
    let is_session = row.number("token")? == 1;
    let created_at = row.text("token")?;
    let last_used_on = row.text("token")?;
    Ok(Token {
        id,
        role,
        name,
        kind: if is_session { "session" } else { "token" },
        created_at,
        last_used_at: (!last_used_on.is_empty()).then(|| format!("{last_used_on}T00:00:00Z")),
    })
}

fn role(row: &mut Row) -> Result<Role, Fault> {
    let role = row.text("token")?;
    Role::parse(&role).ok_or(Fault::Stored {
        what: "token",
        detail: format!("unknown role {role}"),
    })
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}
