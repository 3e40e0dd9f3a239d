//! A fallback copy of feeds and pages in KV, where KV is bound, for cold isolates while a site's object does not
//! answer. A failed put is logged and does not fail the request.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use js_sys::Reflect;
use notice::wire::{
    ids::Slug,
    language::{Language, LanguageTag},
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::{Env, KvStore};

use super::{resource::Resource, snapshot::Document};
use crate::{
    fault::Fault,
    runtime::{deadline::within, request_context::RequestContext},
};

const BINDING: &str = "FEEDS";
/// Minimum interval between puts of one key, in milliseconds: KV accepts one write per second and key.
const MIN_INTERVAL_MS: u64 = 1000;
/// Interval at which an unchanged page is put again, in milliseconds.
const PAGE_REFRESH_MS: u64 = 300_000;
/// Maximum number of keys whose last put is remembered; above it the list is cleared.
const MAX_KEYS: usize = 1000;
/// Deadline for reads.
const DEADLINE: Duration = Duration::from_secs(1);
/// Time for which a Cloudflare location caches a read, in seconds: KV's minimum.
const CACHE_TTL_S: u64 = 60;
/// Expiration of a document, in seconds: a day, as in `stale-if-error`.
const RETENTION_S: u64 = 86_400;

thread_local! {
    /// By key: the entity tag and time of the last put, in milliseconds since 1970.
    static PUT: RefCell<BTreeMap<String, (String, u64)>> = const { RefCell::new(BTreeMap::new()) };
}

/// A document as stored in KV.
#[derive(Serialize, Deserialize)]
struct KvRecord {
    body: String,
    etag: String,
    confirmed_ms: u64,
    /// The language of a feed; empty for pages.
    #[serde(default)]
    language: String,
    /// The site's languages, its own first; empty for pages.
    #[serde(default)]
    languages: Vec<String>,
}

impl KvRecord {
    fn languages(&self) -> Vec<Language> {
        let tags = self.languages.iter();
        tags.filter_map(|tag| Language::parse(tag)).collect()
    }
}

/// A document that was found in KV.
#[derive(Clone, Debug)]
pub struct KvDocument {
    /// The resource in the language that the reader's tag selects, or in the site's own.
    pub resource: Resource,
    pub document: Document,
    /// The site's languages, its own first; empty if no record has them.
    pub languages: Vec<Language>,
}

/// Schedules a put after the response: feeds at most once per second, pages when they change and every five minutes. A
/// feed in the site's own language is also put without a language, for isolates that do not know the site's languages.
pub fn put(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    resource: &Resource,
    document: &Document,
    languages: &[Language],
) {
    let Some(store) = store(env) else {
        return;
    };
    let own = languages.first().map(Language::as_str).unwrap_or_default();
    let (keys, language, refresh_ms) = match resource {
        Resource::Feed(None) => (
            vec![feed_key(site, own), feed_key(site, "")],
            own,
            MIN_INTERVAL_MS,
        ),
        Resource::Feed(Some(language)) => (
            vec![feed_key(site, language.as_str())],
            language.as_str(),
            MIN_INTERVAL_MS,
        ),
        Resource::Page(call) => (vec![page_key(site, &call.key())], "", PAGE_REFRESH_MS),
    };
    let languages: Vec<String> = match resource {
        Resource::Feed(_) => languages.iter().map(Language::to_string).collect(),
        Resource::Page(_) => Vec::new(),
    };
    for key in keys {
        if !is_due(&key, document, refresh_ms) {
            continue;
        }
        let record = KvRecord {
            body: document.body.to_string(),
            etag: document.etag.clone(),
            confirmed_ms: document.confirmed_ms,
            language: language.to_owned(),
            languages: languages.clone(),
        };
        schedule_put(context, store.clone(), key, record);
    }
}

/// Whether a document is due for a put. Records the put if it is.
fn is_due(key: &str, document: &Document, refresh_ms: u64) -> bool {
    PUT.with_borrow_mut(|put| {
        let due = put.get(key).is_none_or(|(etag, last)| {
            let age_ms = document.confirmed_ms.abs_diff(*last);
            age_ms >= refresh_ms || (*etag != document.etag && age_ms >= MIN_INTERVAL_MS)
        });
        if due {
            if put.len() >= MAX_KEYS {
                put.clear();
            }
            put.insert(
                key.to_owned(),
                (document.etag.clone(), document.confirmed_ms),
            );
        }
        due
    })
}

fn schedule_put(context: &RequestContext, store: KvStore, key: String, record: KvRecord) {
    let logger = context.clone();
    context.wait_until(async move {
        let put = async {
            let text = serde_json::to_string(&record)?;
            let put = store.put(&key, text).map_err(worker::Error::from)?;
            put.expiration_ttl(RETENTION_S)
                .execute()
                .await
                .map_err(worker::Error::from)?;
            Ok::<(), Fault>(())
        };
        if let Err(fault) = within(DEADLINE * 5, "KV", put).await {
            logger.log(&fault);
        }
    });
}

/// Reads a document from KV: in the language that the reader's tag selects, else in the site's own. `languages` are the
/// site's; empty while they are unknown. `None` if KV is not bound, fails or has no record.
pub async fn get(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    requested: &Resource,
    mut languages: Vec<Language>,
) -> Option<KvDocument> {
    if languages.is_empty() && requested.language().is_some() {
        // The record of the feed in the site's own language contains the list of the site's languages.
        let feed = get_key(context, env, &feed_key(site, "")).await;
        languages = feed.map(|feed| feed.languages()).unwrap_or_default();
    }
    let mut resource = requested.resolve(&languages);
    let mut record = get_key(context, env, &key_of(site, &resource)).await;
    if record.is_none() && resource.language().is_some() {
        resource = resource.in_language(None);
        record = get_key(context, env, &key_of(site, &resource)).await;
    }
    let record = record?;
    if languages.is_empty() {
        languages = record.languages();
    }
    Some(KvDocument {
        resource,
        document: Document {
            body: record.body.into(),
            etag: record.etag,
            confirmed_ms: record.confirmed_ms,
        },
        languages,
    })
}

async fn get_key(context: &RequestContext, env: &Env, key: &str) -> Option<KvRecord> {
    let store = store(env)?;
    let get = async {
        let get = store.get(key).cache_ttl(CACHE_TTL_S);
        Ok(get.text().await.map_err(worker::Error::from)?)
    };
    match within(DEADLINE, "KV", get).await {
        Ok(text) => serde_json::from_str(&text?).ok(),
        Err(fault) => {
            context.log(&fault);
            None
        }
    }
}

/// The KV namespace, if bound. `env.kv` throws for an unset binding, so the binding is checked first.
fn store(env: &Env) -> Option<KvStore> {
    let binding = Reflect::get(env.as_ref(), &JsValue::from_str(BINDING)).ok()?;
    if !binding.is_object() {
        return None;
    }
    env.kv(BINDING).ok()
}

fn key_of(site: &Slug, resource: &Resource) -> String {
    match resource {
        Resource::Feed(language) => feed_key(
            site,
            language
                .as_ref()
                .map(LanguageTag::as_str)
                .unwrap_or_default(),
        ),
        Resource::Page(call) => page_key(site, &call.key()),
    }
}

fn feed_key(site: &Slug, language: &str) -> String {
    format!("feed:{site}:{language}")
}

fn page_key(site: &Slug, page: &str) -> String {
    format!("page:{site}:{page}")
}
