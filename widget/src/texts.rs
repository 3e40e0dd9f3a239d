//! The card's texts, which the folder `texts` holds for every language. The build makes [`Text`] and a file for each
//! language of them, a line a text. English is built in; the others lie beside the widget and are fetched when needed.

use std::cell::RefCell;

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// One language's words.
pub struct Texts {
    /// The language, as a BCP 47 tag.
    pub tag: &'static str,
    lines: &'static str,
}

/// English, which is the contract that the others translate, and what is said while another is not here.
pub static ENGLISH: Texts = Texts {
    tag: "en",
    lines: include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
};

thread_local! {
    /// The others that have come. Each stays for as long as the page: there are few, and they are small.
    static OTHERS: RefCell<Vec<&'static Texts>> = const { RefCell::new(Vec::new()) };
}

/// The words for a language; English where there are none. `fetched` gives the file of a language, once it is here.
pub fn of(language: &str, fetched: impl FnOnce(&str) -> Option<String>) -> &'static Texts {
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
    /// A text as it stands.
    pub fn get(&self, text: Text) -> &'static str {
        self.lines
            .split('\n')
            .nth(text as usize)
            .unwrap_or_default()
    }

    /// A text, filled in.
    pub fn fill(&self, text: Text, values: &[&str]) -> String {
        fill(self.get(text), values)
    }
}

/// Stands around words that are not to be parted: [`crate::element::Element::sentence`] keeps them on one line. It is
/// Unicode's word joiner, which nobody sees where it is left.
pub const TIE: char = '\u{2060}';

/// A text with each `%` filled in, in turn.
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
    use super::{ENGLISH, Text, fill, of};

    /// The files beside the widget.
    const FILES: [(&str, &str); 2] = [
        ("de", include_str!(concat!(env!("OUT_DIR"), "/de.txt"))),
        ("ar", include_str!(concat!(env!("OUT_DIR"), "/ar.txt"))),
    ];

    #[test]
    fn a_language_has_its_words_and_others_english() {
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
            let texts = of(language, file);
            assert_eq!(texts.tag, tag, "{language}");
            assert_eq!(texts.get(Text::Hide), hide, "{language}");
            assert_eq!(texts.get(Text::Direction), direction, "{language}");
        }
        let once = of("de", |_| None);
        assert_eq!(once.tag, "de", "it was fetched before");
    }

    #[test]
    fn blanks_are_filled_in_turn() {
        assert_eq!(
            fill("From % to %", &["09:25", "11:05"]),
            "From 09:25 to 11:05"
        );
        assert_eq!(fill("None", &["x"]), "None");
        assert_eq!(fill("%", &[]), "");
    }

    #[test]
    fn the_words_are_those_that_were_promised() {
        for (text, words) in [
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
            assert_eq!(ENGLISH.get(text), words);
        }
    }
}
