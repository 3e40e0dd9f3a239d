//! The fast path of feed requests for sites that do not exist: answers from the isolate's list of sites with one shared
//! response, without a promise.

use std::cell::RefCell;

use js_sys::Uint8Array;
use notice::wire::ids::Slug;
use worker::{
    Env,
    worker_sys::web_sys::{Headers, Response, ResponseInit},
};

use super::{MEMORY, feed, site_list};
use crate::runtime::{
    respond::{HSTS, http_date},
    settings,
};

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
    static READY: RefCell<Option<Ready>> = const { RefCell::new(None) };
}

/// The 404 for a site that is not on the list; `None` if the site may exist.
pub fn respond(site: &Slug, env: &Env, now_ms: u64) -> Option<Response> {
    let is_known = MEMORY.with_borrow(|store| store.knows(site));
    if is_known || !site_list::is_unlisted(site, now_ms) {
        return None;
    }
    READY.with_borrow_mut(|ready| {
        if ready.is_none() {
            *ready = Some(Ready::new(env)?);
        }
        let ready = ready.as_mut()?;
        ready.set_date(now_ms)?;
        let body = Some(ready.body.as_ref());
        Response::new_with_opt_buffer_source_and_init(body, &ready.init).ok()
    })
}

impl Ready {
    /// The response before the first `Date` is set.
    fn new(env: &Env) -> Option<Self> {
        let answer = feed::unknown_site();
        let headers = Headers::new().ok()?;
        for (name, value) in &answer.headers {
            headers.set(name, value).ok()?;
        }
        headers.set("x-content-type-options", "nosniff").ok()?;
        if settings::is_https(env) {
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
