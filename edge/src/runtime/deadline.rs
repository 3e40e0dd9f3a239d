//! Deadlines for futures.

use std::{future::Future, time::Duration};

use futures_util::future::{Either, select};
use worker::Delay;

use crate::fault::Fault;

/// Runs `work` with a deadline. `what` names the service in the fault.
///
/// # Errors
/// [`Fault::TimedOut`] after the deadline, else the error of `work`.
pub async fn within<T>(
    limit: Duration,
    what: &'static str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let work = std::pin::pin!(work);
    match select(work, Delay::from(limit)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(Fault::TimedOut(what)),
    }
}
