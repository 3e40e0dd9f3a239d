//! The index pages of the deployment: `/` and `/docs`. In English, like the console and the guide that they lead to.

use maud::{DOCTYPE, html};

use crate::http::route::table::INDEX_PATHS;

/// An index page of the deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexPage {
    Home,
    Docs,
}

struct Link {
    path: &'static str,
    title: &'static str,
    summary: &'static str,
}

const CONSOLE: Link = Link {
    path: "/console",
    title: "Console",
    summary: "Publish incidents and maintenance, and change a site's settings.",
};
const DOCS: Link = Link {
    path: "/docs",
    title: "Documentation",
    summary: "The embed guide, the API and privacy.",
};
const EMBED: Link = Link {
    path: "/docs/embed",
    title: "Embed guide",
    summary: "Add the card to a website or an app.",
};
const API: Link = Link {
    path: "/docs/api.md",
    title: "API reference",
    summary: "Every request, with roles, fields, limits and error codes.",
};
const PRIVACY: Link = Link {
    path: "/docs/privacy.md",
    title: "Privacy",
    summary: "Everything that the card stores and sends.",
};

impl IndexPage {
    pub fn parse(path: &str) -> Option<Self> {
        let mut paths = INDEX_PATHS.iter();
        match *paths.find(|known| **known == path)? {
            "/" => Some(Self::Home),
            "/docs" => Some(Self::Docs),
            _ => None,
        }
    }

    pub fn render(self) -> String {
        let (title, lead, links): (_, _, &[Link]) = match self {
            Self::Home => (
                "Allclear",
                "This server shows the status of products inside their own apps. The status page of a site is at /s/ followed by its slug.",
                &[CONSOLE, DOCS],
            ),
            Self::Docs => (
                "Documentation",
                "How to embed the card, and how to publish by API.",
                &[EMBED, API, PRIVACY],
            ),
        };
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    title { (title) @if self == Self::Docs { " · Allclear" } }
                    meta name="description" content=(lead);
                    link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/pages/page.css";
                    link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)";
                }
                body class="alone" {
                    main {
                        h1 { (title) }
                        p class="lead" { (lead) }
                        nav aria-label="Pages" {
                            ul class="index" {
                                @for link in links {
                                    li { a href=(link.path) { (link.title) } p class="soft" { (link.summary) } }
                                }
                            }
                        }
                        @if self == Self::Docs { p class="buttons" { a href="/" { "Allclear" } } }
                    }
                }
            }
        };
        page.into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::IndexPage;

    #[test]
    fn index_pages_lead_to_console_guide_and_api() {
        for (path, links) in [
            ("/", vec!["/console", "/docs"]),
            (
                "/docs",
                vec!["/docs/embed", "/docs/api.md", "/docs/privacy.md"],
            ),
        ] {
            let page = IndexPage::parse(path).unwrap().render();
            for link in links {
                assert!(page.contains(&format!("href=\"{link}\"")), "{path}: {page}");
            }
        }
        assert_eq!(IndexPage::parse("/docs/"), None);
    }
}
