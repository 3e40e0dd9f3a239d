//! The URL of a request.

use notice::rejection::Rejection;
use worker::{Request, Url};

/// Parses the URL, including host and query.
///
/// # Errors
/// [`Rejection::InvalidHeader`] if the client's `Host` header is invalid, the only possible reason.
pub fn parse(request: &Request) -> Result<Url, Rejection> {
    request.url().map_err(|_| {
        Rejection::InvalidHeader("The Host header is not a valid host name.".to_owned())
    })
}

/// The query of a request whose `Host` header may be invalid; empty if there is none.
pub fn raw_query(request: &Request) -> String {
    let url = request.inner().url();
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?')
        .map_or("", |(_, query)| query)
        .to_owned()
}

/// The query without its question mark; empty if there is none.
///
/// # Errors
/// As [`parse`].
pub fn query(request: &Request) -> Result<String, Rejection> {
    Ok(parse(request)?.query().unwrap_or_default().to_owned())
}
