//! Failed logins: after twenty in a minute an address has to wait.
//!
//! It is kept from trying on, not from working: a credential that has not failed is still looked at, until twenty different
//! ones have; one that has opened something here before always is. So a forgotten script with an old token does not lock
//! out the operators who share its address, and a guesser still has twenty guesses a minute. What a site makes as tokens
//! cannot be guessed at any rate; the deployment's own token is what somebody chose, and is never remembered as good.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use notice::{journal::sha256_hex, rejection::Rejection};

/// Failed logins a minute and address.
pub const LIMIT: u32 = 20;
const MINUTE_MS: u64 = 60_000;
/// Addresses that are remembered at most; when there are more, those of past minutes are forgotten first.
const MOST: usize = 10_000;
/// Credentials that are remembered as good at most.
const MOST_GOOD: usize = 1000;

thread_local! {
    static LOGINS: RefCell<Logins> = RefCell::new(Logins::default());
}

/// A credential as it is remembered here: enough of its digest to tell it from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// That of an `Authorization` header; of none, the empty one's.
    pub fn of(header: &str) -> Self {
        let digest = sha256_hex(header.as_bytes());
        let first = digest.get(..16).unwrap_or_default();
        Self(u64::from_str_radix(first, 16).unwrap_or_default())
    }
}

/// What has failed in the present minute, and what has not.
#[derive(Debug, Default)]
struct Logins {
    failing: BTreeMap<String, Failing>,
    good: BTreeSet<Fingerprint>,
}

/// How often an address has failed in a minute, and with what; of that at most [`LIMIT`] are kept.
#[derive(Debug, Default)]
struct Failing {
    minute: u64,
    times: u32,
    with: BTreeSet<Fingerprint>,
}

impl Failing {
    fn has_to_wait(&self, credential: Fingerprint) -> bool {
        self.times >= LIMIT && (self.with.contains(&credential) || self.is_guessing())
    }

    fn is_guessing(&self) -> bool {
        u32::try_from(self.with.len()).is_ok_and(|different| different >= LIMIT)
    }
}

impl Logins {
    fn check(&self, address: &str, credential: Fingerprint, now_ms: u64) -> Result<(), Rejection> {
        let waits = self.failing.get(address).is_some_and(|failing| {
            failing.minute == now_ms / MINUTE_MS && failing.has_to_wait(credential)
        });
        if waits && !self.good.contains(&credential) {
            return Err(Rejection::TooManyRequests {
                retry_after_s: 60 - (now_ms / 1000) % 60,
                limit: LIMIT,
            });
        }
        Ok(())
    }

    fn failed(&mut self, address: &str, credential: Fingerprint, now_ms: u64) {
        self.good.remove(&credential);
        let minute = now_ms / MINUTE_MS;
        if self.failing.len() >= MOST {
            self.failing.retain(|_, failing| failing.minute == minute);
            // A storm from that many addresses at once: memory stays bounded, at the price of forgetting one of them.
            if self.failing.len() >= MOST {
                self.failing.pop_first();
            }
        }
        let failing = self.failing.entry(address.to_owned()).or_default();
        if failing.minute != minute {
            *failing = Failing {
                minute,
                ..Failing::default()
            };
        }
        failing.times = failing.times.saturating_add(1);
        if !failing.is_guessing() {
            failing.with.insert(credential);
        }
    }

    fn succeeded(&mut self, credential: Fingerprint) {
        if self.good.insert(credential) && self.good.len() > MOST_GOOD {
            self.good.pop_first();
        }
    }
}

/// Whether this address may try this credential.
///
/// # Errors
/// [`Rejection::TooManyRequests`] when it has failed too often in this minute.
pub fn check(address: &str, credential: Fingerprint, now_ms: u64) -> Result<(), Rejection> {
    LOGINS.with_borrow(|logins| logins.check(address, credential, now_ms))
}

/// This address has failed with this credential.
pub fn failed(address: &str, credential: Fingerprint, now_ms: u64) {
    LOGINS.with_borrow_mut(|logins| logins.failed(address, credential, now_ms));
}

/// This credential, one that cannot be guessed, has opened something.
pub fn succeeded(credential: Fingerprint) {
    LOGINS.with_borrow_mut(|logins| logins.succeeded(credential));
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, LIMIT, Logins, MOST, MOST_GOOD};

    const NOW: u64 = 10_000;

    fn of(number: u32) -> Fingerprint {
        Fingerprint::of(&number.to_string())
    }

    #[test]
    fn a_storm_of_addresses_or_tokens_does_not_fill_the_memory() {
        let mut logins = Logins::default();
        for number in 0..MOST + 100 {
            logins.failed(&number.to_string(), of(0), NOW);
        }
        assert_eq!(logins.failing.len(), MOST);
        logins.failed("later", of(0), 60_000);
        assert_eq!(logins.failing.len(), 1, "past minutes go first");
        for number in 0..2000 {
            logins.failed("later", of(number), 60_000);
            logins.succeeded(of(number));
        }
        assert_eq!(logins.failing["later"].with.len(), 20);
        assert_eq!(logins.good.len(), MOST_GOOD);
    }

    #[test]
    fn the_twenty_first_waits_for_the_next_minute() {
        let mut logins = Logins::default();
        for _ in 0..LIMIT {
            assert!(logins.check("one", of(0), NOW).is_ok());
            logins.failed("one", of(0), NOW);
        }
        assert!(logins.check("one", of(0), 59_999).is_err());
        assert!(logins.check("other", of(0), 59_999).is_ok());
        assert!(logins.check("one", of(0), 60_000).is_ok());
        logins.failed("one", of(0), 60_000);
        assert!(logins.check("one", of(0), 60_000).is_ok());
    }

    #[test]
    fn a_script_with_an_old_token_keeps_nobody_else_out() {
        let mut logins = Logins::default();
        for _ in 0..1000 {
            logins.failed("office", of(0), NOW);
        }
        assert!(logins.check("office", of(0), NOW).is_err());
        assert!(logins.check("office", of(1), NOW).is_ok());
    }

    #[test]
    fn a_guesser_has_twenty_guesses_whatever_is_right() {
        let mut logins = Logins::default();
        logins.succeeded(of(500));
        for number in 0..LIMIT {
            assert!(logins.check("guesser", of(number), NOW).is_ok());
            logins.failed("guesser", of(number), NOW);
        }
        assert!(logins.check("guesser", of(LIMIT), NOW).is_err());
        assert!(logins.check("guesser", of(500), NOW).is_ok(), "known good");
        logins.failed("elsewhere", of(500), NOW);
        assert!(logins.check("guesser", of(500), NOW).is_err(), "revoked");
    }
}
