//! Where a request goes.

use notice::rejection::Rejection;
use worker::{Request, Url};

/// The whole address, host and query included.
///
/// # Errors
/// [`Rejection::InvalidHeader`]: what the runtime puts together is an address unless the client's `Host` is none.
pub fn of(request: &Request) -> Result<Url, Rejection> {
    request.url().map_err(|_| {
        Rejection::InvalidHeader("The Host header is not a valid host name.".to_owned())
    })
}

/// What stands behind the question mark; empty where there is none.
///
/// # Errors
/// Those of [`of`].
pub fn query_of(request: &Request) -> Result<String, Rejection> {
    Ok(of(request)?.query().unwrap_or_default().to_owned())
}
