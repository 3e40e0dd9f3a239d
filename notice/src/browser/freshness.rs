//! Decides how fresh the content of a card is.

/// Time without a confirmation after which a card is marked as stale, in seconds: 15 min.
pub const STALE_AFTER_S: i64 = 15 * 60;

/// The freshness of the shown content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Confirmed less than [`STALE_AFTER_S`] ago.
    Confirmed,
    /// Possibly outdated; a request is in progress.
    Unconfirmed,
    /// Possibly outdated; the server has not answered.
    Stale,
    /// The browser is offline.
    Offline,
}

/// The inputs of [`judge`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Time of the last confirmation by the server's clock, in seconds since 1970.
    pub confirmed_at: i64,
    /// Current time by the server's clock, in seconds since 1970.
    pub now: i64,
    /// Whether the browser is offline.
    pub is_offline: bool,
    /// Whether the content was stored by an earlier visit and is not confirmed yet.
    pub is_stored: bool,
    /// Whether no request has succeeded or failed since the page was loaded, became visible or resumed.
    pub is_waiting: bool,
}

/// Computes the freshness. Being offline takes precedence over age.
pub fn judge(situation: Situation) -> Freshness {
    let Situation {
        confirmed_at, now, ..
    } = situation;
    let is_old = now.saturating_sub(confirmed_at) >= STALE_AFTER_S;
    if situation.is_offline {
        Freshness::Offline
    } else if !is_old && !situation.is_stored {
        Freshness::Confirmed
    } else if situation.is_waiting {
        Freshness::Unconfirmed
    } else {
        Freshness::Stale
    }
}

#[cfg(test)]
mod tests {
    use super::{Freshness, Situation, judge};

    #[test]
    fn content_is_stale_after_15_minutes_and_offline_at_once() {
        for (confirmed_at, now, is_offline, expected) in [
            (1000, 1000, false, Freshness::Confirmed),
            (1000, 1899, false, Freshness::Confirmed),
            (1000, 1900, false, Freshness::Stale),
            (1000, 1000, true, Freshness::Offline),
            (1000, 9000, true, Freshness::Offline),
            // A clock that is set back does not make content stale.
            (1000, 0, false, Freshness::Confirmed),
        ] {
            let situation = Situation {
                confirmed_at,
                now,
                is_offline,
                ..Situation::default()
            };
            assert_eq!(judge(situation), expected, "{situation:?}");
        }
    }

    #[test]
    fn stored_content_is_unconfirmed_until_an_answer_or_failure() {
        for (now, is_stored, is_waiting, expected) in [
            (0, true, true, Freshness::Unconfirmed),
            (0, true, false, Freshness::Stale),
            (0, false, true, Freshness::Confirmed),
            (900, false, true, Freshness::Unconfirmed),
            (900, true, false, Freshness::Stale),
        ] {
            let situation = Situation {
                now,
                is_stored,
                is_waiting,
                ..Situation::default()
            };
            assert_eq!(judge(situation), expected, "{situation:?}");
        }
    }
}
