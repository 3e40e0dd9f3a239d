//! Excerpts of operators' texts for places with room for a few lines, cut at a word boundary, never inside a link, code
//! or a number.
//!
//! Lengths are in UTF-16 code units, as in browsers.

use crate::text::markdown::{self, Block, Inline};

/// Suffix of a cut text. The no-break space keeps the ellipsis on the line of the last word.
const ELLIPSIS: &str = "\u{a0}…";

/// Flattens a text into one run of spans without blocks and line breaks.
pub fn flatten(text: &str) -> Vec<Inline> {
    let mut run: Vec<Inline> = Vec::new();
    let mut push = |content: Vec<Inline>| {
        if !run.is_empty() {
            run.push(Inline::Text(" ".to_owned()));
        }
        run.extend(content.into_iter().map(|inline| match inline {
            Inline::Break => Inline::Text(" ".to_owned()),
            inline => inline,
        }));
    };
    for block in markdown::parse(text) {
        match block {
            Block::Paragraph(content) => push(content),
            Block::Bullets(items) | Block::Numbers { items, .. } => {
                items.into_iter().for_each(&mut push);
            }
        }
    }
    run
}

/// Cuts a run to at most `most` UTF-16 code units and appends an ellipsis. A first word or link that does not fit is
/// kept whole.
pub fn cut(run: &[Inline], most: usize) -> Vec<Inline> {
    let mut taken = take_units(run, &mut { most });
    if taken.is_empty() {
        return run.to_vec();
    }
    if let Some(Inline::Text(last)) = taken.last_mut() {
        *last = last.trim_end().to_owned();
    }
    taken.push(Inline::Text(ELLIPSIS.to_owned()));
    taken
}

/// Returns the beginning of a run that fits into `left` UTF-16 code units, and subtracts its length from `left`. If the
/// run is cut, `left` becomes 0.
fn take_units(run: &[Inline], left: &mut usize) -> Vec<Inline> {
    let mut taken = Vec::new();
    for inline in run {
        let units = length(inline);
        if units <= *left {
            *left -= units;
            taken.push(inline.clone());
            continue;
        }
        match inline {
            Inline::Text(text) => {
                let head = head(text, *left);
                if !head.is_empty() {
                    taken.push(Inline::Text(head.to_owned()));
                }
            }
            Inline::Bold(inner) => taken.push(Inline::Bold(take_units(inner, left))),
            Inline::Italic(inner) => taken.push(Inline::Italic(take_units(inner, left))),
            _ => {}
        }
        *left = 0;
        break;
    }
    taken
}

/// Whether a text may be cut beside this character: it is Chinese, Japanese or Korean. Korean has spaces between words, but
/// browsers break its lines between any two syllables.
fn is_breakable(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{d7ff}')
}

/// Returns the beginning of a text of at most `most` UTF-16 code units, up to a space that is not inside a number, or a
/// boundary beside a Chinese, Japanese or Korean character.
fn head(text: &str, most: usize) -> &str {
    let mut units = 0;
    let mut head = "";
    let mut before = ' ';
    for (offset, character) in text.char_indices() {
        if units > most {
            break;
        }
        let (start, rest) = text.split_at_checked(offset).unwrap_or_default();
        // A number may begin with an area code: "(02) 5550".
        let is_number = (before.is_ascii_digit() || before == ')')
            && rest
                .trim_start()
                .starts_with(|next: char| next.is_ascii_digit() || next == '(');
        if (character.is_whitespace() && !is_number)
            || is_breakable(character)
            || is_breakable(before)
        {
            head = start;
        }
        units += character.len_utf16();
        before = character;
    }
    head
}

fn length(inline: &Inline) -> usize {
    match inline {
        Inline::Text(text) | Inline::Code(text) => text.encode_utf16().count(),
        Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
            inner.iter().map(length).sum()
        }
        Inline::Break => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, flatten};
    use crate::text::markdown::Inline;

    fn describe(run: &[Inline]) -> String {
        run.iter()
            .map(|inline| match inline {
                Inline::Text(text) => text.clone(),
                Inline::Bold(inner) => format!("B({})", describe(inner)),
                Inline::Italic(inner) => format!("I({})", describe(inner)),
                Inline::Code(code) => format!("C({code})"),
                Inline::Link { text, .. } => format!("L({})", describe(text)),
                Inline::Break => "/".to_owned(),
            })
            .collect()
    }

    #[test]
    fn blocks_and_line_breaks_are_joined_with_spaces() {
        let run = flatten("One\n**two**\n\n- three\n- four");
        assert_eq!(describe(&run), "One B(two) three four");
    }

    #[test]
    fn cut_never_splits_a_word_link_or_number() {
        for (text, most, expected) in [
            ("Do not resend anything", 15, "Do not resend\u{a0}…"),
            ("Do not resend anything", 13, "Do not resend\u{a0}…"),
            ("Do not resend anything", 12, "Do not\u{a0}…"),
            ("请不要重新发送您的消息", 4, "请不要重\u{a0}…"),
            ("请拨打 30 555 号码", 6, "请拨打\u{a0}…"),
            ("Call (0 30) 55 55-01", 13, "Call\u{a0}…"),
            ("Call +61 (2) 5550", 14, "Call\u{a0}…"),
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
            assert_eq!(
                describe(&cut(&flatten(text), most)),
                expected,
                "{text} at {most}"
            );
        }
    }
}
