//! When the cache in front is purged: at once after a publish, but never more often than its budget allows. It is
//! correct without: a cached feed is 5 s old at most.

use std::{cell::RefCell, collections::BTreeSet, time::Duration};

use worker::{Delay, Env};

use crate::runtime::{clock, host::Host};

/// The budget is five purges a minute.
const PAUSE_MS: u64 = 12_000;

thread_local! {
    static PURGES: RefCell<Purges> = RefCell::new(Purges::default());
}

/// What waits to be purged, and when that was last done.
#[derive(Debug, Default)]
struct Purges {
    waiting: BTreeSet<String>,
    last_ms: Option<u64>,
    is_planned: bool,
}

/// What to do about a tag that should go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Plan {
    /// Purge these now.
    Now(Vec<String>),
    /// Wait so many milliseconds, then purge whatever waits by then.
    Later(u64),
    /// Somebody waits already.
    Planned,
}

impl Purges {
    fn want(&mut self, tag: &str, now_ms: u64) -> Plan {
        self.waiting.insert(tag.to_owned());
        if self.is_planned {
            return Plan::Planned;
        }
        let wait_ms = self.last_ms.map_or(0, |last| {
            let wait_ms = last.saturating_add(PAUSE_MS).saturating_sub(now_ms);
            // A clock that was set back makes nobody wait longer.
            wait_ms.min(PAUSE_MS)
        });
        if wait_ms == 0 {
            return Plan::Now(self.take(now_ms));
        }
        self.is_planned = true;
        Plan::Later(wait_ms)
    }

    fn take(&mut self, now_ms: u64) -> Vec<String> {
        self.is_planned = false;
        self.last_ms = Some(now_ms);
        std::mem::take(&mut self.waiting).into_iter().collect()
    }
}

/// Something with this tag has changed.
pub fn purge(host: &Host, env: &Env, tag: &str) {
    let plan = PURGES.with_borrow_mut(|purges| purges.want(tag, clock::now_ms(env)));
    let wait_ms = match plan {
        Plan::Planned => return,
        Plan::Now(tags) => {
            let at_hand = host.clone();
            host.after_the_answer(async move { send(&at_hand, &tags).await });
            return;
        }
        Plan::Later(wait_ms) => wait_ms,
    };
    let (later, env) = (host.clone(), env.clone());
    host.after_the_answer(async move {
        Delay::from(Duration::from_millis(wait_ms)).await;
        let tags = PURGES.with_borrow_mut(|purges| purges.take(clock::now_ms(&env)));
        send(&later, &tags).await;
    });
}

async fn send(host: &Host, tags: &[String]) {
    if let Err(fault) = host.purge(tags).await {
        worker::console_error!("purge: {fault}");
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Purges};

    /// A cache that counts what it is asked to purge.
    #[derive(Default)]
    struct FakeCache {
        calls: Vec<(u64, Vec<String>)>,
    }

    #[test]
    fn a_storm_of_publishes_stays_within_the_budget_and_loses_no_tag() {
        let mut purges = Purges::default();
        let mut cache = FakeCache::default();
        let mut planned: Option<u64> = None;
        for step in 0..600_u64 {
            let now_ms = step * 100;
            if planned.is_some_and(|at| at <= now_ms) {
                planned = None;
                cache.calls.push((now_ms, purges.take(now_ms)));
            }
            match purges.want(&format!("site-{}", step % 3), now_ms) {
                Plan::Now(tags) => cache.calls.push((now_ms, tags)),
                Plan::Later(wait_ms) => planned = Some(now_ms + wait_ms),
                Plan::Planned => assert!(planned.is_some()),
            }
        }
        assert_eq!(cache.calls.first().unwrap().0, 0, "the first goes at once");
        assert!(cache.calls.len() <= 5, "{}", cache.calls.len());
        for (_, tags) in cache.calls.iter().skip(1) {
            assert_eq!(tags.len(), 3, "everything that waited goes with the next");
        }
    }
}
