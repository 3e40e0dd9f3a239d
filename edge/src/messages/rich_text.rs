//! Operators' Markdown as paragraphs of spans, cut to the length that a format allows. Formats render spans after the cut, so that
//! no text is mistaken for markup and no markup is cut in half.

use notice::text::markdown::{self, Block, Inline};
use unicode_segmentation::UnicodeSegmentation;

/// Maximum length of a link's address, in characters. A link with a longer address is shown as text.
const MAX_ADDRESS: usize = 2_000;
/// Appended where a text was cut.
pub const ELLIPSIS: &str = "…";

/// Text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub code: bool,
    pub link: Option<String>,
}

/// A line of text, or an item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub marker: Marker,
    /// Whether this continues the preceding paragraph: a line after a line break, or a further item of a list.
    pub is_continuation: bool,
    pub spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marker {
    #[default]
    None,
    Bullet,
    Number(u32),
}

impl Span {
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self {
            bold: true,
            ..Self::plain(text)
        }
    }

    /// The same style with another text.
    fn with_text(&self, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..self.clone()
        }
    }

    /// Whether a cut drops the whole span instead of shortening its text.
    fn is_atomic(&self) -> bool {
        self.code || self.link.is_some()
    }
}

impl Marker {
    /// The marker in plain text, with a space at the end.
    pub fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Bullet => "• ".to_owned(),
            Self::Number(number) => format!("{number}. "),
        }
    }
}

/// Parses Markdown.
pub fn parse(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for block in markdown::parse(text) {
        match block {
            Block::Paragraph(content) => push_lines(&mut paragraphs, &content),
            Block::Bullets(items) => push_items(&mut paragraphs, &items, |_| Marker::Bullet),
            Block::Numbers { start, items } => push_items(&mut paragraphs, &items, |index| {
                Marker::Number(start.saturating_add(index))
            }),
        }
    }
    paragraphs
}

fn push_lines(paragraphs: &mut Vec<Paragraph>, content: &[Inline]) {
    for (index, line) in content.split(|inline| *inline == Inline::Break).enumerate() {
        paragraphs.push(Paragraph {
            marker: Marker::None,
            is_continuation: index > 0,
            spans: spans(line, &Span::default()),
        });
    }
}

fn push_items(
    paragraphs: &mut Vec<Paragraph>,
    items: &[Vec<Inline>],
    marker: impl Fn(u32) -> Marker,
) {
    for (index, item) in (0..).zip(items) {
        paragraphs.push(Paragraph {
            marker: marker(index),
            is_continuation: index > 0,
            spans: spans(item, &Span::default()),
        });
    }
}

fn spans(content: &[Inline], style: &Span) -> Vec<Span> {
    let mut spans = Vec::new();
    for inline in content {
        match inline {
            Inline::Text(text) if text.is_empty() => {}
            Inline::Text(text) => spans.push(style.with_text(text)),
            Inline::Break => spans.push(style.with_text(" ")),
            Inline::Code(text) => spans.push(Span {
                code: true,
                ..style.with_text(text)
            }),
            Inline::Bold(inner) => {
                let bold = Span {
                    bold: true,
                    ..style.clone()
                };
                spans.extend(self::spans(inner, &bold));
            }
            Inline::Italic(inner) => {
                let italic = Span {
                    italic: true,
                    ..style.clone()
                };
                spans.extend(self::spans(inner, &italic));
            }
            // A link's text is one span: styles inside it are dropped.
            Inline::Link { href, text } => {
                let text = plain_text(text);
                let text = if text.is_empty() { href } else { &text };
                spans.push(Span {
                    link: (href.chars().count() <= MAX_ADDRESS).then(|| href.clone()),
                    ..style.with_text(text)
                });
            }
        }
    }
    spans
}

fn plain_text(content: &[Inline]) -> String {
    let parts = spans(content, &Span::default()).into_iter();
    parts.map(|span| span.text).collect()
}

