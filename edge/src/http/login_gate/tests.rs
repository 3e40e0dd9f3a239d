//! Tests of the gate for calls with unknown tokens.

use super::{
    Admission, Fingerprint, LoginGate, MAX_CALLS, MAX_KNOWN, MAX_NETWORKS, MAX_REFUSED,
    MAX_WAITING, Ticket, Turn, Verdict,
};
use crate::http::network::Network;

const NOW: u64 = 600_000;

fn token(number: usize) -> Fingerprint {
    Fingerprint::of_secret(number.to_string().as_bytes())
}

fn office() -> Network {
    Network::of("192.0.2.1")
}

/// A gate that has seen 60 refused tokens from the office in this minute.
fn busy_gate() -> LoginGate {
    let mut gate = LoginGate::default();
    for number in 0..60 {
        let guess = token(number);
        assert_eq!(gate.admit(&office(), Some(guess), NOW), Admission::Free);
        gate.refuse(guess, NOW);
    }
    gate
}

#[test]
fn a_refused_token_is_refused_from_memory_for_a_minute() {
    let mut gate = LoginGate::default();
    let elsewhere = Network::of("198.51.100.7");
    assert_eq!(gate.admit(&office(), Some(token(1)), NOW), Admission::Free);
    gate.refuse(token(1), NOW);
    for network in [office(), elsewhere] {
        let admission = gate.admit(&network, Some(token(1)), NOW + 59_999);
        assert_eq!(admission, Admission::Refused);
    }
    let later = gate.admit(&office(), Some(token(1)), NOW + 60_000);
    assert_eq!(later, Admission::Free);
    // The device that redeems an invitation may have tried its token before it was valid.
    gate.refuse(token(2), NOW + 60_000);
    gate.forget_refused();
    let redeemed = gate.admit(&office(), Some(token(2)), NOW + 60_001);
    assert_eq!(redeemed, Admission::Free);
    // A clock that is set back ends the refusal too.
    gate.refuse(token(3), NOW + 60_000);
    assert_eq!(gate.admit(&office(), Some(token(3)), 0), Admission::Free);
}

#[test]
fn after_60_refusals_unknown_tokens_of_the_network_wait() {
    let mut gate = busy_gate();
    let unknown = Some(token(1000));
    assert_eq!(gate.admit(&office(), unknown, NOW), Admission::Wait);
    assert_eq!(
        gate.admit(&office(), None, NOW),
        Admission::Wait,
        "invitation"
    );
    let elsewhere = Network::of("192.0.2.2");
    assert_eq!(gate.admit(&elsewhere, unknown, NOW), Admission::Free);
    let next_minute = NOW + 60_000;
    assert_eq!(gate.admit(&office(), unknown, next_minute), Admission::Free);
}

#[test]
fn known_tokens_never_wait() {
    let mut gate = busy_gate();
    gate.accept(token(1000));
    assert_eq!(
        gate.admit(&office(), Some(token(1000)), NOW),
        Admission::Known
    );
    // Revoked.
    gate.refuse(token(1000), NOW);
    assert_eq!(
        gate.admit(&office(), Some(token(1000)), NOW),
        Admission::Refused
    );
}

#[test]
fn valid_tokens_do_not_count_as_refusals() {
    let mut gate = LoginGate::default();
    for number in 0..1000 {
        let valid = Some(token(number));
        assert_eq!(gate.admit(&office(), valid, NOW), Admission::Free);
        let verdict = match number % 2 {
            0 => Verdict::Valid,
            _ => Verdict::Open,
        };
        gate.settle(&office(), valid, Admission::Free, verdict, NOW);
    }
    // Calls whose outcome is not known yet count as refusals, so that a burst cannot pass before its first refusal.
    for number in 2000..2060 {
        gate.admit(&office(), Some(token(number)), NOW);
    }
    let next = gate.admit(&office(), Some(token(2060)), NOW);
    assert_eq!(next, Admission::Wait);
}

