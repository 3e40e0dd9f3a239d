//! Static files on workerd, whose disk service sends no types and no cache headers; the build's table has them. On
//! Cloudflare the platform serves most files before the Worker runs, with the same headers.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};

use js_sys::{JSON, Reflect};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use worker::{EncodeBody, Env, Headers, Method, RequestInit, Response};

use crate::{
    answer::Answer,
    fault::Fault,
    http::{content_coding, etag::matches_etag},
    runtime::{
        deadline::within,
        kept_assets,
        respond::{http_date, respond},
    },
};
use notice::rejection::Rejection;

/// A static file's headers, from the build's table.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    file: String,
    #[serde(rename = "type")]
    content_type: String,
    /// Value of `Cache-Control`.
    cache: String,
    /// Value of `Access-Control-Allow-Origin`.
    cors: Option<String>,
    /// Value of `Content-Security-Policy`.
    csp: Option<String>,
    /// Entity tag of the plain file, without quotes.
    etag: String,
    /// Content codings for which there is a compressed file, in order of preference.
    #[serde(default)]
    encodings: Vec<String>,
}

/// The binding of the service that has the build's files.
const SERVICE: &str = "ASSETS";
/// Deadline for a file.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Static files by URL path.
pub type Table = BTreeMap<String, Entry>;

thread_local! {
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// The parts of a request that the answer depends on.
#[derive(Clone, Copy, Debug)]
pub struct AssetRequest<'a> {
    pub path: &'a str,
    pub is_head: bool,
    pub if_none_match: Option<&'a str>,
    pub accept_encoding: Option<&'a str>,
}

/// Answers with a static file, or with 404.
///
/// # Errors
/// `Fault` if the disk service fails or misses the deadline.
pub async fn serve(env: &Env, request: AssetRequest<'_>, now_ms: u64) -> Result<Response, Fault> {
    let table = table(env)?;
    if table.is_empty() {
        return fetch_from_cloudflare(env, request, now_ms).await;
    }
    let (table, service) = match table.contains_key(request.path) {
        true => (table, SERVICE),
        false => (
            kept_assets::table(env, request.path).await?,
            kept_assets::SERVICE,
        ),
    };
    let Some(entry) = table.get(request.path) else {
        let missing = Answer::rejection(&Rejection::NotFound);
        return respond(missing, request.is_head, now_ms);
    };
    let available: Vec<&str> = entry.encodings.iter().map(String::as_str).collect();
    let encoding = content_coding::choose(request.accept_encoding.unwrap_or_default(), &available);
    let (extension, tag) = match encoding {
        Some("br") => (".br", format!("\"{}-br\"", entry.etag)),
        Some("gzip") => (".gz", format!("\"{}-gzip\"", entry.etag)),
        _ => ("", format!("\"{}\"", entry.etag)),
    };
    let headers = headers(entry)?;
    headers.set("etag", &tag)?;
    headers.set("date", &http_date(now_ms))?;
    let known = request.if_none_match;
    if known.is_some_and(|tags| matches_etag(tags, &tag)) {
        return Ok(Response::empty()?.with_status(304).with_headers(headers));
    }
    if let Some(encoding) = encoding {
        headers.set("content-encoding", encoding)?;
    }
    let file = format!("{}{extension}", entry.file);
    let response = read(env, service, &file, request.is_head).await?;
    if request.is_head {
        if let Some(length) = response.headers().get("content-length")? {
            headers.set("content-length", &length)?;
        }
        return Ok(Response::empty()?.with_headers(headers));
    }
    let (_, body) = response.into_parts();
    let response = Response::from_body(body)?.with_headers(headers);
    Ok(match encoding {
        Some(_) => response.with_encode_body(EncodeBody::Manual),
        None => response,
    })
}

