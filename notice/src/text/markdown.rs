//! The Markdown subset of operators' texts: paragraphs, lists, bold, italic, code and links. Everything else, including
//! HTML, is plain text. Renderers create elements from the parsed tree, never markup.
//!
//! `vectors/markdown.json` is the specification, also for the plain card (`widget/plain/texts.js`).

use crate::text::links;

/// Maximum nesting depth of emphasis. Deeper marks are plain text.
const DEPTH: u8 = 8;
/// Depth of a link's text. From this depth on, there are no links: a link must not contain another one.
const IN_LINK: u8 = 4;

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

/// A span within a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text, with escapes resolved.
    Text(String),
    /// Bold text, written `**bold**`.
    Bold(Vec<Inline>),
    /// Italic text, written `*italic*` or `_italic_`.
    Italic(Vec<Inline>),
    /// Code without inner marks, written `` `code` ``.
    Code(String),
    /// `[text](address)`, `<address|text>` as copied from Slack, `<address>`, or an address that begins with `https://` or
    /// `http://`.
    Link {
        /// URL with an allowed scheme: one of [`links::safe`].
        href: String,
        /// Spans of the link's text.
        text: Vec<Inline>,
    },
    /// A line break within a paragraph.
    Break,
}

/// Parses a text. Never fails: malformed marks are plain text.
///
/// A numbered list begins at 1 and has an item 2. The next item has the next number, with other blocks between them or not. A
/// line that begins with another number is plain text, since it may begin with a date: `24. Dezember`. For the same reason,
/// items that are all written `1.` are not a list. Each item is thus shown with the number that was written.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    let mut last_number = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let (line, below) = split_at_mark(rest, "\n").unwrap_or((rest, ""));
        let line = line.trim();
        let has_second = || split_at_mark(rest, "\n2. ").is_some();
        if let Some(item) = bulleted_item(line) {
            flush_paragraph(&mut paragraph, &mut blocks);
            let item = parse_inline(item, DEPTH);
            match blocks.last_mut() {
                Some(Block::Bullets(items)) => items.push(item),
                _ => blocks.push(Block::Bullets(vec![item])),
            }
        } else if let Some((number, item)) = numbered_item(line)
            && (if number == 1 {
                has_second()
            } else {
                number == last_number + 1
            })
        {
            flush_paragraph(&mut paragraph, &mut blocks);
            last_number = number;
            let item = parse_inline(item, DEPTH);
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
        rest = below;
    }
    flush_paragraph(&mut paragraph, &mut blocks);
    blocks
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
        blocks.push(Block::Paragraph(parse_inline(paragraph, DEPTH)));
        paragraph.clear();
    }
}

/// Returns the text of an item of a bulleted list; `None` if the line is not an item.
fn bulleted_item(line: &str) -> Option<&str> {
    let is_item = matches!(line.as_bytes(), [b'-' | b'*' | b'+', b' ', ..]);
    line.get(2..).filter(|_| is_item).map(str::trim_start)
}

/// Returns the number, of at most three digits, and the text of a line that looks like an item of a numbered list.
fn numbered_item(line: &str) -> Option<(u32, &str)> {
    let (digits, item) = split_at_mark(line, ". ")?;
    let mut number = 0;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 || digits.len() > 3 {
            return None;
        }
        number = number * 10 + u32::from(digit);
    }
    Some((number, item.trim_start()))
}

