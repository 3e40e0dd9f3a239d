//! The fast path: answers a feed request from the isolate's memory without a promise.
//!
//! Most of its cost is in calls between wasm and JavaScript, so it makes few: it reads the request's URL, method,
//! `If-None-Match` and, on workerd, `Accept-Encoding` only. The body and headers are cached as JavaScript objects, built once per document; only `Date` is
//! updated, once per second.
//! tests/tests/deployment/wasm_calls.rs counts the calls.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use js_sys::{Reflect, Uint8Array};
use notice::wire::{ids::Slug, language::LanguageTag};
use wasm_bindgen::JsValue;
use worker::{
    Env,
    worker_sys::web_sys::{Headers, Request, Response, ResponseInit},
};

use super::{MEMORY, feed, gzip, snapshot::Document, unknown_site};
use crate::{
    http::etag::matches_etag,
    runtime::{
        assets,
        respond::{HSTS, http_date},
        server_clock, settings,
    },
};

/// A cached response as JavaScript objects.
#[derive(Debug)]
struct ReadyResponse {
    /// The body as text, compared by pointer to detect a new document.
    source_body: Rc<str>,
    confirmed_ms: u64,
    etag: String,
    /// The time in the `Date` header, in seconds since 1970.
    date_s: u64,
    plain: Variant,
    /// Made when the first client takes it; `Some(None)` if it would not be smaller.
    gzip: Option<Option<Variant>>,
}

/// One content coding of a response.
#[derive(Debug)]
struct Variant {
    body: Uint8Array,
    headers: Headers,
    /// The headers of the 200, if they differ.
    headers_200: Option<Headers>,
    init_200: ResponseInit,
    init_304: ResponseInit,
}

/// Properties of the deployment that its responses' headers depend on.
#[derive(Clone, Copy, Debug)]
struct Deployment {
    /// Whether the responses are compressed here, and not by Cloudflare.
    is_on_workerd: bool,
    is_https: bool,
}

/// Maximum number of ready responses; above it all are dropped and built again when they are needed.
const MAX_READY: usize = 500;

thread_local! {
    static READY: RefCell<BTreeMap<String, ReadyResponse>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns the response on a cache hit; `None` passes the request on to the router.
pub fn respond(request: &Request, env: &Env) -> Option<Response> {
    if request.method() != "GET" {
        return None;
    }
    let url = request.url();
    let FeedUrl { site, language } = FeedUrl::parse(&url)?;
    let now_ms = server_clock::now_ms(env);
    let found = MEMORY.with_borrow(|store| {
        let resource = store.canonical(&site, &feed::resource(language));
        let language = resource
            .language()
            .map(LanguageTag::as_str)
            .unwrap_or_default();
        let key = format!("{site}:{language}");
        Some((store.ready(&site, &resource, now_ms)?.clone(), key))
    });
    let Some((feed, key)) = found else {
        return unknown_site::respond(&site, env, now_ms);
    };
    let deployment = Deployment {
        is_on_workerd: assets::is_on_workerd(env),
        is_https: settings::is_https(env),
    };
    let given = request.headers();
    let if_none_match = given.get("if-none-match").ok()?;
    let takes_gzip = deployment.is_on_workerd
        && gzip::is_accepted(given.get("accept-encoding").ok()?.as_deref());
    READY.with_borrow_mut(|ready| {
        let is_current = ready.get(&key).is_some_and(|ready| {
            Rc::ptr_eq(&ready.source_body, &feed.body) && ready.confirmed_ms == feed.confirmed_ms
        });
        if !is_current {
            if ready.len() >= MAX_READY {
                ready.clear();
            }
            let response = ReadyResponse::new(&feed, &site, deployment, now_ms)?;
            ready.insert(key.clone(), response);
        }
        let ready = ready.get_mut(&key)?;
        ready.set_date(now_ms)?;
        let same = if_none_match.is_some_and(|tags| matches_etag(&tags, &ready.etag));
        let variant = match takes_gzip {
            true => ready.gzip()?,
            false => &ready.plain,
        };
        if same {
            return Response::new_with_opt_str_and_init(None, &variant.init_304).ok();
        }
        let body = Some(variant.body.as_ref());
        Response::new_with_opt_buffer_source_and_init(body, &variant.init_200).ok()
    })
}

/// Evicts the responses of a deleted site.
pub(super) fn evict(site: &Slug) {
    let prefix = format!("{site}:");
    READY.with_borrow_mut(|ready| ready.retain(|key, _| !key.starts_with(&prefix)));
}

impl ReadyResponse {
    fn new(feed: &Document, site: &Slug, deployment: Deployment, now_ms: u64) -> Option<Self> {
        let headers = Headers::new().ok()?;
        for (name, value) in feed::headers_of(feed, site) {
            headers.set(&name, &value).ok()?;
        }
        headers.set("x-content-type-options", "nosniff").ok()?;
        headers.set("date", &http_date(now_ms)).ok()?;
        if deployment.is_on_workerd {
            headers.set("vary", "Accept-Encoding").ok()?;
        }
        if deployment.is_https {
            headers.set(HSTS.0, HSTS.1).ok()?;
        }
        Some(Self {
            source_body: Rc::clone(&feed.body),
            confirmed_ms: feed.confirmed_ms,
            etag: feed.etag.clone(),
            date_s: now_ms / 1000,
            plain: Variant::new(feed.body.as_bytes(), headers),
            gzip: None,
        })
    }

    /// The compressed variant, or the plain one if that is smaller.
    fn gzip(&mut self) -> Option<&Variant> {
        if self.gzip.is_none() {
            let variant = match gzip::copy_of(&self.etag, &self.source_body) {
                Some(copy) => Some(self.plain.compressed(&copy, &self.etag)?),
                None => None,
            };
            self.gzip = Some(variant);
        }
        let gzip = self.gzip.as_ref()?;
        Some(gzip.as_ref().unwrap_or(&self.plain))
    }

    fn set_date(&mut self, now_ms: u64) -> Option<()> {
        if self.date_s != now_ms / 1000 {
            let date = http_date(now_ms);
            let gzip = self.gzip.iter().flatten();
            for variant in gzip.chain([&self.plain]) {
                for headers in variant.headers_200.iter().chain([&variant.headers]) {
                    headers.set("date", &date).ok()?;
                }
            }
            self.date_s = now_ms / 1000;
        }
        Some(())
    }
}

impl Variant {
    fn new(body: &[u8], headers: Headers) -> Self {
        let init = |status: u16| {
            let init = ResponseInit::new();
            init.set_status(status);
            init.set_headers(&headers);
            init
        };
        Self {
            body: Uint8Array::from(body),
            init_200: init(200),
            init_304: init(304),
            headers,
            headers_200: None,
        }
    }

    /// This response with a compressed body.
    fn compressed(&self, body: &[u8], etag: &str) -> Option<Self> {
        let headers = Headers::new_with_headers(&self.headers).ok()?;
        headers.set("etag", &gzip::weak(etag)).ok()?;
        let mut packed = Self::new(body, headers);
        // A 304 has no body, and so no coding.
        let with_coding = Headers::new_with_headers(&packed.headers).ok()?;
        with_coding.set("content-encoding", "gzip").ok()?;
        packed.init_200.set_headers(&with_coding);
        let manual = JsValue::from_str("manual");
        Reflect::set(&packed.init_200, &JsValue::from_str("encodeBody"), &manual).ok()?;
        packed.headers_200 = Some(with_coding);
        Some(packed)
    }
}

/// The URL of a feed: `/v1/sites/{site}/feed`, without a query or with `?lang={tag}` alone, and without percent-encoding.
#[derive(Debug, PartialEq, Eq)]
struct FeedUrl<'a> {
    site: Slug,
    language: Option<&'a str>,
}

