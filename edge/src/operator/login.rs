//! Lets requests with tokens and invitations through to sites' objects, by the rules of [`LoginGate`].

use std::{cell::RefCell, time::Duration};

use notice::{rejection::Rejection, wire::ids::Slug};
use worker::{Delay, Env, Request};

use super::outcome::unknown_site;
use crate::{
    answer::Answer,
    cache::site_list,
    http::{
        credential::Credential,
        login_gate::{Admission, Fingerprint, LoginGate, Ticket, Turn, WAIT_MS},
        network::Network,
        site_call::{GuestCall, JournalCall, SiteCall},
    },
    refusal::Refusal,
    rpc::site_client as rpc,
    runtime::{address, request_context::RequestContext, server_clock},
};

/// Interval at which a waiting request asks for its turn.
const POLL: Duration = Duration::from_millis(50);

/// Least deadline of the call of a request that has waited, in milliseconds.
const LEAST_CALL_MS: u64 = 1000;

const BUSY: &str = "Many unknown tokens are being tried from this network; try again in a moment.";

thread_local! {
    static GATE: RefCell<LoginGate> = RefCell::new(LoginGate::default());
}

/// The login of one request.
pub struct Login {
    network: Network,
    /// `None` for the root token, which no object knows, and for invitations.
    token: Option<Fingerprint>,
    /// `None` for the root token.
    admission: Option<Admission>,
    turn: Option<HeldTurn>,
}

/// A turn, which ends when it is dropped.
struct HeldTurn {
    network: Network,
    ticket: Ticket,
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        GATE.with_borrow_mut(|gate| gate.leave(&self.network, self.ticket));
    }
}

impl Login {
    /// Admits a request. An unknown token may have to wait, and is then checked on its own, so that a slow body holds
    /// no turn.
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
        // A refused token may have deleted its site, and repeat that.
        let is_deletion = *call == SiteCall::Journal(JournalCall::Delete);
        match (admission, token) {
            (Some(Admission::Refused), _) if !is_deletion => Err(Rejection::Unauthorized.into()),
            (Some(Admission::Wait), Some(token)) if !is_deletion => {
                if !site_list::exists(context, env, site).await? {
                    return Err(unknown_site(credential).into());
                }
                let waited_ms = login.wait(env).await?;
                let deadline = WAIT_MS.saturating_sub(waited_ms).max(LEAST_CALL_MS);
                let deadline = Duration::from_millis(deadline);
                let is_valid = rpc::authenticate(env, site, credential, deadline).await?;
                login.turn = None;
                let now_ms = server_clock::now_ms(env);
                GATE.with_borrow_mut(|gate| match is_valid {
                    true => {
                        gate.accept(token);
                        login.admission = Some(Admission::Known);
                        Ok(login)
                    }
                    false => {
                        gate.refuse(token, now_ms);
                        gate.count_refusal(&login.network, now_ms);
                        Err(Rejection::Unauthorized.into())
                    }
                })
            }
            _ => Ok(login),
        }
    }

    /// Lets an invitation wait for its turn, after its body has been read.
    ///
    /// # Errors
    /// [`Refusal::Busy`] after 10 s.
    pub async fn wait_as_guest(&mut self, env: &Env, call: &SiteCall) -> Result<(), Refusal> {
        let is_guest = matches!(call, SiteCall::Guest(_));
        if is_guest && self.admission == Some(Admission::Wait) {
            self.wait(env).await?;
        }
        Ok(())
    }

    /// Records the outcome of the request.
    pub fn end(self, env: &Env, call: &SiteCall, result: &Result<Answer, Refusal>) {
        let now_ms = server_clock::now_ms(env);
        // Only the object's answer counts: it alone knows the tokens.
        let status = result.as_ref().map_or(503, |answer| answer.status);
        GATE.with_borrow_mut(|gate| {
            match (self.admission, status) {
                (Some(Admission::Wait), 401) => gate.count_refusal(&self.network, now_ms),
                (Some(Admission::Free), 401) => {}
                (Some(Admission::Free), _) => gate.end(&self.network, now_ms),
                _ => {}
            }
            if let Some(token) = self.token {
                match status {
                    401 => gate.refuse(token, now_ms),
                    500.. => {}
                    _ => gate.accept(token),
                }
            }
            if *call == SiteCall::Guest(GuestCall::Redeem) && status < 300 {
                gate.forget_refused();
            }
        });
    }

    /// Waits by a timer of this request's own; returns for how long, in milliseconds.
    async fn wait(&mut self, env: &Env) -> Result<u64, Refusal> {
        let ticket = GATE.with_borrow_mut(LoginGate::enter);
        let started_ms = server_clock::now_ms(env);
        // Held from the start, so that a request that gives up leaves the queue.
        self.turn = Some(HeldTurn {
            network: self.network.clone(),
            ticket,
        });
        loop {
            let now_ms = server_clock::now_ms(env);
            let waited_ms = now_ms.abs_diff(started_ms);
            match GATE.with_borrow_mut(|gate| gate.ask(&self.network, ticket, now_ms)) {
                Turn::Granted => return Ok(waited_ms),
                Turn::NotYet if waited_ms < WAIT_MS => Delay::from(POLL).await,
                Turn::NotYet | Turn::GiveUp => return Err(Refusal::Busy(BUSY)),
            }
        }
    }
}
