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

#[derive(Clone, Debug, Default)]
struct Known {
    listing: Option<Rc<Listing>>,
    asked_ms: u64,
    read_ms: u64,
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
        let fresh = now_ms.saturating_sub(known.read_ms) < FRESH_MS;
        let just_asked = now_ms.saturating_sub(known.asked_ms) < MISS_MS;
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

/// Whether a host name belongs to a site, as far as this isolate remembers; never asks.
pub fn is_a_sites_host(host: &str) -> bool {
    KNOWN.with_borrow(|known| {
        known
            .listing
            .as_ref()
            .is_some_and(|listing| listing.hostnames.contains_key(host))
    })
}

/// Every site, from the directory itself.
///
/// # Errors
/// When it does not answer.
pub async fn refresh(env: &Env, now_ms: u64) -> Result<Rc<Listing>, Fault> {
    KNOWN.with_borrow_mut(|known| known.asked_ms = now_ms);
    let listing = Rc::new(within(DEADLINE, "the directory", list(env)).await?);
    KNOWN.with_borrow_mut(|known| {
        known.listing = Some(Rc::clone(&listing));
        known.read_ms = now_ms;
    });
    Ok(listing)
}

async fn list(env: &Env) -> Result<Listing, Fault> {
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let mut response = directory.fetch_with_str("http://directory/list").await?;
    if response.status_code() != 200 {
        return Err(Fault::Late("the directory"));
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
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let url = format!("http://directory/{what}/{slug}");
    let told = directory
        .fetch_with_request(Request::new(&url, Method::Post)?)
        .await?;
    if told.status_code() == 204 {
        Ok(())
    } else {
        Err(Fault::Late("the directory"))
    }
}

fn amend(work: impl FnOnce(&mut Listing)) {
    KNOWN.with_borrow_mut(|known| {
        let mut listing = known.listing.as_deref().cloned().unwrap_or_default();
        work(&mut listing);
        known.listing = Some(Rc::new(listing));
    });
}
