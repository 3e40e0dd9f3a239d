//! Composes the loader of a site: the script of the build, with an expression for the site's slug and feed inserted. Pure.
//!
//! While the feed has no notice, nothing in the script depends on the reader or on time, so that caches can revalidate it.
//! While the feed has notices, the script also contains the rules, the plain card, the notices in several languages, and the time of
//! its composition.

use std::{fmt::Write, rc::Rc};

use notice::{
    limits,
    project::shorten::{Length, shorten},
    wire::{feed::Feed, ids::Slug, language::Language},
};

use super::template::Template;
use crate::{cache::snapshot::Document, http::etag::etag};

/// Maximum age of the feed's confirmation in a script without notices, in milliseconds: the browser considers the feed of such a
/// script as confirmed when it receives the script. With a healthy object a feed is at most 1 s old, and a lease takes 1 s.
pub const CONFIRMED_MS: u64 = 5000;
/// Time for which caches may keep a script without a feed, in seconds: the same as for an unknown site.
const NO_FEED_S: u32 = 5;

/// A composed script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    pub body: Rc<str>,
    /// The entity tag; `None` for a script with notices, which is never revalidated.
    pub etag: Option<String>,
    /// Time for which a browser uses the script without a request, in seconds.
    pub max_age_s: u32,
    /// Whether the script contains a feed.
    pub has_feed: bool,
}

/// The input of a site's loader.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub site: &'a Slug,
    /// The feed in the site's own language; `None` while it is not available.
    pub own: Option<&'a Document>,
    /// The site's languages, its own first.
    pub languages: &'a [Language],
    /// The feeds in the other languages, in the order of `languages`; `None` for those that are not in memory.
    pub others: &'a [Option<Document>],
    pub now_ms: u64,
}

/// Composes the script. If the feed is not available or cannot be parsed, the script requests it.
pub fn compose(template: &Template, parts: &Parts<'_>) -> Composition {
    let feed = parts
        .own
        .and_then(|own| Some((own, serde_json::from_str::<Feed>(&own.body).ok()?)));
    let contained = match feed {
        Some((own, feed)) if !feed.notices.is_empty() => {
            let max_age_s = feed.poll_after_s;
            let expression = with_notices(template, parts, own, feed);
            return Composition {
                body: script(template, &expression),
                etag: None,
                max_age_s,
                has_feed: true,
            };
        }
        Some((own, feed)) if parts.now_ms.saturating_sub(own.confirmed_ms) <= CONFIRMED_MS => {
            Some((own, feed.poll_after_s))
        }
        _ => None,
    };
    let site = parts.site;
    let expression = match contained {
        Some((own, _)) => format!("{{site:\"{site}\",feed:{}}}", json_expression(&own.body)),
        None => format!("{{site:\"{site}\"}}"),
    };
    let body = script(template, &expression);
    Composition {
        etag: Some(etag(&body)),
        body,
        max_age_s: contained.map_or(NO_FEED_S, |(_, poll_after_s)| poll_after_s),
        has_feed: contained.is_some(),
    }
}

/// The number of feeds in other languages that may fit beside `own`, if all feeds have about the same length.
pub fn languages_that_fit(own: &Document) -> usize {
    limits::LOADER_NOTICES / own.body.len().max(1)
}

/// The expression that is inserted into a script with notices.
fn with_notices(template: &Template, parts: &Parts<'_>, own: &Document, mut feed: Feed) -> String {
    let rev = feed.rev;
    let length = shorten(&mut feed, limits::LOADER_NOTICES, escaped_length);
    // Lower than the revision of the complete feed, so that the complete feed replaces the shortened one like any change.
    if length == Length::Shortened {
        feed.rev = rev.saturating_sub(1);
    }
    let mut feeds = Vec::new();
    if length != Length::Exceeds {
        let mut space = limits::LOADER_NOTICES.saturating_sub(notices_length(&feed));
        let others = parts.other_feeds(rev, &mut space);
        feeds.extend(serde_json::to_string(&feed).ok());
        feeds.extend(others);
    }
    let languages: Vec<&str> = parts.languages.iter().map(Language::as_str).collect();
    let languages = serde_json::to_string(&languages).unwrap_or_default();
    let texts = template.texts.get(&feed.lang).map(|texts| {
        let (name, texts) = (literal(&feed.lang), literal(texts));
        format!("{name}:{texts}")
    });
    format!(
        "{{site:\"{}\",at:{},confirmed:{},isShortened:{},open:()=>{}({},{},()=>{},{{{}}})}}",
        parts.site,
        parts.now_ms,
        own.confirmed_ms,
        u8::from(length != Length::Whole),
        template.rules,
        json_expression(&format!("[{}]", feeds.join(","))),
        json_expression(&languages),
        template.plain,
        texts.unwrap_or_default(),
    )
}

impl Parts<'_> {
    /// The feeds in the other languages, as JSON. `null` for a feed that is missing, has another revision, or does not fit into
    /// `space`, the number of bytes that are left, from which the length of each feed is subtracted.
    fn other_feeds(&self, rev: u64, space: &mut usize) -> Vec<String> {
        let others = self.others.iter().map(|other| {
            // Checked without parsing: escaped for the script, notices are at least as long as in the feed.
            let other = other.as_ref().filter(|other| fits(&other.body, *space))?;
            let feed: Feed = serde_json::from_str(&other.body).ok()?;
            let length = notices_length(&feed);
            if feed.rev != rev || length > *space {
                return None;
            }
            *space = space.saturating_sub(length);
            Some(other.body.to_string())
        });
        others
            .map(|feed| feed.unwrap_or_else(|| "null".to_owned()))
            .collect()
    }
}

/// Whether a feed's notices may fit into `space` bytes, judged by the length of the feed.
fn fits(body: &str, space: usize) -> bool {
    /// Upper bound of the length of a feed without its notices, in bytes.
    const ENVELOPE: usize = 4096;
    body.len() <= space.saturating_add(ENVELOPE)
}

fn notices_length(feed: &Feed) -> usize {
    serde_json::to_string(&feed.notices).map_or(0, |text| escaped_length(&text))
}

fn script(template: &Template, expression: &str) -> Rc<str> {
    let (before, after) = &template.loader;
    format!("{before}{expression}{after}").into()
}

/// A JavaScript expression for a value in JSON. Parsing a string is faster than evaluating a literal object, and treats `__proto__`
/// as an ordinary name.
fn json_expression(json: &str) -> String {
    format!("JSON.parse({})", literal(json))
}

/// A JavaScript string literal in ASCII, so that the page's encoding does not matter, and without `<`, so that it is harmless in
/// HTML too.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len().saturating_add(2));
    literal.push('\'');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'\\' | b'\'')) => literal.extend(['\\', byte.into()]),
            Ok(b'<') => literal.push_str("\\x3c"),
            Ok(byte @ b' '..=b'~') => literal.push(byte.into()),
            // Writing to a string does not fail.
            _ => drop(write!(literal, "\\u{unit:04x}")),
        }
    }
    literal.push('\'');
    literal
}

/// The length of a text in a [`literal`] without the quotation marks, in bytes.
fn escaped_length(text: &str) -> usize {
    text.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(b'\\' | b'\'') => 2,
            Ok(b'<') => 4,
            Ok(b' '..=b'~') => 1,
            _ => 6,
        })
        .sum()
}

#[cfg(test)]
mod tests;
