//! The card's texts. The build generates [`Text`] from `texts/`, and a file for each language with one text per line. English
//! is compiled in; the other files are fetched when needed.

use std::cell::RefCell;

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// The texts of one language.
pub struct Texts {
    /// The language, as a BCP 47 tag.
    pub tag: &'static str,
    lines: &'static str,
}

/// English, also used while the texts of another language have not arrived.
pub static ENGLISH: Texts = Texts {
    tag: "en",
    lines: include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
};

thread_local! {
    /// The texts of other languages that have arrived. Their memory is leaked, because there are few and they are small.
    static OTHERS: RefCell<Vec<&'static Texts>> = const { RefCell::new(Vec::new()) };
}

/// The texts of a language, or English for an unknown one. `fetched` returns the file of a language once it has arrived.
pub fn for_language(
    language: &str,
    fetched: impl FnOnce(&str) -> Option<String>,
) -> &'static Texts {
    let tag = language.split('-').next().unwrap_or_default();
    if tag == ENGLISH.tag {
        return &ENGLISH;
    }
    OTHERS.with_borrow_mut(|others| {
        let known = others.iter().find(|texts| texts.tag == tag);
        if let Some(texts) = known {
            return *texts;
        }
        let Some(lines) = fetched(tag) else {
            return &ENGLISH;
        };
        let texts: &'static Texts = Box::leak(Box::new(Texts {
            tag: String::leak(tag.to_owned()),
            lines: String::leak(lines),
        }));
        others.push(texts);
        texts
    })
}

impl Texts {
    pub fn get(&self, text: Text) -> &'static str {
        self.lines
            .split('\n')
            .nth(text as usize)
            .unwrap_or_default()
    }

    /// The text with each `%` replaced by the next value.
    pub fn fill(&self, text: Text, values: &[&str]) -> String {
        fill(self.get(text), values)
    }
}

/// Unicode's word joiner, which is invisible. [`crate::element::Element::tied_text`] keeps the words between two of them on one
/// line.
pub const TIE: char = '\u{2060}';

/// A text with each `%` replaced by the next value.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    let mut values = values.iter();
    for (index, part) in text.split('%').enumerate() {
        if index > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, Text, fill, for_language};

    /// The files that the widget fetches.
    const FILES: [(&str, &str); 2] = [
        ("de", include_str!(concat!(env!("OUT_DIR"), "/de.txt"))),
        ("ar", include_str!(concat!(env!("OUT_DIR"), "/ar.txt"))),
    ];

    #[test]
    fn unknown_languages_have_english_texts() {
        let file = |tag: &str| {
            let found = FILES.iter().find(|(name, _)| *name == tag);
            found.map(|(_, lines)| (*lines).to_owned())
        };
        for (language, tag, hide, direction) in [
            ("en", "en", "Hide", "ltr"),
            ("de", "de", "Ausblenden", "ltr"),
            ("de-AT", "de", "Ausblenden", "ltr"),
            ("ar", "ar", "إخفاء", "rtl"),
            ("nl", "en", "Hide", "ltr"),
            ("", "en", "Hide", "ltr"),
        ] {
            let texts = for_language(language, file);
            assert_eq!(texts.tag, tag, "{language}");
            assert_eq!(texts.get(Text::Hide), hide, "{language}");
            assert_eq!(texts.get(Text::Direction), direction, "{language}");
        }
        let once = for_language("de", |_| None);
        assert_eq!(once.tag, "de", "it was fetched before");
    }

    #[test]
    fn placeholders_take_the_values_in_order() {
        assert_eq!(
            fill("From % to %", &["09:25", "11:05"]),
            "From 09:25 to 11:05"
        );
        assert_eq!(fill("None", &["x"]), "None");
        assert_eq!(fill("%", &[]), "");
    }

    #[test]
    fn english_texts_are_pinned() {
        for (text, expected) in [
            (Text::Investigating, "We are looking into it."),
            (Text::Identified, "We know the cause and are fixing it."),
            (Text::Monitoring, "It should work again. We are watching."),
            (Text::ResolvedLabel, "Resolved"),
            (Text::MostlyResolvedLabel, "Mostly resolved"),
            (Text::WorkingSince, "Working again since %: %"),
            (Text::Degraded, "Slow or unreliable"),
            (Text::Partial, "Not working for some"),
            (Text::MajorOutage, "Not working"),
            (Text::NextUpdate, "Next update by %"),
            (
                Text::Overdue,
                "Our % update is late. The problem may not be over yet.",
            ),
            (Text::Hope, "Estimated fix: about %, may change"),
            (Text::Expect, "Estimated fix: %"),
            (Text::By, "Estimated fix: by %"),
            (
                Text::Stale,
                "As of %. We cannot reach our status service; this may have changed.",
            ),
            (Text::Offline, "You are offline. As of %."),
            (Text::Hide, "Hide"),
            (Text::Minimise, "Minimise"),
        ] {
            assert_eq!(ENGLISH.get(text), expected);
        }
    }
}
