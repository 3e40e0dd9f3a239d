//! Languages, as short BCP 47 tags.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A language: a primary subtag (`en`, `de`, `ar`), with script or region only where the words differ (`zh-Hans`,
/// `zh-Hant`, `pt-BR`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Language(String);

/// The tags that are more than a primary subtag.
const LONG: [&str; 3] = ["zh-Hans", "zh-Hant", "pt-BR"];

impl Language {
    /// Reads a tag exactly as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let primary = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
        (primary || LONG.contains(&text)).then(|| Self(text.to_owned()))
    }

    /// Reads any BCP 47 tag as a browser sends it and keeps what Allclear distinguishes: `en-AU` is `en`, `zh-TW` is
    /// `zh-Hant`.
    pub fn canonical(text: &str) -> Option<Self> {
        let mut subtags = text.split(['-', '_']);
        let primary = subtags.next()?.to_ascii_lowercase();
        let rest: Vec<String> = subtags.map(str::to_ascii_lowercase).collect();
        let has = |wanted: &[&str]| rest.iter().any(|subtag| wanted.contains(&subtag.as_str()));
        let tag = match primary.as_str() {
            "zh" if has(&["hant", "tw", "hk", "mo"]) => "zh-Hant",
            "zh" if has(&["hans", "cn", "sg"]) => "zh-Hans",
            "pt" if has(&["br"]) => "pt-BR",
            other => other,
        };
        Self::parse(tag)
    }

    /// English, the language of a site that names none.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag as text.
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

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_browsers_tag_becomes_one_of_few() {
        for (given, expected) in [
            ("en", Some("en")),
            ("EN-au", Some("en")),
            ("de_DE", Some("de")),
            ("zh-TW", Some("zh-Hant")),
            ("zh-Hans-CN", Some("zh-Hans")),
            ("zh", Some("zh")),
            ("pt-BR", Some("pt-BR")),
            ("pt-PT", Some("pt")),
            ("", None),
            ("x", None),
            ("e1", None),
            ("english", None),
        ] {
            let read = Language::canonical(given);
            assert_eq!(read.as_ref().map(Language::as_str), expected, "{given}");
        }
    }
}
