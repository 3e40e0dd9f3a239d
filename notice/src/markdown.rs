//! The Markdown subset of operators' texts: paragraphs, lists, bold, italic, code and links. Everything else, HTML
//! above all, is text. Each renderer makes elements of it in its own way; none ever makes markup.

use crate::links;

/// How deep emphasis may nest; past it, marks are text.
const DEPTH: u8 = 4;

/// A paragraph or list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list, bulleted.
    Bullets(Vec<Vec<Inline>>),
    /// A list, numbered from 1.
    Numbers(Vec<Vec<Inline>>),
}

/// A stretch within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// `**bold**`
    Bold(Vec<Inline>),
    /// `*italic*` or `_italic_`
    Italic(Vec<Inline>),
    /// `` `code` ``
    Code(String),
    /// `[text](address)`, where the address is one of [`links::safe`].
    Link {
        /// Where it leads.
        href: String,
        /// What is read.
        text: Vec<Inline>,
    },
    /// A new line within a paragraph.
    Break,
}

/// Reads a text.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((numbered, item)) = list_item(line) {
            close(&mut paragraph, &mut blocks);
            let item = inline(item, DEPTH);
            match (blocks.last_mut(), numbered) {
                (Some(Block::Bullets(items)), false) | (Some(Block::Numbers(items)), true) => {
                    items.push(item)
                }
                (_, false) => blocks.push(Block::Bullets(vec![item])),
                (_, true) => blocks.push(Block::Numbers(vec![item])),
            }
        } else if line.is_empty() {
            close(&mut paragraph, &mut blocks);
        } else {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
    }
    close(&mut paragraph, &mut blocks);
    blocks
}

/// The first line of a text without its marks, for places that have room for one.
pub fn first_line(text: &str) -> String {
    let mut line = String::new();
    match parse(text).first() {
        Some(Block::Paragraph(content)) => plain(content, &mut line),
        Some(Block::Bullets(items) | Block::Numbers(items)) => {
            plain(items.first().map_or(&[], Vec::as_slice), &mut line);
        }
        None => {}
    }
    line
}

fn plain(content: &[Inline], line: &mut String) {
    for part in content {
        match part {
            Inline::Text(text) | Inline::Code(text) => line.push_str(text),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
                plain(inner, line)
            }
            Inline::Break => line.push(' '),
        }
    }
}

fn close(paragraph: &mut String, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(inline(paragraph, DEPTH)));
        paragraph.clear();
    }
}

/// Whether a line is a list's item, numbered or not, and what it says.
fn list_item(line: &str) -> Option<(bool, &str)> {
    for mark in ["- ", "* ", "+ "] {
        if let Some(item) = line.strip_prefix(mark) {
            return Some((false, item.trim_start()));
        }
    }
    let (number, item) = line.split_once(". ")?;
    let short = (1..=3).contains(&number.len());
    (short && number.bytes().all(|byte| byte.is_ascii_digit())).then_some((true, item.trim_start()))
}

fn inline(text: &str, depth: u8) -> Vec<Inline> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        if let Some((part, after)) = marked(mark, rest, &literal, depth) {
            push_text(&mut literal, &mut parts);
            parts.push(part);
            rest = after;
            continue;
        }
        let mut characters = rest.chars();
        characters.next();
        if mark == '\\'
            && let Some(escaped) = characters.clone().next()
            && escaped.is_ascii_punctuation()
        {
            characters.next();
            literal.push(escaped);
        } else {
            literal.push(mark);
        }
        rest = characters.as_str();
    }
    push_text(&mut literal, &mut parts);
    parts
}

fn push_text(literal: &mut String, parts: &mut Vec<Inline>) {
    if !literal.is_empty() {
        parts.push(Inline::Text(std::mem::take(literal)));
    }
}

/// The marked stretch that `rest` begins with, if it does, and what follows it. `before` is the text just before.
fn marked<'a>(mark: char, rest: &'a str, before: &str, depth: u8) -> Option<(Inline, &'a str)> {
    match mark {
        '\n' => Some((Inline::Break, rest.strip_prefix('\n')?)),
        '`' => {
            let (code, after) = enclosed(rest, "`")?;
            Some((Inline::Code(code.to_owned()), after))
        }
        _ if depth == 0 => None,
        '*' => {
            let bold = enclosed(rest, "**")
                .map(|(inner, after)| (Inline::Bold(inline(inner, depth - 1)), after));
            bold.or_else(|| {
                let (inner, after) = enclosed(rest, "*")?;
                Some((Inline::Italic(inline(inner, depth - 1)), after))
            })
        }
        // Within a word an underscore is a letter: snake_case_names.
        '_' if !before.ends_with(is_letter) => {
            let (inner, after) = enclosed(rest, "_")?;
            (!after.starts_with(is_letter))
                .then(|| (Inline::Italic(inline(inner, depth - 1)), after))
        }
        '[' => {
            let (text, after) = split_at_mark(rest.strip_prefix('[')?, "](")?;
            let (address, after) = after.split_once(')')?;
            let href = links::safe(address)?;
            Some((
                Inline::Link {
                    href,
                    text: inline(text, depth - 1),
                },
                after,
            ))
        }
        _ => None,
    }
}