/// The space that a format has for a text, in the format's unit (UTF-16 code units or bytes).
pub struct Space<'a> {
    /// The space for the whole text, ellipsis included.
    pub most: usize,
    /// The space that each paragraph takes without its spans.
    pub paragraph: usize,
    /// The space that a span takes. Must be additive: a text takes as much space as its parts together.
    pub span: &'a dyn Fn(&Span) -> usize,
}

/// Returns the beginning of a text that fits, with an ellipsis if anything was cut. Cuts at the end of a word, and never inside a
/// link, code, a number or a character that consists of several code points, such as an emoji. Only the first word may be cut
/// inside, because a text of one word would otherwise be empty.
pub fn fit(paragraphs: Vec<Paragraph>, space: &Space<'_>) -> Vec<Paragraph> {
    let total = paragraphs
        .iter()
        .map(|paragraph| length(paragraph, space))
        .sum::<usize>();
    if total <= space.most {
        return paragraphs;
    }
    let ellipsis = Span::plain(ELLIPSIS);
    let mut left = space.most.saturating_sub((space.span)(&ellipsis));
    let mut taken: Vec<Paragraph> = Vec::new();
    for paragraph in paragraphs {
        let whole = length(&paragraph, space);
        if whole <= left {
            left -= whole;
            taken.push(paragraph);
            continue;
        }
        if let Some(rest) = left.checked_sub(space.paragraph) {
            let is_first = taken.is_empty();
            let spans = take_spans(&paragraph.spans, rest, space, is_first);
            if !spans.is_empty() {
                taken.push(Paragraph { spans, ..paragraph });
            }
        }
        break;
    }
    match taken.last_mut() {
        Some(last) => last.spans.push(ellipsis),
        None => taken.push(Paragraph {
            spans: vec![ellipsis],
            ..Paragraph::default()
        }),
    }
    taken
}

fn length(paragraph: &Paragraph, space: &Space<'_>) -> usize {
    let spans = paragraph.spans.iter().map(space.span);
    space.paragraph + spans.sum::<usize>()
}

fn take_spans(spans: &[Span], most: usize, space: &Space<'_>, is_first: bool) -> Vec<Span> {
    let mut left = most;
    let mut taken: Vec<Span> = Vec::new();
    for span in spans {
        let whole = (space.span)(span);
        if whole <= left {
            left -= whole;
            taken.push(span.clone());
            continue;
        }
        if !span.is_atomic() {
            let may_cut_word = is_first && taken.is_empty();
            let head = head(span, left, space, may_cut_word);
            if !head.is_empty() {
                taken.push(span.with_text(head));
            }
        }
        break;
    }
    // A cut before a word leaves the space that precedes the word.
    if let Some(last) = taken.last_mut().filter(|last| !last.is_atomic()) {
        last.text.truncate(last.text.trim_end().len());
    }
    taken.retain(|span| !span.text.is_empty());
    taken
}

/// The beginning of a span's text that fits.
fn head<'a>(span: &'a Span, most: usize, space: &Space<'_>, may_cut_word: bool) -> &'a str {
    let empty = (space.span)(&span.with_text(""));
    let mut used = empty;
    let mut at_word = 0;
    let mut at_character = 0;
    let mut before = ' ';
    for (offset, grapheme) in span.text.grapheme_indices(true) {
        let first = grapheme.chars().next().unwrap_or(' ');
        let rest = span.text.get(offset..).unwrap_or_default();
        if is_boundary(before, first, rest) {
            at_word = offset;
        }
        at_character = offset;
        used += (space.span)(&span.with_text(grapheme)).saturating_sub(empty);
        if used > most {
            break;
        }
        before = grapheme.chars().last().unwrap_or(' ');
    }
    let end = match at_word {
        0 if may_cut_word => at_character,
        end => end,
    };
    span.text.get(..end).unwrap_or_default()
}

