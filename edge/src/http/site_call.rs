//! Operators' calls on one site, by kind. No `match` over these enums has a wildcard arm (`_`), so that a new call does not
//! compile until every `match` handles it.

use notice::wire::{
    ids::{DeliveryId, IncidentId, InvitationId, TemplateId, TokenId, UpdateId, WebhookId},
    input::ComponentName,
};
use serde::{Deserialize, Serialize};

use super::host_name::HostName;

/// An operator's call on one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteCall {
    /// A read, which changes nothing.
    Read(ReadCall),
    /// Becomes a command that `notice` decides.
    Write(WriteCall),
    /// Changes who has access.
    Credential(CredentialCall),
    /// Changes webhooks, or sends to them.
    Webhook(WebhookCall),
    /// Sends a test to every on-call target.
    TestOnCall,
    /// Confirms that a host name belongs to the site. The directory has the confirmations; the object only authorises.
    ConfirmHostname(HostName),
    /// Changes the journal itself.
    Journal(JournalCall),
    /// Is authenticated by an invitation in its body instead of a token.
    Guest(GuestCall),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadCall {
    Site,
    /// The site's host names, and whether they are confirmed.
    Hostnames,
    /// All components, in the operators' order.
    Components,
    Component(ComponentName),
    /// A page of the incidents, newest first.
    Incidents,
    /// One incident with every update.
    Incident(IncidentId),
    Update(IncidentId, UpdateId),
    Postmortem(IncidentId),
    /// All templates, by name.
    Templates,
    Template(TemplateId),
    /// Tokens and sessions, without their secrets.
    Tokens,
    /// The caller's own token.
    OwnToken,
    /// Pending invitations, without their secrets.
    Invitations,
    /// All webhooks, without their secrets.
    Webhooks,
    Webhook(WebhookId),
    /// A page of a webhook's deliveries, newest first.
    Deliveries(WebhookId),
    /// The on-call targets, escalations and the last test.
    OnCall,
    /// A page of the deliveries to on-call targets, newest first.
    OnCallDeliveries,
    /// A page of the journal, newest first.
    Journal,
    /// The whole site as one file.
    Export,
    /// Compares a replay of the journal with the projections.
    Verify,
    /// The result of the last verification.
    LastVerification,
}

/// A write that becomes a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteCall {
    /// Changes the site's settings.
    ChangeSite,
    CreateComponent,
    ChangeComponent(ComponentName),
    DeleteComponent(ComponentName),
    CreateTemplate,
    ChangeTemplate(TemplateId),
    DeleteTemplate(TemplateId),
    /// Publishes an incident, or saves a draft.
    CreateIncident,
    /// Changes an incident's fields; publishes drafts.
    ChangeIncident(IncidentId),
    DeleteIncident(IncidentId),
    /// Withdraws an incident that was published by mistake.
    WithdrawIncident(IncidentId),
    PostUpdate(IncidentId),
    /// Corrects an update's text.
    CorrectUpdate(IncidentId, UpdateId),
    /// Writes an incident's postmortem.
    PutPostmortem(IncidentId),
}

/// A write about tokens, sessions and invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialCall {
    CreateToken,
    /// Revokes a token or ends a session.
    RevokeToken(TokenId),
    /// Revokes the caller's own token, or ends the caller's session.
    RevokeOwnToken,
    /// Replaces a token's secret.
    RotateToken(TokenId),
    /// Creates an invitation: a link that gives a device its own session.
    Invite,
    /// Revokes a pending invitation.
    RevokeInvitation(InvitationId),
}

/// A write about webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookCall {
    Create,
    Change(WebhookId),
    Delete(WebhookId),
    /// Replaces the secret.
    Rotate(WebhookId),
    /// Sends an example.
    Test(WebhookId),
    /// Sends a delivery again.
    Redeliver(WebhookId, DeliveryId),
    /// Sends all deliveries since a time again.
    RedeliverSince(WebhookId),
}

/// A write that works on the journal as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalCall {
    /// Deletes the site with its journal.
    Delete,
    /// Reads an export into an empty site.
    Import,
    Redact,
    /// Accepts rows whose time is before that of the preceding row.
    Repair,
    /// Lets the journal's times continue from the current clock, after the clock was ahead and has been set back.
    CorrectClock,
}

/// A call of a guest, who has an invitation and no token yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestCall {
    /// Reads an invitation without redeeming it.
    ReadInvitation,
    /// Exchanges an invitation for a session.
    Redeem,
}

const JSON: &[&str] = &["application/json"];
const PATCH: &[&str] = &["application/json", "application/merge-patch+json"];
const LINES: &[&str] = &["application/jsonl", "application/x-ndjson"];
const NONE: &[&str] = &[];

