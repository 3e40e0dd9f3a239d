//! Static files on workerd, whose disk service knows neither types nor caching: the build's table says how each is
//! answered. On Cloudflare the platform serves them before the Worker runs, by the same table.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};

use js_sys::{JSON, Reflect};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use worker::{EncodeBody, Env, Headers, Response};

use crate::{
    answer::Answer,
    fault::Fault,
    reads::conditional::matches_etag,
    runtime::{deadline::within, respond::respond},
};
use notice::rejection::Rejection;

/// How one static file is answered, as the build says it.
#[derive(Clone, Debug, Deserialize)]
struct Entry {
    file: String,
    #[serde(rename = "type")]
    content_type: String,
    cache: String,
    cors: Option<String>,
    csp: Option<String>,
    etag: String,
    #[serde(default)]
    encodings: Vec<String>,
}

/// How long a reader waits for a file.
const DEADLINE: Duration = Duration::from_secs(5);

type Table = BTreeMap<String, Entry>;

thread_local! {
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// What of a request decides how a file is sent.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The path.
    pub path: &'a str,
    /// Without its body.
    pub is_head: bool,
    /// `If-None-Match`.
    pub if_none_match: Option<&'a str>,
    /// `Accept-Encoding`.
    pub accept_encoding: Option<&'a str>,
}

/// Answers with a static file, or that there is none.
///
/// # Errors
/// When the disk service fails.
pub async fn serve(env: &Env, wanted: Wanted<'_>, now_ms: u64) -> Result<Response, Fault> {
    let table = table(env)?;
    if table.is_empty() {
        return from_the_platform(env, wanted, now_ms).await;
    }
    let Some(entry) = table.get(wanted.path) else {
        let missing = Answer::rejection(&Rejection::NotFound);
        return respond(missing, wanted.is_head, now_ms);
    };
    let headers = headers(entry)?;
    if wanted
        .if_none_match
        .is_some_and(|tags| matches_etag(tags, &format!("\"{}\"", entry.etag)))
    {
        return Ok(Response::empty()?.with_status(304).with_headers(headers));
    }
    let encoding = encoding(entry, wanted.accept_encoding.unwrap_or_default());
    let file = match encoding {
        Some("br") => format!("{}.br", entry.file),
        Some("gzip") => format!("{}.gz", entry.file),
        _ => entry.file.clone(),
    };
    if let Some(encoding) = encoding {
        headers.set("content-encoding", encoding)?;
    }
    if wanted.is_head {
        return Ok(Response::empty()?.with_headers(headers));
    }
    let url = format!("http://assets/{file}");
    let service = env.service("ASSETS")?;
    let found = within(DEADLINE, "the disk service", async {
        Ok(service.fetch(url, None).await?)
    })
    .await?;
    if found.status_code() != 200 {
        return Err(Fault::Stored {
            what: "static file",
            detail: format!("{file} is in the table, but not on disk"),
        });
    }
    let (_, body) = found.into_parts();
    let response = Response::from_body(body)?.with_headers(headers);
    Ok(match encoding {
        Some(_) => response.with_encode_body(EncodeBody::Manual),
        None => response,
    })
}

/// On Cloudflare, where the Worker is asked first for a few files: the platform has them, with the headers of `_headers`.
async fn from_the_platform(env: &Env, wanted: Wanted<'_>, now_ms: u64) -> Result<Response, Fault> {
    let missing = || {
        respond(
            Answer::rejection(&Rejection::NotFound),
            wanted.is_head,
            now_ms,
        )
    };
    let Ok(service) = env.service("ASSETS") else {
        return missing();
    };
    let url = format!("http://assets{}", wanted.path);
    let found = within(DEADLINE, "the static files", async {
        Ok(service.fetch(url, None).await?)
    })
    .await?;
    match found.status_code() {
        404 => missing(),
        _ => Ok(found),
    }
}

fn headers(entry: &Entry) -> Result<Headers, Fault> {
    let headers = Headers::new();
    headers.set("content-type", &entry.content_type)?;
    headers.set("cache-control", &entry.cache)?;
    headers.set("etag", &format!("\"{}\"", entry.etag))?;
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

/// The best encoding that lies ready and that the client takes.
fn encoding<'a>(entry: &'a Entry, accepted: &str) -> Option<&'a str> {
    let takes = |encoding: &str| {
        accepted.split(',').any(|offer| {
            let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
    };
    entry
        .encodings
        .iter()
        .map(String::as_str)
        .find(|encoding| takes(encoding))
}

/// The build's table, read once per isolate. Empty where the platform serves the files itself.
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
