//! The jobs of a site's object: pauses between slices, and the nightly verification.

use std::time::Duration;

use worker::Delay;

use super::{jobs::Lease, site_object::Site};
use crate::{
    fault::Fault,
    log::{self, LogContext},
    refusal::Refusal,
    site::{call::JobKind, verifier::Verifier, verify},
};

/// Longest wait of the nightly verification for another job, in seconds.
const NIGHTLY_WAIT_S: u32 = 300;

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

    /// Verifies the site in slices, and stores the result.
    pub(super) async fn verify(&self, mut verifier: Verifier) -> Result<(), Fault> {
        let mut waited_s = 0;
        let lease = loop {
            match Lease::begin(&self.jobs, JobKind::Verify, self.now_ms()) {
                Ok(lease) => break lease,
                Err(_) if waited_s < NIGHTLY_WAIT_S => {
                    waited_s = waited_s.saturating_add(1);
                    Delay::from(Duration::from_secs(1)).await;
                }
                Err(_) => return Err(Fault::TimedOut("another job")),
            }
        };
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
        }
    }
}
