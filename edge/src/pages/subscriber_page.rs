//! The pages for subscribers to mail: the answers to their forms, and those that links in mails lead to. They contain no script, and
//! nothing reloads them while somebody fills a form.

use ::notice::wire::language::Language;
use maud::{DOCTYPE, Markup, html};

use super::texts::{Texts, fill_text};

/// A page for a subscriber.
pub struct SubscriberPage<'a> {
    pub language: &'a Language,
    pub title: &'a str,
    pub content: Markup,
    /// The status page: its address, and the name of the site.
    pub home: Option<(&'a str, &'a str)>,
}

impl SubscriberPage<'_> {
    pub fn render(&self) -> String {
        let texts = Texts::in_language(self.language);
        let page = html! {
            (DOCTYPE)
            html lang=(texts.tag) dir=(texts.direction) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (self.title) @if let Some((_, site)) = self.home { " · " (site) } }
                    link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/pages/page.css";
                    link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)";
                }
                body class="alone" {
                    main {
                        h1 { (self.title) }
                        (self.content)
                        @if let Some((url, site)) = self.home {
                            p class="back" { a href=(url) { (fill_text(texts.to_status, &[site])) } }
                        }
                    }
                }
            }
        };
        page.into_string()
    }
}

/// A paragraph in large letters.
pub fn lead(text: &str) -> Markup {
    html! { p class="lead" dir="auto" { (text) } }
}

/// A form with one button, which sends a POST request to the page's own address.
pub fn button(label: &str) -> Markup {
    html! { div class="buttons" { form method="post" { button type="submit" { (label) } } } }
}
