//! Whether what a card says may still be believed.

/// Without confirmation for so long, in seconds, a card says so: 15 min.
pub const STALE_AFTER_S: i64 = 15 * 60;

/// How well what is shown is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Confirmed lately.
    Confirmed,
    /// Of another time; the service is being asked.
    Unconfirmed,
    /// The service has not answered for too long.
    Stale,
    /// The browser itself is offline.
    Offline,
}

/// What it is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// When the truth was last confirmed, in seconds since 1970 by the server's clock.
    pub confirmed_at: i64,
    /// Now, likewise.
    pub now: i64,
    /// The browser has no network.
    pub offline: bool,
    /// What is shown was kept from an earlier visit, and nothing has confirmed it on this one.
    pub kept: bool,
    /// The page has just come, come back into view or woken, and neither an answer nor a failure has come since.
    pub unheard: bool,
}

/// Judges it.
pub fn judge(situation: Situation) -> Freshness {
    let Situation {
        confirmed_at, now, ..
    } = situation;
    let old = now.saturating_sub(confirmed_at) >= STALE_AFTER_S;
    if situation.offline {
        Freshness::Offline
    } else if !old && !situation.kept {
        Freshness::Confirmed
    } else if situation.unheard {
        Freshness::Unconfirmed
    } else {
        Freshness::Stale
    }
}

#[cfg(test)]
mod tests {
    use super::{Freshness, Situation, judge};

    #[test]
    fn stale_after_fifteen_minutes_and_offline_before_that() {
        for (confirmed_at, now, offline, expected) in [
            (1000, 1000, false, Freshness::Confirmed),
            (1000, 1899, false, Freshness::Confirmed),
            (1000, 1900, false, Freshness::Stale),
            (1000, 1000, true, Freshness::Offline),
            (1000, 9000, true, Freshness::Offline),
            // A clock that steps back does not make a truth stale.
            (1000, 0, false, Freshness::Confirmed),
        ] {
            let situation = Situation {
                confirmed_at,
                now,
                offline,
                ..Situation::default()
            };
            assert_eq!(judge(situation), expected, "{situation:?}");
        }
    }

    #[test]
    fn what_was_kept_is_of_another_time_until_it_is_confirmed() {
        for (now, kept, unheard, expected) in [
            (0, true, true, Freshness::Unconfirmed),
            (0, true, false, Freshness::Stale),
            (0, false, true, Freshness::Confirmed),
            (900, false, true, Freshness::Unconfirmed),
            (900, true, false, Freshness::Stale),
        ] {
            let situation = Situation {
                now,
                kept,
                unheard,
                ..Situation::default()
            };
            assert_eq!(judge(situation), expected, "{situation:?}");
        }
    }
}
