//! Tokens, sessions and invitations, stored as digests.

use notice::wire::{
    enums::{Role, StringEnum},
    ids::{InvitationId, TokenId},
    time::Timestamp,
};
use serde::Serialize;

use super::sql::{Row, Sql, Value};
use crate::fault::Fault;

/// Days after which an unused session expires.
const SESSION_DAYS: i64 = 90;
const DAY_S: i64 = 86_400;

/// A token without its secret, as in the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    pub id: String,
    pub role: Role,
    /// The token's purpose, or the name of the session's device.
    pub name: String,
    /// `token`, or `session` for a device.
    pub kind: &'static str,
    pub created_at: String,
    /// The start of the day of last use, or `null` if never used. Only the day is stored, so that reads rarely write.
    pub last_used_at: Option<String>,
    /// The end of a session that has a fixed end, such as one that an on-call link has opened;
    /// `null` for all other tokens.
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    pub id: &'a TokenId,
    /// SHA-256 of the token, in hex.
    pub digest: &'a str,
    pub role: Role,
    pub name: &'a str,
    /// Whether the token is a session: it belongs to a device, and expires when it is not used.
    pub is_session: bool,
    /// The fixed end of a session; `None` if it only expires when it is not used.
    pub expires_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, role, name, is_session, created_at, COALESCE(last_used_on, ''), COALESCE(expires_at, 0)";

/// Stores a new token, and deletes sessions that have expired.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add(sql: &impl Sql, token: NewToken<'_>, at: Timestamp) -> Result<(), Fault> {
    sql.run(
        "DELETE FROM token WHERE expires_at <= ?",
        &[seconds(at).into()],
    )?;
    sql.run(
        "INSERT INTO token (id, digest, role, name, is_session, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        &[
            token.id.as_str().into(),
            token.digest.into(),
            token.role.as_str().into(),
            token.name.into(),
            token.is_session.into(),
            at.to_string().into(),
            token
                .expires_at
                .map_or(Value::Null, |at| seconds(at).into()),
        ],
    )?;
    Ok(())
}

/// Finds a token by its digest, unless it is an expired session. The lookup needs no constant-time comparison: its
/// timing reveals only digests, from which a token cannot be computed.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<Option<Token>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM token WHERE digest = ?");
    let rows = sql.run(&statement, &[digest.into()])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let token = read_token(&mut row)?;
    let last = token.last_used_at.as_deref().unwrap_or(&token.created_at);
    let oldest = day(now.plus_seconds(-SESSION_DAYS * DAY_S));
    let is_unused = token.kind == "session" && last < oldest.as_str();
    let ended = is_unused || token.expires_at.is_some_and(|at| at <= now);
    Ok((!ended).then_some(token))
}

/// Records that a token was used today; writes at most once per day.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn touch(sql: &impl Sql, token: &Token, now: Timestamp) -> Result<(), Fault> {
    let today = day(now);
    let used = token.last_used_at.as_deref().unwrap_or_default();
    if !used.starts_with(&today) {
        sql.run(
            "UPDATE token SET last_used_on = ?, announced_at = NULL WHERE id = ?",
            &[today.into(), token.id.as_str().into()],
        )?;
    }
    Ok(())
}

/// Sessions that were last used before the day of `before`, and have not been announced. Sessions
/// with a fixed end are left out.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn unused_sessions(sql: &impl Sql, before: Timestamp) -> Result<Vec<Token>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM token WHERE is_session = 1 AND expires_at IS NULL AND announced_at IS NULL
         AND COALESCE(last_used_on, substr(created_at, 1, 10)) < ? ORDER BY id"
    );
    let rows = sql.run(&statement, &[day(before).into()])?.into_iter();
    Ok(rows
        .filter_map(|mut row| read_token(&mut row).ok())
        .collect())
}

/// Records that a session has been announced as unused.
///
/// # Errors
/// `Fault` if the statement fails.
pub fn announce(sql: &impl Sql, id: &str, now: Timestamp) -> Result<(), Fault> {
    sql.run(
        "UPDATE token SET announced_at = ? WHERE id = ?",
        &[seconds(now).into(), id.into()],
    )?;
    Ok(())
}

/// Returns all tokens, oldest first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list(sql: &impl Sql) -> Result<Vec<Token>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM token ORDER BY created_at, id");
    // A damaged token, which a verification reports, must not hide the others.
    let rows = sql.run(&statement, &[])?.into_iter();
    Ok(rows
        .filter_map(|mut row| read_token(&mut row).ok())
        .collect())
}

/// Revokes a token; `false` if it does not exist.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn revoke(sql: &impl Sql, id: &TokenId) -> Result<bool, Fault> {
    let deleted = sql.run(
        "DELETE FROM token WHERE id = ? RETURNING id",
        &[id.as_str().into()],
    )?;
    Ok(!deleted.is_empty())
}

