//! Public pages through the same chain as the feed: the isolate's memory, then the site's object, then what was known
//! last, here or in KV.

use std::{cell::RefCell, collections::BTreeMap};

use notice::wire::{ids::Slug, language::Language, time::Timestamp};
use worker::Env;

use super::{
    chain::{CACHE_CONTROL, cache_tag},
    conditional::matches_etag,
    directory, fallback,
    snapshot::{Feed, Plan, Snapshot},
    source::{self, Fresh},
};
use crate::{
    answer::Answer,
    http::page_call::{PageCall, PageName, Place},
    pages::{calendar, fallback as without, layout::FRESHNESS},
    runtime::{clock, host::Host},
};

/// Pages remembered at most; past it the one that was confirmed longest ago gives way.
const MOST: usize = 500;
/// A page that could not be confirmed for so long says so, in milliseconds.
const LATE_MS: u64 = 60_000;
/// Nothing inline, nothing from elsewhere; the page's script asks for the page again.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *";

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::new(Memory::default());
}

/// What an isolate remembers of pages.
#[derive(Debug, Default)]
struct Memory {
    pages: BTreeMap<(String, String), Snapshot>,
    /// Each site's languages, its own first; so that `?lang=` cannot make more entries than these.
    languages: BTreeMap<String, Vec<Language>>,
}

/// A page, or the best that is known of it.
pub async fn page(
    host: &Host,
    env: &Env,
    site: &Slug,
    call: &PageCall,
    if_none_match: Option<&str>,
) -> Answer {
    let now_ms = clock::now_ms(env);
    let call = settled(site, call);
    let language = language(site, &call);
    match directory::exists(host, env, site).await {
        Ok(true) => {}
        Ok(false) => return missing(&language, None),
        // The site's object may still be there, but touching one that was never made would create it.
        Err(fault) => {
            worker::console_error!("page of {site}: {fault}");
            return last_known(env, site, &call, if_none_match).await;
        }
    }
    let key = (site.to_string(), call.key());
    let (plan, publishes) = with(&key, |snapshot| {
        (snapshot.plan(now_ms), snapshot.publishes())
    });
    if plan == Plan::Ask {
        match source::ask(env, site, &call.key()).await {
            Ok(Some(Fresh { feed, languages })) => {
                let languages = languages.iter();
                let languages = languages.filter_map(|tag| Language::parse(tag)).collect();
                MEMORY.with_borrow_mut(|memory| {
                    memory.languages.insert(site.to_string(), languages);
                });
                with(&key, |snapshot| {
                    snapshot.confirm_asked_at(feed.clone(), publishes);
                });
                fallback::keep_page(host, env, site, &key.1, &feed);
                return found(&feed, site, &call, if_none_match, now_ms);
            }
            Ok(None) => {
                MEMORY.with_borrow_mut(|memory| memory.pages.remove(&key));
                return missing(&language, Some(&home(site, &call)));
            }
            Err(fault) => {
                worker::console_error!("page of {site}: {fault}");
                return last_known(env, site, &call, if_none_match).await;
            }
        }
    }
    match with(&key, |snapshot| snapshot.feed.clone()) {
        Some(known) => found(&known, site, &call, if_none_match, now_ms),
        None => unavailable(&language),
    }
}

/// The newest of what memory and KV have. It stays in memory, and the source is left alone for a while.
async fn last_known(
    env: &Env,
    site: &Slug,
    call: &PageCall,
    if_none_match: Option<&str>,
) -> Answer {
    let key = (site.to_string(), call.key());
    let mut recalled = fallback::recall_page(env, site, &key.1).await;
    if recalled.is_none() && call.language.is_some() {
        recalled = fallback::recall_page(env, site, &call.in_language(None).key()).await;
    }
    let now_ms = clock::now_ms(env);
    let known = with(&key, |snapshot| {
        snapshot.fail(now_ms);
        if let Some(recalled) = recalled {
            snapshot.recall(recalled);
        }
        snapshot.feed.clone()
    });
    match known {
        Some(known) => found(&known, site, call, if_none_match, now_ms),
        None => unavailable(&language(site, call)),
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
            .pages
            .iter_mut()
            .filter(|((owner, _), _)| owner == site.as_str())
        {
            work(snapshot);
        }
    });
}

