//! Languages, as short BCP 47 tags.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A language: a primary subtag (`en`, `de`, `ar`), with script or region only where the texts differ (`zh-Hans`,
/// `zh-Hant`, `pt-BR`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Language(String);

/// Accepted tags with more than a primary subtag.
const LONG: [&str; 3] = ["zh-Hans", "zh-Hant", "pt-BR"];

impl Language {
    /// Parses a tag in its exact spelling. `None` if the tag is unsupported.
    pub fn parse(text: &str) -> Option<Self> {
        let primary = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
        (primary || LONG.contains(&text)).then(|| Self(text.to_owned()))
    }

    /// English, the default language of a site.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The BCP 47 tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("Must be a language tag, for example en, de, zh-Hans or pt-BR.")
        })
    }
}

/// The language of a reader, as a page or a browser names it: any tag of BCP 47, also with
/// underscores. `project::language` selects the language of a site for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LanguageTag(String);

/// Maximum length of a tag. RFC 5646 allows implementations to refuse longer ones (section 4.4.1).
const LONGEST: usize = 35;

impl LanguageTag {
    /// Parses a tag; `None` if it is malformed or too long. Keeps its case. Separators at the end are dropped: pages cut longer tags
    /// there.
    pub fn parse(text: &str) -> Option<Self> {
        let length = text.len();
        let text = text.trim_end_matches(['-', '_']);
        let mut subtags = text.split(['-', '_']);
        let primary = subtags.next()?;
        // Tags such as `i-klingon` are older than the others.
        let is_primary = primary.eq_ignore_ascii_case("i")
            || (2..=8).contains(&primary.len())
                && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_subtag = |subtag: &str| {
            (1..=8).contains(&subtag.len())
                && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        (is_primary && length <= LONGEST && subtags.all(is_subtag))
            .then(|| Self(text.replace('_', "-")))
    }

    /// The tag, with hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Language> for LanguageTag {
    fn from(language: &Language) -> Self {
        Self(language.0.clone())
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("Must be a language tag of BCP 47."))
    }
}

#[cfg(test)]
mod tests {
    use super::LanguageTag;

    #[test]
    fn tags_have_subtags_of_1_to_8_letters_and_digits() {
        for (text, expected) in [
            ("de", Some("de")),
            ("de-CH-1996", Some("de-CH-1996")),
            ("zh_Hant_HK", Some("zh-Hant-HK")),
            ("fil", Some("fil")),
            ("de-x-formal", Some("de-x-formal")),
            (
                "abcdefgh-abcdefgh-abcdefgh-abcdefgh",
                Some("abcdefgh-abcdefgh-abcdefgh-abcdefgh"),
            ),
            ("abcdefgh-abcdefgh-abcdefgh-abcdefgh-a", None),
            ("", None),
            ("e", None),
            ("x-klingon", None),
            ("e1", None),
            ("de-", Some("de")),
            ("de_", Some("de")),
            ("de--", Some("de")),
            ("i-klingon", Some("i-klingon")),
            (
                "sl-Latn-IT-rozaj-nedis-1994-x-thir-",
                Some("sl-Latn-IT-rozaj-nedis-1994-x-thir"),
            ),
            ("-de", None),
            ("de--CH", None),
            ("de-abcdefghi", None),
            ("de_DE.UTF-8", None),
            ("de,en", None),
            ("*", None),
            ("dé", None),
            ("%00", None),
        ] {
            let tag = LanguageTag::parse(text);
            assert_eq!(tag.as_ref().map(LanguageTag::as_str), expected, "{text}");
        }
    }
}
