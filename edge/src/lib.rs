//! The Worker: the only room that knows Cloudflare. Thin: parse, ask `notice`, store, answer.

pub mod answer;
pub mod fault;
pub mod health;
pub mod http;
pub mod object;
pub mod operator;
pub mod reads;
pub mod runtime;
pub mod storage;

use http::route::{Route, parse};
use notice::rejection::Rejection;
use object::operate::Refusal;
use reads::chain;
use runtime::{assets, clock, host::Host, respond::respond};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{
    Env, Method, Request, Response, worker_sys,
    worker_sys::web_sys,
};

use crate::answer::Answer;

/// Answers every request. Exported by hand rather than through the worker crate's macro, whose context hides the cache.
///
/// # Errors
/// When the runtime refuses the simplest response.
#[wasm_bindgen(js_name = fetch)]
pub async fn fetch(
    request: web_sys::Request,
    env: Env,
    context: worker_sys::Context,
) -> Result<web_sys::Response, JsValue> {
    let host = Host::new(context);
    let request = Request::from(request);
    let is_head = request.method() == Method::Head;
    let now_ms = clock::now_ms(&env);
    let response = match handle(request, &host, &env, is_head).await {
        Ok(response) => Ok(response),
        Err(Refusal::Rejection(rejection)) => {
            respond(Answer::rejection(&rejection), is_head, now_ms)
        }
        Err(Refusal::Fault(fault)) => {
            worker::console_error!("{fault}");
            let answer = Answer::unavailable("unavailable", "something of ours failed; try again");
            respond(answer, is_head, now_ms)
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
    let answer = match parse(request.method().as_ref(), &path)? {
        Route::Health => health::check(host, env).await?,
        Route::Feed(site) => {
            let url = request.url().map_err(fault::Fault::from)?;
            let language = url
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
        Route::Sites(_) | Route::Operator(..) if is_a_sites_host(&request) => {
            return Err(Rejection::NotFound.into());
        }
        Route::Sites(call) => operator::sites(env, &mut request, call).await?,
        Route::Operator(site, call) => operator::site(host, env, &mut request, &site, &call).await?,
        Route::Asset(path) => {
            let accept_encoding = header("accept-encoding");
            let wanted = assets::Wanted {
                path: &path,
                is_head,
                if_none_match: if_none_match.as_deref(),
                accept_encoding: accept_encoding.as_deref(),
            };
            return Ok(assets::serve(env, wanted, clock::now_ms(env)).await?);
        }
    };
    Ok(respond(answer, is_head, clock::now_ms(env))?)
}

fn is_a_sites_host(request: &Request) -> bool {
    request
        .url()
        .ok()
        .and_then(|url| url.host_str().map(reads::directory::is_a_sites_host))
        .unwrap_or(false)
}
