//! Failed logins: after twenty in a minute an address has to wait.

use std::{cell::RefCell, collections::BTreeMap};

use notice::rejection::Rejection;

/// Failed logins a minute and address.
pub const LIMIT: u32 = 20;
const MINUTE_MS: u64 = 60_000;
/// Addresses that are remembered at most; when there are more, those of past minutes are forgotten first.
const MOST: usize = 10_000;

thread_local! {
    static FAILURES: RefCell<Failures> = RefCell::new(Failures::default());
}

/// How often each address has failed in the present minute.
#[derive(Debug, Default)]
struct Failures(BTreeMap<String, (u64, u32)>);

impl Failures {
    fn check(&self, address: &str, now_ms: u64) -> Result<(), Rejection> {
        let minute = now_ms / MINUTE_MS;
        match self.0.get(address) {
            Some((at, count)) if *at == minute && *count >= LIMIT => {
                Err(Rejection::TooManyRequests {
                    retry_after_s: 60 - (now_ms / 1000) % 60,
                    limit: LIMIT,
                })
            }
            _ => Ok(()),
        }
    }

    fn note(&mut self, address: &str, now_ms: u64) {
        let minute = now_ms / MINUTE_MS;
        if self.0.len() >= MOST {
            self.0.retain(|_, (at, _)| *at == minute);
            // A storm from that many addresses at once: memory stays bounded, at the price of forgetting one of them.
            if self.0.len() >= MOST {
                self.0.pop_first();
            }
        }
        let entry = self.0.entry(address.to_owned()).or_insert((minute, 0));
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

/// Whether this address may try.
///
/// # Errors
/// [`Rejection::TooManyRequests`] when it has failed too often in this minute.
pub fn check(address: &str, now_ms: u64) -> Result<(), Rejection> {
    FAILURES.with_borrow(|failures| failures.check(address, now_ms))
}

/// This address has failed.
pub fn note(address: &str, now_ms: u64) {
    FAILURES.with_borrow_mut(|failures| failures.note(address, now_ms));
}

#[cfg(test)]
mod tests {
    use super::{Failures, LIMIT, MOST};

    #[test]
    fn a_storm_of_addresses_does_not_fill_the_memory() {
        let mut failures = Failures::default();
        for number in 0..MOST + 100 {
            failures.note(&number.to_string(), 10_000);
        }
        assert_eq!(failures.0.len(), MOST);
        failures.note("later", 60_000);
        assert_eq!(failures.0.len(), 1, "past minutes go first");
    }

    #[test]
    fn the_twenty_first_waits_for_the_next_minute() {
        let mut failures = Failures::default();
        for _ in 0..LIMIT {
            assert!(failures.check("one", 10_000).is_ok());
            failures.note("one", 10_000);
        }
        assert!(failures.check("one", 59_999).is_err());
        assert!(failures.check("other", 59_999).is_ok());
        assert!(failures.check("one", 60_000).is_ok());
        failures.note("one", 60_000);
        assert!(failures.check("one", 60_000).is_ok());
    }
}
