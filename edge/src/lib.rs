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
use runtime::{assets, clock, respond::respond};
use worker::{Context, Env, Method, Request, Response, event};

use crate::answer::Answer;

/// Answers every request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let is_head = request.method() == Method::Head;
    let answered = handle(request, &env, is_head).await;
    let response = match answered {
        Ok(response) => Ok(response),
        Err(Refusal::Rejection(rejection)) => {
            respond(Answer::rejection(&rejection), is_head, clock::now_ms(&env))
        }
        Err(Refusal::Fault(fault)) => {
            worker::console_error!("{fault}");
            let answer = Answer::unavailable("unavailable", "something of ours failed; try again");
            respond(answer, is_head, clock::now_ms(&env))
        }
    };
    response.map_err(|fault| worker::Error::RustError(fault.to_string()))
}

async fn handle(mut request: Request, env: &Env, is_head: bool) -> Result<Response, Refusal> {
    let path = request.path();
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let if_none_match = header("if-none-match");
    let answer = match parse(request.method().as_ref(), &path)? {
        Route::Health => health::check(env).await?,
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
            chain::feed(env, wanted).await
        }
        // A site's own host name shows its public pages and nothing else.
        Route::Sites(_) | Route::Operator(..) if is_a_sites_host(&request) => {
            return Err(Rejection::NotFound.into());
        }
        Route::Sites(call) => operator::sites(env, &mut request, call).await?,
        Route::Operator(site, call) => operator::site(env, &mut request, &site, &call).await?,
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
