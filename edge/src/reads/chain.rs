//! The feed's read chain: the isolate's memory first, then the site's object, then what was known last.

use std::{cell::RefCell, collections::BTreeMap};

use notice::{
    rejection::Rejection,
    wire::{ids::Slug, language::Language, time::Timestamp},
};
use worker::Env;

use super::{
    conditional::matches_etag,
    directory,
    fallback::{self, Told},
    hot,
    snapshot::{Feed, Plan, Snapshot},
    source::{self, Fresh},
};
use crate::{
    answer::Answer,
    fault::Fault,
    runtime::{clock, host::Host},
};

/// Caches may answer for 5 s; past that they ask us, and while we fail they go on for a day.
/// Never `s-maxage`: it would disable both of the last two (RFC 5861 as Cloudflare has it).
pub const CACHE_CONTROL: &str =
    "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
/// What a script of another origin may read.
const EXPOSED: &str = "ETag, Date, Retry-After, Allclear-Confirmed-At";

/// What an isolate remembers of one site.
#[derive(Debug, Default)]
struct Remembered {
    /// The site's languages, its own first; so that `?lang=` cannot make more entries than these.
    languages: Vec<String>,
    by_language: BTreeMap<String, Snapshot>,
    /// Rises with each publish here, so that an answer from before it is not kept.
    publishes: u64,
}

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, Remembered>> = const { RefCell::new(BTreeMap::new()) };
}

/// What of a request decides which feed is sent.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Whose.
    pub site: &'a Slug,
    /// `?lang=`, as it came.
    pub language: Option<&'a str>,
    /// `If-None-Match`.
    pub if_none_match: Option<&'a str>,
}

/// Where an answer came from; said in `Server-Timing`, so that an operator can see what carries the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The isolate's memory.
    Memory,
    /// The site's object.
    Object,
    /// KV.
    Fallback,
}

/// The feed, or the best that is known of it.
pub async fn feed(host: &Host, env: &Env, wanted: Wanted<'_>) -> Answer {
    let now_ms = clock::now_ms(env);
    let language = wanted.language.and_then(Language::canonical);
    let language = language.as_ref();
    // What is remembered of a site was made once: its object can be asked without making one.
    if !is_remembered(wanted.site) {
        match directory::exists(host, env, wanted.site).await {
            Ok(true) => {}
            Ok(false) => return unknown_site(),
            // The site's object may still be there, but touching one that was never made would create it.
            Err(fault) => return without_the_source(env, wanted, language, &fault).await,
        }
    }
    let key = memory_key(wanted.site, language);
    let (plan, publishes) = with_snapshot(wanted.site, &key, |publishes, snapshot| {
        (snapshot.plan(now_ms), publishes)
    });
    if plan == Plan::Ask {
        match ask(env, wanted.site, language).await {
            Ok(Some(fresh)) => {
                fallback::keep(host, env, wanted.site, &fresh);
                let feed = remember(wanted.site, fresh, publishes);
                return answer(&feed, wanted, Source::Object);
            }
            Ok(None) => {
                forget(wanted.site);
                return unknown_site();
            }
            Err(fault) => return without_the_source(env, wanted, language, &fault).await,
        }
    }
    match with_snapshot(wanted.site, &key, |_, snapshot| snapshot.feed.clone()) {
        Some(feed) => answer(&feed, wanted, Source::Memory),
        None => unavailable(),
    }
}

/// The newest of what memory and KV have, in the language asked for or the site's own. It stays in memory, and the
/// source is left alone for a while, so that whoever comes next need not wait.
async fn without_the_source(
    env: &Env,
    wanted: Wanted<'_>,
    language: Option<&Language>,
    fault: &Fault,
) -> Answer {
    worker::console_error!("feed of {}: {fault}", wanted.site);
    let asked = language.map(Language::as_str).unwrap_or_default();
    let mut recalled = fallback::recall(env, wanted.site, asked).await;
    if recalled.is_none() && !asked.is_empty() {
        recalled = fallback::recall(env, wanted.site, "").await;
    }
    let source = if recalled.is_some() {
        Source::Fallback
    } else {
        Source::Memory
    };
    if let Some(told) = recalled {
        recall(wanted.site, told);
    }
    if !is_remembered(wanted.site) {
        return unavailable();
    }
    let now_ms = clock::now_ms(env);
    let key = memory_key(wanted.site, language);
    let feed = with_snapshot(wanted.site, &key, |_, snapshot| {
        snapshot.fail(now_ms);
        snapshot.feed.clone()
    });
    match feed {
        Some(feed) => answer(&feed, wanted, source),
        None => unavailable(),
    }
}

/// The feed in memory and what is said of it, where it can be sent without asking anybody.
pub fn at_hand<T>(
    site: &Slug,
    language: Option<&str>,
    now_ms: u64,
    send: impl FnOnce(&Feed, &str) -> T,
) -> Option<T> {
    let language = language.and_then(Language::canonical);
    let key = memory_key(site, language.as_ref());
    MEMORY.with_borrow(|memory| {
        let snapshot = memory.get(site.as_str())?.by_language.get(&key)?;
        Some(send(snapshot.at_hand(now_ms)?, &key))
    })
}

/// Everything that a feed from memory says beside its body.
pub fn headers_of(feed: &Feed, site: &Slug) -> Vec<(String, String)> {
    let wanted = Wanted {
        site,
        language: None,
        if_none_match: Some(&feed.etag),
    };
    answer(feed, wanted, Source::Memory).headers
}

