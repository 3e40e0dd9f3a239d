//! Renders operators' texts, in a subset of Markdown, as markup. HTML in the texts is escaped.

use ::notice::text::markdown::{Block, Inline, parse};
use maud::{Markup, html};

/// Renders a text. Each paragraph gets the direction of its own text, whose language may differ from the page's.
pub fn prose(text: &str) -> Markup {
    html! {
        @for block in parse(text) {
            @match block {
                Block::Paragraph(content) => p dir="auto" { (inline(&content)) },
                Block::Bullets(items) => ul dir="auto" { @for item in items { li { (inline(&item)) } } },
                Block::Numbers { start, items } => ol dir="auto" start=[(start > 1).then_some(start)] { @for item in items { li { (inline(&item)) } } },
            }
        }
    }
}

/// Renders a text, with an ellipsis if it was cut.
pub fn excerpt(text: &str, was_cut: bool) -> Markup {
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