/// Letters and digits; beyond ASCII everything is taken for one, which spares browsers the tables of Unicode.
fn is_letter(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || !sign.is_ascii()
}

/// What stands between two equal marks, not empty and not padded, and what follows.
fn enclosed<'a>(rest: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (inner, after) = split_at_mark(rest.strip_prefix(mark)?, mark)?;
    (!inner.is_empty() && inner.trim() == inner).then_some((inner, after))
}

/// As `split_once`, whose search for whole texts takes browsers 1 KB.
fn split_at_mark<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.char_indices();
    places.find_map(|(place, _)| {
        let (before, rest) = text.split_at_checked(place)?;
        Some((before, rest.strip_prefix(mark)?))
    })
}

#[cfg(test)]
mod tests {
    use super::{Block, Inline, first_line, parse};

    /// A text's blocks as one line, marks spelt out, so that a table can be read.
    fn spelt(text: &str) -> String {
        fn run(content: &[Inline]) -> String {
            content
                .iter()
                .map(|part| match part {
                    Inline::Text(text) => text.clone(),
                    Inline::Bold(inner) => format!("B({})", run(inner)),
                    Inline::Italic(inner) => format!("I({})", run(inner)),
                    Inline::Code(code) => format!("C({code})"),
                    Inline::Link { href, text } => format!("L({href}|{})", run(text)),
                    Inline::Break => "/".to_owned(),
                })
                .collect()
        }
        let list = |items: &[Vec<Inline>]| {
            items
                .iter()
                .map(|item| run(item))
                .collect::<Vec<_>>()
                .join(";")
        };
        let blocks = parse(text);
        let spelt = blocks.iter().map(|block| match block {
            Block::Paragraph(content) => format!("P {}", run(content)),
            Block::Bullets(items) => format!("U {}", list(items)),
            Block::Numbers(items) => format!("O {}", list(items)),
        });
        spelt.collect::<Vec<_>>().join(" ¶ ")
    }

    #[test]
    fn the_subset_and_nothing_more() {
        for (text, expected) in [
            ("", ""),
            ("One.\nTwo.\n\nThree.", "P One./Two. ¶ P Three."),
            ("**a *b* c**", "P B(a I(b) c)"),
            ("*a* _b_ `c*d*`", "P I(a) I(b) C(c*d*)"),
            (
                "snake_case_name and 2 * 3 * 4",
                "P snake_case_name and 2 * 3 * 4",
            ),
            ("**unclosed and `so", "P **unclosed and `so"),
            ("\\*not italic\\*", "P *not italic*"),
            ("- a\n- **b**\n1. c\n2. d\ne", "U a;B(b) ¶ O c;d ¶ P e"),
            (
                "See [our *page*](https://a.example/x).",
                "P See L(https://a.example/x|our I(page)).",
            ),
            ("[x](javascript:alert(1))", "P [x](javascript:alert(1))"),
            (
                "[x](  JAVASCRIPT:alert`1`)",
                "P [x](  JAVASCRIPT:alertC(1))",
            ),
            ("[x](/relative)", "P [x](/relative)"),
            ("[call](tel:+61255500100)", "P L(tel:+61255500100|call)"),
            (
                "<b>bold</b> <script>x</script>",
                "P <b>bold</b> <script>x</script>",
            ),
            ("line\r\nline", "P line/line"),
        ] {
            assert_eq!(spelt(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_line_has_no_marks() {
        assert_eq!(
            first_line("We **know** the [cause](https://a.example).\nMore\n\nRest"),
            "We know the cause. More"
        );
        assert_eq!(first_line("- one\n- two"), "one");
        assert_eq!(first_line(""), "");
    }

    #[test]
    fn marks_without_end_take_no_time_to_speak_of() {
        for mark in ["[", "*", "**", "_", "`", "[](", "*a **b "] {
            let long = mark.repeat(20_000 / mark.len());
            assert!(!parse(&long).is_empty());
        }
    }
}
