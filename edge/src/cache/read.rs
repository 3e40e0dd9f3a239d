//! Reads a public document: from memory if it is fresh, leased by another reader or backing off; else from the site's object;
//! if that fails, the newest of memory and KV.

use notice::wire::ids::Slug;
use worker::Env;

use super::{
    MEMORY,
    kv::{self, KvDocument},
    object::{self, Fresh},
    resource::Resource,
    site_list,
    snapshot::{CacheAction, Document},
};
use crate::runtime::{request_context::RequestContext, server_clock};

/// The source of a document, as in `Server-Timing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Memory,
    Object,
    Kv,
}

#[derive(Debug)]
pub enum Outcome {
    Found(Document, Source),
    /// The site has no such document.
    Missing,
    /// There is no such site.
    UnknownSite,
    /// The object or the directory does not answer, and the document is not in memory or KV.
    Unavailable,
}

pub async fn read(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    requested: &Resource,
) -> Outcome {
    let now_ms = server_clock::now_ms(env);
    // While the site's languages are unknown, only the object knows which one the tag selects. The request to the object then
    // has the tag, and the answer has the languages.
    let (resource, is_known) =
        MEMORY.with_borrow(|store| (store.canonical(site, requested), store.knows(site)));
    let asked = if is_known { &resource } else { requested };
    // A request to the object of an unused slug would create the object. For pages the list is always consulted: the object
    // gives the same answer for a missing page and for a deleted site.
    if !is_known || resource.is_page() {
        match site_list::exists(context, env, site).await {
            Ok(true) => {}
            Ok(false) => return Outcome::UnknownSite,
            Err(fault) => {
                context.log(&fault);
                return read_without_object(context, env, site, requested, None).await;
            }
        }
    }
    let (action, generation) =
        MEMORY.with_borrow_mut(|store| store.decide(site, &resource, now_ms));
    if action == CacheAction::Serve {
        return match MEMORY.with_borrow(|store| store.newest(site, &resource).cloned()) {
            Some(document) => Outcome::Found(document, Source::Memory),
            None => Outcome::Unavailable,
        };
    }
    match object::fetch(env, site, asked).await {
        Ok(Some(Fresh {
            document,
            languages,
        })) => {
            let stored = MEMORY.with_borrow_mut(|store| {
                let (document, languages) = (document.clone(), languages.clone());
                store
                    .confirm(site, asked, document, languages, generation)
                    .then(|| store.canonical(site, asked))
            });
            if let Some(stored) = stored {
                kv::put(context, env, site, &stored, &document, &languages);
            }
            Outcome::Found(document, Source::Object)
        }
        Ok(None) if resource.is_page() => {
            MEMORY.with_borrow_mut(|store| store.remove(site, &resource));
            Outcome::Missing
        }
        Ok(None) => {
            super::evict(site);
            Outcome::UnknownSite
        }
        Err(fault) => {
            context.log(&fault);
            read_without_object(context, env, site, requested, Some(generation)).await
        }
    }
}

/// Returns the newest document of memory and KV, stores it in memory and starts a backoff, so that the next reader does
/// not wait for the object.
async fn read_without_object(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    requested: &Resource,
    generation: Option<u64>,
) -> Outcome {
    let languages = MEMORY.with_borrow(|store| store.languages(site).to_vec());
    let from_kv = kv::get(context, env, site, requested, languages).await;
    let now_ms = server_clock::now_ms(env);
    let found = MEMORY.with_borrow_mut(|store| {
        let resource = store.canonical(site, requested);
        let in_memory = store.newest(site, &resource).cloned();
        if let Some(KvDocument {
            resource,
            document,
            languages,
        }) = from_kv
        {
            store.load(site, &resource, document, languages);
        }
        let resource = store.canonical(site, requested);
        let document = store.newest(site, &resource).cloned()?;
        store.fail(site, &resource, now_ms, generation);
        let source = if in_memory.as_ref() == Some(&document) {
            Source::Memory
        } else {
            Source::Kv
        };
        Some((document, source))
    });
    match found {
        Some((document, source)) => Outcome::Found(document, source),
        None => Outcome::Unavailable,
    }
}
