//! What every page has: head, title, a way back.

use maud::{DOCTYPE, Markup, html};

use super::Context;

/// A page's own.
pub struct Page<'a> {
    /// The tab's title.
    pub title: &'a str,
    /// What a chat shows below a posted link.
    pub summary: &'a str,
    /// The page's permanent address.
    pub url: &'a str,
    /// What it says.
    pub content: Markup,
}

/// The whole document.
pub fn layout(context: &Context<'_>, page: &Page<'_>) -> Markup {
    let site = context.site;
    html! {
        (DOCTYPE)
        html lang=(site.own_language()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · " (site.name) }
                meta name="description" content=(page.summary);
                meta property="og:title" content={ (page.title) " · " (site.name) };
                meta property="og:description" content=(page.summary);
                meta property="og:type" content="website";
                meta property="og:url" content=(page.url);
                link rel="canonical" href=(page.url);
                link rel="stylesheet" href="/pages.css";
            }
            body {
                header { a class="site" href=(context.status_url()) { (site.name) } }
                main { (page.content) }
                footer { p { "Times are in " (site.time_zone) "." } }
            }
        }
    }
}
