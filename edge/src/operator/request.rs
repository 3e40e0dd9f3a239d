//! An operator's request, read and passed on.

use std::time::Duration;

use notice::{limits, rejection::Rejection, wire::ids::Slug};
use worker::{Env, Headers, Method, Request, RequestInit};

use crate::{
    answer::Answer,
    fault::Fault,
    http::credential::{self, Credential},
    object::{
        envelope::{self, Envelope},
        operate::Refusal,
    },
    runtime::{deadline::within, respond::answer_of, settings, url},
};

/// How long an operator waits before being told that the outcome is not known.
const DEADLINE: Duration = Duration::from_secs(10);

/// The caller's credential; `site` is `None` where only the root token will do.
///
/// # Errors
/// The caller's mistake or ours.
pub fn authenticate(
    env: &Env,
    request: &Request,
    site: Option<&Slug>,
) -> Result<Credential, Refusal> {
    let header = header(request, "authorization")?;
    let root = settings::root_token(env);
    Ok(credential::read(header.as_deref(), root.as_deref(), site)?)
}

/// A header of the request.
///
/// # Errors
/// When it cannot be read.
pub fn header(request: &Request, name: &str) -> Result<Option<String>, Fault> {
    Ok(request.headers().get(name)?)
}

/// Whether the body is of one of these types, and sent as it is.
///
/// # Errors
/// [`Rejection::UnsupportedMediaType`] when it is not.
pub fn of_type(request: &Request, types: &'static [&'static str]) -> Result<(), Refusal> {
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

/// What a site's object is told beside the body.
///
/// # Errors
/// The caller's mistake or ours.
pub fn envelope(env: &Env, request: &Request, credential: Credential) -> Result<Envelope, Refusal> {
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
        credential,
        method: request.method().to_string(),
        path: request.path(),
        query: url::query_of(request)?,
        key,
        if_match: header(request, "if-match")?,
        public_url: settings::public_url(env),
        write_limit: settings::write_limit(env),
    })
}

/// Asks a site's object.
///
/// # Errors
/// [`Fault::Failed`] when it failed and has rolled everything back; [`Fault::Late`] when nobody knows.
pub async fn forward(
    env: &Env,
    site: &Slug,
    path: &str,
    envelope: &Envelope,
    body: &[u8],
) -> Result<Answer, Fault> {
    let headers = Headers::new();
    headers.set(envelope::HEADER, &serde_json::to_string(envelope)?)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(js_sys::Uint8Array::from(body).into()));
    let request = Request::new_with_init(&format!("http://site{path}"), &init)?;
    let stub = env.durable_object("SITE")?.get_by_name(site.as_str())?;
    within(DEADLINE, "the site", async {
        heard(answer_of(stub.fetch_with_request(request).await?).await?)
    })
    .await
}

/// A failure of the object carries no words for the caller.
fn heard(answer: Answer) -> Result<Answer, Fault> {
    match answer.status {
        500 => Err(Fault::Failed("the site")),
        _ => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::heard;
    use crate::{answer::Answer, fault::Fault};

    #[test]
    fn a_failure_is_not_lateness() {
        let failed = Answer {
            status: 500,
            ..Answer::nothing()
        };
        assert!(matches!(heard(failed), Err(Fault::Failed(_))));
        assert!(heard(Answer::nothing()).is_ok());
    }
}
