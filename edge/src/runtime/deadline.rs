//! No reader waits for ever.

use std::{future::Future, time::Duration};

use futures_util::future::{Either, select};
use worker::Delay;

use crate::fault::Fault;

/// What `work` yields, unless it takes longer than `most`.
///
/// # Errors
/// [`Fault::Late`] when it does, else what `work` returns.
pub async fn within<T>(
    most: Duration,
    what: &'static str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let work = std::pin::pin!(work);
    match select(work, Delay::from(most)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(Fault::Late(what)),
    }
}
