//! Which sites there are: remembered for 10 s, because touching an object of an unknown slug would create it.

use std::{cell::RefCell, rc::Rc, time::Duration};

use notice::wire::ids::Slug;
use worker::{Env, Method, Request};

use crate::{fault::Fault, runtime::deadline::within, storage::directory::Listing};

/// How long the list is good, in milliseconds.
const FRESH_MS: u64 = 10_000;
/// A slug that is missing refreshes the list, but not more often than this, in milliseconds.
const MISS_MS: u64 = 1000;
/// How long a reader waits for the list.
const DEADLINE: Duration = Duration::from_secs(1);
/// How long an operator waits for a change of it.
const TELL_DEADLINE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, Default)]
struct Known {
    listing: Option<Rc<Listing>>,
    asked_ms: u64,
    read_ms: u64,
    /// When it last did not answer.
    failed_ms: Option<u64>,
    /// Rises with each change made here.
    changes: u64,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::new(Known::default());
}

/// Whether there is such a site. An old list is better than none while the directory does not answer.
///
/// # Errors
/// When the directory does not answer and nothing is remembered.
pub async fn exists(env: &Env, slug: &Slug, now_ms: u64) -> Result<bool, Fault> {
    let known = KNOWN.with_borrow(Clone::clone);
    let found = |listing: &Listing| listing.slugs.contains(slug.as_str());
    if let Some(listing) = &known.listing {
        let fresh = now_ms.abs_diff(known.read_ms) < FRESH_MS;
        let just_asked = now_ms.abs_diff(known.asked_ms) < MISS_MS;
        if just_asked || (fresh && found(listing)) {
            return Ok(found(listing));
        }
    }
    match refresh(env, now_ms).await {
        Ok(listing) => Ok(found(&listing)),
        Err(fault) => match known.listing {
            Some(listing) => Ok(found(&listing)),
            None => Err(fault),
        },
    }
}

/// The site that a host name belongs to.
///
/// # Errors
/// When the directory does not answer and nothing is remembered.
pub async fn site_of_host(env: &Env, host: &str, now_ms: u64) -> Result<Option<Slug>, Fault> {
    let known = KNOWN.with_borrow(Clone::clone);
    let fresh = now_ms.abs_diff(known.read_ms) < FRESH_MS;
    let listing = match (known.listing, fresh) {
        (Some(listing), true) => listing,
        (Some(old), false) => refresh(env, now_ms).await.unwrap_or(old),
        (None, _) => refresh(env, now_ms).await?,
    };
    Ok(listing
        .hostnames
        .get(host)
        .and_then(|slug| Slug::parse(slug)))
}

/// Every site, from the directory itself.
///
/// # Errors
/// When it does not answer, or did not a moment ago and nothing is remembered.
pub async fn refresh(env: &Env, now_ms: u64) -> Result<Rc<Listing>, Fault> {
    let changes = KNOWN.with_borrow_mut(|known| {
        let just_failed = known
            .failed_ms
            .is_some_and(|failed| now_ms.abs_diff(failed) < MISS_MS);
        if just_failed && known.listing.is_none() {
            return None;
        }
        known.asked_ms = now_ms;
        Some(known.changes)
    });
    let changes = changes.ok_or(Fault::Late("the directory"))?;
    let listed = within(DEADLINE, "the directory", list(env)).await;
    KNOWN.with_borrow_mut(|known| match listed {
        Ok(listing) => {
            let listing = Rc::new(listing);
            // What was asked for before a change may not know of it.
            if known.changes == changes {
                known.listing = Some(Rc::clone(&listing));
                known.read_ms = now_ms;
            }
            known.failed_ms = None;
            Ok(listing)
        }
        Err(fault) => {
            known.failed_ms = Some(now_ms);
            Err(fault)
        }
    })
}

/// Host names have changed hands: the next who wants to know asks.
pub fn outdate() {
    KNOWN.with_borrow_mut(|known| {
        known.changes = known.changes.saturating_add(1);
        known.read_ms = 0;
        known.asked_ms = 0;
    });
}

async fn list(env: &Env) -> Result<Listing, Fault> {
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let mut response = directory.fetch_with_str("http://directory/list").await?;
    if response.status_code() != 200 {
        return Err(Fault::Failed("the directory"));
    }
    Ok(serde_json::from_str(&response.text().await?)?)
}

/// Adds a site to the directory and to this isolate's copy. Adding it again changes nothing.
///
/// # Errors
/// When the directory does not take it.
pub async fn add(env: &Env, slug: &Slug) -> Result<(), Fault> {
    tell(env, "add", slug).await?;
    amend(|listing| {
        listing.slugs.insert(slug.to_string());
    });
    Ok(())
}

/// Removes a site from the directory and from this isolate's copy. Removing it again changes nothing.
///
/// # Errors
/// When the directory does not take it.
pub async fn remove(env: &Env, slug: &Slug) -> Result<(), Fault> {
    tell(env, "remove", slug).await?;
    amend(|listing| {
        listing.slugs.remove(slug.as_str());
        listing.hostnames.retain(|_, owner| owner != slug.as_str());
    });
    Ok(())
}

async fn tell(env: &Env, what: &str, slug: &Slug) -> Result<(), Fault> {
    let url = format!("http://directory/{what}/{slug}");
    let request = Request::new(&url, Method::Post)?;
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    within(TELL_DEADLINE, "the directory", async {
        match directory.fetch_with_request(request).await?.status_code() {
            204 => Ok(()),
            _ => Err(Fault::Failed("the directory")),
        }
    })
    .await
}

/// Changes this isolate's copy, where it has one: a part of the list would be worse than none.
fn amend(work: impl FnOnce(&mut Listing)) {
    KNOWN.with_borrow_mut(|known| {
        known.changes = known.changes.saturating_add(1);
        if let Some(standing) = known.listing.as_deref() {
            let mut listing = standing.clone();
            work(&mut listing);
            known.listing = Some(Rc::new(listing));
        }
    });
}
