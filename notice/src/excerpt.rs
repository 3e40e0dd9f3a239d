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

/// A run cut to at most so many units, with an ellipsis behind it. A single word or link that does not fit stays whole.
pub fn cut(run: &[Inline], most: usize) -> Vec<Inline> {
    let mut kept = keep(run, &mut { most });
    if kept.is_empty() {
        return run.to_vec();
    }
    if let Some(Inline::Text(last)) = kept.last_mut() {
        *last = last.trim_end().to_owned();
    }
    kept.push(Inline::Text(ELLIPSIS.to_owned()));
    kept
}

/// What of a run fits into so many units, which are counted down to none where it is cut.
fn keep(run: &[Inline], left: &mut usize) -> Vec<Inline> {
    let mut kept = Vec::new();
    for part in run {
        let units = length(part);
        if units <= *left {
            *left -= units;
            kept.push(part.clone());
            continue;
        }
        match part {
            Inline::Text(text) => {
                let head = head(text, *left);
                if !head.is_empty() {
                    kept.push(Inline::Text(head.to_owned()));
                }
            }
            Inline::Bold(inner) => kept.push(Inline::Bold(keep(inner, left))),
            Inline::Italic(inner) => kept.push(Inline::Italic(keep(inner, left))),
            _ => {}
        }
        *left = 0;
        break;
    }
    kept
}

/// Whether a sign is of a script that leaves no spaces between words: Chinese, Japanese or Korean.
fn leaves_no_spaces(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{d7ff}')
}

/// The beginning of a text that ends within so many units: before a space that no number goes across, or beside a sign of
/// a script that leaves no spaces.
fn head(text: &str, most: usize) -> &str {
    let mut units = 0;
    let mut head = "";
    let mut before = ' ';
    for (place, sign) in text.char_indices() {
        if units > most {
            break;
        }
        let (start, rest) = text.split_at_checked(place).unwrap_or_default();
        let is_number = before.is_ascii_digit()
            && rest
                .trim_start()
                .starts_with(|next: char| next.is_ascii_digit());
        if (sign.is_whitespace() && !is_number)
            || leaves_no_spaces(sign)
            || leaves_no_spaces(before)
        {
            head = start;
        }
        units += sign.len_utf16();
        before = sign;
    }
    head
}

fn length(part: &Inline) -> usize {
    match part {
        Inline::Text(text) | Inline::Code(text) => text.encode_utf16().count(),
        Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
            inner.iter().map(length).sum()
        }
        Inline::Break => 1,
    }
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
            ("请不要重新发送您的消息", 4, "请不要重\u{a0}…"),
            ("请拨打 30 555 号码", 6, "请拨打\u{a0}…"),
            ("메시지를 다시", 2, "메시\u{a0}…"),
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
            ("unbroken", 4, "unbroken"),
            ("[unbroken link](https://a.example)", 4, "L(unbroken link)"),
            ("**bold**ed word", 9, "B(bold)ed\u{a0}…"),
            (
                "Do **not resend**: it arrives",
                13,
                "Do B(not resend)\u{a0}…",
            ),
        ] {
            assert_eq!(spelt(&cut(&run(text), most)), expected, "{text} at {most}");
        }
    }
}
