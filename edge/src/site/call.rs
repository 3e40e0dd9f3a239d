//! An operator's request to a site, and the write that it leads to.

use std::cell::RefCell;

use notice::{
    decide::Command,
    wire::{ids::IncidentId, input::NewSite},
};

use super::{importer::Staged, list_cache::ListCache};
use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        rate_limit::{RateLimiter, Remaining},
        site_call::{CredentialCall, JournalCall, WebhookCall, WriteCall},
    },
    rpc::site_client::Envelope,
};

/// An operator's request, with the object's data that its handler uses.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The request's headers, as parsed by the Worker.
    pub envelope: &'a Envelope,
    pub body: &'a [u8],
    /// The current time in milliseconds since 1970.
    pub now_ms: u64,
    /// The writes of each token in the current minute.
    pub rate_limiter: &'a RefCell<RateLimiter>,
    /// The cached incidents of lists.
    pub lists: &'a RefCell<ListCache>,
    /// The kind of the job that another request has in progress.
    pub running: Option<JobKind>,
    /// Whether the runtime knows a time zone.
    pub is_time_zone: &'a dyn Fn(&str) -> bool,
}

/// A kind of job. A job is work on a whole site; at most one is in progress at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// An import, during which nothing else may write.
    Import,
    Verify,
    Export,
    Redact,
    Repair,
}

/// A parsed and checked body.
#[derive(Debug)]
pub enum Input {
    /// A command, and the incidents to load for its decision.
    Command(Command, Vec<IncidentId>),
    NewSite(Box<NewSite>),
    /// An export in staging tables.
    Import(Box<Staged>),
}

/// The body of an import after it has been read.
#[derive(Debug)]
pub struct Upload {
    /// See [`idempotency::fingerprint`](super::idempotency::fingerprint).
    pub fingerprint: String,
    /// `None` if the body was read only for its fingerprint, because the request may be a replay.
    pub staged: Option<Box<Staged>>,
}

/// A request that needs host names from the directory before it continues. Its body is already
/// parsed.
#[derive(Debug)]
pub struct Claim {
    pub hostnames: Vec<String>,
    pub input: Input,
    /// See [`idempotency::fingerprint`](super::idempotency::fingerprint).
    pub fingerprint: String,
    /// The writes that the token has left in this minute, after this one.
    pub remaining: Option<Remaining>,
}

/// A request that continues after its claim.
#[derive(Debug)]
pub struct GrantedClaim {
    pub claim: Claim,
    /// Host names that other sites have; an import continues without them.
    pub taken: Vec<String>,
}

/// A write that is decided and not yet stored.
pub struct Write<'a> {
    /// The answer for the caller.
    pub answer: Answer,
    /// The answer for replays, if it differs: secrets are shown once.
    pub replay: Option<Answer>,
    /// Stores the write; called inside a transaction.
    pub work: Box<dyn FnOnce() -> Result<(), Fault> + 'a>,
}

/// The calls that write.
#[derive(Clone, Copy, Debug)]
pub enum WriteKind<'a> {
    Command(&'a WriteCall),
    Credential(&'a CredentialCall),
    Webhook(&'a WebhookCall),
    TestOnCall,
    Journal(JournalCall),
}

/// The result of deciding a write.
pub enum WriteDecision<'a> {
    Write(Write<'a>),
    /// The host names that the write needs from the directory first, and its parsed body.
    NeedsHostnames(Vec<String>, Input),
}
