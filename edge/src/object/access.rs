//! Who asks, and what their role may do: the one place that says so.

use notice::{
    rejection::Rejection,
    wire::{time::Timestamp, words::Role},
};

use super::operate::Refusal;
use crate::{
    http::{credential::Credential, route::SiteCall},
    storage::{migrations, sql::Sql, tokens},
};

/// The actor of the deployment's own token. Tokens' ids begin with `tok_`.
const ROOT: &str = "root";

/// Who asks, once that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// A token's id, or `root`.
    pub actor: String,
    /// What they may do.
    pub role: Role,
}

impl Caller {
    /// The deployment's own token.
    pub fn root() -> Self {
        Self {
            actor: ROOT.to_owned(),
            role: Role::Owner,
        }
    }
}

/// Nothing is revealed of a site to whom it does not know.
///
/// # Errors
/// [`Rejection::Unauthorized`] for a token that is none of the site's, [`Rejection::NotFound`] for root where there is
/// no site.
pub fn authenticate(
    sql: &impl Sql,
    credential: &Credential,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    // A site that was never made has no tables; asking for them must not make any.
    let exists = migrations::version(sql)? > 0;
    match credential {
        Credential::Root if exists => Ok(Caller::root()),
        Credential::Root => Err(Rejection::NotFound.into()),
        Credential::Token { digest } if exists => {
            let token = tokens::find(sql, digest, now)?.ok_or(Rejection::Unauthorized)?;
            tokens::touch(sql, &token, now)?;
            Ok(Caller {
                actor: token.id,
                role: token.role,
            })
        }
        Credential::Token { .. } | Credential::Nobody => Err(Rejection::Unauthorized.into()),
    }
}

/// Whether a caller may do this.
///
/// # Errors
/// [`Rejection::Forbidden`] when they may not.
pub fn allow(caller: &Caller, call: &SiteCall) -> Result<(), Rejection> {
    let rank = match caller.actor.as_str() {
        ROOT => Rank::Root,
        _ => rank(caller.role),
    };
    if rank >= needed(call) {
        Ok(())
    } else {
        Err(Rejection::Forbidden)
    }
}

/// Whether one role may give another away: at most its own.
pub fn may_give(giver: Role, given: Role) -> bool {
    given != Role::Unknown && rank(giver) >= rank(given).max(Rank::Editor)
}

/// Roles by what they may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nothing,
    Viewer,
    Editor,
    Owner,
    Root,
}

fn rank(role: Role) -> Rank {
    match role {
        Role::Owner => Rank::Owner,
        Role::Editor => Rank::Editor,
        Role::Viewer => Rank::Viewer,
        // Alerts have addresses of their own and nothing else.
        Role::Alerts | Role::Unknown => Rank::Nothing,
    }
}

fn needed(call: &SiteCall) -> Rank {
    match call {
        SiteCall::Read
        | SiteCall::ListComponents
        | SiteCall::ReadComponent(_)
        | SiteCall::ListIncidents
        | SiteCall::ReadIncident(_)
        | SiteCall::ReadUpdate(..)
        | SiteCall::ReadPostmortem(_)
        | SiteCall::ListTemplates
        | SiteCall::ReadTemplate(_)
        | SiteCall::ReadOwnToken
        | SiteCall::Journal
        | SiteCall::Verify => Rank::Viewer,
        SiteCall::CreateComponent
        | SiteCall::ChangeComponent(_)
        | SiteCall::DeleteComponent(_)
        | SiteCall::CreateIncident
        | SiteCall::ChangeIncident(_)
        | SiteCall::DeleteIncident(_)
        | SiteCall::Withdraw(_)
        | SiteCall::PostUpdate(_)
        | SiteCall::CorrectUpdate(..)
        | SiteCall::PutPostmortem(_)
        | SiteCall::CreateTemplate
        | SiteCall::ChangeTemplate(_)
        | SiteCall::DeleteTemplate(_)
        | SiteCall::ListInvitations
        | SiteCall::Invite
        | SiteCall::RevokeInvitation(_) => Rank::Editor,
        SiteCall::Change
        | SiteCall::Delete
        | SiteCall::ListTokens
        | SiteCall::CreateToken
        | SiteCall::RevokeToken(_)
        | SiteCall::RotateToken(_)
        | SiteCall::Export
        | SiteCall::Import
        | SiteCall::Redact => Rank::Owner,
        SiteCall::Repair => Rank::Root,
        // The invitation is the credential; the caller has none yet. And whoever has a token may give it up.
        SiteCall::ReadInvitation | SiteCall::Redeem | SiteCall::RevokeOwnToken => Rank::Nothing,
    }
}
