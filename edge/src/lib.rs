//! The Worker, the only crate that names Cloudflare: parses requests, asks `notice` for decisions, stores and answers.

#![allow(
    missing_docs,
    reason = "an application, not a library; docs are written where a name does not suffice"
)]

pub mod answer;
pub mod cache;
pub mod date_format;
pub mod dev_mail;
pub mod dev_outbox;
pub mod fault;
pub mod gate_turn;
pub mod health;
pub mod http;
pub mod log;
pub mod messages;
pub mod objects;
pub mod on_call_link;
pub mod operator;
pub mod pages;
pub mod probes;
pub mod refusal;
pub mod rpc;
pub mod runtime;
pub mod site;
pub mod storage;

use std::panic::AssertUnwindSafe;

use cache::{
    encoded::respond_encoded, feed, hot, pages::PageHeaders, site_list, site_loader::site_loader,
};
use http::{
    canonical_path, host_name,
    page_call::{self, PageCall, PageHost, PageName},
    preflight,
    route::{Route, parse, table::OWN_LOADER},
};
use notice::{
    rejection::Rejection,
    wire::{ids::Slug, language::Language},
};
use refusal::Refusal;
use runtime::{
    address, assets,
    request_context::RequestContext,
    respond::{HSTS, respond, respond_with_file},
    scheme, server_clock, settings, url,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{
    Env, Method, Request, Response,
    worker_sys::{self, web_sys},
};

use crate::{
    answer::Answer,
    pages::{index_page::IndexPage, texts::Texts},
};

/// Answers every request: synchronously from the cache on the fast path, else with a promise. Exported without the worker
/// crate's macro, which hides the execution context that purges the cache, and always returns a promise.
#[wasm_bindgen(js_name = fetch)]
pub fn fetch(request: web_sys::Request, env: Env, context: worker_sys::Context) -> JsValue {
    if let Some(response) = hot::respond(&request, &env) {
        return response.into();
    }
    let ray = request.headers().get("cf-ray").ok().flatten();
    let context = RequestContext::new(context, ray);
    let response = AssertUnwindSafe(async move {
        let response = answer(request, &context, &env).await;
        response.map(JsValue::from)
    });
    wasm_bindgen_futures::future_to_promise(response).into()
}

async fn answer(
    request: web_sys::Request,
    context: &RequestContext,
    env: &Env,
) -> Result<web_sys::Response, JsValue> {
    let is_https = scheme::is_https(env, &request.url(), || {
        request.headers().get("x-forwarded-proto").ok().flatten()
    });
    let request = Request::from(request);
    let is_head = request.method() == Method::Head;
    let accepts_html = accepts_html(&request);
    let language = language_of(&request);
    let is_page = !request.path().starts_with("/v1/");
    let response = match handle(request, context, env, is_head).await {
        Ok(response) => Ok(response),
        Err(refusal) => {
            let answer = match refusal {
                // For pages, the invalid header can only be `Host`.
                Refusal::Rejection(Rejection::InvalidHeader(_)) if is_page => {
                    cache::pages::invalid_host(&language)
                }
                Refusal::Rejection(rejection) => Answer::rejection(&rejection),
                Refusal::Busy(detail) => Answer::unavailable("unavailable", detail),
                Refusal::Fault(fault) => {
                    context.log(&fault);
                    if accepts_html {
                        cache::pages::unavailable(&language)
                    } else {
                        Answer::unavailable("unavailable", "The server failed; try again.")
                    }
                }
            };
            respond(answer, is_head, server_clock::now_ms(env))
        }
    };
    if let Ok(response) = &response
        && is_https
    {
        // The headers of Cloudflare's static files cannot be changed.
        let _ = response.headers().set(HSTS.0, HSTS.1);
    }
    match response {
        Ok(response) => Ok(response.into()),
        Err(fault) => Err(JsValue::from_str(&fault.to_string())),
    }
}

async fn handle(
    mut request: Request,
    context: &RequestContext,
    env: &Env,
    is_head: bool,
) -> Result<Response, Refusal> {
    let path = request.path();
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let if_none_match = header("if-none-match");
    // The raw method: the worker crate maps every method that it does not know to GET.
    let method = request.inner().method();
    if method == "OPTIONS" {
        let requested = header("access-control-request-headers");
        if let Some(answer) = preflight::answer(&path, requested.as_deref()) {
            return Ok(respond(answer, is_head, server_clock::now_ms(env))?);
        }
    }
    let language = language_of(&request);
    let accept_encoding = header("accept-encoding");
    let route = match parse(&method, &path) {
        Ok(route) => route,
        Err(rejection) => {
            if let Some(redirect) = redirect(context, env, &request, &path).await? {
                return Ok(respond(redirect, is_head, server_clock::now_ms(env))?);
            }
            // Paths below `/s/` are pages for people, so the answer is an HTML page.
            if rejection == Rejection::NotFound && path.starts_with("/s/") {
                let not_found = cache::pages::not_found(&language, None);
                return Ok(respond(not_found, is_head, server_clock::now_ms(env))?);
            }
            return Err(rejection.into());
        }
    };
    context.identify(route.name(), route.site());
    settings::log_problems(env);
    settings::log_starttls(env);
    address::log_ignored_proxy(env, &request);
    let accept_language = header("accept-language");
    let page_headers = PageHeaders {
        if_none_match: if_none_match.as_deref(),
        accept_language: accept_language.as_deref(),
    };
    let encoded = |answer| {
        let now_ms = server_clock::now_ms(env);
        respond_encoded(env, answer, is_head, accept_encoding.as_deref(), now_ms)
    };
    let answer = match route {
        Route::Health => health::check(context, env).await?,
        Route::Feed(site) => {
            let language = url::parse(&request)?
                .query_pairs()
                .find(|(name, _)| name == "lang")
                .map(|(_, value)| value.into_owned());
            let feed_request = feed::FeedRequest {
                site: &site,
                language: language.as_deref(),
                if_none_match: if_none_match.as_deref(),
            };
            let feed = feed::feed(context, env, feed_request).await;
            return Ok(encoded(feed)?);
        }
        Route::SiteLoader(site) => {
            let loader = site_loader(context, env, &site, if_none_match.as_deref()).await;
            return Ok(encoded(loader)?);
        }
        // A site's custom host name serves its public pages only.
        Route::Sites(_) | Route::Operator(..)
            if is_host_of_a_site(context, env, &request).await? =>
        {
            return Err(Rejection::NotFound.into());
        }
        Route::Sites(call) => operator::sites(context, env, &mut request, call).await?,
        Route::Operator(site, call) => {
            let mut file = None;
            let answer =
                operator::site(context, env, &mut request, (&site, &call), &mut file).await?;
            if let Some(file) = file {
                return Ok(respond_with_file(
                    answer,
                    file,
                    is_head,
                    server_clock::now_ms(env),
                )?);
            }
            answer
        }
        Route::Page(site, _) if is_host_of_another_site(context, env, &request, &site).await => {
            cache::pages::not_found(&language, None)
        }
        Route::OnCallLink(..) if is_host_of_a_site(context, env, &request).await? => {
            cache::pages::not_found(&language, None)
        }
        Route::OnCallLink(site, call) => {
            on_call_link::answer(context, env, &request, &site, call).await?
        }
        Route::Page(site, name) => {
            let query = url::query(&request)?;
            match PageCall::parse(name, &query, PageHost::Deployment) {
                Some(call) => {
                    let page = cache::pages::page(context, env, &site, &call, page_headers).await;
                    return Ok(encoded(page)?);
                }
                None => cache::pages::not_found(&language, None),
            }
        }
        // The console is served only under the deployment's own host name: readers could not distinguish a copy under
        // another name from phishing. The guide and the demo are not part of a site either.
        Route::Asset(path)
            if is_deployment_page(&path) && is_host_of_a_site(context, env, &request).await? =>
        {
            cache::pages::not_found(&language, Some("/"))
        }
        Route::Asset(path) => {
            if path == OWN_LOADER
                && let Some(site) = site_of_host(context, env, &request).await?
            {
                let loader = site_loader(context, env, &site, if_none_match.as_deref()).await;
                return Ok(encoded(loader)?);
            }
            if let Some((site, call)) = page_on_custom_host(context, env, &request, &path).await? {
                let page = cache::pages::page(context, env, &site, &call, page_headers).await;
                return Ok(encoded(page)?);
            }
            if let Some(page) = dev_outbox::page(context, env, &path).await? {
                return Ok(respond(page, is_head, server_clock::now_ms(env))?);
            }
            if let Some(page) = dev_mail::page(env, &path).await? {
                return Ok(respond(page, is_head, server_clock::now_ms(env))?);
            }
            if let Some(page) = IndexPage::parse(&path) {
                return Ok(encoded(cache::pages::index(
                    page,
                    if_none_match.as_deref(),
                ))?);
            }
            let asset_request = assets::AssetRequest {
                path: &path,
                is_head,
                if_none_match: if_none_match.as_deref(),
                accept_encoding: accept_encoding.as_deref(),
            };
            let served = assets::serve(env, asset_request, server_clock::now_ms(env)).await?;
            if served.status_code() != 404 {
                return Ok(served);
            }
            match redirect(context, env, &request, &path).await? {
                Some(redirect) => redirect,
                None if accepts_html(&request) => {
                    let not_found = cache::pages::not_found(&language, None);
                    not_found.with("vary", "Accept, Accept-Language")
                }
                None => return Ok(served),
            }
        }
    };
    Ok(respond(answer, is_head, server_clock::now_ms(env))?)
}

/// Whether the client accepts HTML. Other clients get errors as `application/problem+json`.
fn accepts_html(request: &Request) -> bool {
    let accepted = request.headers().get("accept").ok().flatten();
    accepted.is_some_and(|types| types.contains("text/html"))
}

/// The language of answers that belong to no site: that of the query, else the one that the browser prefers, else
/// English.
fn language_of(request: &Request) -> Language {
    let query = url::raw_query(request);
    let accepted = request.headers().get("accept-language").ok().flatten();
    match page_call::language_of(&query) {
        Some(tag) => Texts::language_for(Some(&tag)),
        None => accepted
            .and_then(|accepted| Texts::preferred_language(&accepted))
            .unwrap_or_else(Language::english),
    }
}

/// The redirect of a path that is another spelling of an existing one: doubled slashes, a slash at the end, capital
/// letters. Its target is a path of the same host. `None` for methods other than GET and HEAD.
/// Pages of other origins that may read the target can follow the redirect.
async fn redirect(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    path: &str,
) -> Result<Option<Answer>, Refusal> {
    // The raw method, as in `handle`.
    if !matches!(request.inner().method().as_str(), "GET" | "HEAD") {
        return Ok(None);
    }
    let canonical = canonical_path::canonical(path);
    let target = match parse("GET", &canonical) {
        Err(_) => None,
        Ok(Route::Asset(_)) => asset_target(context, env, request, canonical).await?,
        Ok(route) => Some((canonical, route.is_shared())),
    };
    let query = url::query(request)?;
    let query = match query.as_str() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let cache = match path.starts_with("/v1") {
        true => answer::NO_STORE,
        false => "public, max-age=300",
    };
    let target = target.filter(|(target, _)| target != path);
    Ok(target.map(|(target, is_shared)| {
        let answer = Answer::no_content()
            .with("location", &format!("{target}{query}"))
            .with("cache-control", cache)
            .with_status(308);
        match is_shared {
            true => answer.for_all_origins(),
            false => answer,
        }
    }))
}

/// The target of a redirect to a static file, or to a page at the path of one, and whether pages of all origins may read it.
async fn asset_target(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    canonical: String,
) -> Result<Option<(String, bool)>, Refusal> {
    if IndexPage::parse(&canonical).is_some() {
        return Ok(Some((canonical, false)));
    }
    if canonical == OWN_LOADER && is_host_of_a_site(context, env, request).await? {
        return Ok(Some((canonical, true)));
    }
    match page_on_custom_host(context, env, request, &canonical).await? {
        Some((_, call)) => Ok(Some((canonical, call.page.is_shared()))),
        None => Ok(assets::find(env, &canonical).await?),
    }
}

/// The page of a site that is served at this path of a custom host name: the status page at `/`, the others below.
async fn page_on_custom_host(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    path: &str,
) -> Result<Option<(Slug, PageCall)>, Refusal> {
    let below = if path == "/" { "" } else { path };
    let Some(name) = PageName::parse(below) else {
        return Ok(None);
    };
    let Some(site) = site_of_host(context, env, request).await? else {
        return Ok(None);
    };
    let call = PageCall::parse(name, &url::query(request)?, PageHost::Site);
    Ok(call.map(|call| (site, call)))
}

/// Whether the path belongs to the deployment's own pages: console, demo and guide.
fn is_deployment_page(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    matches!(first, "console" | "demo" | "docs")
}

/// Whether the request's host name belongs to a site other than `site`. `false` if the directory cannot answer, so that readers are
/// not rejected.
async fn is_host_of_another_site(
    context: &RequestContext,
    env: &Env,
    request: &Request,
    site: &Slug,
) -> bool {
    let owner = site_of_host(context, env, request).await;
    matches!(owner, Ok(Some(owner)) if owner != *site)
}

async fn is_host_of_a_site(
    context: &RequestContext,
    env: &Env,
    request: &Request,
) -> Result<bool, Refusal> {
    Ok(site_of_host(context, env, request).await?.is_some())
}

/// The site that owns the request's host name. The deployment's own host name is not looked up, since no site can claim
/// it.
async fn site_of_host(
    context: &RequestContext,
    env: &Env,
    request: &Request,
) -> Result<Option<Slug>, Refusal> {
    let Some(name) = url::parse(request)?.host_str().map(host_name::normalize) else {
        return Ok(None);
    };
    if settings::public_host(env).as_ref() == Some(&name) {
        return Ok(None);
    }
    Ok(site_list::site_of_host(context, env, &name).await?)
}