/// The site is gone: so are its pages.
pub fn forget(site: &Slug) {
    MEMORY.with_borrow_mut(|memory| {
        memory.pages.retain(|(owner, _), _| owner != site.as_str());
        memory.languages.remove(site.as_str());
    });
}

/// The call as it is remembered: a language that the site does not have, and its own, are none. Until its languages are
/// known, as it came.
fn settled(site: &Slug, call: &PageCall) -> PageCall {
    MEMORY.with_borrow(|memory| {
        let known = memory.languages.get(site.as_str());
        let language = call.language.as_ref().filter(|asked| {
            known.is_none_or(|known| known.iter().skip(1).any(|other| other == *asked))
        });
        call.in_language(language.cloned())
    })
}

/// The language that a page is in, as far as it is known.
fn language(site: &Slug, call: &PageCall) -> Language {
    let own = || {
        MEMORY.with_borrow(|memory| {
            let known = memory.languages.get(site.as_str());
            known.and_then(|known| known.first().cloned())
        })
    };
    call.language
        .clone()
        .or_else(own)
        .unwrap_or_else(Language::english)
}

fn with<T>(key: &(String, String), work: impl FnOnce(&mut Snapshot) -> T) -> T {
    MEMORY.with_borrow_mut(|memory| {
        let pages = &mut memory.pages;
        if pages.len() >= MOST && !pages.contains_key(key) {
            let confirmed = |snapshot: &Snapshot| {
                let page = snapshot.feed.as_ref();
                page.map_or(0, |page| page.confirmed_ms)
            };
            let oldest = pages.iter().min_by_key(|(_, snapshot)| confirmed(snapshot));
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                pages.remove(&oldest);
            }
        }
        work(pages.entry(key.clone()).or_default())
    })
}

fn found(
    page: &Feed,
    site: &Slug,
    call: &PageCall,
    if_none_match: Option<&str>,
    now_ms: u64,
) -> Answer {
    let confirmed = Timestamp::from_millis(i64::try_from(page.confirmed_ms).unwrap_or(i64::MAX));
    let is_late = now_ms.saturating_sub(page.confirmed_ms) > LATE_MS;
    // A page that says how old it is, is another page each time.
    let same = !is_late && if_none_match.is_some_and(|tags| matches_etag(tags, &page.etag));
    let said = if is_late {
        without::as_of(&language(site, call), confirmed)
    } else {
        String::new()
    };
    let body = if same {
        String::new()
    } else {
        page.body.replacen(FRESHNESS, &said, 1)
    };
    let answer = Answer {
        status: if same { 304 } else { 200 },
        headers: Vec::new(),
        body,
    };
    let answer = match call.page {
        PageName::Calendar(_) => answer
            .with("content-type", calendar::MEDIA_TYPE)
            .with("access-control-allow-origin", "*"),
        _ => document(answer),
    };
    let answer = answer
        .with("cache-control", CACHE_CONTROL)
        .with("cache-tag", &cache_tag(site))
        .with("allclear-confirmed-at", &confirmed.to_string());
    if is_late {
        answer
    } else {
        answer.with("etag", &page.etag)
    }
}

fn document(answer: Answer) -> Answer {
    answer
        .with("content-type", "text/html; charset=utf-8")
        .with("content-security-policy", CSP)
        .with("referrer-policy", "strict-origin-when-cross-origin")
}

/// A site's status page, where the reader is and in the language that was asked for.
fn home(site: &Slug, call: &PageCall) -> String {
    let path = match call.place {
        Place::Deployment => format!("/s/{site}"),
        Place::OwnHost => "/".to_owned(),
    };
    match &call.language {
        Some(language) => format!("{path}?lang={language}"),
        None => path,
    }
}

/// There is no such page. `home` is the status page of the site that was asked, if there is such a site.
pub fn missing(language: &Language, home: Option<&str>) -> Answer {
    document(Answer {
        status: 404,
        headers: Vec::new(),
        body: without::missing(language, home),
    })
    .with("cache-control", "public, max-age=5")
}

/// There may be such a page; nobody can say.
pub fn unavailable(language: &Language) -> Answer {
    document(Answer {
        status: 503,
        headers: Vec::new(),
        body: without::unavailable(language),
    })
    .with("cache-control", "no-store")
    .with("retry-after", "2")
}
