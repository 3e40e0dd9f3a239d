//! The Worker: the only room that knows Cloudflare. Thin: parse, ask `notice`, store, answer.

pub mod answer;
pub mod fault;
pub mod health;
pub mod http;
pub mod object;
pub mod operator;
pub mod pages;
pub mod reads;
pub mod runtime;
pub mod storage;

use std::panic::AssertUnwindSafe;

use http::{
    host_name,
    page_call::{self, PageCall, PageName, Place},
    preflight,
    route::{Route, parse},
};
use notice::{
    rejection::Rejection,
    wire::{ids::Slug, language::Language},
};
use object::operate::Refusal;
use reads::{chain, directory, hot};
use runtime::{assets, clock, host::Host, respond::respond, settings, url};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{Env, Method, Request, Response, worker_sys, worker_sys::web_sys};

use crate::answer::Answer;

/// Answers every request: with a response where one lies ready, else with the promise of one. Exported by hand rather
/// than through the worker crate's macro, whose context hides the cache, and which always promises.
#[wasm_bindgen(js_name = fetch)]
pub fn fetch(request: web_sys::Request, env: Env, context: worker_sys::Context) -> JsValue {
    if let Some(response) = hot::respond(&request, &env) {
        return response.into();
    }
    let host = Host::new(context);
    let answered = AssertUnwindSafe(async move {
        let response = answer(request, &host, &env).await;
        response.map(JsValue::from)
    });
    wasm_bindgen_futures::future_to_promise(answered).into()
}

async fn answer(
    request: web_sys::Request,
    host: &Host,
    env: &Env,
) -> Result<web_sys::Response, JsValue> {
    let request = Request::from(request);
    let is_head = request.method() == Method::Head;
    let reads_pages = is_for_people(&request);
    let language = language_of(&request);
    let response = match handle(request, host, env, is_head).await {
        Ok(response) => Ok(response),
        Err(refusal) => {
            let answer = match refusal {
                Refusal::Rejection(rejection) => Answer::rejection(&rejection),
                Refusal::Fault(fault) => {
                    worker::console_error!("{fault}");
                    match language {
                        Ok(language) if reads_pages => reads::pages::unavailable(&language),
                        _ => Answer::unavailable("unavailable", "The server failed; try again."),
                    }
                }
            };
            respond(answer, is_head, clock::now_ms(env))
        }
    };
    match response {
        Ok(response) => Ok(response.into()),
        Err(fault) => Err(JsValue::from_str(&fault.to_string())),
    }
}

