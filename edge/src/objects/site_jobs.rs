//! The jobs of a site's object: pauses between slices, and the nightly verification.

use std::time::Duration;

use worker::Delay;

use super::{jobs::Lease, site_object::Site};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    refusal::Refusal,
    site::{alarm, call::JobKind, on_call::escalate, verifier::Verifier, verify},
    storage::migrations,
};

/// Longest wait of the nightly verification for another job, in seconds.
const NIGHTLY_WAIT_S: u32 = 300;
/// Time after which due work is done again during the nightly verification, in milliseconds.
const KEEP_UP_EVERY_MS: u64 = 1_000;

impl Site {
    /// Pauses a job between two slices, so that other requests run. The first pause acquires the
    /// job's lease.
    pub(super) async fn pause(
        &self,
        lease: &mut Option<Lease>,
        kind: JobKind,
    ) -> Result<(), Refusal> {
        let held = match lease.take() {
            Some(held) => held,
            None => Lease::begin(&self.jobs, kind, self.now_ms())?,
        };
        if kind == JobKind::Redact {
            self.has_copies.set(true);
        }
        let result = held.pause(|| self.now_ms()).await;
        lease.replace(held);
        result
    }

    /// Applies due scheduled transitions and queues due pages. A fault is left to the next alarm, which does the same and logs it.
    fn keep_up(&self) {
        let now_ms = self.now_ms();
        let kept_up = self.sql().and_then(|sql| {
            if migrations::version(&sql)? > 0 {
                alarm::catch_up(&sql, now_ms)?;
                escalate::advance(&sql, now_ms)?;
            }
            Ok(())
        });
        if kept_up.is_ok() {
            self.wake_courier();
        }
    }

    /// Verifies the site in slices, and stores the result. Keeps up with due work meanwhile, because the next alarm does not go off
    /// before this one has ended.
    pub(super) async fn verify(&self, mut verifier: Verifier) -> Result<(), Fault> {
        let mut waited_s = 0;
        let lease = loop {
            match Lease::begin(&self.jobs, JobKind::Verify, self.now_ms()) {
                Ok(lease) => break lease,
                Err(_) if waited_s < NIGHTLY_WAIT_S => {
                    waited_s = waited_s.saturating_add(1);
                    Delay::from(Duration::from_secs(1)).await;
                    self.keep_up();
                }
                Err(_) => return Err(Fault::TimedOut("another job")),
            }
        };
        let mut kept_up_ms = self.now_ms();
        loop {
            let sql = self.sql()?;
            match verifier.step(&sql) {
                Ok(None) => {}
                Ok(Some(verification)) => {
                    verify::store(&sql, &verification, verifier.site())?;
                    if let Some(difference) = verification.first_difference {
                        let error = format!("the journal and its projections differ: {difference}");
                        let name = self.state.id().name();
                        let context = LogContext {
                            route: "verify",
                            site: name.as_deref(),
                            request_id: None,
                        };
                        log::error(context, &error);
                    }
                    return Ok(());
                }
                Err(Refusal::Fault(fault)) => return Err(fault),
                // The site has been deleted.
                Err(Refusal::Rejection(_) | Refusal::Busy(_)) => return Ok(()),
            }
            if lease.pause(|| self.now_ms()).await.is_err() {
                return Err(Fault::TimedOut("the verification"));
            }
            let now_ms = self.now_ms();
            if now_ms.saturating_sub(kept_up_ms) >= KEEP_UP_EVERY_MS {
                kept_up_ms = now_ms;
                self.keep_up();
            }
        }
    }
}
