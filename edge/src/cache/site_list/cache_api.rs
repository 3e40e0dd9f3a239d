//! A copy of the list of sites in the Cache API of this Cloudflare location, for isolates that start while the directory does
//! not answer. The Cache API does not exist everywhere, so errors are ignored.

use std::{cell::RefCell, rc::Rc, time::Duration};

use worker::{Cache, Headers, Response};

use crate::{
    fault::Fault,
    runtime::{deadline::within, request_context::RequestContext},
    storage::directory_tables::Listing,
};

/// A name that never resolves (RFC 6761), so that it is a key in the cache only and no visitor's request matches it.
const KEY: &str = "https://directory.invalid/list";
/// A day, like `stale-if-error` of feeds.
const CACHE_CONTROL: &str = "public, max-age=86400";
/// Interval at which an unchanged list is stored again, in milliseconds.
const REFRESH_MS: u64 = 300_000;
/// Deadline for reads. A write has five times as long.
const DEADLINE: Duration = Duration::from_secs(1);

thread_local! {
    /// The list of the last attempt to store one, and its time in milliseconds since 1970.
    static LAST_STORED: RefCell<Option<(Rc<Listing>, u64)>> = const { RefCell::new(None) };
}

/// Stores the list if it has changed, or if the last attempt to store it is five minutes old.
pub fn store(context: &RequestContext, listing: &Rc<Listing>, now_ms: u64) {
    let is_due = LAST_STORED.with_borrow_mut(|last| {
        let is_due = last.as_ref().is_none_or(|(stored, at_ms)| {
            now_ms.abs_diff(*at_ms) >= REFRESH_MS || stored != listing
        });
        if is_due {
            *last = Some((Rc::clone(listing), now_ms));
        }
        is_due
    });
    if is_due {
        let listing = Rc::clone(listing);
        context.wait_until(async move {
            // Fails where there is no cache; that is not worth a log line.
            let _ = within(DEADLINE * 5, "the cache", put(&listing)).await;
        });
    }
}

async fn put(listing: &Listing) -> Result<(), Fault> {
    let headers = Headers::new();
    headers.set("cache-control", CACHE_CONTROL)?;
    let response = Response::ok(serde_json::to_string(listing)?)?.with_headers(headers);
    Ok(Cache::default().put(KEY, response).await?)
}

/// Reads the list; `None` if there is no cache, or it fails or has no list.
pub async fn load() -> Option<Listing> {
    let text = within(DEADLINE, "the cache", async {
        match Cache::default().get(KEY, false).await? {
            Some(mut response) => Ok(Some(response.text().await?)),
            None => Ok(None),
        }
    });
    serde_json::from_str(&text.await.ok()??).ok()
}
