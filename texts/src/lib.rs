//! The table of every text that Allclear itself says: one TOML file per language, beside this crate's `src`.
//!
//! Build scripts and xtask read it, and make of it what each of the others takes: the card's lines, the plain card's words,
//! the pages' struct and the console's constants. Nothing of this crate ships.

mod check;
mod generate;

use std::{env, error::Error, fmt, fs, path::PathBuf};

use check::Section;

/// The languages: the tag and the file of each. English comes first and decides which texts there are.
///
/// A new language is a file and a line here.
const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../en.toml")),
    ("ar", include_str!("../ar.toml")),
    ("de", include_str!("../de.toml")),
];

/// The checked texts of all languages.
#[derive(Debug)]
pub struct Table {
    /// English.
    english: Language,
    /// The other languages, with the sections and keys of English, but for those of the console.
    others: Vec<Language>,
    /// The keys of the plain card's texts. A text's place is its number.
    plain: Vec<String>,
}

/// The texts of one language.
#[derive(Debug)]
struct Language {
    /// The BCP 47 tag.
    tag: String,
    /// All texts, in the order of the file.
    texts: Vec<Entry>,
}

/// One text.
#[derive(Clone, Debug)]
struct Entry {
    section: Section,
    key: String,
    /// The text, with `%` for each value. Plural forms stand in CLDR's order with `|` between them; a form that is missing
    /// at the end is the last one.
    text: String,
}

/// What is wrong with the files: a sentence for each fault, with the file and the key.
#[derive(PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

/// As `Display`: this is what a build script that returns it prints.
impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for Faults {}

/// Writes files for the package whose build script calls this, by name, into its `OUT_DIR`.
///
/// # Errors
/// The [`Faults`] of the table, or the file that cannot be written.
#[expect(
    clippy::print_stdout,
    reason = "a build script talks to cargo over standard output"
)]
pub fn generate(files: impl FnOnce(&Table) -> Vec<(String, String)>) -> Result<(), Box<dyn Error>> {
    // The table is part of this crate, so that cargo runs the script again when it changes.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    for (name, content) in files(&Table::read()?) {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

impl Table {
    /// Reads and checks the files.
    ///
    /// # Errors
    /// Every fault: a file that is not TOML, a missing or unknown key, a number of values that differs from English.
    pub fn read() -> Result<Self, Faults> {
        Self::of(&LANGUAGES)
    }

    /// The tags of all languages, English first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        let languages = [&self.english].into_iter().chain(&self.others);
        languages.map(|language| language.tag.as_str())
    }

    /// The keys of the plain card's texts. A text's place in this list is its number.
    pub fn plain_keys(&self) -> &[String] {
        &self.plain
    }

    fn language(&self, tag: &str) -> &Language {
        let other = self.others.iter().find(|language| language.tag == tag);
        other.unwrap_or(&self.english)
    }
}

impl Language {
    /// The texts of these sections, in the order of `english`.
    fn of<'a>(
        &'a self,
        english: &'a Self,
        sections: &'a [Section],
    ) -> impl Iterator<Item = &'a Entry> {
        let wanted = english.texts.iter();
        let wanted = wanted.filter(|entry| sections.contains(&entry.section));
        wanted.filter_map(|entry| self.find(&entry.key))
    }

    fn find(&self, key: &str) -> Option<&Entry> {
        self.texts.iter().find(|entry| entry.key == key)
    }
}
