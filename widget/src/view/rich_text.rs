//! Operators' texts as elements. Nothing in them ever becomes markup.

use notice::markdown::{self, Block, Inline};

use crate::element::{Attribute, Element, element};

/// Puts a text in the Markdown subset into an element.
pub fn rich_text(mut into: Element, text: &str) -> Element {
    for block in markdown::parse(text) {
        into = into.holding(match block {
            Block::Paragraph(content) => run(element("p"), content),
            Block::Bullets(items) => list("ul", items),
            Block::Numbers(items) => list("ol", items),
        });
    }
    into
}

fn list(tag: &'static str, items: Vec<Vec<Inline>>) -> Element {
    items.into_iter().fold(element(tag), |list, item| {
        list.holding(run(element("li"), item))
    })
}

/// Puts the parts of a line into an element.
pub fn run(mut into: Element, content: Vec<Inline>) -> Element {
    for part in content {
        into = match part {
            Inline::Text(text) => into.text(text),
            Inline::Bold(inner) => into.holding(run(element("strong"), inner)),
            Inline::Italic(inner) => into.holding(run(element("em"), inner)),
            Inline::Code(code) => into.holding(element("code").text(code)),
            Inline::Link { href, text } => into.holding(run(link(&href), text)),
            Inline::Break => into.holding(element("br")),
        };
    }
    into
}

/// A link that does not take the reader's page away.
pub fn link(href: &str) -> Element {
    element("a")
        .set(Attribute::Href, href.to_owned().into())
        .with(Attribute::Target, "_blank")
        .with(Attribute::Rel, "noopener noreferrer")
}
