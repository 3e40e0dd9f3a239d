//! Parses the headers of an operator's request.

use notice::{limits, rejection::Rejection, wire::ids::Slug};
use worker::{Env, Request};

use crate::{
    fault::Fault,
    http::{
        credential::{self, Credential},
        list_query::QR,
        weighted_list,
    },
    refusal::Refusal,
    rpc::site_client::Envelope,
    runtime::{settings, url},
};

/// Parses the caller's credential. `site` is `None` where only the root token is accepted.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn authenticate(
    env: &Env,
    request: &Request,
    site: Option<&Slug>,
) -> Result<Credential, Refusal> {
    let header = header(request, "authorization")?;
    let root = settings::root_token(env);
    Ok(credential::read(header.as_deref(), root.as_deref(), site)?)
}

/// The value of a request header.
///
/// # Errors
/// `Fault::Runtime` if the runtime rejects the name.
pub fn header(request: &Request, name: &str) -> Result<Option<String>, Fault> {
    Ok(request.headers().get(name)?)
}

/// Checks the body's media type against `types`, and that the body has no content coding.
///
/// # Errors
/// [`Rejection::UnsupportedMediaType`] for another type or a content coding.
pub fn check_media_type(request: &Request, types: &'static [&'static str]) -> Result<(), Refusal> {
    let coding = header(request, "content-encoding")?.unwrap_or_default();
    if !matches!(coding.as_str(), "" | "identity") {
        let plain = "plain bytes, without a Content-Encoding";
        return Err(Rejection::UnsupportedMediaType(plain).into());
    }
    let header = header(request, "content-type")?.unwrap_or_default();
    let media_type = header.split(';').next().unwrap_or_default().trim();
    if types
        .iter()
        .any(|taken| media_type.eq_ignore_ascii_case(taken))
    {
        Ok(())
    } else {
        let named = types.first().copied().unwrap_or_default();
        Err(Rejection::UnsupportedMediaType(named).into())
    }
}

/// The envelope of a request to a site's object.
///
/// # Errors
/// `Rejection` if the request is invalid or not allowed, `Fault` if the server fails.
pub fn envelope(
    env: &Env,
    request: &Request,
    site: &Slug,
    credential: Credential,
) -> Result<Envelope, Refusal> {
    let key = header(request, "idempotency-key")?;
    if let Some(key) = &key {
        let fits = (1..=limits::IDEMPOTENCY_KEY).contains(&key.len())
            && key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !fits {
            return Err(Rejection::InvalidHeader(format!(
                "Idempotency-Key must be 1 to {} printable ASCII characters.",
                limits::IDEMPOTENCY_KEY
            ))
            .into());
        }
    }
    Ok(Envelope {
        site: site.clone(),
        credential,
        method: request.method().to_string(),
        path: request.path(),
        query: query(request)?,
        key,
        if_match: header(request, "if-match")?,
        public_url: settings::public_url(env),
        write_limit: settings::write_limit(env),
        allows_private: settings::allows_private(env),
        sends_mail: settings::mail(env).is_some(),
    })
}

/// The query string. An `Accept` header with SVG counts as `qr=svg`, which asks for an invitation's
/// QR code.
fn query(request: &Request) -> Result<String, Refusal> {
    let query = url::query(request)?;
    let accepted = header(request, "accept")?.unwrap_or_default();
    let takes_svg = weighted_list::parse(&accepted)
        .any(|(media_type, weight)| media_type.eq_ignore_ascii_case("image/svg+xml") && weight > 0);
    Ok(match takes_svg {
        true => format!("{query}&{QR}"),
        false => query,
    })
}