fn parse_inline(text: &str, depth: u8) -> Vec<Inline> {
    let mut spans = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        if let Some((span, after)) = parse_span(mark, rest, &literal, depth) {
            push_text(&mut literal, &mut spans);
            spans.push(span);
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
    push_text(&mut literal, &mut spans);
    spans
}

fn push_text(literal: &mut String, spans: &mut Vec<Inline>) {
    if !literal.is_empty() {
        spans.push(Inline::Text(std::mem::take(literal)));
    }
}

/// Parses the span that `rest` begins with, and returns it with the text after it. `before` is the text just before.
/// `None` if `rest` begins with plain text.
fn parse_span<'a>(mark: char, rest: &'a str, before: &str, depth: u8) -> Option<(Inline, &'a str)> {
    match mark {
        '\n' => Some((Inline::Break, rest.strip_prefix('\n')?)),
        '`' => {
            let (code, after) = enclosed(rest, "`")?;
            Some((Inline::Code(code.to_owned()), after))
        }
        _ if depth == 0 => None,
        '*' => {
            let bold = enclosed(rest, "**")
                .map(|(inner, after)| (Inline::Bold(parse_inline(inner, depth - 1)), after));
            bold.or_else(|| {
                let (inner, after) = enclosed(rest, "*")?;
                Some((Inline::Italic(parse_inline(inner, depth - 1)), after))
            })
        }
        // An underscore inside a word is a letter, as in snake_case_names.
        '_' if !before.ends_with(is_letter) => {
            let (inner, after) = enclosed(rest, "_")?;
            (!after.starts_with(is_letter))
                .then(|| (Inline::Italic(parse_inline(inner, depth - 1)), after))
        }
        _ if depth <= IN_LINK => None,
        _ => {
            let (address, text, after) = link(mark, rest)?;
            let href = links::safe(address).filter(|_| !text.is_empty())?;
            // Only `[text](address)` has marks in its text: underscores in an address are letters.
            let depth = if mark == '[' { IN_LINK } else { 0 };
            let text = parse_inline(text, depth);
            Some((Inline::Link { href, text }, after))
        }
    }
}

/// Splits a text that begins with a link into its address, its text and the rest.
fn link(mark: char, rest: &str) -> Option<(&str, &str, &str)> {
    match mark {
        '[' => {
            let (text, rest) = split_at_mark(rest.strip_prefix('[')?, "]")?;
            let rest = rest.strip_prefix('(')?;
            let (address, rest) = rest.split_at_checked(address_length(mark, rest))?;
            Some((address, text, rest.strip_prefix(')')?))
        }
        '<' => {
            let (inner, rest) = split_at_mark(rest.strip_prefix('<')?, ">")?;
            let (address, text) = split_at_mark(inner, "|").unwrap_or((inner, inner));
            Some((address, text, rest))
        }
        _ => {
            let path = rest.strip_prefix("http")?;
            let path = path.strip_prefix('s').unwrap_or(path);
            let path = path.strip_prefix("://")?;
            let scheme = rest.len() - path.len();
            let length = address_length(mark, path);
            let (address, rest) = rest.split_at_checked(scheme + length)?;
            (length > 0).then_some((address, address, rest))
        }
    }
}

/// Returns the length of the address that a text begins with, in bytes. It ends at a closing parenthesis that was not opened
/// in it.
///
/// After the mark `[` nothing else ends it. Without marks, punctuation at its end and an opening parenthesis that is not
/// closed belong to the sentence around it. Letters continue it up to Hebrew in the order of Unicode: behind them are scripts
/// that are written without spaces, and most other punctuation.
fn address_length(mark: char, text: &str) -> usize {
    let (mut depth, mut length) = (0_usize, 0);
    for (offset, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            _ if mark == '[' => {}
            '"' | '<' | '>' | '[' | '\\' | ']' | '`' | '{' | '|' | '}' => break,
            '!' | '\'' | '*' | ',' | '.' | ':' | ';' | '?' => continue,
            '!'..='~' | '\u{c0}'..='\u{5ff}' => {}
            _ => break,
        }
        if depth == 0 {
            length = offset + character.len_utf8();
        }
    }
    length
}

/// Whether a character is a letter or digit. All characters outside ASCII count, which saves the Unicode tables in
/// wasm.
fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii()
}

/// Returns the text between two equal marks and the text after them. `None` if the former is empty or padded with
/// whitespace.
fn enclosed<'a>(rest: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (inner, after) = split_at_mark(rest.strip_prefix(mark)?, mark)?;
    (!inner.is_empty() && inner.trim() == inner).then_some((inner, after))
}

/// Like `str::split_once`, whose substring search costs 1 KB of wasm.
fn split_at_mark<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut offsets = text.char_indices();
    offsets.find_map(|(offset, _)| {
        let (before, rest) = text.split_at_checked(offset)?;
        Some((before, rest.strip_prefix(mark)?))
    })
}

#[cfg(test)]
mod tests {
    use super::{first_line, parse};

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

    #[test]
    fn unclosed_marks_are_parsed_in_reasonable_time() {
        for mark in [
            "[",
            "*",
            "**",
            "_",
            "`",
            "[](",
            "*a **b ",
            "<",
            "[a](",
            "https://(",
            "1. a\n",
            "<a|",
        ] {
            let long = mark.repeat(6_000 / mark.len());
            assert!(!parse(&long).is_empty());
        }
    }
}
