//! The fast path of feed requests for sites that do not exist: answers from the isolate's list of sites with one shared
//! response, without a promise.

use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map::Entry},
};

use js_sys::Uint8Array;
use notice::wire::ids::Slug;
use worker::worker_sys::web_sys::{Headers, Response, ResponseInit};

use super::{MEMORY, feed, site_list};
use crate::runtime::respond::{HSTS, http_date};

/// The 404 response as JavaScript objects.
#[derive(Debug)]
struct Ready {
    body: Uint8Array,
    headers: Headers,
    init: ResponseInit,
    /// The time in the `Date` header, in seconds since 1970.
    date_s: u64,
}

thread_local! {
    /// By whether the request came by https.
    static READY: RefCell<BTreeMap<bool, Ready>> = const { RefCell::new(BTreeMap::new()) };
}

/// The 404 for a site that is not on the list; `None` if the site may exist.
pub fn respond(site: &Slug, now_ms: u64, is_https: impl FnOnce() -> bool) -> Option<Response> {
    let is_known = MEMORY.with_borrow(|store| store.knows(site));
    if is_known || !site_list::is_unlisted(site, now_ms) {
        return None;
    }
    let is_https = is_https();
    READY.with_borrow_mut(|ready| {
        let ready = match ready.entry(is_https) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Ready::new(is_https)?),
        };
        ready.set_date(now_ms)?;
        let body = Some(ready.body.as_ref());
        Response::new_with_opt_buffer_source_and_init(body, &ready.init).ok()
    })
}

impl Ready {
    /// The response before the first `Date` is set.
    fn new(is_https: bool) -> Option<Self> {
        let answer = feed::unknown_site();
        let headers = Headers::new().ok()?;
        for (name, value) in &answer.headers {
            headers.set(name, value).ok()?;
        }
        headers.set("x-content-type-options", "nosniff").ok()?;
        if is_https {
            headers.set(HSTS.0, HSTS.1).ok()?;
        }
        let init = ResponseInit::new();
        init.set_status(answer.status);
        init.set_headers(&headers);
        Some(Self {
            body: Uint8Array::from(answer.body.as_bytes()),
            headers,
            init,
            date_s: 0,
        })
    }

    fn set_date(&mut self, now_ms: u64) -> Option<()> {
        if self.date_s != now_ms / 1000 {
            self.headers.set("date", &http_date(now_ms)).ok()?;
            self.date_s = now_ms / 1000;
        }
        Some(())
    }
}