/// Whether a text may be cut between the characters `before` and `first`: if `first` is a space that is not inside a number, or if
/// either is Chinese, Japanese or Korean. `rest` is the text from `first` on.
fn is_boundary(before: char, first: char, rest: &str) -> bool {
    let is_breakable = |character| matches!(character, '\u{2e80}'..='\u{d7ff}');
    let starts_number = || {
        rest.trim_start()
            .starts_with(|next: char| next.is_ascii_digit())
    };
    (first.is_whitespace() && !(before.is_ascii_digit() && starts_number()))
        || is_breakable(first)
        || is_breakable(before)
}

/// Cuts a text in one style, such as a title, to `most` UTF-16 code units.
pub fn fit_line(text: &str, most: usize) -> String {
    let paragraph = Paragraph {
        spans: vec![Span::plain(text)],
        ..Paragraph::default()
    };
    let space = Space {
        most,
        paragraph: 0,
        span: &|span| units(&span.text),
    };
    let spans = fit(vec![paragraph], &space)
        .into_iter()
        .flat_map(|one| one.spans);
    spans.map(|span| span.text).collect()
}

/// The length in UTF-16 code units. A text has at least as many code units as characters.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::{Marker, Paragraph, Space, Span, fit, fit_line, parse, units};

    fn text(paragraphs: &[Paragraph]) -> String {
        let line = |paragraph: &Paragraph| {
            let spans = paragraph.spans.iter().map(|span| match &span.link {
                Some(link) => format!("[{}]({link})", span.text),
                None if span.code => format!("`{}`", span.text),
                None => span.text.clone(),
            });
            paragraph.marker.text() + &spans.collect::<String>()
        };
        paragraphs.iter().map(line).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn markdown_becomes_lines_items_and_styles() {
        let parsed = parse(
            "One **two**\nthree\n\n- four\n- [five](https://a.example)\n\n1. six\n2. `seven`",
        );
        assert_eq!(
            text(&parsed),
            "One two/three/• four/• [five](https://a.example)/1. six/2. `seven`"
        );
        let is_continuation: Vec<bool> = parsed.iter().map(|one| one.is_continuation).collect();
        assert_eq!(is_continuation, [false, true, false, true, false, true]);
        assert_eq!(parsed[0].spans[1], Span::bold("two"));
        assert_eq!(parsed[4].marker, Marker::Number(1));
    }

    #[test]
    fn a_cut_is_at_a_word_and_outside_of_links_and_emoji() {
        let family = "👨‍👩‍👧‍👦";
        let flags = "🇦🇺🇩🇪🇯🇵";
        for (given, most, expected) in [
            ("one two three", 13, "one two three".to_owned()),
            ("one two three", 12, "one two…".to_owned()),
            ("one two three", 8, "one two…".to_owned()),
            ("one two three", 7, "one…".to_owned()),
            ("unbroken", 4, "unb…".to_owned()),
            ("one unbroken", 6, "one…".to_owned()),
            ("Call +61 2 5550 now", 13, "Call…".to_owned()),
            ("Call +61 2 5550 now", 16, "Call +61 2 5550…".to_owned()),
            ("请不要重新发送", 4, "请不要…".to_owned()),
            (
                "See [the page](https://a.example) now",
                10,
                "See…".to_owned(),
            ),
            ("See `a b c` now", 6, "See…".to_owned()),
            ("first\n\nsecond line", 13, "first/second…".to_owned()),
            ("- one\n- two", 4, "• one…".to_owned()),
            (family, 11, family.to_owned()),
            (family, 10, "…".to_owned()),
            (flags, 6, "🇦🇺…".to_owned()),
            ("[long link](https://a.example)", 5, "…".to_owned()),
        ] {
            let space = Space {
                most,
                paragraph: 0,
                span: &|span| units(&span.text),
            };
            let cut = fit(parse(given), &space);
            assert_eq!(text(&cut), expected, "{given} at {most}");
        }
    }

    #[test]
    fn a_line_is_cut_to_its_length() {
        assert_eq!(fit_line("Messages are delayed", 20), "Messages are delayed");
        assert_eq!(fit_line("Messages are delayed", 19), "Messages are…");
    }
}
