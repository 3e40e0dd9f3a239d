//! The hottest path: a feed that this isolate has at hand.
//!
//! What it costs is what crosses the border between wasm and JavaScript, so that little does: the request's address,
//! method and `If-None-Match` are all that is read of it, body and headers lie ready as the runtime's own objects, made
//! once per snapshot and second. tests/tests/border.rs counts.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use js_sys::Uint8Array;
use notice::wire::ids::Slug;
use worker::{
    Env,
    worker_sys::web_sys::{Headers, Request, Response, ResponseInit},
};

use super::{chain, conditional::matches_etag, snapshot::Feed};
use crate::runtime::{clock, respond::http_date};

/// A feed as the runtime wants it.
#[derive(Debug)]
struct Ready {
    feed: Rc<str>,
    confirmed_ms: u64,
    etag: String,
    body: Uint8Array,
    headers: Headers,
    /// The second since 1970 that the headers' `Date` says.
    second: u64,
    whole: ResponseInit,
    unchanged: ResponseInit,
}

thread_local! {
    static READY: RefCell<BTreeMap<String, Ready>> = const { RefCell::new(BTreeMap::new()) };
}

/// The response, where nobody has to be asked for it; `None` leaves the request to the whole chain.
pub fn respond(request: &Request, env: &Env) -> Option<Response> {
    let method = request.method();
    let is_head = method == "HEAD";
    if !is_head && method != "GET" {
        return None;
    }
    let url = request.url();
    let Address { site, language } = Address::read(&url)?;
    let now_ms = clock::now_ms(env);
    let (feed, key) = chain::at_hand(&site, language, now_ms, |feed, key| {
        (feed.clone(), format!("{site}:{key}"))
    })?;
    let if_none_match = request.headers().get("if-none-match").ok()?;
    READY.with_borrow_mut(|ready| {
        let fits = ready.get(&key).is_some_and(|ready| {
            Rc::ptr_eq(&ready.feed, &feed.body) && ready.confirmed_ms == feed.confirmed_ms
        });
        if !fits {
            ready.insert(key.clone(), Ready::make(&feed, &site, now_ms)?);
        }
        let ready = ready.get_mut(&key)?;
        ready.tell_the_time(now_ms)?;
        let same = if_none_match.is_some_and(|tags| matches_etag(&tags, &ready.etag));
        if same {
            return Response::new_with_opt_str_and_init(None, &ready.unchanged).ok();
        }
        let body = (!is_head).then_some(ready.body.as_ref());
        Response::new_with_opt_buffer_source_and_init(body, &ready.whole).ok()
    })
}

/// The site is gone: so is what lay ready of it.
pub fn forget(site: &Slug) {
    let prefix = format!("{site}:");
    READY.with_borrow_mut(|ready| ready.retain(|key, _| !key.starts_with(&prefix)));
}

impl Ready {
    fn make(feed: &Feed, site: &Slug, now_ms: u64) -> Option<Self> {
        let headers = Headers::new().ok()?;
        for (name, value) in chain::headers_of(feed, site) {
            headers.set(&name, &value).ok()?;
        }
        headers.set("x-content-type-options", "nosniff").ok()?;
        headers.set("date", &http_date(now_ms)).ok()?;
        let init = |status: u16| {
            let init = ResponseInit::new();
            init.set_status(status);
            init.set_headers(&headers);
            init
        };
        Some(Self {
            feed: Rc::clone(&feed.body),
            confirmed_ms: feed.confirmed_ms,
            etag: feed.etag.clone(),
            body: Uint8Array::from(feed.body.as_bytes()),
            whole: init(200),
            unchanged: init(304),
            second: now_ms / 1000,
            headers,
        })
    }

    fn tell_the_time(&mut self, now_ms: u64) -> Option<()> {
        if self.second != now_ms / 1000 {
            self.headers.set("date", &http_date(now_ms)).ok()?;
            self.second = now_ms / 1000;
        }
        Some(())
    }
}

/// A feed's address, as most clients write it.
#[derive(Debug, PartialEq, Eq)]
struct Address<'a> {
    site: Slug,
    language: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// `None` for every other address, and for queries that would have to be decoded.
    fn read(url: &'a str) -> Option<Self> {
        let (_, behind_scheme) = url.split_once("://")?;
        let path = behind_scheme.get(behind_scheme.find('/')?..)?;
        let path = path.strip_prefix("/v1/sites/")?;
        let (site, end) = path.split_once('/')?;
        let end = end.strip_prefix("feed")?;
        let language = match end.strip_prefix('?') {
            None if end.is_empty() => None,
            None => return None,
            Some(query) => {
                let value = query.strip_prefix("lang=")?;
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
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
    use super::Address;

    #[test]
    fn only_a_feeds_plain_address() {
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
            let read = Address::read(url);
            let read = read
                .as_ref()
                .map(|address| (address.site.as_str(), address.language));
            assert_eq!(read, expected, "{url}");
        }
    }
}
