//! Admits requests with tokens and invitations to sites' objects, by the rules of [`LoginGate`].

use std::{cell::RefCell, time::Duration};

use notice::{rejection::Rejection, wire::ids::Slug};
use worker::{Env, Request};

use super::outcome::unknown_site;
use crate::{
    answer::Answer,
    cache::site_list,
    gate_turn::{self, HeldTurn},
    http::{
        credential::Credential,
        login_gate::{Admission, Fingerprint, LoginGate, Verdict, WAIT_MS},
        network::Network,
        site_call::{GuestCall, JournalCall, SiteCall},
    },
    refusal::Refusal,
    rpc::site_client as rpc,
    runtime::{address, request_context::RequestContext, server_clock},
};

/// Shortest deadline for checking the token of a request that has waited for its turn, in
/// milliseconds.
const LEAST_CALL_MS: u64 = 1000;

const BUSY: &str = "Many unknown tokens are being tried from this network; try again in a moment.";

thread_local! {
    static GATE: RefCell<LoginGate> = RefCell::new(LoginGate::default());
}

/// The admission of one request by the login gate.
pub struct GatePass {
    network: Network,
    /// `None` for the root token, which no object knows, and for invitations.
    token: Option<Fingerprint>,
    /// `None` for the root token.
    admission: Option<Admission>,
    /// The turn that the request has, if it had to wait for one.
    turn: Option<HeldTurn>,
}

impl GatePass {
    /// Admits a request. One with an unknown token may have to wait for a turn. Its token is then
    /// checked before the body is read, so that a slow upload does not occupy the turn.
    ///
    /// # Errors
    /// [`Rejection::Unauthorized`] for a refused token, [`Refusal::Busy`] after 10 s of waiting, `Fault` if the object
    /// fails.
    pub async fn begin(
        context: &RequestContext,
        env: &Env,
        request: &Request,
        site: &Slug,
        call: &SiteCall,
        credential: &Credential,
    ) -> Result<Self, Refusal> {
        let network = Network::of(&address::client_address(env, request));
        let token = match credential {
            Credential::Token { digest } => Some(Fingerprint::of_digest(digest)),
            Credential::Root | Credential::Nobody => None,
        };
        let now_ms = server_clock::now_ms(env);
        let admission = match credential {
            Credential::Root => None,
            Credential::Token { .. } | Credential::Nobody => {
                Some(GATE.with_borrow_mut(|gate| gate.admit(&network, token, now_ms)))
            }
        };
        let mut login = Self {
            network,
            token,
            admission,
            turn: None,
        };
        // The token of a repeated deletion was deleted with its site, so it is refused. The request
        // is let through, because the directory has its stored answer.
        let is_deletion = *call == SiteCall::Journal(JournalCall::Delete);
        match (admission, token) {
            (Some(Admission::Refused), _) if !is_deletion => Err(Rejection::Unauthorized.into()),
            (Some(Admission::Wait), Some(_)) if !is_deletion => {
                if !site_list::exists(context, env, site).await? {
                    return Err(unknown_site(credential).into());
                }
                let waited_ms = login.wait(env).await?;
                let deadline = WAIT_MS.saturating_sub(waited_ms).max(LEAST_CALL_MS);
                let deadline = Duration::from_millis(deadline);
                let is_valid = rpc::authenticate(env, site, credential, deadline).await?;
                login.turn = None;
                let now_ms = server_clock::now_ms(env);
                let verdict = match is_valid {
                    true => Verdict::Valid,
                    false => Verdict::Unknown,
                };
                login.settle(verdict, now_ms);
                if !is_valid {
                    return Err(Rejection::Unauthorized.into());
                }
                login.admission = Some(Admission::Known);
                Ok(login)
            }
            _ => Ok(login),
        }
    }

    /// Makes a request with an invitation wait for a turn, if the gate demands it. Called after the
    /// body has been read.
    ///
    /// # Errors
    /// [`Refusal::Busy`] after 10 s.
    pub async fn wait_if_guest(&mut self, env: &Env, call: &SiteCall) -> Result<(), Refusal> {
        let is_guest = matches!(call, SiteCall::Guest(_));
        if is_guest && self.admission == Some(Admission::Wait) {
            self.wait(env).await?;
        }
        Ok(())
    }

    /// Records the outcome of the request.
    pub fn end(self, env: &Env, call: &SiteCall, result: &Result<Answer, Refusal>) {
        let now_ms = server_clock::now_ms(env);
        // Only the object knows the tokens, so without its answer the verdict is open.
        let status = result.as_ref().map_or(503, |answer| answer.status);
        self.settle(
            match status {
                401 => Verdict::Unknown,
                500.. => Verdict::Open,
                _ => Verdict::Valid,
            },
            now_ms,
        );
        if *call == SiteCall::Guest(GuestCall::Redeem) && status < 300 {
            GATE.with_borrow_mut(LoginGate::forget_refused);
        }
    }

    /// Reports a verdict to the gate.
    fn settle(&self, verdict: Verdict, now_ms: u64) {
        let Some(admission) = self.admission else {
            return;
        };
        GATE.with_borrow_mut(|gate| {
            gate.settle(&self.network, self.token, admission, verdict, now_ms);
        });
    }

    /// Waits for a turn; returns for how long, in milliseconds.
    async fn wait(&mut self, env: &Env) -> Result<u64, Refusal> {
        let turn = gate_turn::wait(&GATE, env, &self.network).await;
        let (turn, waited_ms) = turn.ok_or(Refusal::Busy(BUSY))?;
        self.turn = Some(turn);
        Ok(waited_ms)
    }
}
