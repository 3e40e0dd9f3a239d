//! Jobs: work on a whole site. One job at a time, in slices; between them, this object and those of
//! other sites on the same machine answer requests.

use std::{cell::Cell, rc::Rc, time::Duration};

use worker::Delay;

use crate::{
    refusal::Refusal,
    site::{call::JobKind, job},
};

/// Time after which the lease of a job that does not renew it expires, in milliseconds. The runtime
/// may drop a request without running destructors, so that its lease is not released.
pub const LEASE_MS: u64 = 60_000;
/// Shortest and longest pause between slices, in milliseconds. A pause is twice as long as a slice,
/// so that other requests get two thirds of the time.
const PAUSE_MS: (u64, u64) = (4, 100);

/// Maximum number of waits for the end of another job: 20 s in all.
const WAITS: u32 = 200;
/// Length of one wait, in milliseconds.
const WAIT_MS: u64 = 100;

/// The job that is in progress, if any.
#[derive(Debug, Default)]
pub struct Jobs {
    current: Cell<Option<Current>>,
    /// The id of the next job.
    next: Cell<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Current {
    id: u64,
    kind: JobKind,
    /// The end of the lease, in milliseconds since 1970.
    until_ms: u64,
}

impl Jobs {
    /// The kind of the job in progress, if its lease has not expired.
    pub fn running(&self, now_ms: u64) -> Option<JobKind> {
        let current = self.current.get()?;
        let range = current.until_ms.saturating_sub(LEASE_MS)..current.until_ms;
        // A clock that was set back ends the lease too.
        range.contains(&now_ms).then_some(current.kind)
    }
}

/// The lease of a job; released when dropped.
#[derive(Debug)]
pub struct Lease {
    jobs: Rc<Jobs>,
    id: u64,
    kind: JobKind,
    /// The end of the last pause, in milliseconds since 1970, and the length of the slice before
    /// it, in milliseconds.
    paused: Cell<(u64, u64)>,
}

impl Lease {
    /// Begins a job: acquires its lease.
    ///
    /// # Errors
    /// [`Rejection::Busy`](notice::rejection::Rejection::Busy) if another job is in progress.
    pub fn begin(jobs: &Rc<Jobs>, kind: JobKind, now_ms: u64) -> Result<Self, Refusal> {
        job::check_free(jobs.running(now_ms))?;
        let id = jobs.next.get();
        jobs.next.set(id.saturating_add(1));
        let lease = Self {
            jobs: Rc::clone(jobs),
            id,
            kind,
            paused: Cell::new((now_ms, 0)),
        };
        lease.renew(now_ms);
        Ok(lease)
    }

    /// Waits, so that other requests run, then renews the lease. `now` reads the clock, in
    /// milliseconds since 1970.
    ///
    /// # Errors
    /// [`Rejection::Busy`](notice::rejection::Rejection::Busy) if the lease has ended.
    pub async fn pause(&self, now: impl Fn() -> u64) -> Result<(), Refusal> {
        let (least, most) = PAUSE_MS;
        let (since, last) = self.paused.get();
        // The clock does not advance during a slice, so its length is known only after the pause
        // that follows it.
        let pause = last.saturating_mul(2).clamp(least, most);
        Delay::from(Duration::from_millis(pause)).await;
        let now_ms = now();
        let worked = now_ms.saturating_sub(since).saturating_sub(pause);
        self.paused.set((now_ms, worked));
        self.check(now_ms)?;
        self.renew(now_ms);
        Ok(())
    }

    /// Renews the lease without a pause.
    ///
    /// # Errors
    /// [`Rejection::Busy`](notice::rejection::Rejection::Busy) if the lease has ended.
    pub fn keep(&self, now_ms: u64) -> Result<(), Refusal> {
        self.check(now_ms)?;
        self.renew(now_ms);
        Ok(())
    }

    fn check(&self, now_ms: u64) -> Result<(), Refusal> {
        let is_own = self.is_own() && self.jobs.running(now_ms).is_some();
        if is_own {
            Ok(())
        } else {
            Err(job::BUSY.into())
        }
    }

    fn is_own(&self) -> bool {
        self.jobs.current.get().is_some_and(|one| one.id == self.id)
    }

    fn renew(&self, now_ms: u64) {
        self.jobs.current.set(Some(Current {
            id: self.id,
            kind: self.kind,
            until_ms: now_ms.saturating_add(LEASE_MS),
        }));
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.is_own() {
            self.jobs.current.set(None);
        }
    }
}

/// The waits of one request that cannot begin its job yet. There is no order among requests: the
/// first that tries again after the other job's end begins.
#[derive(Debug, Default)]
pub struct Queue {
    waits: u32,
}

impl Queue {
    /// Waits [`WAIT_MS`] for the other job to end; returns whether to try again. False, without a
    /// wait, after [`WAITS`] waits.
    pub async fn wait(&mut self) -> bool {
        if self.waits >= WAITS {
            return false;
        }
        self.waits = self.waits.saturating_add(1);
        Delay::from(Duration::from_millis(WAIT_MS)).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Jobs, LEASE_MS, Lease};
    use crate::site::call::JobKind;

    #[test]
    fn a_second_job_needs_a_released_or_expired_lease() {
        let jobs = Rc::new(Jobs::default());
        let first = Lease::begin(&jobs, JobKind::Import, 1_000).unwrap();
        assert_eq!(jobs.running(1_000), Some(JobKind::Import));
        assert!(Lease::begin(&jobs, JobKind::Verify, 2_000).is_err());
        drop(first);
        assert_eq!(jobs.running(2_000), None);
        let lost = Lease::begin(&jobs, JobKind::Import, 3_000).unwrap();
        lost.keep(4_000).unwrap();
        let later = 4_000 + LEASE_MS;
        assert!(lost.keep(later).is_err(), "the lease has expired");
        let next = Lease::begin(&jobs, JobKind::Verify, later).unwrap();
        drop(lost);
        assert_eq!(jobs.running(later), Some(JobKind::Verify));
        drop(next);
    }
}
