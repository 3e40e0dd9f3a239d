//! HTTP answers with the feed.

use notice::{
    rejection::Rejection,
    wire::{ids::Slug, language::LanguageTag, time::Timestamp},
};
use worker::Env;

use super::{
    read::{Outcome, Source, read},
    resource::Resource,
    snapshot::Document,
};
use crate::{answer::Answer, http::etag::matches_etag, runtime::request_context::RequestContext};

/// Fresh for 5 s, served stale for 30 s while it is revalidated, and for a day while the origin fails (RFC 5861). No
/// `s-maxage`: with it, Cloudflare ignores both `stale-` directives.
pub const CACHE_CONTROL: &str =
    "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
/// `Access-Control-Expose-Headers`. `Date` is the time of the answer, `Age` the seconds that it has since been in a cache in
/// front of the server, and `Allclear-Confirmed-At` the last time at which the feed was known to be current.
const EXPOSED: &str = "ETag, Date, Age, Retry-After, Allclear-Confirmed-At";

/// The parts of a feed request that the answer depends on.
#[derive(Clone, Copy, Debug)]
pub struct FeedRequest<'a> {
    pub site: &'a Slug,
    /// The raw value of `?lang=`.
    pub language: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
}

/// Returns the current feed, or the newest known one if the object does not answer.
pub async fn feed(context: &RequestContext, env: &Env, request: FeedRequest<'_>) -> Answer {
    match read(context, env, request.site, &resource(request.language)).await {
        Outcome::Found(feed, source) => answer(&feed, request, source),
        Outcome::Missing | Outcome::UnknownSite => unknown_site(),
        Outcome::Unavailable => unavailable(),
    }
}

/// The feed for the language tag of `?lang=`; a malformed one means the site's own language.
pub fn resource(language: Option<&str>) -> Resource {
    Resource::Feed(language.and_then(LanguageTag::parse))
}

/// The headers of a 200 or 304 from memory.
pub fn headers_of(feed: &Document, site: &Slug) -> Vec<(String, String)> {
    let request = FeedRequest {
        site,
        language: None,
        if_none_match: Some(&feed.etag),
    };
    answer(feed, request, Source::Memory).headers
}

/// The `Cache-Tag` of all cached answers of a site.
pub fn cache_tag(site: &Slug) -> String {
    format!("site-{site}")
}

fn answer(feed: &Document, request: FeedRequest<'_>, source: Source) -> Answer {
    let source = match source {
        Source::Memory => "memory",
        Source::Object => "object",
        Source::Kv => "fallback",
    };
    let same = request
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
    with_cors(answer)
        .with("content-type", "application/json")
        .with("cache-control", CACHE_CONTROL)
        .with("cache-tag", &cache_tag(request.site))
        .with("etag", &feed.etag)
        .with("allclear-confirmed-at", &confirmed.to_string())
        .with("server-timing", &format!("source;desc={source}"))
}

/// Allows any origin to read the answer, without credentials.
fn with_cors(answer: Answer) -> Answer {
    answer
        .with("access-control-allow-origin", "*")
        .with("access-control-expose-headers", EXPOSED)
        .with("cross-origin-resource-policy", "cross-origin")
}

/// The 404 of a site that does not exist.
pub fn unknown_site() -> Answer {
    with_cors(Answer::rejection(&Rejection::NotFound)).with("cache-control", "public, max-age=5")
}

/// The 503 if no feed is known.
pub fn unavailable() -> Answer {
    with_cors(Answer::unavailable(
        "unavailable",
        "The feed is temporarily unavailable; try again.",
    ))
}