/// The tag of everything cached of a site.
pub fn cache_tag(site: &Slug) -> String {
    format!("site-{site}")
}

/// Something was published through this isolate: its memory of the site is old.
pub fn outdate(site: &Slug) {
    MEMORY.with_borrow_mut(|memory| {
        if let Some(remembered) = memory.get_mut(site.as_str()) {
            remembered.publishes = remembered.publishes.saturating_add(1);
            remembered
                .by_language
                .values_mut()
                .for_each(Snapshot::outdate);
        }
    });
}

/// The site's object has answered somebody: readers need not leave it alone any longer.
pub fn resume(site: &Slug) {
    MEMORY.with_borrow_mut(|memory| {
        if let Some(remembered) = memory.get_mut(site.as_str()) {
            remembered
                .by_language
                .values_mut()
                .for_each(Snapshot::resume);
        }
    });
}

/// The site is gone: so is what this isolate remembers of it.
pub fn forget(site: &Slug) {
    MEMORY.with_borrow_mut(|memory| memory.remove(site.as_str()));
    hot::forget(site);
}

async fn ask(env: &Env, site: &Slug, language: Option<&Language>) -> Result<Option<Told>, Fault> {
    let path = match language {
        Some(language) => format!("/feed?lang={language}"),
        None => "/feed".to_owned(),
    };
    let Some(Fresh { feed, languages }) = source::ask(env, site, &path).await? else {
        return Ok(None);
    };
    let asked = language.map(Language::as_str).unwrap_or_default();
    let own = languages.first().map(String::as_str).unwrap_or_default();
    let known = languages.iter().any(|known| known == asked);
    Ok(Some(Told {
        feed,
        language: if known { asked } else { own }.to_owned(),
        languages,
    }))
}

/// One entry per language the site has; until its languages are known, one per site.
fn memory_key(site: &Slug, language: Option<&Language>) -> String {
    MEMORY.with_borrow(|memory| {
        let languages = memory
            .get(site.as_str())
            .map_or(&[] as &[String], |remembered| &remembered.languages);
        let asked = language.map(Language::as_str).unwrap_or_default();
        languages
            .iter()
            .find(|known| *known == asked)
            .or(languages.first())
            .cloned()
            .unwrap_or_default()
    })
}

fn with_snapshot<T>(site: &Slug, key: &str, work: impl FnOnce(u64, &mut Snapshot) -> T) -> T {
    MEMORY.with_borrow_mut(|memory| {
        let remembered = memory.entry(site.to_string()).or_default();
        let publishes = remembered.publishes;
        let snapshot = remembered.by_language.entry(key.to_owned()).or_default();
        work(publishes, snapshot)
    })
}

fn is_remembered(site: &Slug) -> bool {
    MEMORY.with_borrow(|memory| {
        let remembered = memory.get(site.as_str());
        remembered.is_some_and(|remembered| !remembered.languages.is_empty())
    })
}

fn remember(site: &Slug, fresh: Told, publishes: u64) -> Feed {
    let feed = fresh.feed.clone();
    learn(site, fresh, |remembered, snapshot, feed| {
        if remembered == publishes {
            snapshot.confirm(feed);
        }
    });
    feed
}

fn recall(site: &Slug, told: Told) {
    learn(site, told, |_, snapshot, feed| snapshot.recall(feed));
}

fn learn(site: &Slug, told: Told, take: impl FnOnce(u64, &mut Snapshot, Feed)) {
    MEMORY.with_borrow_mut(|memory| {
        let remembered = memory.entry(site.to_string()).or_default();
        remembered.languages = told.languages;
        // What was kept before the languages were known, and of languages the site no longer has.
        let languages = &remembered.languages;
        remembered
            .by_language
            .retain(|language, _| languages.contains(language));
        let snapshot = remembered.by_language.entry(told.language).or_default();
        take(remembered.publishes, snapshot, told.feed);
    });
}

fn answer(feed: &Feed, wanted: Wanted<'_>, source: Source) -> Answer {
    let source = match source {
        Source::Memory => "memory",
        Source::Object => "object",
        Source::Fallback => "fallback",
    };
    let same = wanted
        .if_none_match
        .is_some_and(|tags| matches_etag(tags, &feed.etag));
    let confirmed = Timestamp::from_millis(i64::try_from(feed.confirmed_ms).unwrap_or(i64::MAX));
    let answer = Answer {
        status: if same { 304 } else { 200 },
        headers: Vec::new(),
        body: if same {
            String::new()
        } else {
            feed.body.to_string()
        },
    };
    // A 304 repeats every header of the 200.
    open(answer)
        .with("content-type", "application/json")
        .with("cache-control", CACHE_CONTROL)
        .with("cache-tag", &cache_tag(wanted.site))
        .with("etag", &feed.etag)
        .with("allclear-confirmed-at", &confirmed.to_string())
        .with("server-timing", &format!("source;desc={source}"))
}

/// Readable by any page, without credentials.
fn open(answer: Answer) -> Answer {
    answer
        .with("access-control-allow-origin", "*")
        .with("access-control-expose-headers", EXPOSED)
        .with("cross-origin-resource-policy", "cross-origin")
}

fn unknown_site() -> Answer {
    open(Answer::rejection(&Rejection::NotFound)).with("cache-control", "public, max-age=5")
}

fn unavailable() -> Answer {
    open(Answer::unavailable(
        "unavailable",
        "The feed is temporarily unavailable; try again.",
    ))
}
