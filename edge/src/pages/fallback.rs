//! What is shown where there is no page, or none can be had; and what an old one says of itself.

use ::notice::wire::{language::Language, time::Timestamp};
use maud::{DOCTYPE, Markup, html};

use super::words::{Words, fill};

/// How soon a reader's browser tries again, in seconds.
const RETRY_S: u32 = 5;

/// There is no such page. `home` is the status page of the site that was asked, if there is such a site.
pub fn missing(language: &Language, home: Option<&str>) -> String {
    let words = Words::of(language);
    let content = html! {
        p class="lead" { (words.missing_why) }
        @if let Some(home) = home { p class="buttons" { a href=(home) { (words.to_status_page) } } }
    };
    bare(words, words.missing, &content, None)
}

/// There may be one, but nobody can say what it says.
pub fn unavailable(language: &Language) -> String {
    let words = Words::of(language);
    let content = html! { p class="lead" { (words.unavailable_why) } };
    bare(words, words.unavailable, &content, Some(RETRY_S))
}

/// The line that stands on a page that could not be confirmed for long.
pub fn as_of(language: &Language, confirmed_at: Timestamp) -> String {
    let said = confirmed_at
        .to_string()
        .replace('T', " ")
        .replace('Z', " UTC");
    let moment = html! { time datetime=(confirmed_at) { (said) } };
    fill(Words::of(language).stale, &[moment]).into_string()
}

fn bare(words: &Words, title: &str, content: &Markup, retry_s: Option<u32>) -> String {
    let page: Markup = html! {
        (DOCTYPE)
        html lang=(words.tag) dir=(words.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                @if let Some(seconds) = retry_s { meta http-equiv="refresh" content=(seconds); }
                link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/pages/page.css";
                link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)";
            }
            body class="alone" { main { h1 { (title) } (content) } }
        }
    };
    page.into_string()
}
