//! The texts of all languages.

/// The checked texts of all languages.
#[derive(Debug)]
pub struct Table {
    pub(crate) english: Language,
    /// The other languages, with the sections and keys of English except the section `console`.
    pub(crate) others: Vec<Language>,
    /// The keys of the plain card's texts. The index of a key is the number of its text.
    pub(crate) plain: Vec<String>,
}

/// The texts of one language.
#[derive(Debug)]
pub struct Language {
    /// A BCP 47 tag.
    pub tag: String,
    /// The texts in the order of the file.
    pub texts: Vec<Entry>,
}

/// A text with its section and key.
#[derive(Clone, Debug)]
pub struct Entry {
    pub section: Section,
    pub key: String,
    /// The text, with `%` for each value. Plural forms are in CLDR's order, separated by `|`. A missing form is empty;
    /// missing forms directly before `other`, which is always last, are omitted.
    pub text: String,
}

/// The part of the product that uses a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The card and the pages that the server renders.
    Shared,
    Card,
    /// The pages that the server renders.
    Pages,
    /// The operator console, which is English only.
    Console,
}

impl Section {
    const ALL: [Self; 4] = [Self::Shared, Self::Card, Self::Pages, Self::Console];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Card => "card",
            Self::Pages => "pages",
            Self::Console => "console",
        }
    }
}

impl Table {
    /// The tags of all languages, English first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        let languages = [&self.english].into_iter().chain(&self.others);
        languages.map(|language| language.tag.as_str())
    }

    /// The keys of the plain card's texts. The index of a key is the number of its text.
    pub fn plain_keys(&self) -> &[String] {
        &self.plain
    }

    /// The texts of a language; English if the tag is unknown.
    pub(crate) fn language(&self, tag: &str) -> &Language {
        let other = self.others.iter().find(|language| language.tag == tag);
        other.unwrap_or(&self.english)
    }
}

impl Language {
    /// The texts of these sections, in the order of `english`; missing texts are skipped.
    pub fn in_sections<'a>(
        &'a self,
        english: &'a Self,
        sections: &'a [Section],
    ) -> impl Iterator<Item = &'a Entry> {
        let entries = english.texts.iter();
        let entries = entries.filter(|entry| sections.contains(&entry.section));
        entries.filter_map(|entry| self.find(&entry.key))
    }

    pub fn find(&self, key: &str) -> Option<&Entry> {
        self.texts.iter().find(|entry| entry.key == key)
    }
}
