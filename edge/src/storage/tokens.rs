//! Operators' tokens, of which only digests are kept.

use notice::wire::{
    ids::TokenId,
    time::Timestamp,
    words::{Role, Word},
};

use super::sql::Sql;
use crate::fault::Fault;

/// A token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id, as in the journal.
    pub id: String,
    /// What it may do.
    pub role: Role,
}

/// Keeps a new token.
///
/// # Errors
/// When the database refuses it.
pub fn add(
    sql: &impl Sql,
    id: &TokenId,
    digest: &str,
    role: Role,
    name: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    sql.run(
        "INSERT INTO token (id, digest, role, name, created_at) VALUES (?, ?, ?, ?, ?)",
        &[
            id.as_str().into(),
            digest.into(),
            role.as_str().into(),
            name.into(),
            at.to_string().into(),
        ],
    )?;
    Ok(())
}

/// The token with this digest. Looking up by digest gives nothing away: whoever could steer it would have to invert
/// SHA-256.
///
/// # Errors
/// When the database cannot be read.
pub fn find(sql: &impl Sql, digest: &str) -> Result<Option<Token>, Fault> {
    let rows = sql.run(
        "SELECT id, role FROM token WHERE digest = ?",
        &[digest.into()],
    )?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let id = row.text("token")?;
    let role = row.text("token")?;
    let role = Role::parse(&role).ok_or(Fault::Stored {
        what: "token",
        detail: format!("unknown role {role}"),
    })?;
    Ok(Some(Token { id, role }))
}
