//! Writes a minute and token: a site counts those of its own tokens, the directory root's.

use std::collections::BTreeMap;

use notice::rejection::Rejection;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;

const MINUTE_S: u64 = 60;

/// How much each token has written in the present minute. Lives in an object's memory: losing it gives a writer one
/// more minute's worth, no more.
#[derive(Debug, Default)]
pub struct Budget {
    minute: u64,
    spent: BTreeMap<String, u32>,
}

/// What is left after a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    limit: u32,
    remaining: u32,
    resets_in_s: u64,
}

impl Budget {
    /// Spends one write; `None` where there is no limit.
    ///
    /// # Errors
    /// [`Rejection::TooManyRequests`] when nothing is left.
    pub fn spend(
        &mut self,
        actor: &str,
        limit: u32,
        now_ms: u64,
    ) -> Result<Option<Left>, Rejection> {
        if limit == 0 {
            return Ok(None);
        }
        let now_s = now_ms / 1000;
        let minute = now_s / MINUTE_S;
        if minute != self.minute {
            self.minute = minute;
            self.spent.clear();
        }
        let resets_in_s = MINUTE_S - now_s % MINUTE_S;
        let spent = self.spent.entry(actor.to_owned()).or_insert(0);
        if *spent >= limit {
            return Err(Rejection::TooManyRequests {
                retry_after_s: resets_in_s,
                limit,
            });
        }
        *spent = spent.saturating_add(1);
        Ok(Some(Left {
            limit,
            remaining: limit.saturating_sub(*spent),
            resets_in_s,
        }))
    }
}

impl Left {
    /// The answer with the RateLimit fields (draft-ietf-httpapi-ratelimit-headers).
    pub fn on(self, answer: Answer) -> Answer {
        let Self {
            limit,
            remaining,
            resets_in_s,
        } = self;
        answer
            .with("ratelimit-policy", &format!("\"minute\";q={limit};w=60"))
            .with(
                "ratelimit",
                &format!("\"minute\";r={remaining};t={resets_in_s}"),
            )
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn a_minutes_worth() {
        let mut budget = Budget::default();
        for _ in 0..3 {
            assert!(budget.spend("tok_a", 3, 61_000).unwrap().is_some());
        }
        assert!(budget.spend("tok_a", 3, 119_999).is_err());
        assert!(
            budget.spend("tok_b", 3, 119_999).is_ok(),
            "each token has its own"
        );
        assert!(budget.spend("tok_a", 3, 120_000).is_ok());
        assert_eq!(budget.spend("tok_a", 0, 120_000), Ok(None), "0 is no limit");
    }
}
