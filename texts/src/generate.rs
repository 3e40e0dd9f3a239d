//! Generates the files of texts that the product reads, and Rust source code with texts.

use std::fmt::Write;

use heck::ToUpperCamelCase;

use crate::table::{Language, Section, Table};

const CARD: [Section; 2] = [Section::Shared, Section::Card];
const PAGES: [Section; 2] = [Section::Shared, Section::Pages];

impl Table {
    /// The card's texts in a language, one per line, in the order of [`Table::card_keys`]. English for an unknown language.
    pub fn card(&self, tag: &str) -> String {
        let texts = self.language(tag).in_sections(&self.english, &CARD);
        lines(texts.map(|entry| entry.text.as_str()), "\n")
    }

    /// The plain card's texts in a language, one per line. English for an unknown language.
    pub fn plain(&self, tag: &str) -> String {
        let language = self.language(tag);
        let texts = self.plain.iter().filter_map(|key| language.find(key));
        lines(texts.map(|entry| entry.text.as_str()), "\n")
    }

    /// Returns the Rust source of `enum Text`. The number of a variant is the number of its line in [`Table::card`].
    pub fn card_keys(&self) -> String {
        let mut rust = String::from(
            "/// A text of the card.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Text {\n",
        );
        for entry in self.english.in_sections(&self.english, &CARD) {
            append(
                &mut rust,
                &format!(
                    "    /// {}\n    {},\n",
                    entry.text,
                    entry.key.to_upper_camel_case()
                ),
            );
        }
        rust + "}\n"
    }

    /// Returns the Rust source of `struct Texts`, with a field for each text of the pages, and of
    /// its values in all languages.
    pub fn pages(&self) -> String {
        let mut rust = String::from(
            "/// The texts of the pages in one language.\n#[derive(Debug)]\npub struct Texts {\n    /// The language, as a BCP 47 tag.\n    pub tag: &'static str,\n",
        );
        for entry in self.english.in_sections(&self.english, &PAGES) {
            append(
                &mut rust,
                &format!(
                    "    /// {}\n    pub {}: &'static str,\n",
                    entry.text, entry.key
                ),
            );
        }
        rust.push_str("}\n\nstatic ENGLISH: Texts = ");
        rust.push_str(&self.texts_in(&self.english));
        append(
            &mut rust,
            &format!(
                ";\n\nstatic TRANSLATIONS: [Texts; {}] = [",
                self.others.len()
            ),
        );
        for language in &self.others {
            rust.push_str(&self.texts_in(language));
            rust.push_str(", ");
        }
        rust + "];\n"
    }

    /// Returns the Rust source of a language's value of `struct Texts`.
    fn texts_in(&self, language: &Language) -> String {
        let mut rust = format!("Texts {{\n    tag: {:?},\n", language.tag);
        for entry in language.in_sections(&self.english, &PAGES) {
            append(
                &mut rust,
                &format!("    {}: {:?},\n", entry.key, entry.text),
            );
        }
        rust + "}"
    }

    /// Returns the Rust source of a constant for each English text.
    pub fn english(&self) -> String {
        let mut rust = String::new();
        for entry in &self.english.texts {
            let name = entry.key.to_uppercase();
            append(
                &mut rust,
                &format!(
                    "/// {}\npub const {name}: &str = {:?};\n",
                    entry.text, entry.text
                ),
            );
        }
        rust
    }
}

fn lines<'a>(texts: impl Iterator<Item = &'a str>, between: &str) -> String {
    texts.collect::<Vec<_>>().join(between)
}

/// Appends to a string, which cannot fail.
fn append(to: &mut String, text: &str) {
    let _ = to.write_str(text);
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use heck::ToUpperCamelCase;

    use crate::table::{Section, Table};

    /// All Rust sources in a folder, joined.
    fn sources(folder: &Path) -> String {
        let mut text = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                text.push_str(&sources(&path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
        text
    }

    /// Whether a text contains a whole name.
    fn contains_name(text: &str, name: &str) -> bool {
        text.split(name).skip(1).any(|rest| {
            let next = rest.chars().next().unwrap_or(' ');
            !next.is_ascii_alphanumeric() && next != '_'
        })
    }

    #[test]
    fn each_text_is_used_by_the_parts_of_its_section() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let [card, pages, console] = ["widget/src", "edge/src/pages", "www/console/src"]
            .map(|folder| sources(&root.join(folder)));
        let table = Table::read().unwrap();
        let mut unused = Vec::new();
        for entry in &table.english.texts {
            let key = &entry.key;
            let is_in_card = contains_name(&card, &format!("Text::{}", key.to_upper_camel_case()))
                || table.plain.contains(key);
            let is_in_pages = contains_name(&pages, &format!(".{key}"));
            let is_in_console = contains_name(&console, &format!("texts::{}", key.to_uppercase()));
            let is_used = match entry.section {
                Section::Shared => is_in_card && is_in_pages,
                Section::Card => is_in_card,
                Section::Pages => is_in_pages,
                Section::Console => is_in_console,
            };
            if !is_used {
                unused.push(format!("{}.{key}", entry.section.name()));
            }
        }
        assert_eq!(unused, [""; 0]);
    }

    #[test]
    fn a_text_has_the_same_number_in_all_languages() {
        let table = Table::read().unwrap();
        let keys = table.card_keys();
        let number = |key: &str| {
            let names = keys
                .lines()
                .filter(|line| line.starts_with("    ") && !line.contains("///"));
            names
                .map(|name| name.trim().trim_end_matches(','))
                .position(|name| name == key)
                .unwrap()
        };
        for (language, hide, direction) in [
            ("en", "Hide", "ltr"),
            ("de", "Ausblenden", "ltr"),
            ("ar", "إخفاء", "rtl"),
        ] {
            let card = table.card(language);
            let line = |key: &str| card.lines().nth(number(key)).unwrap();
            assert_eq!((line("Hide"), line("Direction")), (hide, direction));
            let plain = table.plain(language);
            let index = |key: &str| {
                table
                    .plain_keys()
                    .iter()
                    .position(|listed| listed == key)
                    .unwrap()
            };
            let text = |key: &str| plain.lines().nth(index(key)).unwrap();
            assert_eq!((text("hide"), text("direction")), (hide, direction));
            assert!(table.pages().contains(&format!("{direction:?}")));
        }
    }
}
