//! What every page has: head, title, a way back, and what the script that keeps it fresh needs to know.

use ::notice::wire::language::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Context, words::filled};

/// Where a page that could not be confirmed for long says so; see `reads::pages`.
pub const FRESHNESS: &str = "<!--freshness-->";
/// How often a page without scripts loads itself again, in seconds.
const RELOAD_S: u32 = 60;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// As the reader's system wants it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Whether search engines may list a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Findable {
    /// They may.
    Yes,
    /// Only who has the link reads it.
    No,
}

/// What stands around the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The site's name above, zone and languages below.
    Whole,
    /// Nothing: it is a part of somebody's app.
    Bare,
}

/// A page's own.
pub struct Page<'a> {
    /// The tab's title, and that of a posted link.
    pub title: &'a str,
    /// What a chat shows below a posted link.
    pub summary: &'a str,
    /// Below the site's own address, such as `/history`.
    pub path: &'a str,
    /// Whether search engines may list it.
    pub findable: Findable,
    /// Light or dark.
    pub theme: Theme,
    /// What stands around it.
    pub frame: Frame,
    /// Seconds between looks at whether it has changed.
    pub poll_after_s: u32,
    /// What it says.
    pub content: Markup,
}

/// The whole document.
pub fn layout(context: &Context<'_>, page: &Page<'_>) -> Markup {
    let site = context.site;
    let words = context.words;
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
        html lang=(context.language) dir=(words.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content=(scheme);
                title { (title) }
                meta name="description" content=(page.summary);
                @if page.findable == Findable::No { meta name="robots" content="noindex"; }
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
                data-poll=(page.poll_after_s) data-stale=(words.stale) data-offline=(words.offline) {
                @if page.frame == Frame::Whole {
                    a class="skip" href="#main" { (words.skip) }
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
    let words = context.words;
    let site = context.site;
    html! {
        footer {
            p id="zone" data-own=(words.own_zone) { (filled(words.zone, &[&site.time_zone])) }
            @if site.languages.len() > 1 {
                nav aria-label=(words.languages) {
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

/// What a language calls itself, for those many sites have; its tag for the others.
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
