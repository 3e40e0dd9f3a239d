//! Composes the loader of a site: the script of the build, with the site's slug and its feed in place of a mark. Pure.
//!
//! While the feed has no notice, nothing in the script depends on the reader or on time, so that caches can revalidate it.
//! While it has some, the script also contains the rules, the plain card, the notices in several languages, and the time of
//! its composition.

use std::{fmt::Write, rc::Rc};

use notice::{
    limits,
    project::shorten::{Length, shorten},
    wire::{feed::Feed, ids::Slug, language::Language},
};

use super::template::Template;
use crate::{cache::snapshot::Document, http::etag::etag};

/// Age from which a confirmation is too old for a script without notices, in milliseconds. The browser takes such a script
/// as confirmed when it receives it. With a healthy object a feed is at most 1 s old, and a lease takes 1 s.
pub const CONFIRMED_MS: u64 = 5000;
/// Time for which caches may keep a script without a feed, in seconds: as with an unknown site.
const NO_FEED_S: u32 = 5;

/// A composed script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    pub body: Rc<str>,
    /// The entity tag; `None` for a script with notices, which is never revalidated.
    pub etag: Option<String>,
    /// Time for which a browser uses it without a request, in seconds.
    pub max_age_s: u32,
    /// Whether it contains a feed.
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
    /// The feeds in the other languages, as far as they are in memory.
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
        Some((own, _)) => format!("{{site:\"{site}\",feed:{}}}", parsed(&own.body)),
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

/// The number of other languages whose feeds may fit beside the own one: they have about its length.
pub fn languages_that_fit(own: &Document) -> usize {
    limits::LOADER_NOTICES / own.body.len().max(1)
}

/// The expression for what a script with notices contains.
fn with_notices(template: &Template, parts: &Parts<'_>, own: &Document, mut feed: Feed) -> String {
    let rev = feed.rev;
    let length = shorten(&mut feed, limits::LOADER_NOTICES, escaped_length);
    // The complete feed has a higher revision, so that it replaces the shortened one like any other change.
    if length == Length::Shortened {
        feed.rev = rev.saturating_sub(1);
    }
    let mut feeds = Vec::new();
    if length != Length::Exceeds {
        let mut space = limits::LOADER_NOTICES.saturating_sub(notices_length(&feed));
        let texts = parts.texts_of_the_same(rev, &mut space);
        feeds.extend(serde_json::to_string(&feed).ok());
        feeds.extend(texts);
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
        parsed(&format!("[{}]", feeds.join(","))),
        parsed(&languages),
        template.plain,
        texts.unwrap_or_default(),
    )
}

impl Parts<'_> {
    /// The feeds of this revision in the other languages, as JSON, `null` for those that are missing or exceed the space.
    fn texts_of_the_same(&self, rev: u64, space: &mut usize) -> Vec<String> {
        let others = self.others.iter().map(|other| {
            // Its notices are not longer in the script than in the feed.
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

/// Whether a feed's notices may be within a length, by the length of the feed.
fn fits(body: &str, space: usize) -> bool {
    /// More than all that is in a feed besides its notices, in bytes.
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

/// An expression for JSON. Parsing a string is faster than a literal object, and gives `__proto__` no meaning.
fn parsed(json: &str) -> String {
    format!("JSON.parse({})", literal(json))
}

/// A string literal in ASCII, whatever encoding the page has. Without `<`, so that it is harmless in a page's markup too.
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

/// The length of a text within a literal, in bytes.
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
