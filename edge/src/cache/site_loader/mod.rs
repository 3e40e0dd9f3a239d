//! HTTP answers with the loader of a site.

pub mod composition;
mod memory;
pub mod template;

use futures_util::future::join_all;
use notice::wire::{
    ids::Slug,
    language::{Language, LanguageTag},
};
use worker::Env;

use super::{
    MEMORY,
    feed::{self, cache_tag},
    read::{Outcome, read},
    resource::Resource,
    snapshot::Document,
};
use crate::{
    answer::Answer,
    http::etag::matches_etag,
    runtime::{request_context::RequestContext, server_clock},
};
use composition::{Composition, languages_that_fit};
pub use memory::{evict, ready};

/// `CDN-Cache-Control` (RFC 9213), for caches in front of the server: the same times as for feeds. Browsers may use an older copy,
/// because the script recognises copies from the browser's cache. A copy from a cache in front of the server looks new to the
/// script.
const CDN_CACHE_CONTROL: &str = "public, max-age=5, stale-while-revalidate=30";
/// Time for which browsers use an old script while they fetch the new one, in seconds: 7 days.
const STALE_S: u32 = 604_800;

/// Returns the loader of a site, with its current feed or the newest known one. A cold isolate whose site's object does
/// not answer returns a loader that requests the feed.
pub async fn site_loader(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    if_none_match: Option<&str>,
) -> Answer {
    let template = match template::read(env).await {
        Ok(template) => template,
        Err(fault) => {
            context.log(&fault);
            return feed::unavailable();
        }
    };
    let own = match read(context, env, site, &Resource::Feed(None)).await {
        Outcome::Found(feed, _) => Some(feed),
        Outcome::Missing | Outcome::UnknownSite => return feed::unknown_site(),
        Outcome::Unavailable => None,
    };
    if let Some(feed) = &own
        && memory::claim_language_read(site, feed)
    {
        read_other_languages(context, env, site, feed).await;
    }
    let now_ms = server_clock::now_ms(env);
    let composition = memory::find_or_compose(&template, site, own.as_ref(), now_ms);
    answer(&composition, site, if_none_match)
}

/// Reads the feeds in those of the site's other languages that may fit into the script. A feed that is in memory with the current
/// revision is not read again, because feeds of one revision do not change.
async fn read_other_languages(context: &RequestContext, env: &Env, site: &Slug, own: &Document) {
    let Some(rev) = memory::rev_with_notices(own) else {
        return;
    };
    let missing = MEMORY.with_borrow(|store| {
        let others = store.languages(site).iter().skip(1);
        let others = others.take(languages_that_fit(own)).map(in_language);
        let missing = others.filter(|resource| {
            let known = store.exact(site, resource);
            known.and_then(memory::rev_with_notices) != Some(rev)
        });
        missing.collect::<Vec<_>>()
    });
    join_all(
        missing
            .iter()
            .map(|resource| read(context, env, site, resource)),
    )
    .await;
    memory::evict(site);
}

/// The feed in one of a site's other languages.
fn in_language(language: &Language) -> Resource {
    Resource::Feed(Some(LanguageTag::from(language)))
}

/// The headers of a 200 or 304.
pub fn headers_of(composition: &Composition, site: &Slug) -> Vec<(String, String)> {
    let max_age_s = composition.max_age_s;
    let cache_control = match composition.has_feed {
        true => format!("public, max-age={max_age_s}, stale-while-revalidate={STALE_S}"),
        false => format!("public, max-age={max_age_s}"),
    };
    let cdn_cache_control = match composition.has_feed {
        true => CDN_CACHE_CONTROL,
        false => cache_control.as_str(),
    };
    let answer = Answer::no_content()
        .with("content-type", "text/javascript; charset=utf-8")
        .with("cache-control", &cache_control)
        .with("cdn-cache-control", cdn_cache_control)
        .with("cache-tag", &cache_tag(site))
        .for_all_origins();
    match &composition.etag {
        Some(etag) => answer.with("etag", etag).headers,
        None => answer.headers,
    }
}

fn answer(composition: &Composition, site: &Slug, if_none_match: Option<&str>) -> Answer {
    let same = match (if_none_match, &composition.etag) {
        (Some(tags), Some(etag)) => matches_etag(tags, etag),
        _ => false,
    };
    Answer {
        status: if same { 304 } else { 200 },
        headers: headers_of(composition, site),
        body: if same {
            String::new()
        } else {
            composition.body.to_string()
        },
    }
}

#[cfg(test)]
mod tests;