async fn handle(
    mut request: Request,
    host: &Host,
    env: &Env,
    is_head: bool,
) -> Result<Response, Refusal> {
    let path = request.path();
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let if_none_match = header("if-none-match");
    // As it was sent: the worker crate takes every method that it does not know for GET.
    let method = request.inner().method();
    if method == "OPTIONS" {
        let asked = header("access-control-request-headers");
        if let Some(answer) = preflight::answer(&path, asked.as_deref()) {
            return Ok(respond(answer, is_head, clock::now_ms(env))?);
        }
    }
    let route = match parse(&method, &path) {
        // Below there people read.
        Err(Rejection::NotFound) if path.starts_with("/s/") => {
            let missing = reads::pages::missing(&language_of(&request)?, None);
            return Ok(respond(missing, is_head, clock::now_ms(env))?);
        }
        route => route?,
    };
    let answer = match route {
        Route::Health => health::check(host, env).await?,
        Route::Feed(site) => {
            let language = url::of(&request)?
                .query_pairs()
                .find(|(name, _)| name == "lang")
                .map(|(_, value)| value.into_owned());
            let wanted = chain::Wanted {
                site: &site,
                language: language.as_deref(),
                if_none_match: if_none_match.as_deref(),
            };
            chain::feed(host, env, wanted).await
        }
        // A site's own host name shows its public pages and nothing else.
        Route::Sites(_) | Route::Operator(..) if is_a_sites_host(host, env, &request).await? => {
            return Err(Rejection::NotFound.into());
        }
        Route::Sites(call) => operator::sites(host, env, &mut request, call).await?,
        Route::Operator(site, call) => {
            operator::site(host, env, &mut request, &site, &call).await?
        }
        Route::Page(site, _) if is_another_sites_host(host, env, &request, &site).await => {
            reads::pages::missing(&language_of(&request)?, None)
        }
        Route::Page(site, name) => {
            let query = url::query_of(&request)?;
            match PageCall::read(name, &query, Place::Deployment) {
                Some(call) => {
                    reads::pages::page(host, env, &site, &call, if_none_match.as_deref()).await
                }
                None => reads::pages::missing(&language_of(&request)?, None),
            }
        }
        // The console is reached under the deployment's own name only: no other could be told from a forgery. Nor are
        // guide and demo pages of the site's.
        Route::Asset(path)
            if is_of_the_deployment(&path) && is_a_sites_host(host, env, &request).await? =>
        {
            reads::pages::missing(&language_of(&request)?, Some("/"))
        }
        Route::Asset(path) => {
            if let Some((site, call)) = page_of_own_host(host, env, &request, &path).await? {
                let page = reads::pages::page(host, env, &site, &call, if_none_match.as_deref());
                return Ok(respond(page.await, is_head, clock::now_ms(env))?);
            }
            let accept_encoding = header("accept-encoding");
            let wanted = assets::Wanted {
                path: &path,
                is_head,
                if_none_match: if_none_match.as_deref(),
                accept_encoding: accept_encoding.as_deref(),
            };
            let served = assets::serve(env, wanted, clock::now_ms(env)).await?;
            if served.status_code() != 404 || !is_for_people(&request) {
                return Ok(served);
            }
            reads::pages::missing(&language_of(&request)?, None).with("vary", "Accept")
        }
    };
    Ok(respond(answer, is_head, clock::now_ms(env))?)
}

/// Whether somebody came by a link and reads a page. Who asks for a file is told in the way of machines why there is none.
fn is_for_people(request: &Request) -> bool {
    let accepted = request.headers().get("accept").ok().flatten();
    accepted.is_some_and(|types| types.contains("text/html"))
}

/// The language that a reader asks for, where no site says which there are.
fn language_of(request: &Request) -> Result<Language, Rejection> {
    let asked = page_call::language_of(&url::query_of(request)?);
    Ok(asked.unwrap_or_else(Language::english))
}

/// A site's own host name shows its pages at `/`: the status page there, the others below.
async fn page_of_own_host(
    host: &Host,
    env: &Env,
    request: &Request,
    path: &str,
) -> Result<Option<(Slug, PageCall)>, Refusal> {
    let below = if path == "/" { "" } else { path };
    let Some(name) = PageName::parse(below) else {
        return Ok(None);
    };
    let Some(site) = site_of_host(host, env, request).await? else {
        return Ok(None);
    };
    let call = PageCall::read(name, &url::query_of(request)?, Place::OwnHost);
    Ok(call.map(|call| (site, call)))
}

/// What lies there is the deployment's own, and no site's.
fn is_of_the_deployment(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    matches!(first, "console" | "demo" | "docs")
}

/// Whether this host name belongs to a site, and not to this one. Where nobody can say, a reader is not refused.
async fn is_another_sites_host(host: &Host, env: &Env, request: &Request, site: &Slug) -> bool {
    let owner = site_of_host(host, env, request).await;
    matches!(owner, Ok(Some(owner)) if owner != *site)
}

async fn is_a_sites_host(host: &Host, env: &Env, request: &Request) -> Result<bool, Refusal> {
    Ok(site_of_host(host, env, request).await?.is_some())
}

/// The site whose host name this is. The deployment's own host, which no site can have, is not looked up.
async fn site_of_host(host: &Host, env: &Env, request: &Request) -> Result<Option<Slug>, Refusal> {
    let Some(name) = url::of(request)?.host_str().map(host_name::normal) else {
        return Ok(None);
    };
    if settings::public_host(env).as_ref() == Some(&name) {
        return Ok(None);
    }
    Ok(directory::site_of_host(host, env, &name).await?)
}
