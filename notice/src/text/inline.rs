//! The spans of a paragraph or list item: emphasis, code and links.
//!
//! Parsing takes time linear in the length of the text: a search for the end of a span stops where another span could begin, the
//! end of a bracket in an address is searched for once, and emphasis without an end becomes text without being parsed again.

use crate::text::links;

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
        /// URL with an allowed scheme: see [`links::is_safe`].
        href: String,
        /// Spans of the link's text.
        text: Vec<Inline>,
    },
    /// A line break within a paragraph.
    Break,
}

/// Parses the text of a block. Never fails: malformed marks are plain text.
pub(super) fn parse(text: &str) -> Vec<Inline> {
    Parser::new(text).spans()
}

/// A mark of emphasis.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `**`
    Bold,
    /// `*`
    Italic,
    /// `_`
    Underscore,
}

impl Mark {
    /// Length in bytes.
    fn length(self) -> usize {
        if self == Self::Bold { 2 } else { 1 }
    }

    /// Whether a character beside the mark makes it a part of a word, as in `snake_case_names`.
    fn is_in_word(self, beside: char) -> bool {
        self == Self::Underscore && is_letter(beside)
    }
}

/// The form in which a text contains a web address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AddressForm {
    /// The address alone.
    Bare,
    /// `[text](address)`
    Link,
}

