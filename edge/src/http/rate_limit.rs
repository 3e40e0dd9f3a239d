//! Rate limit of writes per minute and token. A site's object counts its own tokens, the directory the root token.

use std::collections::BTreeMap;

use notice::rejection::Rejection;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;

const MINUTE_S: u64 = 60;

/// The writes of each token in the current minute. In memory only: a restart allows at most one more minute's writes.
#[derive(Debug, Default)]
pub struct RateLimiter {
    /// The current minute, in minutes since 1970.
    minute: u64,
    /// Number of writes by token.
    counts: BTreeMap<String, u32>,
}

/// The remaining writes, for the `RateLimit` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    limit: u32,
    remaining: u32,
    resets_in_s: u64,
}

impl RateLimiter {
    /// Counts one write. Returns `None` for a limit of 0, which means no limit.
    ///
    /// # Errors
    /// [`Rejection::TooManyRequests`] if the limit is reached.
    pub fn count_write(
        &mut self,
        actor: &str,
        limit: u32,
        now_ms: u64,
    ) -> Result<Option<Remaining>, Rejection> {
        if limit == 0 {
            return Ok(None);
        }
        let now_s = now_ms / 1000;
        let minute = now_s / MINUTE_S;
        if minute != self.minute {
            self.minute = minute;
            self.counts.clear();
        }
        let resets_in_s = MINUTE_S - now_s % MINUTE_S;
        let count = self.counts.entry(actor.to_owned()).or_insert(0);
        if *count >= limit {
            return Err(Rejection::TooManyRequests {
                retry_after_s: resets_in_s,
                limit,
            });
        }
        *count = count.saturating_add(1);
        Ok(Some(Remaining {
            limit,
            remaining: limit.saturating_sub(*count),
            resets_in_s,
        }))
    }
}

impl Remaining {
    /// Adds the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers).
    pub fn add_to(self, answer: Answer) -> Answer {
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
    use super::RateLimiter;

    #[test]
    fn each_token_has_its_own_limit_per_minute() {
        let mut limiter = RateLimiter::default();
        for _ in 0..3 {
            assert!(limiter.count_write("tok_a", 3, 61_000).unwrap().is_some());
        }
        assert!(limiter.count_write("tok_a", 3, 119_999).is_err());
        assert!(
            limiter.count_write("tok_b", 3, 119_999).is_ok(),
            "each token has its own"
        );
        assert!(limiter.count_write("tok_a", 3, 120_000).is_ok());
        assert_eq!(
            limiter.count_write("tok_a", 0, 120_000),
            Ok(None),
            "0 means no limit"
        );
    }
}
