//! Operators' Markdown subset as markup. HTML in it is text.

use ::notice::markdown::{Block, Inline, parse};
use maud::{Markup, html};

/// A text in the subset.
pub fn prose(text: &str) -> Markup {
    html! {
        @for block in parse(text) {
            @match block {
                Block::Paragraph(content) => p { (inline(&content)) },
                Block::Bullets(items) => ul { @for item in items { li { (inline(&item)) } } },
                Block::Numbers(items) => ol { @for item in items { li { (inline(&item)) } } },
            }
        }
    }
}

fn inline(content: &[Inline]) -> Markup {
    html! {
        @for part in content {
            @match part {
                Inline::Text(text) => (text),
                Inline::Bold(content) => strong { (inline(content)) },
                Inline::Italic(content) => em { (inline(content)) },
                Inline::Code(code) => code { (code) },
                Inline::Link { href, text } => a href=(href) rel="nofollow noopener" { (inline(text)) },
                Inline::Break => br;,
            }
        }
    }
}