struct Parser<'a> {
    /// The text that is not parsed yet.
    rest: &'a str,
    /// The character before `rest`; a space at the beginning of the text.
    before: char,
    /// The marks of emphasis that has not ended, innermost last. Contains each mark at most once.
    open: Vec<Mark>,
    /// The brackets that the last bare address left open, each by the length of the text from it on.
    unclosed: Vec<usize>,
    /// The same for addresses of `[text](address)`.
    unclosed_in_links: Vec<usize>,
    /// Whether this is the text of a link. A link in it is text, because a link must not contain another one.
    is_link: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            before: ' ',
            open: Vec::new(),
            unclosed: Vec::new(),
            unclosed_in_links: Vec::new(),
            is_link: false,
        }
    }

    /// Parses spans up to a mark that is open, or to the end.
    fn spans(&mut self) -> Vec<Inline> {
        let mut spans = Vec::new();
        while let Some(first) = self.rest.chars().next() {
            if let Some((span, after)) = self.atom(first) {
                self.take(self.rest.len() - after.len());
                push(&mut spans, span);
                continue;
            }
            let mut length = first.len_utf8();
            if let Some(mark) = self.mark() {
                let opens = self.opens(mark);
                if self.open.contains(&mark) && (opens || self.closes(mark)) {
                    break;
                }
                if opens {
                    self.emphasis(mark, &mut spans);
                    continue;
                }
                length = mark.length();
            }
            let mut text = self.take(length);
            if first == '\\'
                && self
                    .rest
                    .starts_with(|next: char| next.is_ascii_punctuation())
            {
                text = self.take(1);
            }
            push_text(&mut spans, text);
        }
        spans
    }

    /// Parses a mark that opens emphasis, and what follows. If the emphasis does not end, the mark is text.
    fn emphasis(&mut self, mark: Mark, spans: &mut Vec<Inline>) {
        let literal = self.take(mark.length());
        self.open.push(mark);
        let inner = self.spans();
        let is_closed = self.mark() == Some(mark) && self.closes(mark) && !inner.is_empty();
        self.open.pop();
        if is_closed {
            self.take(mark.length());
            spans.push(if mark == Mark::Bold {
                Inline::Bold(inner)
            } else {
                Inline::Italic(inner)
            });
        } else {
            push_text(spans, literal);
            for span in inner {
                push(spans, span);
            }
        }
    }

    /// Returns the mark of emphasis that the rest begins with.
    fn mark(&self) -> Option<Mark> {
        match self.rest.as_bytes() {
            [b'*', b'*', b'*', ..] if self.open.last() == Some(&Mark::Italic) => Some(Mark::Italic),
            [b'*', b'*', ..] => Some(Mark::Bold),
            [b'*', ..] => Some(Mark::Italic),
            [b'_', ..] => Some(Mark::Underscore),
            _ => None,
        }
    }

    /// Whether a mark at the beginning of the rest can open emphasis.
    fn opens(&self, mark: Mark) -> bool {
        !(self.after(mark).is_whitespace() || mark.is_in_word(self.before))
    }

    /// Whether a mark at the beginning of the rest can close emphasis.
    fn closes(&self, mark: Mark) -> bool {
        !(self.before.is_whitespace() || mark.is_in_word(self.after(mark)))
    }

    /// Returns the character after a mark at the beginning of the rest; at the end a space.
    fn after(&self, mark: Mark) -> char {
        self.rest.chars().nth(mark.length()).unwrap_or(' ')
    }

    /// Removes the first bytes of the rest, and returns them.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.before = taken.chars().next_back().unwrap_or(' ');
        self.rest = rest;
        taken
    }

    /// Parses the line break, code or link that the rest begins with, and returns it with the text after it.
    fn atom(&mut self, first: char) -> Option<(Inline, &'a str)> {
        let (_, rest) = self.rest.split_at_checked(1)?;
        match first {
            '\n' => Some((Inline::Break, rest)),
            '`' => {
                let (code, after) = split_before(rest, b"`")?;
                let is_code = !code.is_empty() && code.trim() == code;
                let (_, after) = after.split_at_checked(1)?;
                is_code.then(|| (Inline::Code(code.to_owned()), after))
            }
            _ => {
                let (address, text, after) = self.link(first, rest)?;
                if !links::is_safe(address) || text.trim().is_empty() {
                    return None;
                }
                let literal = || Inline::Text(text.to_owned());
                let span = if self.is_link {
                    literal()
                } else {
                    Inline::Link {
                        href: address.to_owned(),
                        text: match first {
                            '[' => Parser {
                                is_link: true,
                                ..Parser::new(text)
                            }
                            .spans(),
                            _ => vec![literal()],
                        },
                    }
                };
                Some((span, after))
            }
        }
    }

    /// Splits the rest, which is `first` and `rest`, into the address of the link that it begins with, the link's text and the
    /// text after it.
    fn link(&mut self, first: char, rest: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
        match first {
            '[' => {
                let (text, rest) = split_before(rest, b"[]")?;
                let rest = rest.strip_prefix("](")?;
                links::scheme(rest, &links::SCHEMES)?;
                let (address, rest) =
                    rest.split_at_checked(self.address_length(rest, AddressForm::Link))?;
                Some((address, text, rest.strip_prefix(')')?))
            }
            '<' => {
                let (inner, rest) = split_before(rest, b"<>\n")?;
                let rest = rest.strip_prefix('>')?;
                let Some((address, text)) = split_before(inner, b"|") else {
                    return Some((inner, inner, rest));
                };
                Some((address, text.get(1..)?, rest))
            }
            'h' | 'H' => {
                let scheme = links::scheme(self.rest, &["https://", "http://"])?;
                let length = self.address_length(self.rest.get(scheme..)?, AddressForm::Bare);
                let (address, rest) = self.rest.split_at_checked(scheme + length)?;
                (length > 0).then_some((address, address, rest))
            }
            _ => None,
        }
    }

    /// Returns the length of the address that a text begins with, in bytes. The address ends at a
    /// closing bracket that was not opened inside it. In `[text](address)`, only parentheses count
    /// as brackets, and whitespace and control characters end the address too.
    ///
    /// A bare address also ends before an opening bracket that is not closed, and
    /// before punctuation at its end, which belongs to the sentence around it; while `_` is open,
    /// also before underscores at its end. Letters outside ASCII are part of the address, except
    /// for those of scripts that are written without spaces.
    fn address_length(&mut self, text: &str, form: AddressForm) -> usize {
        let is_bare = form == AddressForm::Bare;
        let is_italic = self.open.contains(&Mark::Underscore);
        let unclosed = if is_bare {
            &mut self.unclosed
        } else {
            &mut self.unclosed_in_links
        };
        let (mut brackets, mut length) = (Vec::new(), 0);
        for (offset, character) in text.char_indices() {
            #[cfg(test)]
            steps::count(1);
            let is_bracket = is_bare || matches!(character, '(' | ')');
            match character {
                '(' | '[' if is_bracket => {
                    let left = text.len() - offset;
                    // It is not closed either if it was not in an address that began earlier.
                    if unclosed.binary_search_by(|other| left.cmp(other)).is_ok() {
                        break;
                    }
                    brackets.push(left);
                }
                ')' | ']' if is_bracket => {
                    if brackets.pop().is_none() {
                        break;
                    }
                }
                _ if !is_bare && links::is_odd(character) => break,
                _ if !is_bare => {}
                '!' | '\'' | '*' | ',' | '.' | ':' | ';' | '?' => continue,
                '_' if is_italic => continue,
                '"' | '<' | '>' | '\\' | '`' | '{' | '|' | '}' => break,
                '،' | '؛' | '؟' | '۔' | '।' | '॥' => break,
                '#'..='~' | '\u{c0}'..='\u{dff}' | '\u{1e00}'..='\u{1fff}' => {}
                _ => break,
            }
            if brackets.is_empty() {
                length = offset + character.len_utf8();
            }
        }
        if !brackets.is_empty() {
            *unclosed = brackets;
        }
        length
    }
}

fn push(spans: &mut Vec<Inline>, span: Inline) {
    match span {
        Inline::Text(text) => push_text(spans, &text),
        span => spans.push(span),
    }
}

/// Adds a text: to the last span if that is a text, else as a new span.
fn push_text(spans: &mut Vec<Inline>, text: &str) {
    #[cfg(test)]
    steps::count(text.len());
    match spans.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        _ => spans.push(Inline::Text(text.to_owned())),
    }
}

/// Splits a text before the first of some characters; `None` if it contains none of them.
fn split_before<'a>(text: &'a str, ends: &[u8]) -> Option<(&'a str, &'a str)> {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    #[cfg(test)]
    steps::count(end.unwrap_or(text.len()));
    text.split_at_checked(end?)
}

/// Whether a character is a letter or digit. Outside ASCII, ranges of code points decide, because
/// Unicode's tables would make the widget larger.
fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '\u{c0}'..='\u{1fff}' | '\u{3040}'..='\u{d7ff}')
}

/// Counts how often a character is read, in tests.
#[cfg(test)]
pub(super) mod steps {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count(steps: usize) {
        STEPS.set(STEPS.get() + steps);
    }

    /// Returns the number of steps since the last call.
    pub fn take() -> usize {
        STEPS.take()
    }
}
