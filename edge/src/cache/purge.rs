//! Purges of Workers Cache: at once after a publish, within the rate limit. Only an optimisation: a cached feed is
//! fresh for 5 s at most.

use std::{cell::RefCell, collections::BTreeSet, time::Duration};

use worker::{Delay, Env};

use crate::runtime::{request_context::RequestContext, server_clock};

/// Minimum interval between purges, in milliseconds: the limit is five purges per minute.
const MIN_INTERVAL_MS: u64 = 12_000;
/// Time after which an overdue scheduled purge counts as cancelled, in milliseconds.
const LOST_MS: u64 = 2000;

thread_local! {
    static PURGES: RefCell<Purges> = RefCell::new(Purges::default());
}

/// The tags to purge, and the times of the last and the next purge.
#[derive(Debug, Default)]
struct Purges {
    pending: BTreeSet<String>,
    last_ms: Option<u64>,
    /// The time of the scheduled purge, in milliseconds since 1970.
    scheduled_ms: Option<u64>,
}

/// The next step for a tag that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PurgeAction {
    /// Send a purge of these tags now.
    Send(Vec<String>),
    /// Wait this long, in milliseconds, then purge all pending tags.
    Schedule(u64),
    /// The scheduled purge includes the tag.
    AlreadyScheduled,
}

impl Purges {
    fn add(&mut self, tag: &str, now_ms: u64) -> PurgeAction {
        self.pending.insert(tag.to_owned());
        // If the runtime cancels the request that waits for the scheduled purge, the purge is cancelled without notice. One
        // that is long overdue therefore counts as cancelled.
        let is_scheduled = self.scheduled_ms.is_some_and(|scheduled| {
            scheduled.abs_diff(now_ms) <= MIN_INTERVAL_MS
                && now_ms < scheduled.saturating_add(LOST_MS)
        });
        if is_scheduled {
            return PurgeAction::AlreadyScheduled;
        }
        let wait_ms = self.last_ms.map_or(0, |last| {
            let wait_ms = last.saturating_add(MIN_INTERVAL_MS).saturating_sub(now_ms);
            // Bounds the wait if the clock was set back.
            wait_ms.min(MIN_INTERVAL_MS)
        });
        if wait_ms == 0 {
            return PurgeAction::Send(self.take(now_ms));
        }
        self.scheduled_ms = Some(now_ms.saturating_add(wait_ms));
        PurgeAction::Schedule(wait_ms)
    }

    fn take(&mut self, now_ms: u64) -> Vec<String> {
        self.scheduled_ms = None;
        self.last_ms = Some(now_ms);
        std::mem::take(&mut self.pending).into_iter().collect()
    }
}

/// Purges a tag, now or with the next scheduled purge.
pub fn purge(context: &RequestContext, env: &Env, tag: &str) {
    let action = PURGES.with_borrow_mut(|purges| purges.add(tag, server_clock::now_ms(env)));
    let wait_ms = match action {
        PurgeAction::AlreadyScheduled => return,
        PurgeAction::Send(tags) => {
            let later = context.clone();
            context.wait_until(async move { send(&later, &tags).await });
            return;
        }
        PurgeAction::Schedule(wait_ms) => wait_ms,
    };
    let (later, env) = (context.clone(), env.clone());
    context.wait_until(async move {
        Delay::from(Duration::from_millis(wait_ms)).await;
        let tags = PURGES.with_borrow_mut(|purges| purges.take(server_clock::now_ms(&env)));
        send(&later, &tags).await;
    });
}

async fn send(context: &RequestContext, tags: &[String]) {
    if let Err(fault) = context.purge(tags).await {
        context.log(&fault);
    }
}

#[cfg(test)]
mod tests {
    use super::{PurgeAction, Purges};

    /// Records the purges with their times.
    #[derive(Default)]
    struct FakeCache {
        calls: Vec<(u64, Vec<String>)>,
    }

    #[test]
    fn many_publishes_stay_within_the_limit_and_lose_no_tag() {
        let mut purges = Purges::default();
        let mut cache = FakeCache::default();
        let mut scheduled: Option<u64> = None;
        for step in 0..600_u64 {
            let now_ms = step * 100;
            if scheduled.is_some_and(|at| at <= now_ms) {
                scheduled = None;
                cache.calls.push((now_ms, purges.take(now_ms)));
            }
            match purges.add(&format!("site-{}", step % 3), now_ms) {
                PurgeAction::Send(tags) => cache.calls.push((now_ms, tags)),
                PurgeAction::Schedule(wait_ms) => scheduled = Some(now_ms + wait_ms),
                PurgeAction::AlreadyScheduled => assert!(scheduled.is_some()),
            }
        }
        assert_eq!(
            cache.calls.first().unwrap().0,
            0,
            "the first purge is immediate"
        );
        assert!(cache.calls.len() <= 5, "{}", cache.calls.len());
        for (_, tags) in cache.calls.iter().skip(1) {
            assert_eq!(tags.len(), 3, "all pending tags are purged together");
        }
    }

    #[test]
    fn a_cancelled_scheduled_purge_expires() {
        let mut purges = Purges::default();
        assert_eq!(purges.add("a", 0), PurgeAction::Send(vec!["a".to_owned()]));
        assert_eq!(purges.add("b", 1000), PurgeAction::Schedule(11_000));
        assert_eq!(
            purges.add("c", 13_999),
            PurgeAction::AlreadyScheduled,
            "not yet counted as cancelled"
        );
        // The request that scheduled the purge was cancelled.
        let tags = ["b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(purges.add("d", 14_000), PurgeAction::Send(tags));
    }

    #[test]
    fn a_scheduled_purge_expires_when_the_clock_is_set_back() {
        let mut purges = Purges::default();
        assert_eq!(
            purges.add("a", 10_000_000),
            PurgeAction::Send(vec!["a".to_owned()])
        );
        assert_eq!(purges.add("b", 10_001_000), PurgeAction::Schedule(11_000));
        assert_eq!(purges.add("c", 1_000_000), PurgeAction::Schedule(12_000));
    }
}
