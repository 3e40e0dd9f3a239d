//! Which sites there are: remembered for 10 s, because touching an object of an unknown slug would create it.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc, time::Duration};

use notice::wire::ids::Slug;
use worker::{Env, Method, Request};

use crate::{fault::Fault, runtime::deadline::within};

/// How long the list is good, in milliseconds.
const FRESH_MS: u64 = 10_000;
/// A slug that is missing refreshes the list, but not more often than this, in milliseconds.
const MISS_MS: u64 = 1000;
/// How long a reader waits for the list.
const DEADLINE: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Default)]
struct Known {
    slugs: Option<Rc<BTreeSet<String>>>,
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
    let found = |slugs: &BTreeSet<String>| slugs.contains(slug.as_str());
    if let Some(slugs) = &known.slugs {
        let fresh = now_ms.saturating_sub(known.read_ms) < FRESH_MS;
        let just_asked = now_ms.saturating_sub(known.asked_ms) < MISS_MS;
        if just_asked || (fresh && found(slugs)) {
            return Ok(found(slugs));
        }
    }
    match refresh(env, now_ms).await {
        Ok(slugs) => Ok(found(&slugs)),
        Err(fault) => match known.slugs {
            Some(slugs) => Ok(found(&slugs)),
            None => Err(fault),
        },
    }
}

/// Every site's slug, from the directory itself.
///
/// # Errors
/// When it does not answer.
pub async fn refresh(env: &Env, now_ms: u64) -> Result<Rc<BTreeSet<String>>, Fault> {
    KNOWN.with_borrow_mut(|known| known.asked_ms = now_ms);
    let slugs = within(DEADLINE, "the directory", list(env)).await?;
    let slugs = Rc::new(slugs);
    KNOWN.with_borrow_mut(|known| {
        known.slugs = Some(Rc::clone(&slugs));
        known.read_ms = now_ms;
    });
    Ok(slugs)
}

async fn list(env: &Env) -> Result<BTreeSet<String>, Fault> {
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let mut response = directory.fetch_with_str("http://directory/slugs").await?;
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
    let directory = env.durable_object("DIRECTORY")?.get_by_name("directory")?;
    let url = format!("http://directory/add/{slug}");
    let added = directory
        .fetch_with_request(Request::new(&url, Method::Post)?)
        .await?;
    if added.status_code() != 204 {
        return Err(Fault::Late("the directory"));
    }
    KNOWN.with_borrow_mut(|known| {
        let mut slugs = known.slugs.as_deref().cloned().unwrap_or_default();
        slugs.insert(slug.to_string());
        known.slugs = Some(Rc::new(slugs));
    });
    Ok(())
}
