//! The Markdown subset of operators' texts: paragraphs, lists, bold, italic, code and links. Everything else, including
//! HTML, is plain text. Renderers create elements from the parsed tree, never markup.
//!
//! `vectors/markdown.json` is the specification, also for the plain card (`widget/plain/markdown.js`).

pub use super::inline::Inline;

use super::inline;

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph: consecutive lines of text.
    Paragraph(Vec<Inline>),
    /// A bulleted list, with one entry per item.
    Bullets(Vec<Vec<Inline>>),
    /// A numbered list, or a part of one between other blocks.
    Numbers {
        /// Number of the first item, as written.
        start: u32,
        /// One entry per item.
        items: Vec<Vec<Inline>>,
    },
}

/// Parses a text, in time linear in its length. Never fails: malformed marks are plain text.
///
/// A numbered list begins at 1 and has an item 2. Each further item has the next number; other
/// blocks may be between items. A line that begins with another number is plain text, since the
/// number may be part of a date: `24. Dezember`. For the same reason, items that are all written
/// `1.` are not a list. Each item is thus shown with the number that was written.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    let mut last_number = 0;
    let mut lines = text.split('\n').map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(item) = bulleted_item(line) {
            flush_paragraph(&mut paragraph, &mut blocks);
            let item = inline::parse(item);
            match blocks.last_mut() {
                Some(Block::Bullets(items)) => items.push(item),
                _ => blocks.push(Block::Bullets(vec![item])),
            }
        } else if let Some((number, item)) = numbered_item(line)
            && (if number == 1 {
                has_second(lines.clone())
            } else {
                number == last_number + 1
            })
        {
            flush_paragraph(&mut paragraph, &mut blocks);
            last_number = number;
            let item = inline::parse(item);
            match blocks.last_mut() {
                Some(Block::Numbers { items, .. }) if number > 1 => items.push(item),
                _ => blocks.push(Block::Numbers {
                    start: number,
                    items: vec![item],
                }),
            }
        } else if line.is_empty() {
            flush_paragraph(&mut paragraph, &mut blocks);
        } else {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
    }
    flush_paragraph(&mut paragraph, &mut blocks);
    blocks
}

/// Whether the lines below an item 1 contain its item 2. Stops at the next item 1, so that each
/// line is read for only one item 1.
fn has_second<'a>(below: impl Iterator<Item = &'a str>) -> bool {
    let mut numbers = below.filter_map(numbered_item).map(|(number, _)| number);
    numbers.find(|number| matches!(number, 1 | 2)) == Some(2)
}

/// Returns the first paragraph or list item as plain text, for places with room for one line.
pub fn first_line(text: &str) -> String {
    let mut line = String::new();
    match parse(text).first() {
        Some(Block::Paragraph(content)) => push_plain_text(content, &mut line),
        Some(Block::Bullets(items) | Block::Numbers { items, .. }) => {
            push_plain_text(items.first().map_or(&[], Vec::as_slice), &mut line);
        }
        None => {}
    }
    line
}

fn push_plain_text(content: &[Inline], line: &mut String) {
    for span in content {
        match span {
            Inline::Text(text) | Inline::Code(text) => line.push_str(text),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
                push_plain_text(inner, line)
            }
            Inline::Break => line.push(' '),
        }
    }
}

fn flush_paragraph(paragraph: &mut String, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(inline::parse(paragraph)));
        paragraph.clear();
    }
}

/// Returns the text of an item of a bulleted list; `None` if the line is not an item.
fn bulleted_item(line: &str) -> Option<&str> {
    let is_item = matches!(line.as_bytes(), [b'-' | b'*' | b'+', b' ', ..]);
    line.get(2..).filter(|_| is_item).map(str::trim_start)
}

/// Returns the number and the text of a line that looks like an item of a numbered list.
fn numbered_item(line: &str) -> Option<(u32, &str)> {
    #[cfg(test)]
    inline::steps::count(line.len().min(4));
    let mut number = 0_u32;
    for (length, byte) in line.bytes().enumerate() {
        if !byte.is_ascii_digit() {
            let item = line.get(length..)?.strip_prefix(". ")?;
            return Some((number, item.trim_start()));
        }
        number = number
            .saturating_mul(10)
            .saturating_add((byte - b'0').into());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{first_line, parse};
    use crate::text::inline::steps;

    #[test]
    fn first_line_is_plain_text() {
        assert_eq!(
            first_line("We **know** the [cause](https://a.example).\nMore\n\nRest"),
            "We know the cause. More"
        );
        assert_eq!(first_line("- one\n- two"), "one");
        assert_eq!(first_line("1. one\n2. two"), "one");
        assert_eq!(first_line("24. Dezember"), "24. Dezember");
        assert_eq!(first_line(""), "");
    }

    /// Parses texts of one repeated part, followed by nothing or by a mark that a search could look for.
    #[test]
    fn each_character_is_read_a_few_times() {
        let parts = [
            "[",
            "]",
            "(",
            "_",
            "*",
            "**",
            "***",
            "`",
            "<",
            "|",
            "\\",
            "\n",
            "[](",
            "[a](",
            "[a](https:",
            "[a](https:(",
            "_a ",
            "*a ",
            "**a ",
            "*a **b ",
            "*a _b ",
            "*a _b **c ",
            "_*a* ",
            "`` ",
            "<a|",
            "<https://",
            "<https://a|",
            "https://",
            "https://(",
            "https://a(",
            "https://a([",
            "https://a()(",
            "[a](https://a(",
            "[a](b(",
            "[a](https://a b(",
            "https://a ",
            "_https://a_",
            "https://a_",
            "https://a,",
            "h",
            "1. a\n",
            "1. a\n2. b\n",
            "1\n",
            "- a\n",
            "a*",
            "ä",
            "。",
        ];
        for part in parts {
            let ends = [
                "",
                "]",
                "](https://a)",
                ")",
                ">",
                "_",
                "*",
                "**",
                "`",
                "\n2. b",
            ];
            let ends = ends.map(str::to_owned).into_iter();
            for end in ends.chain([")".repeat(2_000), ")".repeat(3_000)]) {
                let text = part.repeat(2_000) + &end;
                steps::take();
                parse(&text);
                let steps = steps::take();
                assert!(steps <= 8 * text.len() + 8, "{part:?} {end:?}: {steps}");
            }
        }
    }
}