/// Finds the path of a file that differs from the requested path only in case, or in a slash at the end. `canonical` is the
/// requested path in lower case, without a slash at the end. Also returns whether pages of all origins may read the file.
///
/// # Errors
/// `Fault` if Cloudflare's asset service fails or misses the deadline.
pub async fn find(env: &Env, canonical: &str) -> Result<Option<(String, bool)>, Fault> {
    let table = table(env)?;
    if table.is_empty() {
        let Ok(service) = env.service(SERVICE) else {
            return Ok(None);
        };
        let url = format!("http://assets{canonical}");
        let response = within(DEADLINE, "the static files", async {
            Ok(service.fetch(url, None).await?)
        })
        .await?;
        let is_shared = response.headers().has("access-control-allow-origin")?;
        return Ok((response.status_code() == 200).then(|| (canonical.to_owned(), is_shared)));
    }
    let plain = |path: &str| path.trim_end_matches('/').to_ascii_lowercase();
    let wanted = plain(canonical);
    let mut files = table.iter();
    let found = files.find(|(path, _)| plain(path) == wanted);
    Ok(found.map(|(path, entry)| (path.clone(), entry.cors.is_some())))
}

/// Reads a file from a disk service, or only its headers.
async fn read(env: &Env, service: &str, file: &str, is_head: bool) -> Result<Response, Fault> {
    let url = format!("http://assets/{file}");
    let service = env.service(service)?;
    let mut init = RequestInit::new();
    init.with_method(if is_head { Method::Head } else { Method::Get });
    let response = within(DEADLINE, "the disk service", async {
        Ok(service.fetch(url, Some(init)).await?)
    })
    .await?;
    if response.status_code() != 200 {
        return Err(Fault::Stored {
            what: "static file",
            detail: format!("{file} is in the table, but not on disk"),
        });
    }
    Ok(response)
}

/// Whether this is workerd, where the Worker serves the static files itself.
pub fn is_on_workerd(env: &Env) -> bool {
    table(env).is_ok_and(|table| !table.is_empty())
}

/// Fetches a file from Cloudflare's asset service, which adds the headers of `_headers`.
async fn fetch_from_cloudflare(
    env: &Env,
    request: AssetRequest<'_>,
    now_ms: u64,
) -> Result<Response, Fault> {
    let missing = || {
        respond(
            Answer::rejection(&Rejection::NotFound),
            request.is_head,
            now_ms,
        )
    };
    let Ok(service) = env.service(SERVICE) else {
        return missing();
    };
    let url = format!("http://assets{}", request.path);
    let response = within(DEADLINE, "the static files", async {
        Ok(service.fetch(url, None).await?)
    })
    .await?;
    match response.status_code() {
        404 => missing(),
        _ => Ok(response),
    }
}

fn headers(entry: &Entry) -> Result<Headers, Fault> {
    let headers = Headers::new();
    headers.set("content-type", &entry.content_type)?;
    headers.set("cache-control", &entry.cache)?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "strict-origin-when-cross-origin")?;
    if !entry.encodings.is_empty() {
        headers.set("vary", "Accept-Encoding")?;
    }
    if let Some(origins) = &entry.cors {
        headers.set("access-control-allow-origin", origins)?;
        headers.set("cross-origin-resource-policy", "cross-origin")?;
    }
    if let Some(policy) = &entry.csp {
        headers.set("content-security-policy", policy)?;
    }
    Ok(headers)
}

/// The build's table, parsed once per isolate. Empty on Cloudflare.
fn table(env: &Env) -> Result<Rc<Table>, Fault> {
    if let Some(table) = TABLE.with_borrow(Clone::clone) {
        return Ok(table);
    }
    let binding =
        Reflect::get(env.as_ref(), &JsValue::from_str("ASSET_TABLE")).unwrap_or(JsValue::UNDEFINED);
    let table: Table = if binding.is_object() {
        let text = JSON::stringify(&binding).map_err(|_| Fault::Stored {
            what: "asset table",
            detail: "it is not JSON".to_owned(),
        })?;
        serde_json::from_str(&String::from(text))?
    } else {
        Table::new()
    };
    let table = Rc::new(table);
    TABLE.set(Some(Rc::clone(&table)));
    Ok(table)
}
