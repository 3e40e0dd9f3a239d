//! The last feed in KV, where KV is bound, and the last of each page: for a cold isolate whose site does not answer. Never
//! needed, and never in the way: a put that fails is forgotten.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use js_sys::Reflect;
use notice::wire::ids::Slug;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::{Env, KvStore};

use super::snapshot::Feed;
use crate::{
    fault::Fault,
    runtime::{deadline::within, host::Host},
};

const BINDING: &str = "FEEDS";
/// KV takes about one write a second and key.
const PAUSE_MS: u64 = 1000;
/// A page that stays the same is kept again so often, in milliseconds.
const PAGE_AGAIN_MS: u64 = 300_000;
/// So many pages are known to be kept; past it all are kept once more.
const PAGES_MOST: usize = 1000;
/// How long a reader waits for it.
const DEADLINE: Duration = Duration::from_secs(1);
/// How long a place may keep what it has read, in seconds: KV's own least.
const CACHE_TTL_S: u64 = 60;
/// How long a feed is worth keeping, in seconds: a day, as `stale-if-error` says.
const KEPT_S: u64 = 86_400;

thread_local! {
    /// When each key was last put, in milliseconds since 1970.
    static PUT: RefCell<BTreeMap<String, u64>> = const { RefCell::new(BTreeMap::new()) };
    /// What of each page was put, and when.
    static PAGES: RefCell<BTreeMap<String, (String, u64)>> = const { RefCell::new(BTreeMap::new()) };
}

/// A feed as KV holds it.
#[derive(Serialize, Deserialize)]
struct Kept {
    body: String,
    etag: String,
    confirmed_ms: u64,
    /// Which of the site's languages it is in.
    #[serde(default)]
    language: String,
    /// All of the site's languages, so that an isolate that recalls this knows them.
    #[serde(default)]
    languages: Vec<String>,
}

/// A feed in one of its site's languages.
#[derive(Clone, Debug)]
pub struct Told {
    /// The feed.
    pub feed: Feed,
    /// Its language.
    pub language: String,
    /// All of the site's, its own first.
    pub languages: Vec<String>,
}

/// Keeps a feed for the worst day, once a second at most: under its language, and the site's own under none as well,
/// for isolates that do not know its languages.
pub fn keep(host: &Host, env: &Env, site: &Slug, told: &Told) {
    put(host, env, key(site, &told.language), told);
    if told.languages.first() == Some(&told.language) {
        put(host, env, key(site, ""), told);
    }
}

fn put(host: &Host, env: &Env, key: String, told: &Told) {
    let Some(store) = store(env) else {
        return;
    };
    let now_ms = told.feed.confirmed_ms;
    let is_due = PUT.with_borrow_mut(|put| {
        let due = put
            .get(&key)
            .is_none_or(|last| now_ms.abs_diff(*last) >= PAUSE_MS);
        if due {
            put.insert(key.clone(), now_ms);
        }
        due
    });
    if !is_due {
        return;
    }
    let kept = Kept {
        body: told.feed.body.to_string(),
        etag: told.feed.etag.clone(),
        confirmed_ms: told.feed.confirmed_ms,
        language: told.language.clone(),
        languages: told.languages.clone(),
    };
    put_after_the_answer(host, store, key, kept);
}

/// Keeps a page for the worst day: when it has changed, and every five minutes.
pub fn keep_page(host: &Host, env: &Env, site: &Slug, page: &str, told: &Feed) {
    let Some(store) = store(env) else {
        return;
    };
    let key = page_key(site, page);
    let is_due = PAGES.with_borrow_mut(|put| {
        let due = put.get(&key).is_none_or(|(etag, last)| {
            let age_ms = told.confirmed_ms.abs_diff(*last);
            age_ms >= PAGE_AGAIN_MS || (*etag != told.etag && age_ms >= PAUSE_MS)
        });
        if due {
            if put.len() >= PAGES_MOST {
                put.clear();
            }
            put.insert(key.clone(), (told.etag.clone(), told.confirmed_ms));
        }
        due
    });
    if is_due {
        let kept = Kept {
            body: told.body.to_string(),
            etag: told.etag.clone(),
            confirmed_ms: told.confirmed_ms,
            language: String::new(),
            languages: Vec::new(),
        };
        put_after_the_answer(host, store, key, kept);
    }
}

fn put_after_the_answer(host: &Host, store: KvStore, key: String, kept: Kept) {
    host.after_the_answer(async move {
        let put = async {
            let text = serde_json::to_string(&kept)?;
            let put = store.put(&key, text).map_err(worker::Error::from)?;
            put.expiration_ttl(KEPT_S)
                .execute()
                .await
                .map_err(worker::Error::from)?;
            Ok::<(), Fault>(())
        };
        if let Err(fault) = within(DEADLINE * 5, "KV", put).await {
            worker::console_error!("KV put: {fault}");
        }
    });
}

/// The last feed that was kept, if KV is bound, answers, and has one.
pub async fn recall(env: &Env, site: &Slug, language: &str) -> Option<Told> {
    let kept = get(env, &key(site, language)).await?;
    Some(Told {
        feed: Feed {
            body: kept.body.into(),
            etag: kept.etag,
            confirmed_ms: kept.confirmed_ms,
        },
        language: kept.language,
        languages: kept.languages,
    })
}

/// The last of a page that was kept.
pub async fn recall_page(env: &Env, site: &Slug, page: &str) -> Option<Feed> {
    let kept = get(env, &page_key(site, page)).await?;
    Some(Feed {
        body: kept.body.into(),
        etag: kept.etag,
        confirmed_ms: kept.confirmed_ms,
    })
}

async fn get(env: &Env, key: &str) -> Option<Kept> {
    let store = store(env)?;
    let get = async {
        let get = store.get(key).cache_ttl(CACHE_TTL_S);
        Ok(get.text().await.map_err(worker::Error::from)?)
    };
    match within(DEADLINE, "KV", get).await {
        Ok(text) => serde_json::from_str(&text?).ok(),
        Err(fault) => {
            worker::console_error!("KV get: {fault}");
            None
        }
    }
}

/// The store, where one is bound; asking for one that is not throws.
fn store(env: &Env) -> Option<KvStore> {
    let binding = Reflect::get(env.as_ref(), &JsValue::from_str(BINDING)).ok()?;
    if !binding.is_object() {
        return None;
    }
    env.kv(BINDING).ok()
}

fn page_key(site: &Slug, page: &str) -> String {
    format!("page:{site}:{page}")
}

fn key(site: &Slug, language: &str) -> String {
    format!("feed:{site}:{language}")
}
