//! Classifies characters: visible, invisible or combining.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

use crate::text::markdown::{Block, Inline, parse};

/// Characters that Unicode counts as letters or symbols, but whose glyphs are empty: the blank Braille pattern, the null notehead,
/// the blanks of Egyptian hieroglyphs, and the object replacement character.
const BLANK: &[char] = &[
    '\u{2800}',
    '\u{fffc}',
    '\u{13441}',
    '\u{13442}',
    '\u{1d159}',
];

/// Whether a text has a character that readers see. Marks that combine with the letter before them do not count by themselves.
pub fn has_visible(text: &str) -> bool {
    text.chars()
        .any(|character| !is_invisible(character) && !is_mark(character))
}

/// ASCII characters that are marks in some dialect of Markdown: of emphasis, code, links, headings, lists, quotations and tables.
const MARKS: &str = "!#()*+-<=>[\\]_`|~";

/// Whether readers see text of a Markdown source. Marks do not count by themselves, whether they are drawn or not: those of
/// an empty link or list item, those of emphasis around nothing, and escaped ones.
pub fn has_visible_text(source: &str) -> bool {
    parse(source).iter().any(|block| match block {
        Block::Paragraph(spans) => spans.split(|span| *span == Inline::Break).any(is_text),
        Block::Bullets(items) | Block::Numbers { items, .. } => {
            items.iter().any(|item| is_text(item))
        }
    })
}

/// Whether readers see text of a line, apart from the number of a list item.
fn is_text(line: &[Inline]) -> bool {
    let mut shown = String::new();
    push_shown(line, &mut shown);
    let shown = shown.trim_start_matches(|character| !counts(character));
    let after_number = shown.trim_start_matches(|character: char| character.is_ascii_digit());
    match after_number.strip_prefix(['.', ')']) {
        Some(rest) if after_number.len() < shown.len() => rest.contains(counts),
        _ => !shown.is_empty(),
    }
}

/// Whether a character is text: readers see it, and it is no mark.
fn counts(character: char) -> bool {
    !is_invisible(character) && !is_mark(character) && !MARKS.contains(character)
}

/// Adds what readers see of spans. Of code, that is every character: `-` may be an option.
fn push_shown(spans: &[Inline], shown: &mut String) {
    for span in spans {
        match span {
            Inline::Text(text) => shown.push_str(text),
            Inline::Code(code) if has_visible(code) => shown.push('x'),
            Inline::Code(_) | Inline::Break => shown.push(' '),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { text: inner, .. } => {
                push_shown(inner, shown);
            }
        }
    }
}

/// Whether a character looks like nothing or like a space: spaces, controls, formats, characters that fonts ignore
/// (Unicode's `Default_Ignorable_Code_Point`), blank letters, private-use characters and noncharacters.
pub fn is_invisible(character: char) -> bool {
    is_ignorable(character)
        || BLANK.contains(&character)
        || is_noncharacter(character)
        || matches!(
            category(character),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::PrivateUse
                | GeneralCategory::SpaceSeparator
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        )
}

/// Whether fonts draw nothing for a character: joiners, direction marks, variation selectors, fillers, tags and the like.
pub fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Whether a character combines with the one before it.
pub fn is_mark(character: char) -> bool {
    matches!(
        category(character),
        GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
    )
}

