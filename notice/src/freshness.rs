//! Whether what a card says may still be believed.

/// Without confirmation for so long, in seconds, a card says so: 15 min.
pub const STALE_AFTER_S: i64 = 15 * 60;

/// How well what is shown is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Confirmed lately.
    Confirmed,
    /// The service has not answered for too long.
    Stale,
    /// The browser itself is offline.
    Offline,
}

/// Judges by when the truth was last confirmed; both times are seconds since 1970 by the server's clock.
pub fn judge(confirmed_at: i64, now: i64, online: bool) -> Freshness {
    if !online {
        Freshness::Offline
    } else if now.saturating_sub(confirmed_at) >= STALE_AFTER_S {
        Freshness::Stale
    } else {
        Freshness::Confirmed
    }
}

#[cfg(test)]
mod tests {
    use super::{Freshness, judge};

    #[test]
    fn stale_after_fifteen_minutes_and_offline_before_that() {
        for (confirmed_at, now, online, expected) in [
            (1000, 1000, true, Freshness::Confirmed),
            (1000, 1899, true, Freshness::Confirmed),
            (1000, 1900, true, Freshness::Stale),
            (1000, 1000, false, Freshness::Offline),
            (1000, 9000, false, Freshness::Offline),
            // A clock that steps back does not make a truth stale.
            (1000, 0, true, Freshness::Confirmed),
        ] {
            assert_eq!(
                judge(confirmed_at, now, online),
                expected,
                "{confirmed_at} {now} {online}"
            );
        }
    }
}
