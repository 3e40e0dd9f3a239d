//! Protects sites' objects from guessed tokens, without ever refusing a valid one: a token that its object has refused
//! is refused from memory for a minute; above 60 refusals in a minute, the unknown tokens of a network wait for a turn.
//! The links of on-call messages have a separate gate, in which their secrets are the tokens.
//!
//! Plain data of one isolate. Each caller waits with its own timer: on workerd, a request cannot await a future of another
//! one. A site's token has 256 random bits, so that guesses cause load, but never succeed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use notice::journal::sha256_hex;

use super::network::Network;

/// Number of refusals in a minute after which the unknown tokens of a network wait.
pub const FREE_REFUSALS: u32 = 60;
/// Maximum number of concurrent calls for waiting tokens of a network.
pub const MAX_CALLS: usize = 2;
/// Maximum number of waiting requests of a network.
pub const MAX_WAITING: usize = 200;
/// Time after which a waiting request gives up, in milliseconds.
pub const WAIT_MS: u64 = 10_000;
/// Time after which a call counts as ended, in milliseconds; above every call's deadline. When a client disconnects,
/// the runtime may drop its request without running destructors.
const CALL_MS: u64 = 11_000;
const MINUTE_MS: u64 = 60_000;
/// Maximum number of remembered refused tokens; above it the oldest is forgotten.
const MAX_REFUSED: usize = 10_000;
/// Maximum number of remembered known tokens.
const MAX_KNOWN: usize = 10_000;
/// Maximum number of remembered networks; above it those of past minutes are forgotten, then any.
const MAX_NETWORKS: usize = 10_000;

/// The first 128 bits of a credential's SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The fingerprint of a token's digest in hex.
    pub fn of_digest(digest: &str) -> Self {
        let first = digest.get(..32).unwrap_or_default();
        Self(u128::from_str_radix(first, 16).unwrap_or_default())
    }

    /// The fingerprint of a secret.
    pub fn of_secret(secret: &[u8]) -> Self {
        Self::of_digest(&sha256_hex(secret))
    }
}

/// The gate's decision about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The token was valid before: the request calls the object at once.
    Known,
    /// The request calls the object at once, and reports the outcome with [`LoginGate::settle`].
    Free,
    /// The request waits for a turn before it calls the object.
    Wait,
    /// The token was refused within the last minute: the request does not call the object.
    Refused,
}

/// An object's verdict on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Unknown,
    /// No verdict: the object failed, or did not answer in time.
    Open,
}

/// The result of asking for a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Granted,
    NotYet,
    /// Too many other requests are waiting.
    GiveUp,
}

/// A request that waits for its turn or has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u64);

#[derive(Debug, Default)]
pub struct LoginGate {
    known: BTreeSet<Fingerprint>,
    refused: BTreeSet<Fingerprint>,
    /// The refused tokens with the time of their refusal, oldest first.
    refused_at: VecDeque<(Fingerprint, u64)>,
    networks: BTreeMap<Network, NetworkState>,
    last_ticket: u64,
}

#[derive(Debug, Default)]
struct NetworkState {
    /// The minute of `refusals`, in minutes since 1970.
    minute: u64,
    /// Number of refusals in the minute, and of calls whose outcome is not known yet.
    refusals: u32,
    /// The calls of requests that had to wait: ticket, and the latest time at which the call ends.
    calls: Vec<(u64, u64)>,
    /// The waiting requests: ticket, and the time at which the request gives up.
    waiting: Vec<(u64, u64)>,
}

impl NetworkState {
    /// Removes the calls and waits that are past their end, or that end too late because the clock was set back.
    fn forget_lost(&mut self, now_ms: u64) {
        for list in [&mut self.calls, &mut self.waiting] {
            list.retain(|(_, until_ms)| (1..=CALL_MS).contains(&until_ms.saturating_sub(now_ms)));
        }
    }

    fn is_idle(&self, minute: u64) -> bool {
        self.minute != minute && self.calls.is_empty() && self.waiting.is_empty()
    }

    fn start_call(&mut self, ticket: u64, now_ms: u64) {
        self.calls.push((ticket, now_ms.saturating_add(CALL_MS)));
    }
}

impl LoginGate {
    /// Decides about a request. `token` is `None` for an invitation, which is always treated as unknown.
    pub fn admit(
        &mut self,
        network: &Network,
        token: Option<Fingerprint>,
        now_ms: u64,
    ) -> Admission {
        if token.is_some_and(|token| self.known.contains(&token)) {
            return Admission::Known;
        }
        if token.is_some_and(|token| self.is_refused(token, now_ms)) {
            return Admission::Refused;
        }
        let state = self.network(network, now_ms);
        if state.refusals >= FREE_REFUSALS {
            return Admission::Wait;
        }
        state.refusals = state.refusals.saturating_add(1);
        Admission::Free
    }