#[test]
fn a_valid_token_waits_for_one_turn_among_guesses() {
    let mut gate = LoginGate::default();
    let settle = |gate: &mut LoginGate, token, admission, verdict| {
        gate.settle(&office(), Some(token), admission, verdict, NOW);
    };
    for number in 0..60 {
        let guess = token(number);
        let admission = gate.admit(&office(), Some(guess), NOW);
        assert_eq!(admission, Admission::Free, "{number}");
        settle(&mut gate, guess, admission, Verdict::Unknown);
    }
    let (valid, guess) = (token(1000), token(1001));
    for unknown in [valid, guess] {
        let admission = gate.admit(&office(), Some(unknown), NOW);
        assert_eq!(admission, Admission::Wait);
    }
    for (token, verdict, later) in [
        (guess, Verdict::Unknown, Admission::Refused),
        (valid, Verdict::Open, Admission::Wait),
        (valid, Verdict::Valid, Admission::Known),
    ] {
        let ticket = gate.enter();
        assert_eq!(gate.ask(&office(), ticket, NOW), Turn::Granted);
        settle(&mut gate, token, Admission::Wait, verdict);
        gate.leave(&office(), ticket);
        let admission = gate.admit(&office(), Some(token), NOW);
        assert_eq!(admission, later, "{verdict:?}");
    }
    assert_eq!(gate.networks[&office()].refusals, 61, "60 and the guess");
}

#[test]
fn two_calls_run_at_once_and_200_wait() {
    let mut gate = busy_gate();
    let mut ask = |ticket: Ticket, now_ms| gate.ask(&office(), ticket, now_ms);
    let tickets: Vec<Ticket> = (0..MAX_CALLS + MAX_WAITING + 1)
        .map(|number| Ticket(u64::try_from(number).unwrap() + 1))
        .collect();
    let turns: Vec<Turn> = tickets.iter().map(|ticket| ask(*ticket, NOW)).collect();
    assert_eq!(turns[..2], [Turn::Granted; 2]);
    assert_eq!(turns[2..202], [Turn::NotYet; 200]);
    assert_eq!(turns[202], Turn::GiveUp);
    assert_eq!(ask(tickets[2], NOW + 50), Turn::NotYet);
    gate.leave(&office(), tickets[0]);
    // The request that came last does not overtake those that wait.
    assert_eq!(gate.ask(&office(), tickets[202], NOW + 50), Turn::GiveUp);
    assert_eq!(gate.ask(&office(), tickets[7], NOW + 50), Turn::Granted);
    assert_eq!(gate.ask(&office(), tickets[202], NOW + 50), Turn::NotYet);
    assert_eq!(gate.ask(&office(), tickets[8], NOW + 50), Turn::NotYet);
}

#[test]
fn turns_and_waits_of_vanished_requests_end() {
    let mut gate = busy_gate();
    let tickets: Vec<Ticket> = (0..4).map(|_| gate.enter()).collect();
    for ticket in &tickets {
        gate.ask(&office(), *ticket, NOW);
    }
    let later = NOW + 11_000;
    let fresh = gate.enter();
    assert_eq!(gate.ask(&office(), fresh, later), Turn::Granted);
    let state = &gate.networks[&office()];
    assert_eq!((state.calls.len(), state.waiting.len()), (1, 0));
}

#[test]
fn memory_is_bounded() {
    let mut gate = LoginGate::default();
    for number in 0..MAX_REFUSED + 100 {
        gate.refuse(token(number), NOW);
        gate.accept(token(number + 1_000_000));
        let network = Network::Other(number.to_string());
        gate.admit(&network, Some(token(number + 2_000_000)), NOW);
    }
    assert_eq!(gate.refused.len(), MAX_REFUSED);
    assert_eq!(gate.refused_at.len(), MAX_REFUSED);
    assert_eq!(gate.known.len(), MAX_KNOWN);
    assert_eq!(gate.networks.len(), MAX_NETWORKS);
    let newest = token(MAX_REFUSED + 99);
    let admission = gate.admit(&office(), Some(newest), NOW);
    assert_eq!(admission, Admission::Refused);
    gate.admit(&office(), Some(token(1)), NOW + 60_000);
    assert_eq!(gate.networks.len(), 1, "past minutes are forgotten first");
}