/// The name of a character in an error message: in quotation marks if it is visible ASCII, else its
/// code point, such as `U+202D`.
pub fn name(character: char) -> String {
    if character.is_ascii_graphic() {
        format!("“{character}”")
    } else {
        format!("U+{:04X}", u32::from(character))
    }
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

fn is_noncharacter(character: char) -> bool {
    let number = u32::from(character);
    (0xfdd0..=0xfdef).contains(&number) || number & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::{has_visible, has_visible_text, is_invisible, name};

    #[test]
    fn texts_of_invisible_characters_are_blank() {
        let blank = [
            // Spaces and line breaks.
            0x09, 0x0a, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2007, 0x200a, 0x2028, 0x2029, 0x202f,
            0x205f, 0x3000, // Joiners, direction marks, invisible operators.
            0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202e,
            0x2060, 0x2061, 0x2064, 0x2065, 0x2066, 0x2069, 0x206a, 0x206f, 0xfeff, 0xfff0, 0xfff9,
            0xfffb, // Fillers and blank letters.
            0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0, 0xfffc, 0x13441, 0x1d159,
            0x1d173, 0x1d17a, 0x1bca0, // Variation selectors and tags.
            0x180b, 0xfe00, 0xfe0f, 0xe0001, 0xe0020, 0xe007f, 0xe0100, 0xe01ef,
            // Marks without a letter.
            0x300, 0x308, 0x483, 0x488, 0x5b0, 0x64b, 0x903, 0x93e, 0x20d0, 0x20e3, 0x3099, 0xfe20,
            0x1d165, 0x16fe4, // Private-use characters and noncharacters.
            0xe000, 0xf8ff, 0xf0000, 0xfdd0, 0xffff, 0x1fffe,
        ];
        for number in blank {
            let character = char::from_u32(number).unwrap();
            let text = format!(" {character}{character}\u{200d}");
            assert!(!has_visible(&text), "U+{number:04X}");
        }
    }

    #[test]
    fn texts_of_every_script_are_visible() {
        for text in [
            "a",
            "-",
            "ß",
            "é",
            "e\u{301}",
            "ק",
            "ب",
            "क",
            "कि",
            "ไ",
            "漢",
            "か\u{3099}",
            "한",
            "ㅎ",
            "🙂",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🇩🇪",
            "\u{200f}ש",
            "·",
            "…",
            "\u{fffd}",
            "\u{16fe0}",
        ] {
            assert!(has_visible(text), "{text:?}");
        }
        assert!(!has_visible(""));
    }

    #[test]
    fn marks_of_markdown_are_no_text() {
        for source in [
            "",
            "**\u{200b}**",
            "*\u{200b}*",
            "_ _",
            "__ __",
            "***",
            "`\u{200b}`",
            "` `",
            "```\n\u{2800}\n```",
            "[\u{200b}](https://a.example)",
            "![\u{3164}](https://a.example)",
            "**[\u{200b}](https://a.example)**",
            "<https://a.example|\u{200b}>",
            "[]()",
            "-",
            "- \u{200b}",
            "- \u{200b}\n- **\u{200b}**",
            "* _\u{200b}_",
            "+ \u{a0}",
            "1.",
            "1. \u{200b}",
            "1) \u{200b}",
            "1. \u{200b}\n2. \u{200b}",
            "**1.** \u{200b}",
            "\\",
            "\\*\\_",
            "\\\u{200b}",
            "\\- \\- \\-",
            "# \u{200b}",
            "> \u{200b}",
            "---",
            "~~\u{200b}~~",
            "| |\n|-|",
            "*\u{301}*",
        ] {
            assert!(!has_visible_text(source), "{source:?}");
        }
        for source in [
            "a",
            "**a**",
            "[\u{200b}](https://a.example) a",
            "https://a.example",
            "[\u{200b}](a.example)",
            "`-`",
            "- \u{200b}\n- a",
            "1. \u{200b}\n2. a",
            "1. Dezember",
            "1",
            "503",
            "99.9",
            "(1) a",
            "?",
            "🙂",
            "\u{200b}\n\n> a",
        ] {
            assert!(has_visible_text(source), "{source:?}");
        }
    }

    #[test]
    fn an_invisible_character_is_named_by_its_code_point() {
        assert_eq!(name('\u{202d}'), "U+202D");
        assert_eq!(name('\u{e0020}'), "U+E0020");
        assert_eq!(name('x'), "“x”");
        assert!(is_invisible('\u{202d}') && !is_invisible('\u{301}'));
    }
}
