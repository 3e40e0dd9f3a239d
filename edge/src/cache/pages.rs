//! HTTP answers with public pages.

use notice::{
    project::language::lookup,
    wire::{ids::Slug, language::Language, time::Timestamp},
};
use worker::Env;

use super::{
    MEMORY,
    feed::{CACHE_CONTROL, cache_tag},
    read::{Outcome, read},
    resource::Resource,
    snapshot::Document,
};
use crate::{
    answer::Answer,
    http::{
        etag::{matches_etag, with_etag},
        page_call::{PageCall, PageHost, PageName},
    },
    pages::{calendar, error_page, index_page::IndexPage, layout::FRESHNESS, texts::Texts},
    runtime::{request_context::RequestContext, server_clock},
};

/// Age from which a page shows the time of its last confirmation, in milliseconds.
const STALE_MS: u64 = 60_000;
/// Nothing inline and nothing from other origins. `connect-src`: the page's script fetches the page again.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *";

/// The request headers that the answer with a page depends on.
#[derive(Clone, Copy, Debug)]
pub struct PageHeaders<'a> {
    pub if_none_match: Option<&'a str>,
    /// For error pages only: other pages have one address for each language.
    pub accept_language: Option<&'a str>,
}

/// Returns the current page, or the newest known one if the object does not answer.
pub async fn page(
    context: &RequestContext,
    env: &Env,
    site: &Slug,
    call: &PageCall,
    headers: PageHeaders<'_>,
) -> Answer {
    let now_ms = server_clock::now_ms(env);
    let now = Timestamp::from_millis(i64::try_from(now_ms).unwrap_or(i64::MAX));
    // A reader can request any number of future months, so such a request is answered without a call to an object.
    if call.is_of_the_future(now) {
        return not_found(&language_of(site, call), None);
    }
    // The address's language is preferred.
    let accepted = headers.accept_language.filter(|_| call.language.is_none());
    let if_none_match = headers.if_none_match;
    let outcome = read(context, env, site, &Resource::Page(call.clone())).await;
    // A read that found the page has loaded the site's languages. Otherwise, they may be unknown.
    let call = with_known_language(site, call);
    match outcome {
        Outcome::Found(page, _) => {
            page_answer(&page, site, &call, if_none_match, server_clock::now_ms(env))
        }
        Outcome::Missing => not_found(
            &error_language(site, &call, accepted),
            Some(&status_page_path(site, &call)),
        ),
        Outcome::UnknownSite => not_found(&error_language(site, &call, accepted), None),
        Outcome::Unavailable => unavailable(&error_language(site, &call, accepted)),
    }
}

/// Replaces the reader's language by the language of the site that it selects, if the site's languages are known.
fn with_known_language(site: &Slug, call: &PageCall) -> PageCall {
    let requested = Resource::Page(call.clone());
    MEMORY.with_borrow(|store| {
        if !store.knows(site) {
            return call.clone();
        }
        let canonical = store.canonical(site, &requested);
        call.in_language(canonical.language().cloned())
    })
}

/// The language of an error page: the one that the browser prefers, if `accepted` is given, else the page's.
fn error_language(site: &Slug, call: &PageCall, accepted: Option<&str>) -> Language {
    let preferred = accepted.and_then(Texts::preferred_language);
    preferred.unwrap_or_else(|| language_of(site, call))
}

/// The page's language. While the site's languages are unknown, a language into which the pages' own texts are translated.
fn language_of(site: &Slug, call: &PageCall) -> Language {
    let tag = call.language.as_ref();
    MEMORY.with_borrow(|store| {
        let languages = store.languages(site);
        let found = tag.and_then(|tag| lookup(tag, languages));
        let found = found.or(languages.first()).cloned();
        found.unwrap_or_else(|| Texts::language_for(tag))
    })
}

fn page_answer(
    page: &Document,
    site: &Slug,
    call: &PageCall,
    if_none_match: Option<&str>,
    now_ms: u64,
) -> Answer {
    let confirmed = Timestamp::from_millis(i64::try_from(page.confirmed_ms).unwrap_or(i64::MAX));
    let is_stale = now_ms.saturating_sub(page.confirmed_ms) > STALE_MS;
    // A page that shows its age differs from the one with this entity tag.
    let same = !is_stale && if_none_match.is_some_and(|tags| matches_etag(tags, &page.etag));
    let notice = if is_stale {
        error_page::stale_notice(&language_of(site, call), confirmed)
    } else {
        String::new()
    };
    let body = if same {
        String::new()
    } else {
        page.body.replacen(FRESHNESS, &notice, 1)
    };
    let answer = Answer {
        status: if same { 304 } else { 200 },
        headers: Vec::new(),
        body,
    };
    let answer = match call.page {
        PageName::Calendar(_) => answer.with("content-type", calendar::MEDIA_TYPE),
        PageName::Status | PageName::Incident(_) | PageName::History(_) | PageName::Card(_) => {
            document(answer)
        }
    };
    let answer = match call.page.is_shared() {
        true => answer.for_all_origins(),
        false => answer,
    };
    let answer = answer
        .with("cache-control", CACHE_CONTROL)
        .with("cache-tag", &cache_tag(site))
        .with("allclear-confirmed-at", &confirmed.to_string());
    if is_stale {
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

/// The path of the site's status page on the same host and in the same language.
fn status_page_path(site: &Slug, call: &PageCall) -> String {
    let path = match call.host {
        PageHost::Deployment => format!("/s/{site}"),
        PageHost::Site => "/".to_owned(),
    };
    match &call.language {
        Some(language) => format!("{path}?lang={language}"),
        None => path,
    }
}

/// A 404 page. `home` is the path of the site's status page, if the site exists.
pub fn not_found(language: &Language, home: Option<&str>) -> Answer {
    document(Answer {
        status: 404,
        headers: Vec::new(),
        body: error_page::not_found(language, home),
    })
    .with("cache-control", "public, max-age=5")
    .with("vary", "Accept-Language")
}

/// A 400 page, for a malformed host name.
pub fn invalid_host(language: &Language) -> Answer {
    let answer = not_found(language, None).with("cache-control", "no-store");
    Answer {
        status: 400,
        ..answer
    }
}

/// An index page of the deployment.
pub fn index(page: IndexPage, if_none_match: Option<&str>) -> Answer {
    let answer = with_etag(document(Answer {
        status: 200,
        headers: Vec::new(),
        body: page.render(),
    }))
    .with("cache-control", "public, max-age=60");
    let tag = answer.header("etag").unwrap_or_default();
    if if_none_match.is_some_and(|tags| matches_etag(tags, tag)) {
        return Answer {
            status: 304,
            body: String::new(),
            ..answer
        };
    }
    answer
}

/// A 503 page, for when it is unknown whether the page exists.
pub fn unavailable(language: &Language) -> Answer {
    document(Answer {
        status: 503,
        headers: Vec::new(),
        body: error_page::unavailable(language),
    })
    .with("cache-control", "no-store")
    .with("vary", "Accept-Language")
    .with("retry-after", "2")
}
