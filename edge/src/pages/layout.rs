//! The common layout of pages: head, header, footer, and the data for the page's script.

use ::notice::wire::language::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Context, texts::fill_text};
use crate::http::page_call::Theme;

/// The placeholder that `cache::pages` replaces with the notice that the page is stale, or with nothing.
pub const FRESHNESS: &str = "<!--freshness-->";
/// Reload interval without scripts, in seconds.
const RELOAD_S: u32 = 60;

/// Whether search engines may list a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    Allowed,
    /// Reachable by link only.
    Denied,
}

/// The frame around a page's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Header with the site's name, footer with time zone and languages.
    Whole,
    /// Neither header nor footer, because the page is shown inside an app.
    Bare,
}

pub struct PageLayout<'a> {
    /// The title of the tab and of link previews.
    pub title: &'a str,
    /// The description in link previews.
    pub summary: &'a str,
    /// The path below the site's path, such as `/history`.
    pub path: &'a str,
    pub indexing: Indexing,
    pub theme: Theme,
    pub frame: Frame,
    /// Polling interval of the page's script, in seconds.
    pub poll_after_s: u32,
    pub content: Markup,
}

pub fn layout(context: &Context<'_>, page: &PageLayout<'_>) -> Markup {
    let site = context.site;
    let texts = context.texts;
    let title = format!("{} · {}", page.title, site.name);
    let (scheme, dark) = match page.theme {
        Theme::Auto => (
            "light dark",
            Some("screen and (prefers-color-scheme: dark)"),
        ),
        Theme::Light => ("light", None),
        Theme::Dark => ("dark", Some("screen")),
    };
    html! {
        (DOCTYPE)
        html lang=(context.language) dir=(texts.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content=(scheme);
                title { (title) }
                meta name="description" content=(page.summary);
                @if page.indexing == Indexing::Denied { meta name="robots" content="noindex"; }
                meta property="og:site_name" content=(site.name);
                meta property="og:title" content=(title);
                meta property="og:description" content=(page.summary);
                meta property="og:type" content="website";
                meta property="og:url" content=(context.address(page.path));
                meta property="og:locale" content=(context.language);
                meta name="twitter:card" content="summary";
                link rel="canonical" href=(context.address(page.path));
                @for language in site.languages.iter().filter(|_| site.languages.len() > 1) {
                    @let other = Context { language, ..*context };
                    link rel="alternate" hreflang=(language) href=(other.address(page.path));
                }
                link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/pages/page.css";
                @if let Some(media) = dark { link rel="stylesheet" href="/pages/dark.css" media=(media); }
                script src="/pages/page.js" defer {}
                noscript { meta http-equiv="refresh" content=(RELOAD_S); }
            }
            body class=[(page.frame == Frame::Bare).then_some("bare")]
                data-poll=(page.poll_after_s) data-stale=(texts.stale) data-offline=(texts.offline) {
                @if page.frame == Frame::Whole {
                    a class="skip" href="#main" { (texts.skip) }
                    header { a class="site" href=(context.link("")) dir="auto" { (site.name) } }
                }
                p id="freshness" role="status" { (PreEscaped(FRESHNESS)) }
                main id="main" tabindex="-1" { (page.content) }
                @if page.frame == Frame::Whole { (footer(context, page.path)) }
            }
        }
    }
}

fn footer(context: &Context<'_>, path: &str) -> Markup {
    let texts = context.texts;
    let site = context.site;
    html! {
        footer {
            p id="zone" data-own=(texts.own_zone) { (fill_text(texts.zone, &[&site.time_zone])) }
            @if site.languages.len() > 1 {
                nav aria-label=(texts.languages) {
                    ul {
                        @for language in &site.languages {
                            @let other = Context { language, ..*context };
                            @let current = language == context.language;
                            li {
                                a href=(other.link(path)) lang=(language) hreflang=(language)
                                    aria-current=[current.then_some("true")] { (own_name(language)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A language's name in that language, for common languages, else its tag.
fn own_name(language: &Language) -> &str {
    match language.as_str() {
        "ar" => "العربية",
        "da" => "Dansk",
        "de" => "Deutsch",
        "en" => "English",
        "es" => "Español",
        "fi" => "Suomi",
        "fr" => "Français",
        "he" => "עברית",
        "it" => "Italiano",
        "ja" => "日本語",
        "ko" => "한국어",
        "nb" | "no" => "Norsk",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "pt" => "Português",
        "pt-BR" => "Português (Brasil)",
        "sv" => "Svenska",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "zh-Hans" => "简体中文",
        "zh-Hant" => "繁體中文",
        other => other,
    }
}
