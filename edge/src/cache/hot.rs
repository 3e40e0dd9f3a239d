//! The fast path: answers requests for feeds and loaders of sites from the isolate's memory without a promise.
//!
//! Most of its cost is in calls between wasm and JavaScript, so it makes few: it reads the request's URL, method,
//! `If-None-Match`, on workerd `Accept-Encoding`, and a trusted proxy's `X-Forwarded-Proto` only. The body and the headers are cached as JavaScript objects,
//! built once per document; only `Date` is updated, once per second. `tests/tests/deployment/wasm_calls.rs` checks the
//! number of calls.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use js_sys::{Reflect, Uint8Array};
use notice::wire::{ids::Slug, language::LanguageTag};
use wasm_bindgen::JsValue;
use worker::{
    Env,
    worker_sys::web_sys::{Headers, Request, Response, ResponseInit},
};

use super::{
    MEMORY, feed, gzip,
    site_loader::{self, composition::Composition},
    snapshot::Document,
    unknown_site,
};
use crate::{
    http::etag::matches_etag,
    runtime::{
        assets,
        respond::{HSTS, http_date},
        scheme, server_clock,
    },
};

/// A cached response as JavaScript objects.
#[derive(Debug)]
struct ReadyResponse {
    /// The body as text, compared by pointer to detect a new document.
    source_body: Rc<str>,
    confirmed_ms: u64,
    /// `None` for a loader with notices, which is never revalidated.
    etag: Option<String>,
    /// The time in the `Date` header, in seconds since 1970.
    date_s: u64,
    plain: Variant,
    /// `None` until a client accepts gzip; `Some(None)` if the compressed body would not be smaller.
    gzip: Option<Option<Variant>>,
}

/// One content coding of a response.
#[derive(Debug)]
struct Variant {
    body: Uint8Array,
    headers: Headers,
    /// The headers of the 200, if they differ from `headers`, which the 304 has.
    headers_200: Option<Headers>,
    init_200: ResponseInit,
    init_304: ResponseInit,
}

/// The inputs of a response's headers, besides its content.
#[derive(Clone, Copy, Debug)]
struct Transport {
    /// Whether the responses are compressed here, and not by Cloudflare.
    is_on_workerd: bool,
    /// Whether the request came by https.
    is_https: bool,
}

/// The content of a response.
#[derive(Debug)]
enum Content {
    Feed(Document),
    Loader(Rc<Composition>),
}

impl Content {
    fn body(&self) -> &Rc<str> {
        match self {
            Self::Feed(feed) => &feed.body,
            Self::Loader(loader) => &loader.body,
        }
    }

    fn etag(&self) -> Option<&String> {
        match self {
            Self::Feed(feed) => Some(&feed.etag),
            Self::Loader(loader) => loader.etag.as_ref(),
        }
    }

    /// The time of the confirmation in the headers; 0 for loaders, whose headers have none.
    fn confirmed_ms(&self) -> u64 {
        match self {
            Self::Feed(feed) => feed.confirmed_ms,
            Self::Loader(_) => 0,
        }
    }

    fn headers(&self, site: &Slug) -> Vec<(String, String)> {
        match self {
            Self::Feed(feed) => feed::headers_of(feed, site),
            Self::Loader(loader) => site_loader::headers_of(loader, site),
        }
    }
}