impl SiteCall {
    pub fn is_write(&self) -> bool {
        match self {
            Self::Read(_) | Self::Guest(GuestCall::ReadInvitation) => false,
            Self::Write(_)
            | Self::Credential(_)
            | Self::Webhook(_)
            | Self::TestOnCall
            | Self::ConfirmHostname(_)
            | Self::Journal(_)
            | Self::Guest(GuestCall::Redeem) => true,
        }
    }

    /// Whether the call may change the site's host names.
    pub fn may_change_hostnames(&self) -> bool {
        match self {
            Self::Write(call) => match call {
                WriteCall::ChangeSite => true,
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
                | WriteCall::PutPostmortem(_) => false,
            },
            Self::Journal(call) => match call {
                JournalCall::Import => true,
                JournalCall::Delete
                | JournalCall::Redact
                | JournalCall::Repair
                | JournalCall::CorrectClock => false,
            },
            Self::Read(_)
            | Self::Credential(_)
            | Self::Webhook(_)
            | Self::TestOnCall
            | Self::ConfirmHostname(_)
            | Self::Guest(_) => false,
        }
    }

    /// Whether the call's body may be large, so that only the object reads the body, as a stream.
    pub fn has_large_body(&self) -> bool {
        match self {
            Self::Journal(call) => match call {
                JournalCall::Import => true,
                JournalCall::Delete
                | JournalCall::Redact
                | JournalCall::Repair
                | JournalCall::CorrectClock => false,
            },
            Self::Read(_)
            | Self::Write(_)
            | Self::Credential(_)
            | Self::Webhook(_)
            | Self::TestOnCall
            | Self::ConfirmHostname(_)
            | Self::Guest(_) => false,
        }
    }

    /// Whether the call works on the whole site in slices, which may take minutes.
    pub fn is_long(&self) -> bool {
        match self {
            Self::Read(call) => match call {
                ReadCall::Verify | ReadCall::Export => true,
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
                | ReadCall::Tokens
                | ReadCall::OwnToken
                | ReadCall::Invitations
                | ReadCall::Webhooks
                | ReadCall::Webhook(_)
                | ReadCall::Deliveries(_)
                | ReadCall::OnCall
                | ReadCall::OnCallDeliveries
                | ReadCall::Journal
                | ReadCall::LastVerification => false,
            },
            Self::Journal(call) => match call {
                JournalCall::Import | JournalCall::Redact | JournalCall::Repair => true,
                JournalCall::Delete | JournalCall::CorrectClock => false,
            },
            Self::Write(_)
            | Self::Credential(_)
            | Self::Webhook(_)
            | Self::TestOnCall
            | Self::ConfirmHostname(_)
            | Self::Guest(_) => false,
        }
    }

    /// The accepted media types of the body; empty if the call takes no body.
    pub fn media_types(&self) -> &'static [&'static str] {
        match self {
            Self::Read(_) | Self::TestOnCall | Self::ConfirmHostname(_) => NONE,
            Self::Write(call) => call.media_types(),
            Self::Credential(call) => match call {
                CredentialCall::CreateToken | CredentialCall::Invite => JSON,
                CredentialCall::RevokeToken(_)
                | CredentialCall::RevokeOwnToken
                | CredentialCall::RotateToken(_)
                | CredentialCall::RevokeInvitation(_) => NONE,
            },
            Self::Webhook(call) => match call {
                WebhookCall::Create | WebhookCall::RedeliverSince(_) => JSON,
                WebhookCall::Change(_) => PATCH,
                WebhookCall::Delete(_)
                | WebhookCall::Rotate(_)
                | WebhookCall::Test(_)
                | WebhookCall::Redeliver(..) => NONE,
            },
            Self::Journal(call) => match call {
                JournalCall::Import => LINES,
                JournalCall::Redact => JSON,
                JournalCall::Delete | JournalCall::Repair | JournalCall::CorrectClock => NONE,
            },
            Self::Guest(GuestCall::ReadInvitation | GuestCall::Redeem) => JSON,
        }
    }
}

impl WriteCall {
    fn media_types(&self) -> &'static [&'static str] {
        match self {
            Self::ChangeSite
            | Self::ChangeComponent(_)
            | Self::ChangeTemplate(_)
            | Self::ChangeIncident(_)
            | Self::CorrectUpdate(..) => PATCH,
            Self::CreateComponent
            | Self::CreateTemplate
            | Self::CreateIncident
            | Self::WithdrawIncident(_)
            | Self::PostUpdate(_)
            | Self::PutPostmortem(_) => JSON,
            Self::DeleteComponent(_) | Self::DeleteTemplate(_) | Self::DeleteIncident(_) => NONE,
        }
    }
}
