//! Operators' Markdown subset as markup. HTML in it is text.

use ::notice::markdown::{Block, Inline, parse};
use maud::{Markup, html};

/// A text in the subset. Each paragraph runs the way its own words do: they may be in another language than the page.
pub fn prose(text: &str) -> Markup {
    html! {
        @for block in parse(text) {
            @match block {
                Block::Paragraph(content) => p dir="auto" { (inline(&content)) },
                Block::Bullets(items) => ul dir="auto" { @for item in items { li { (inline(&item)) } } },
                Block::Numbers(items) => ol dir="auto" { @for item in items { li { (inline(&item)) } } },
            }
        }
    }
}

/// The same, of which more may stand elsewhere.
pub fn beginning(text: &str, was_cut: bool) -> Markup {
    if was_cut {
        prose(&format!("{text} …"))
    } else {
        prose(text)
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
