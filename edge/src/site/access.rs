//! Authentication and authorisation of operators' requests.

use notice::{
    rejection::Rejection,
    wire::{enums::Role, time::Timestamp},
};

use crate::{
    http::{
        credential::Credential,
        site_call::{
            CredentialCall, GuestCall, JournalCall, ReadCall, SiteCall, WebhookCall, WriteCall,
        },
    },
    refusal::Refusal,
    site::{call::Call, change::timestamp},
    storage::{migrations, sql::Sql, tokens},
};

/// The actor of the root token. Tokens' ids begin with `tok_`.
const ROOT: &str = "root";

/// An authenticated caller: a token of the site, or root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// A token's id, or `root`.
    pub actor: String,
    pub role: Role,
}

impl Caller {
    /// A caller with the root token.
    pub fn root() -> Self {
        Self {
            actor: ROOT.to_owned(),
            role: Role::Owner,
        }
    }
}

/// Authenticates a caller. Unknown callers cannot tell whether a site exists.
///
/// # Errors
/// [`Rejection::Unauthorized`] for an unknown token, [`Rejection::NotFound`] for root if the site does not exist.
pub fn authenticate(
    sql: &impl Sql,
    credential: &Credential,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    // A site that does not exist has no tables, and authentication must not create any.
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

/// Authenticates and authorises a caller.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn admit(sql: &impl Sql, call: &Call<'_>, site_call: &SiteCall) -> Result<Caller, Refusal> {
    let caller = authenticate(sql, &call.envelope.credential, timestamp(call.now_ms))?;
    allow(&caller, site_call)?;
    Ok(caller)
}

/// Checks whether a caller's role allows a call.
///
/// # Errors
/// [`Rejection::Forbidden`] if it does not.
pub fn allow(caller: &Caller, call: &SiteCall) -> Result<(), Rejection> {
    let rank = match caller.actor.as_str() {
        ROOT => Rank::Root,
        _ => rank(caller.role),
    };
    if rank >= required_rank(call) {
        Ok(())
    } else {
        Err(Rejection::Forbidden)
    }
}

/// Whether a caller has the permissions of an owner, as root does.
pub fn is_owner(caller: &Caller) -> bool {
    rank(caller.role) >= Rank::Owner
}

/// Whether a role may grant another one. The granting role is at least editor, and the granted role
/// at most the granting one.
pub fn may_grant(granter: Role, granted: Role) -> bool {
    granted != Role::Unknown && rank(granter) >= rank(granted).max(Rank::Editor)
}

/// Ranks of roles; each includes the permissions of those before it.
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
        // The role `alerts` has endpoints of its own and no other permissions.
        Role::Alerts | Role::Unknown => Rank::Nothing,
    }
}

fn required_rank(call: &SiteCall) -> Rank {
    match call {
        SiteCall::Read(call) => match call {
            ReadCall::Site
            | ReadCall::Hostnames
            | ReadCall::Components
            | ReadCall::Component(_)
            | ReadCall::Incidents
            | ReadCall::Incident(_)
            | ReadCall::Update(..)
            | ReadCall::Postmortem(_)
            | ReadCall::Templates
            | ReadCall::Template(_)
            | ReadCall::OwnToken
            | ReadCall::OnCall
            | ReadCall::Journal
            | ReadCall::LastVerification => Rank::Viewer,
            ReadCall::Invitations
            | ReadCall::Verify
            | ReadCall::Webhooks
            | ReadCall::Webhook(_)
            | ReadCall::Deliveries(_)
            | ReadCall::OnCallDeliveries => Rank::Editor,
            ReadCall::Tokens | ReadCall::Export => Rank::Owner,
        },
        SiteCall::Write(call) => match call {
            WriteCall::ChangeSite => Rank::Owner,
            WriteCall::CreateComponent
            | WriteCall::ChangeComponent(_)
            | WriteCall::DeleteComponent(_)
            | WriteCall::CreateTemplate
            | WriteCall::ChangeTemplate(_)
            | WriteCall::DeleteTemplate(_)
            | WriteCall::CreateIncident
            | WriteCall::ChangeIncident(_)
            | WriteCall::DeleteIncident(_)
            | WriteCall::WithdrawIncident(_)
            | WriteCall::PostUpdate(_)
            | WriteCall::CorrectUpdate(..)
            | WriteCall::PutPostmortem(_) => Rank::Editor,
        },
        SiteCall::Credential(call) => match call {
            CredentialCall::CreateToken
            | CredentialCall::RevokeToken(_)
            | CredentialCall::RotateToken(_) => Rank::Owner,
            CredentialCall::Invite | CredentialCall::RevokeInvitation(_) => Rank::Editor,
            // Every token may revoke itself.
            CredentialCall::RevokeOwnToken => Rank::Nothing,
        },
        SiteCall::Webhook(call) => match call {
            WebhookCall::Create
            | WebhookCall::Change(_)
            | WebhookCall::Delete(_)
            | WebhookCall::Rotate(_)
            | WebhookCall::Test(_) => Rank::Owner,
            WebhookCall::Redeliver(..) | WebhookCall::RedeliverSince(_) => Rank::Editor,
        },
        SiteCall::TestOnCall | SiteCall::ConfirmHostname(_) => Rank::Owner,
        SiteCall::Journal(call) => match call {
            JournalCall::Delete | JournalCall::Import | JournalCall::Redact => Rank::Owner,
            JournalCall::Repair | JournalCall::CorrectClock => Rank::Root,
        },
        // The invitation is the credential.
        SiteCall::Guest(GuestCall::ReadInvitation | GuestCall::Redeem) => Rank::Nothing,
    }
}
