//! Pages for errors (404, 503), and the line on a page that could not be confirmed.

use ::notice::wire::{language::Language, time::Timestamp};
use maud::{DOCTYPE, Markup, html};

use super::texts::{Texts, fill_markup};

/// Delay before the browser reloads a 503 page, in seconds.
const RETRY_S: u32 = 5;

/// The 404 page. `home` is the path of the site's status page, if the site exists.
pub fn not_found(language: &Language, home: Option<&str>) -> String {
    let texts = Texts::in_language(language);
    let content = html! {
        p class="lead" { (texts.missing_why) }
        @if let Some(home) = home { p class="buttons" { a href=(home) { (texts.to_status_page) } } }
    };
    render(texts, texts.missing, &content, None)
}

/// The 503 page, which reloads itself.
pub fn unavailable(language: &Language) -> String {
    let texts = Texts::in_language(language);
    let content = html! { p class="lead" { (texts.unavailable_why) } };
    render(texts, texts.unavailable, &content, Some(RETRY_S))
}

/// The line on a page that has not been confirmed for a minute.
pub fn stale_notice(language: &Language, confirmed_at: Timestamp) -> String {
    let time = confirmed_at
        .to_string()
        .replace('T', " ")
        .replace('Z', " UTC");
    let element = html! { time datetime=(confirmed_at) { (time) } };
    fill_markup(Texts::in_language(language).stale, &[element]).into_string()
}

fn render(texts: &Texts, title: &str, content: &Markup, retry_s: Option<u32>) -> String {
    let page: Markup = html! {
        (DOCTYPE)
        html lang=(texts.tag) dir=(texts.direction) {
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
