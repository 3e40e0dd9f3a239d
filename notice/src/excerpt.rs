//! The beginning of an operator's text, for places with room for a few lines: cut at a word, never inside a link, code or
//! a number.
//!
//! Lengths are in UTF-16 code units, as browsers measure text.

use crate::markdown::{self, Block, Inline};

/// What stands behind a text that was cut. The space keeps the ellipsis on the line of the last word.
const ELLIPSIS: &str = "\u{a0}…";

/// A text as one run without blocks and line breaks.
pub fn run(text: &str) -> Vec<Inline> {
    let mut run: Vec<Inline> = Vec::new();
    let mut push = |content: Vec<Inline>| {
        if !run.is_empty() {
            run.push(Inline::Text(" ".to_owned()));
        }
        run.extend(content.into_iter().map(|part| match part {
            Inline::Break => Inline::Text(" ".to_owned()),
            part => part,
        }));
    };
    for block in markdown::parse(text) {
        match block {
            Block::Paragraph(content) => push(content),
            Block::Bullets(items) | Block::Numbers(items) => items.into_iter().for_each(&mut push),
        }
    }
    run
}

/// A run cut to at most so many units, with an ellipsis behind it.
pub fn cut(run: &[Inline], most: usize) -> Vec<Inline> {
    let mut place = 0;
    let mut end = 0;
    let mut before = ' ';
    find_end(run, most, &mut place, &mut before, &mut end);
    // A single word, link or number that does not fit is cut where the room ends.
    let mut left = if end == 0 { most } else { end };
    let mut kept = keep(run, &mut left);
    kept.push(Inline::Text(ELLIPSIS.to_owned()));
    kept
}

/// Moves `end` to the last place within `most` where the run may be cut: before a space that no number goes across.
fn find_end(run: &[Inline], most: usize, place: &mut usize, before: &mut char, end: &mut usize) {
    for part in run {
        match part {
            Inline::Text(text) => {
                let mut signs = text.chars().peekable();
                while let Some(sign) = signs.next() {
                    let is_number =
                        before.is_ascii_digit() && signs.peek().is_some_and(char::is_ascii_digit);
                    if sign.is_whitespace() && !is_number && *place <= most {
                        *end = *place;
                    }
                    *place += sign.len_utf16();
                    *before = sign;
                }
            }
            Inline::Bold(inner) | Inline::Italic(inner) => {
                find_end(inner, most, place, before, end);
            }
            Inline::Link { text: inner, .. } => {
                *place += length(inner);
                *before = ' ';
            }
            Inline::Code(code) => {
                *place += code.encode_utf16().count();
                *before = ' ';
            }
            Inline::Break => *place += 1,
        }
    }
}

fn length(run: &[Inline]) -> usize {
    run.iter()
        .map(|part| match part {
            Inline::Text(text) | Inline::Code(text) => text.encode_utf16().count(),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
                length(inner)
            }
            Inline::Break => 1,
        })
        .sum()
}

/// The first `left` units.
fn keep(run: &[Inline], left: &mut usize) -> Vec<Inline> {
    let mut kept = Vec::new();
    for part in run {
        if *left == 0 {
            break;
        }
        kept.push(match part {
            Inline::Text(text) => Inline::Text(head(text, left)),
            Inline::Code(code) => Inline::Code(head(code, left)),
            Inline::Bold(inner) => Inline::Bold(keep(inner, left)),
            Inline::Italic(inner) => Inline::Italic(keep(inner, left)),
            Inline::Link { href, text } => Inline::Link {
                href: href.clone(),
                text: keep(text, left),
            },
            Inline::Break => {
                *left -= 1;
                Inline::Break
            }
        });
    }
    kept
}

fn head(text: &str, left: &mut usize) -> String {
    let mut head = String::new();
    for sign in text.chars() {
        let Some(rest) = left.checked_sub(sign.len_utf16()) else {
            *left = 0;
            break;
        };
        *left = rest;
        head.push(sign);
    }
    head
}

#[cfg(test)]
mod tests {
    use super::{cut, run};
    use crate::markdown::Inline;

    fn spelt(run: &[Inline]) -> String {
        run.iter()
            .map(|part| match part {
                Inline::Text(text) => text.clone(),
                Inline::Bold(inner) => format!("B({})", spelt(inner)),
                Inline::Italic(inner) => format!("I({})", spelt(inner)),
                Inline::Code(code) => format!("C({code})"),
                Inline::Link { text, .. } => format!("L({})", spelt(text)),
                Inline::Break => "/".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_run_has_neither_blocks_nor_breaks() {
        let run = run("One\n**two**\n\n- three\n- four");
        assert_eq!(spelt(&run), "One B(two) three four");
    }

    #[test]
    fn a_cut_falls_between_words_links_and_numbers() {
        for (text, most, expected) in [
            ("Do not resend anything", 15, "Do not resend\u{a0}…"),
            ("Do not resend anything", 13, "Do not resend\u{a0}…"),
            ("Do not resend anything", 12, "Do not\u{a0}…"),
            ("Do **not resend** it", 8, "Do B(not)\u{a0}…"),
            (
                "Use [the other page](https://a.example) now",
                10,
                "Use\u{a0}…",
            ),
            (
                "Use [the other page](https://a.example) now",
                18,
                "Use L(the other page)\u{a0}…",
            ),
            ("Run `a b c` now", 6, "Run\u{a0}…"),
            ("Call +61 2 5550 0100 for help", 15, "Call\u{a0}…"),
            (
                "Call +61 2 5550 0100 for help",
                21,
                "Call +61 2 5550 0100\u{a0}…",
            ),
            (
                "\u{1f6e0}\u{1f6e0} tools and more",
                5,
                "\u{1f6e0}\u{1f6e0}\u{a0}…",
            ),
            ("unbroken", 4, "unbr\u{a0}…"),
            ("**bold**ed word", 9, "B(bold)ed\u{a0}…"),
            ("a **bold**ed word", 7, "a\u{a0}…"),
        ] {
            assert_eq!(spelt(&cut(&run(text), most)), expected, "{text} at {most}");
        }
    }
}
