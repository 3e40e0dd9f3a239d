//! Texts of operators as elements. HTML in them is shown as text.

use notice::text::markdown::{self, Block, Inline};

use crate::element::{Attribute, Element, element};

/// Adds a text in the Markdown subset to an element.
pub fn rich_text(mut parent: Element, text: &str) -> Element {
    for block in markdown::parse(text) {
        parent = parent.child(match block {
            Block::Paragraph(content) => run(element("p"), content),
            Block::Bullets(items) => list("ul", items),
            Block::Numbers { start, items } => {
                list("ol", items).set(Attribute::Start, decimal(start).into())
            }
        });
    }
    parent
}

/// A number in decimal digits. `to_string` would add the standard library's formatting, 1 KB.
fn decimal(mut number: u32) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from_digit(number % 10, 10).unwrap_or('0'));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

fn list(tag: &'static str, items: Vec<Vec<Inline>>) -> Element {
    items.into_iter().fold(element(tag), |list, item| {
        list.child(run(element("li"), item))
    })
}

/// Adds the parts of a line to an element.
pub fn run(mut parent: Element, content: Vec<Inline>) -> Element {
    for part in content {
        parent = match part {
            Inline::Text(text) => parent.text(text),
            Inline::Bold(inner) => parent.child(run(element("strong"), inner)),
            Inline::Italic(inner) => parent.child(run(element("em"), inner)),
            Inline::Code(code) => parent.child(element("code").text(code)),
            Inline::Link { href, text } => parent.child(run(link(&href), text)),
            Inline::Break => parent.child(element("br")),
        };
    }
    parent
}

/// A link that opens in a new tab.
pub fn link(href: &str) -> Element {
    element("a")
        .set(Attribute::Href, href.to_owned().into())
        .set_static(Attribute::Target, "_blank")
        .set_static(Attribute::Rel, "noopener noreferrer")
}
