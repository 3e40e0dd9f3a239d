//! Responses with feeds and pages in the client's content coding.

use std::rc::Rc;

use worker::{EncodeBody, Env, Response};

use super::gzip;
use crate::{
    answer::Answer,
    fault::Fault,
    http::etag::etag,
    runtime::{assets, respond::respond},
};

/// Converts a feed or page into a response. On workerd the body is compressed if the client prefers gzip; on Cloudflare the
/// edge compresses.
///
/// # Errors
/// `Fault::Runtime` if the runtime rejects a header.
pub fn respond_encoded(
    env: &Env,
    answer: Answer,
    is_head: bool,
    accept_encoding: Option<&str>,
    now_ms: u64,
) -> Result<Response, Fault> {
    if !matches!(answer.status, 200 | 304) || !assets::is_on_workerd(env) {
        return respond(answer, is_head, now_ms);
    }
    let answer = answer.with("vary", "Accept-Encoding");
    if !gzip::is_accepted(accept_encoding) {
        return respond(answer, is_head, now_ms);
    }
    let tag = answer.header("etag").map(str::to_owned);
    // A page that shows that it is stale has no entity tag.
    let key = tag.clone().unwrap_or_else(|| etag(&answer.body));
    let copy = match answer.status {
        200 => match gzip::copy_of(&key, &answer.body) {
            Some(copy) => copy,
            None => return respond(answer, is_head, now_ms),
        },
        _ => Rc::default(),
    };
    let answer = match tag {
        Some(tag) => answer.with("etag", &gzip::weak_etag(&tag)),
        None => answer,
    };
    if answer.status == 304 {
        return respond(answer, is_head, now_ms);
    }
    let answer = answer.with("content-encoding", "gzip");
    let head = Answer {
        body: String::new(),
        ..answer
    };
    let response = respond(head, false, now_ms)?;
    if is_head {
        let headers = response.headers();
        headers.set("content-length", &copy.len().to_string())?;
        return Ok(Response::empty()?.with_headers(headers.clone()));
    }
    let headers = response.headers().clone();
    let response = Response::from_bytes(copy.to_vec())?.with_headers(headers);
    Ok(response.with_encode_body(EncodeBody::Manual))
}