/// Replaces a token's secret; `false` if it does not exist.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn rotate(sql: &impl Sql, id: &TokenId, digest: &str) -> Result<bool, Fault> {
    let changed = sql.run(
        "UPDATE token SET digest = ? WHERE id = ? RETURNING id",
        &[digest.into(), id.as_str().into()],
    )?;
    Ok(!changed.is_empty())
}

/// The role and name of the session that an invitation gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub role: Role,
    /// The name of the device.
    pub name: String,
    /// Duration of the session, in seconds. `None` if the session has no fixed end.
    pub session_s: Option<i64>,
}

/// Stores a new invitation, and deletes expired ones.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn add_invitation(
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
        "INSERT INTO invitation (id, digest, role, name, expires_at, session_s) VALUES (?, ?, ?, ?, ?, ?)",
        &[
            id.as_str().into(),
            digest.into(),
            invitation.role.as_str().into(),
            invitation.name.as_str().into(),
            seconds(expires_at).into(),
            invitation.session_s.map_or(Value::Null, Value::Integer),
        ],
    )?;
    Ok(())
}

/// An invitation that can still be redeemed, without its secret, as in the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PendingInvitation {
    pub id: String,
    pub role: Role,
    /// The name of the device; may be empty.
    pub name: String,
    pub expires_at: Timestamp,
}

// The type is checked because in SQLite every text is greater than every number.
const PENDING: &str = "SELECT id, role, name, expires_at FROM invitation WHERE typeof(expires_at) = 'integer' AND expires_at > ?";

/// Returns pending invitations, the next to expire first.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn list_invitations(sql: &impl Sql, now: Timestamp) -> Result<Vec<PendingInvitation>, Fault> {
    let statement = format!("{PENDING} ORDER BY expires_at, id");
    let rows = sql.run(&statement, &[seconds(now).into()])?;
    // A damaged invitation, which a verification reports, must not hide the others.
    Ok(rows
        .into_iter()
        .filter_map(|row| read_invitation(row).ok())
        .collect())
}

/// Finds a pending invitation by the digest of its secret, without redeeming it.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find_invitation(
    sql: &impl Sql,
    digest: &str,
    now: Timestamp,
) -> Result<Option<PendingInvitation>, Fault> {
    let statement = format!("{PENDING} AND digest = ?");
    let rows = sql.run(&statement, &[seconds(now).into(), digest.into()])?;
    rows.into_iter().next().map(read_invitation).transpose()
}

/// Revokes an invitation.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn revoke_invitation(sql: &impl Sql, id: &InvitationId) -> Result<(), Fault> {
    sql.run("DELETE FROM invitation WHERE id = ?", &[id.as_str().into()])?;
    Ok(())
}

fn read_invitation(mut row: Row) -> Result<PendingInvitation, Fault> {
    Ok(PendingInvitation {
        id: row.text("invitation")?,
        role: read_role(&mut row, "invitation")?,
        name: row.text("invitation")?,
        expires_at: Timestamp::from_seconds(
            i64::try_from(row.number("invitation")?).unwrap_or(i64::MAX),
        ),
    })
}

/// A time as stored in the table: whole seconds since 1970.
fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0)
}

/// Redeems an invitation. `None` if it is unknown, redeemed or expired.
///
/// # Errors
/// `Fault` if a statement fails.
pub fn redeem(sql: &impl Sql, digest: &str, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let used = sql.run(
        "DELETE FROM invitation WHERE digest = ? AND typeof(expires_at) = 'integer' AND expires_at > ? RETURNING role, name, COALESCE(session_s, 0)",
        &[digest.into(), seconds(now).into()],
    )?;
    let Some(mut row) = used.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Invitation {
        role: read_role(&mut row, "invitation")?,
        name: row.text("invitation")?,
        session_s: Some(row.integer("invitation")?).filter(|seconds| *seconds > 0),
    }))
}

fn read_token(row: &mut Row) -> Result<Token, Fault> {
    let id = row.text("token")?;
    let role = read_role(row, "token")?;
    let name = row.text("token")?;
    let is_session = row.number("token")? == 1;
    let created_at = row.text("token")?;
    let last_used_on = row.text("token")?;
    let expires_at = i64::try_from(row.number("token")?).unwrap_or(i64::MAX);
    Ok(Token {
        id,
        role,
        name,
        kind: if is_session { "session" } else { "token" },
        created_at,
        last_used_at: (!last_used_on.is_empty()).then(|| format!("{last_used_on}T00:00:00Z")),
        expires_at: (expires_at > 0).then(|| Timestamp::from_seconds(expires_at)),
    })
}

/// Reads a role; `table` is named in the fault.
fn read_role(row: &mut Row, table: &'static str) -> Result<Role, Fault> {
    let role = row.text(table)?;
    Role::parse(&role).ok_or(Fault::Stored {
        what: table,
        detail: format!("unknown role {role}"),
    })
}

/// The day of a time in UTC, such as `2026-11-21`.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}