impl<'a> FeedUrl<'a> {
    /// `None` for other URLs, which the router handles.
    fn parse(url: &'a str) -> Option<Self> {
        let (_, after_scheme) = url.split_once("://")?;
        let path = after_scheme.get(after_scheme.find('/')?..)?;
        let path = path.strip_prefix("/v1/sites/")?;
        let (site, end) = path.split_once('/')?;
        let end = end.strip_prefix("feed")?;
        let language = match end.strip_prefix('?') {
            None if end.is_empty() => None,
            None => return None,
            Some(query) => {
                let value = query.strip_prefix("lang=")?;
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                if !value.bytes().all(plain) {
                    return None;
                }
                Some(value)
            }
        };
        let site = Slug::parse(site)?;
        Some(Self { site, language })
    }
}

#[cfg(test)]
mod tests {
    use super::FeedUrl;

    #[test]
    fn only_feed_urls_without_percent_encoding_are_parsed() {
        for (url, expected) in [
            ("http://h/v1/sites/acme/feed", Some(("acme", None))),
            (
                "https://h:8787/v1/sites/acme/feed?lang=zh-Hans",
                Some(("acme", Some("zh-Hans"))),
            ),
            (
                "http://h/v1/sites/acme/feed?lang=",
                Some(("acme", Some(""))),
            ),
            ("http://h/v1/sites/acme/feed?lang=%64e", None),
            ("http://h/v1/sites/acme/feed?x=1", None),
            ("http://h/v1/sites/acme/feed?lang=de&x=1", None),
            ("http://h/v1/sites/acme/feed/", None),
            ("http://h/v1/sites/acme/feeds", None),
            ("http://h/v1/sites/A/feed", None),
            ("http://h/v1/sites/acme", None),
            ("http://h/s/v1/sites/acme/feed", None),
            ("http://h/?/v1/sites/acme/feed", None),
            ("/v1/sites/acme/feed", None),
        ] {
            let read = FeedUrl::parse(url);
            let read = read
                .as_ref()
                .map(|feed| (feed.site.as_str(), feed.language));
            assert_eq!(read, expected, "{url}");
        }
    }
}