    /// Records the outcome of an admitted request's call.
    pub fn settle(
        &mut self,
        network: &Network,
        token: Option<Fingerprint>,
        admission: Admission,
        verdict: Verdict,
        now_ms: u64,
    ) {
        match (admission, verdict) {
            (Admission::Wait, Verdict::Unknown) => {
                let state = self.network(network, now_ms);
                state.refusals = state.refusals.saturating_add(1);
            }
            // Counted already, when the request was admitted.
            (Admission::Free, Verdict::Unknown) => {}
            (Admission::Free, Verdict::Valid | Verdict::Open) => {
                let state = self.network(network, now_ms);
                state.refusals = state.refusals.saturating_sub(1);
            }
            (Admission::Wait | Admission::Known | Admission::Refused, _) => {}
        }
        match (token, verdict) {
            (Some(token), Verdict::Valid) => self.accept(token),
            (Some(token), Verdict::Unknown) => self.refuse(token, now_ms),
            _ => {}
        }
    }

    /// Remembers a token that an object has accepted.
    fn accept(&mut self, token: Fingerprint) {
        if self.known.insert(token) && self.known.len() > MAX_KNOWN {
            self.known.pop_first();
        }
    }

    /// Remembers a token that an object has refused.
    fn refuse(&mut self, token: Fingerprint, now_ms: u64) {
        self.known.remove(&token);
        if self.refused.insert(token) {
            self.refused_at.push_back((token, now_ms));
        }
        if self.refused.len() > MAX_REFUSED
            && let Some((oldest, _)) = self.refused_at.pop_front()
        {
            self.refused.remove(&oldest);
        }
    }

    /// Forgets all refused tokens: an invitation may just have made one of them valid.
    pub fn forget_refused(&mut self) {
        self.refused.clear();
        self.refused_at.clear();
    }

    /// Issues a ticket to a request that has to wait.
    pub fn enter(&mut self) -> Ticket {
        self.last_ticket = self.last_ticket.saturating_add(1);
        Ticket(self.last_ticket)
    }

    /// Asks for a turn. A request that did not wait before does not overtake those that wait.
    pub fn ask(&mut self, network: &Network, ticket: Ticket, now_ms: u64) -> Turn {
        let Ticket(ticket) = ticket;
        let state = self.network(network, now_ms);
        state.forget_lost(now_ms);
        let waits = state.waiting.iter().any(|(waiting, _)| *waiting == ticket);
        let may_go = waits || state.waiting.is_empty();
        if may_go && state.calls.len() < MAX_CALLS {
            state.waiting.retain(|(waiting, _)| *waiting != ticket);
            state.start_call(ticket, now_ms);
            return Turn::Granted;
        }
        if waits {
            return Turn::NotYet;
        }
        if state.waiting.len() >= MAX_WAITING {
            return Turn::GiveUp;
        }
        let until_ms = now_ms.saturating_add(WAIT_MS);
        state.waiting.push((ticket, until_ms));
        Turn::NotYet
    }

    /// Ends a turn, or a wait.
    pub fn leave(&mut self, network: &Network, ticket: Ticket) {
        if let Some(state) = self.networks.get_mut(network) {
            state.calls.retain(|(other, _)| *other != ticket.0);
            state.waiting.retain(|(other, _)| *other != ticket.0);
        }
    }

    fn is_refused(&mut self, token: Fingerprint, now_ms: u64) -> bool {
        while let Some((oldest, at_ms)) = self.refused_at.front().copied()
            && now_ms.abs_diff(at_ms) >= MINUTE_MS
        {
            self.refused.remove(&oldest);
            self.refused_at.pop_front();
        }
        self.refused.contains(&token)
    }

    /// The state of a network in the current minute.
    fn network(&mut self, network: &Network, now_ms: u64) -> &mut NetworkState {
        let minute = now_ms / MINUTE_MS;
        if self.networks.len() >= MAX_NETWORKS && !self.networks.contains_key(network) {
            self.networks.retain(|_, state| !state.is_idle(minute));
            if self.networks.len() >= MAX_NETWORKS {
                self.networks.pop_first();
            }
        }
        let state = self.networks.entry(network.clone()).or_default();
        if state.minute != minute {
            state.minute = minute;
            state.refusals = 0;
        }
        state
    }
}

#[cfg(test)]
mod tests;
