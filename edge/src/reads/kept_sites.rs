//! The list of sites in the cache of this place (the Cache API): for a cold isolate while the directory does not answer.
//! Never needed, and not there everywhere: what fails here is as if it were not there.

use std::{cell::RefCell, rc::Rc, time::Duration};

use worker::{Cache, Headers, Response};

use crate::{
    fault::Fault,
    runtime::{deadline::within, host::Host},
    storage::directory::Listing,
};

/// Nobody is reached there (RFC 6761): it is a name in the cache only, and no visitor's request has it.
const KEY: &str = "https://directory.invalid/list";
/// For a day, as feeds.
const KEPT: &str = "public, max-age=86400";
/// A list that stays the same is kept again so often, in milliseconds.
const AGAIN_MS: u64 = 300_000;
/// How long anybody waits for the cache.
const DEADLINE: Duration = Duration::from_secs(1);

thread_local! {
    /// What was kept, and when, in milliseconds since 1970.
    static KEPT_LAST: RefCell<Option<(Rc<Listing>, u64)>> = const { RefCell::new(None) };
}

/// Keeps the list when it has changed, and every five minutes.
pub fn keep(host: &Host, listing: &Rc<Listing>, now_ms: u64) {
    let is_due = KEPT_LAST.with_borrow_mut(|last| {
        let is_due = last
            .as_ref()
            .is_none_or(|(kept, at_ms)| now_ms.abs_diff(*at_ms) >= AGAIN_MS || kept != listing);
        if is_due {
            *last = Some((Rc::clone(listing), now_ms));
        }
        is_due
    });
    if is_due {
        let listing = Rc::clone(listing);
        host.after_the_answer(async move {
            // Where there is no cache the runtime refuses: that is no news.
            let _ = within(DEADLINE * 5, "the cache", put(&listing)).await;
        });
    }
}

async fn put(listing: &Listing) -> Result<(), Fault> {
    let headers = Headers::new();
    headers.set("cache-control", KEPT)?;
    let response = Response::ok(serde_json::to_string(listing)?)?.with_headers(headers);
    Ok(Cache::default().put(KEY, response).await?)
}

/// The list that was kept last, if there is a cache, and it answers and has one.
pub async fn recall() -> Option<Listing> {
    let text = within(DEADLINE, "the cache", async {
        match Cache::default().get(KEY, false).await? {
            Some(mut response) => Ok(Some(response.text().await?)),
            None => Ok(None),
        }
    });
    serde_json::from_str(&text.await.ok()??).ok()
}