/// Maximum number of ready responses. When it is reached, all are dropped, and built again when they are needed.
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
    let HotUrl { site, read } = HotUrl::parse(&url)?;
    let now_ms = server_clock::now_ms(env);
    let found = match read {
        HotRead::Feed(language) => feed_in_memory(&site, language, now_ms),
        HotRead::Loader => site_loader::ready(&site, now_ms)
            .map(|loader| (Content::Loader(loader), format!("{site}:/embed.js"))),
    };
    let Some((content, key)) = found else {
        return match read {
            HotRead::Feed(_) => {
                unknown_site::respond(&site, now_ms, || is_https(env, request, &url))
            }
            HotRead::Loader => None,
        };
    };
    let transport = Transport {
        is_on_workerd: assets::is_on_workerd(env),
        is_https: is_https(env, request, &url),
    };
    let key = match transport.is_https {
        true => format!("{key} https"),
        false => key,
    };
    let given = request.headers();
    let if_none_match = given.get("if-none-match").ok()?;
    let takes_gzip =
        transport.is_on_workerd && gzip::is_accepted(given.get("accept-encoding").ok()?.as_deref());
    READY.with_borrow_mut(|ready| {
        let is_current = ready.get(&key).is_some_and(|ready| {
            Rc::ptr_eq(&ready.source_body, content.body())
                && ready.confirmed_ms == content.confirmed_ms()
        });
        if !is_current {
            if ready.len() >= MAX_READY {
                ready.clear();
            }
            let response = ReadyResponse::new(&content, &site, transport, now_ms)?;
            ready.insert(key.clone(), response);
        }
        let ready = ready.get_mut(&key)?;
        ready.set_date(now_ms)?;
        let same = match (if_none_match, &ready.etag) {
            (Some(tags), Some(etag)) => matches_etag(&tags, etag),
            _ => false,
        };
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

fn is_https(env: &Env, request: &Request, url: &str) -> bool {
    scheme::is_https(env, url, || {
        request.headers().get("x-forwarded-proto").ok().flatten()
    })
}

/// The feed in the language that a tag selects, and its key.
fn feed_in_memory(site: &Slug, language: Option<&str>, now_ms: u64) -> Option<(Content, String)> {
    MEMORY.with_borrow(|store| {
        let resource = store.canonical(site, &feed::resource(language));
        let language = resource
            .language()
            .map(LanguageTag::as_str)
            .unwrap_or_default();
        let key = format!("{site}:{language}");
        let feed = store.ready(site, &resource, now_ms)?.clone();
        Some((Content::Feed(feed), key))
    })
}

/// Evicts the responses of a deleted site.
pub(super) fn evict(site: &Slug) {
    let prefix = format!("{site}:");
    READY.with_borrow_mut(|ready| ready.retain(|key, _| !key.starts_with(&prefix)));
}

impl ReadyResponse {
    fn new(content: &Content, site: &Slug, transport: Transport, now_ms: u64) -> Option<Self> {
        let headers = Headers::new().ok()?;
        for (name, value) in content.headers(site) {
            headers.set(&name, &value).ok()?;
        }
        headers.set("x-content-type-options", "nosniff").ok()?;
        headers.set("date", &http_date(now_ms)).ok()?;
        if transport.is_on_workerd {
            headers.set("vary", "Accept-Encoding").ok()?;
        }
        if transport.is_https {
            headers.set(HSTS.0, HSTS.1).ok()?;
        }
        Some(Self {
            source_body: Rc::clone(content.body()),
            confirmed_ms: content.confirmed_ms(),
            etag: content.etag().cloned(),
            date_s: now_ms / 1000,
            plain: Variant::new(content.body().as_bytes(), headers),
            gzip: None,
        })
    }

    /// The compressed variant, or the plain one if that is smaller.
    fn gzip(&mut self) -> Option<&Variant> {
        if self.gzip.is_none() {
            let copy = match &self.etag {
                Some(etag) => gzip::copy_of(etag, &self.source_body),
                // A loader with notices is sent for a second only, so its copy is not kept.
                None => gzip::compress(self.source_body.as_bytes()),
            };
            let variant = match copy {
                Some(copy) => Some(self.plain.compressed(&copy, self.etag.as_deref())?),
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

    /// This variant with a compressed body.
    fn compressed(&self, body: &[u8], etag: Option<&str>) -> Option<Self> {
        let headers = Headers::new_with_headers(&self.headers).ok()?;
        if let Some(etag) = etag {
            headers.set("etag", &gzip::weak_etag(etag)).ok()?;
        }
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

/// A URL of the fast path.
#[derive(Debug, PartialEq, Eq)]
struct HotUrl<'a> {
    site: Slug,
    read: HotRead<'a>,
}

#[derive(Debug, PartialEq, Eq)]
enum HotRead<'a> {
    /// `/v1/sites/{site}/feed`, optionally with only `?lang={tag}` and no percent-encoding.
    Feed(Option<&'a str>),
    /// `/s/{site}/embed.js`. The query is read by the script, not by the server.
    Loader,
}

impl<'a> HotUrl<'a> {
    /// `None` for other URLs, which the router handles.
    fn parse(url: &'a str) -> Option<Self> {
        let (_, after_scheme) = url.split_once("://")?;
        let path = after_scheme.get(after_scheme.find('/')?..)?;
        if let Some(path) = path.strip_prefix("/s/") {
            let (site, end) = path.split_once('/')?;
            let rest = end.strip_prefix("embed.js")?;
            let site = Slug::parse(site)?;
            let read = HotRead::Loader;
            return (rest.is_empty() || rest.starts_with('?')).then_some(Self { site, read });
        }
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
        let read = HotRead::Feed(language);
        Some(Self { site, read })
    }
}

#[cfg(test)]
mod tests {
    use super::{HotRead, HotUrl};

    #[test]
    fn urls_of_loaders_are_parsed_with_any_query() {
        for (url, expected) in [
            ("http://h/s/acme/embed.js", Some("acme")),
            (
                "https://h:8787/s/acme/embed.js?lang=%64e&api=x",
                Some("acme"),
            ),
            ("http://h/s/acme/embed.js/", None),
            ("http://h/s/acme/embed.json", None),
            ("http://h/s/A/embed.js", None),
            ("http://h/s/acme", None),
            ("http://h/s/acme/card", None),
            ("http://h/embed.js", None),
            ("http://h/?/s/acme/embed.js", None),
        ] {
            let read = HotUrl::parse(url);
            let site = read.as_ref().map(|read| read.site.as_str());
            assert_eq!(site, expected, "{url}");
            assert!(read.is_none_or(|read| read.read == HotRead::Loader));
        }
    }

    #[test]
    fn urls_of_feeds_are_parsed_without_percent_encoding_only() {
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
            let read = HotUrl::parse(url);
            let read = read.as_ref().map(|url| (url.site.as_str(), &url.read));
            let expected = expected.map(|(site, language)| (site, HotRead::Feed(language)));
            let expected = expected.as_ref().map(|(site, read)| (*site, read));
            assert_eq!(read, expected, "{url}");
        }
    }
}
