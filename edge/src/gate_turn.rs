//! Waits for a turn of a [`LoginGate`].

use std::{cell::RefCell, thread::LocalKey, time::Duration};

use worker::{Delay, Env};

use crate::{
    http::{
        login_gate::{LoginGate, Ticket, Turn, WAIT_MS},
        network::Network,
    },
    runtime::server_clock,
};

/// Interval at which a waiting request asks for its turn.
const POLL: Duration = Duration::from_millis(50);

/// The gate of this isolate for one kind of secrets.
pub type Gate = LocalKey<RefCell<LoginGate>>;

/// A turn, which ends when it is dropped.
pub struct HeldTurn {
    gate: &'static Gate,
    network: Network,
    ticket: Ticket,
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        self.gate
            .with_borrow_mut(|gate| gate.leave(&self.network, self.ticket));
    }
}

/// Waits for a turn, with a timer of this request. Returns the turn and the time waited in milliseconds; `None` after 10 s,
/// or at once if too many other requests wait.
pub async fn wait(gate: &'static Gate, env: &Env, network: &Network) -> Option<(HeldTurn, u64)> {
    let started_ms = server_clock::now_ms(env);
    // Created before the turn is granted, so that dropping it also removes a request that gives up from the queue.
    let turn = HeldTurn {
        gate,
        network: network.clone(),
        ticket: gate.with_borrow_mut(LoginGate::enter),
    };
    loop {
        let now_ms = server_clock::now_ms(env);
        let waited_ms = now_ms.abs_diff(started_ms);
        match gate.with_borrow_mut(|gate| gate.ask(network, turn.ticket, now_ms)) {
            Turn::Granted => return Some((turn, waited_ms)),
            Turn::NotYet if waited_ms < WAIT_MS => Delay::from(POLL).await,
            Turn::NotYet | Turn::GiveUp => return None,
        }
    }
}
