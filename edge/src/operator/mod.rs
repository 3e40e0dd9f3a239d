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
        failures,
        route::{SiteCall, SitesCall},
    },
    object::{
        envelope::{self, Envelope},
        operate::Refusal,
    },
    reads::{chain, directory, pages, purges},
    runtime::{address, body, clock, deadline::within, host::Host, respond::answer_of, settings},
};

/// How long an operator waits before being told that the outcome is not known.
const DEADLINE: Duration = Duration::from_secs(10);

/// A request about all sites.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn sites(env: &Env, request: &mut Request, call: SitesCall) -> Result<Answer, Refusal> {
    let (now_ms, address) = (clock::now_ms(env), address::of(env, request));
    failures::check(&address, now_ms)?;
    let answered = all_sites(env, request, call).await;
    note_failed_login(&answered, &address, now_ms);
    answered
}

async fn all_sites(env: &Env, request: &mut Request, call: SitesCall) -> Result<Answer, Refusal> {
    let credential = authenticate(env, request, None)?;
    match call {
        SitesCall::List => {
            let listing = directory::refresh(env, clock::now_ms(env)).await?;
            let items: Vec<_> = listing
                .slugs
                .iter()
                .map(|slug| serde_json::json!({ "slug": slug }))
                .collect();
            let list = serde_json::json!({ "items": items, "next": null });
            Ok(Answer::json(200, &list)?)
        }
        SitesCall::Create => {
            of_type(request, &["application/json"])?;
            let bytes = body::read(request, limits::REQUEST).await?;
            let input: NewSite = read(&bytes)?;
            let envelope = envelope(env, request, credential)?;
            let answer = forward(env, &input.slug, "/create", &envelope, &bytes).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(fault) => return Ok(outcome_unknown(&input.slug, &fault)),
            };
            // Taken, but perhaps by a request that died before it reached the directory: adding it again heals that.
            if matches!(answer.status, 201 | 409) && !is_hostname_taken(&answer) {
                directory::add(env, &input.slug).await?;
                if !input.hostnames.is_empty() {
                    directory::outdate();
                }
            }
            Ok(answer)
        }
    }
}

fn is_hostname_taken(answer: &Answer) -> bool {
    answer.body.contains("\"code\":\"hostname_taken\"")
}

/// A request about one site.
///
/// # Errors
/// The caller's mistake or ours.
pub async fn site(
    host: &Host,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    call: &SiteCall,
) -> Result<Answer, Refusal> {
    let now_ms = clock::now_ms(env);
    let address = address::of(env, request);
    failures::check(&address, now_ms)?;
    let answered = one_site(host, env, request, site, call).await;
    note_failed_login(&answered, &address, now_ms);
    answered
}

fn note_failed_login(answered: &Result<Answer, Refusal>, address: &str, now_ms: u64) {
    let failed = match answered {
        Ok(answer) => answer.status == 401,
        Err(Refusal::Rejection(rejection)) => *rejection == Rejection::Unauthorized,
        Err(Refusal::Fault(_)) => false,
    };
    if failed {
        failures::note(address, now_ms);
    }
}

fn outcome_unknown(site: &Slug, fault: &Fault) -> Answer {
    worker::console_error!("write to {site}: {fault}");
    Answer::unavailable(
        "outcome_unknown",
        "the site did not answer in time, so this may or may not have happened; repeat it with the same Idempotency-Key",
    )
}

async fn one_site(
    host: &Host,
    env: &Env,
    request: &mut Request,
    site: &Slug,
    call: &SiteCall,
) -> Result<Answer, Refusal> {
    let credential = match call {
        SiteCall::Redeem => Credential::Nobody,
        _ => authenticate(env, request, Some(site))?,
    };
    if !directory::exists(env, site, clock::now_ms(env)).await? {
        return Err(match credential {
            Credential::Root => Rejection::NotFound,
            Credential::Token { .. } | Credential::Nobody => Rejection::Unauthorized,
        }
        .into());
    }
    let types = call.media_types();
    let bytes = if types.is_empty() {
        Vec::new()
    } else {
        of_type(request, types)?;
        let most = match call {
            SiteCall::Import => limits::IMPORT,
            _ => limits::REQUEST,
        };
        body::read(request, most).await?
    };
    let envelope = envelope(env, request, credential)?;
    let answer = forward(env, site, "/operate", &envelope, &bytes).await;
    // What was refused has changed nothing: nobody can drive readers to the object with it.
    let may_have_happened = answer.as_ref().map_or(true, |answer| answer.status < 300);
    if call.is_write() && may_have_happened {
        chain::outdate(site);
        pages::outdate(site);
        purges::purge(host, env, &chain::cache_tag(site));
        if matches!(call, SiteCall::Change | SiteCall::Import) {
            directory::outdate();
        }
    }
    match answer {
        Err(fault) if call.is_write() => Ok(outcome_unknown(site, &fault)),
        Ok(answer) if *call == SiteCall::Delete => {
            // Gone now, or gone already in a request that died before it reached the directory.
            if matches!(answer.status, 204 | 404) {
                directory::remove(env, site).await?;
                chain::forget(site);
                pages::forget(site);
            }
            Ok(answer)
        }
        answer => Ok(answer?),
    }
}

fn authenticate(env: &Env, request: &Request, site: Option<&Slug>) -> Result<Credential, Refusal> {
    let header = header(request, "authorization")?;
    let root = settings::root_token(env);
    Ok(credential::read(header.as_deref(), root.as_deref(), site)?)
}

fn header(request: &Request, name: &str) -> Result<Option<String>, Fault> {
    Ok(request.headers().get(name)?)
}

fn of_type(request: &Request, types: &'static [&'static str]) -> Result<(), Refusal> {
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

fn envelope(env: &Env, request: &Request, credential: Credential) -> Result<Envelope, Refusal> {
    let key = header(request, "idempotency-key")?;
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
    let url = request.url().map_err(Fault::from)?;
    Ok(Envelope {
        credential,
        method: request.method().to_string(),
        path: request.path(),
        query: url.query().unwrap_or_default().to_owned(),
        key,
        if_match: header(request, "if-match")?,
        public_url: settings::public_url(env),
        write_limit: settings::write_limit(env),
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
