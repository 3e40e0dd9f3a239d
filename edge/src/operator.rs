//! Operators' requests on their way to a site's object.

use std::time::Duration;

use notice::{
    limits,
    read::read,
    rejection::Rejection,
    wire::{ids::Slug, input::NewSite},
};
use worker::{Env, Headers, Method, Request, RequestInit};

use crate::{
    answer::Answer,
    fault::Fault,
    http::{
        credential::{self, Credential},
        route::{SiteCall, SitesCall},
    },
    object::{
        envelope::{self, Envelope},
        operate::Refusal,
    },
    reads::{chain, directory},
    runtime::{body, clock, deadline::within, respond::answer_of, settings},
};

/// How long an operator waits before being told that the outcome is not known.
const DEADLINE: Duration = Duration::from_secs(10);

/// A request about all sites.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn sites(env: &Env, request: &mut Request, call: SitesCall) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, None)?;
    match call {
        SitesCall::List => {
            let slugs = directory::refresh(env, clock::now_ms(env)).await?;
            let items: Vec<_> = slugs
                .iter()
                .map(|slug| serde_json::json!({ "slug": slug }))
                .collect();
            let list = serde_json::json!({ "items": items, "next": null });
            Ok(Answer::json(200, &list)?)
        }
        SitesCall::Create => {
            json_only(request)?;
            let bytes = body::read(request, limits::REQUEST).await?;
            let input: NewSite = read(&bytes)?;
            let envelope = envelope(env, request, credential)?;
            let answer = forward(env, &input.slug, "/create", &envelope, &bytes).await?;
            // Taken, but perhaps by a request that died before it reached the directory: adding it again heals that.
            if matches!(answer.status, 201 | 409) {
                directory::add(env, &input.slug).await?;
            }
            Ok(answer)
        }
    }
}

/// A request about one site.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn site(
    env: &Env,
    request: &mut Request,
    site: &Slug,
    call: &SiteCall,
) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, Some(site))?;
    if !directory::exists(env, site, clock::now_ms(env)).await? {
        return Err(match credential {
            Credential::Root => Rejection::NotFound,
            Credential::Token { .. } => Rejection::Unauthorized,
        }
        .into());
    }
    let bytes = if call.is_write() {
        json_only(request)?;
        body::read(request, limits::REQUEST).await?
    } else {
        Vec::new()
    };
    let envelope = envelope(env, request, credential)?;
    let answer = forward(env, site, "/operate", &envelope, &bytes).await;
    if call.is_write() {
        chain::outdate(site);
    }
    match answer {
        Err(fault) if call.is_write() => {
            worker::console_error!("write to {site}: {fault}");
            Ok(Answer::unavailable(
                "outcome_unknown",
                "the site did not answer in time, so this may or may not have happened; repeat it with the same Idempotency-Key",
            ))
        }
        answer => Ok(answer?),
    }
}

fn authenticate(env: &Env, request: &Request, site: Option<&Slug>) -> Result<Credential, Refusal> {
    let header = request
        .headers()
        .get("authorization")
        .map_err(Fault::from)?;
    let root = settings::root_token(env);
    Ok(credential::read(header.as_deref(), root.as_deref(), site)?)
}

fn json_only(request: &Request) -> Result<(), Refusal> {
    let header = request.headers().get("content-type").map_err(Fault::from)?;
    let header = header.unwrap_or_default();
    let media_type = header.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(Rejection::UnsupportedMediaType("application/json").into())
    }
}

fn envelope(env: &Env, request: &Request, credential: Credential) -> Result<Envelope, Refusal> {
    let key = request
        .headers()
        .get("idempotency-key")
        .map_err(Fault::from)?;
    if let Some(key) = &key {
        let fits = (1..=limits::IDEMPOTENCY_KEY).contains(&key.len())
            && key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !fits {
            return Err(Rejection::InvalidHeader(format!(
                "Idempotency-Key must be 1 to {} printable ASCII characters",
                limits::IDEMPOTENCY_KEY
            ))
            .into());
        }
    }
    Ok(Envelope {
        credential,
        method: request.method().to_string(),
        path: request.path(),
        key,
        public_url: settings::public_url(env),
    })
}

async fn forward(
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
        let answer = answer_of(stub.fetch_with_request(request).await?).await?;
        // Our own failures carry no words for the caller.
        if answer.status == 500 {
            return Err(Fault::Late("the site"));
        }
        Ok(answer)
    })
    .await
}
