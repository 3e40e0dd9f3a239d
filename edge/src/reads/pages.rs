//! Public pages through the same chain as the feed: the isolate's memory, then the site's object, then what was known
//! last.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use notice::{rejection::Rejection, wire::ids::Slug};
use worker::Env;

use super::{
    chain::{CACHE_CONTROL, cache_tag},
    conditional::matches_etag,
    directory,
    snapshot::{Feed, Plan, Snapshot},
};
use crate::{
    answer::Answer,
    fault::Fault,
    object::page::PageCall,
    runtime::{clock, deadline::within},
};

/// How long the holder of the ticket waits for the site's object.
const DEADLINE: Duration = Duration::from_secs(1);
/// Pages remembered at most; past it all are forgotten, as asking again costs one call each.
const MOST: usize = 500;
/// Nothing inline, nothing from elsewhere.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; \
                   form-action 'self'; frame-ancestors *";

thread_local! {
    static MEMORY: RefCell<BTreeMap<(String, String), Snapshot>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// A page, or the best that is known of it.
pub async fn page(env: &Env, site: &Slug, call: &PageCall, if_none_match: Option<&str>) -> Answer {
    let now_ms = clock::now_ms(env);
    match directory::exists(env, site, now_ms).await {
        Ok(true) => {}
        Ok(false) => return missing(),
        Err(fault) => {
            worker::console_error!("page of {site}: {fault}");
            return unavailable();
        }
    }
    let key = (site.to_string(), call.path());
    if with(&key, |snapshot| snapshot.plan(now_ms)) == Plan::Ask {
        match within(DEADLINE, "the site", ask(env, site, call)).await {
            Ok(Some(fresh)) => {
                with(&key, |snapshot| snapshot.confirm(fresh.clone()));
                return found(&fresh, site, if_none_match);
            }
            Ok(None) => {
                MEMORY.with_borrow_mut(|memory| memory.remove(&key));
                return missing();
            }
            Err(fault) => {
                worker::console_error!("page of {site}: {fault}");
                let now_ms = clock::now_ms(env);
                with(&key, |snapshot| snapshot.fail(now_ms));
            }
        }
    }
    match with(&key, |snapshot| snapshot.feed.clone()) {
        Some(known) => found(&known, site, if_none_match),
        None => unavailable(),
    }
}

/// Something was published through this isolate: its pages are old.
pub fn outdate(site: &Slug) {
    with_all(site, Snapshot::outdate);
}

/// The site's object has answered somebody: readers need not leave it alone any longer.
pub fn resume(site: &Slug) {
    with_all(site, Snapshot::resume);
}

fn with_all(site: &Slug, work: impl Fn(&mut Snapshot)) {
    MEMORY.with_borrow_mut(|memory| {
        for (_, snapshot) in memory
            .iter_mut()
            .filter(|((owner, _), _)| owner == site.as_str())
        {
            work(snapshot);
        }
    });
}

/// The site is gone: so are its pages.
pub fn forget(site: &Slug) {
    MEMORY.with_borrow_mut(|memory| memory.retain(|(owner, _), _| owner != site.as_str()));
}

async fn ask(env: &Env, site: &Slug, call: &PageCall) -> Result<Option<Feed>, Fault> {
    let stub = env.durable_object("SITE")?.get_by_name(site.as_str())?;
    let url = format!("http://site/page{}", call.path());
    let mut response = stub.fetch_with_str(&url).await?;
    match response.status_code() {
        200 => {}
        404 => return Ok(None),
        _ => return Err(Fault::Failed("the site")),
    }
    let etag = response.headers().get("etag")?.unwrap_or_default();
    Ok(Some(Feed {
        body: response.text().await?.into(),
        etag,
        confirmed_ms: clock::now_ms(env),
    }))
}

fn with<T>(key: &(String, String), work: impl FnOnce(&mut Snapshot) -> T) -> T {
    MEMORY.with_borrow_mut(|memory| {
        if memory.len() >= MOST && !memory.contains_key(key) {
            memory.clear();
        }
        work(memory.entry(key.clone()).or_default())
    })
}

fn found(page: &Feed, site: &Slug, if_none_match: Option<&str>) -> Answer {
    let same = if_none_match.is_some_and(|tags| matches_etag(tags, &page.etag));
    let answer = Answer {
        status: if same { 304 } else { 200 },
        headers: Vec::new(),
        body: if same {
            String::new()
        } else {
            page.body.to_string()
        },
    };
    document(answer)
        .with("cache-control", CACHE_CONTROL)
        .with("cache-tag", &cache_tag(site))
        .with("etag", &page.etag)
}

fn document(answer: Answer) -> Answer {
    answer
        .with("content-type", "text/html; charset=utf-8")
        .with("content-security-policy", CSP)
        .with("referrer-policy", "strict-origin-when-cross-origin")
}

fn missing() -> Answer {
    Answer::rejection(&Rejection::NotFound).with("cache-control", "public, max-age=5")
}

fn unavailable() -> Answer {
    Answer::unavailable(
        "unavailable",
        "this page cannot be read just now; try again",
    )
}
