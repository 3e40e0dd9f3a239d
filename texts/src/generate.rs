//! What is made of the table.

use std::fmt::Write;

use crate::{Language, Table, check::Section};

const CARD: [Section; 2] = [Section::Shared, Section::Card];
const PAGES: [Section; 2] = [Section::Shared, Section::Pages];

impl Table {
    /// The card's texts in a language, one a line, in the order of [`Table::card_keys`]; English where there is no such
    /// language.
    pub fn card(&self, tag: &str) -> String {
        let texts = self.language(tag).of(&self.english, &CARD);
        lines(texts.map(|entry| entry.text.as_str()), "\n")
    }

    /// The plain card's texts in a language, one a line.
    pub fn plain(&self, tag: &str) -> String {
        let language = self.language(tag);
        let texts = self.plain.iter().filter_map(|key| language.find(key));
        lines(texts.map(|entry| entry.text.as_str()), "\n")
    }

    /// `enum Text`, in Rust: the number of a variant is the number of its line in [`Table::card`].
    pub fn card_keys(&self) -> String {
        let mut rust = String::from(
            "/// A text of the card.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Text {\n",
        );
        for entry in self.english.of(&self.english, &CARD) {
            put(
                &mut rust,
                &format!("    /// {}\n    {},\n", entry.text, pascal(&entry.key)),
            );
        }
        rust + "}\n"
    }

    /// `struct Words` with a field for each text of the pages, and a `static` of it for each language, in Rust.
    pub fn pages(&self) -> String {
        let mut rust = String::from(
            "/// The texts of the pages in one language.\n#[derive(Debug)]\npub struct Words {\n    /// The language, as a BCP 47 tag.\n    pub tag: &'static str,\n",
        );
        for entry in self.english.of(&self.english, &PAGES) {
            put(
                &mut rust,
                &format!(
                    "    /// {}\n    pub {}: &'static str,\n",
                    entry.text, entry.key
                ),
            );
        }
        rust.push_str("}\n\nstatic ENGLISH: Words = ");
        rust.push_str(&self.words(&self.english));
        put(
            &mut rust,
            &format!(
                ";\n\nstatic TRANSLATIONS: [Words; {}] = [",
                self.others.len()
            ),
        );
        for language in &self.others {
            rust.push_str(&self.words(language));
            rust.push_str(", ");
        }
        rust + "];\n"
    }

    fn words(&self, language: &Language) -> String {
        let mut rust = format!("Words {{\n    tag: {:?},\n", language.tag);
        for entry in language.of(&self.english, &PAGES) {
            put(
                &mut rust,
                &format!("    {}: {:?},\n", entry.key, entry.text),
            );
        }
        rust + "}"
    }

    /// A constant for each English text, in Rust.
    pub fn english(&self) -> String {
        let mut rust = String::new();
        for entry in &self.english.texts {
            let name = entry.key.to_uppercase();
            put(
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

/// Appends to a text, which cannot fail.
fn put(to: &mut String, text: &str) {
    let _ = to.write_str(text);
}

/// `back_since` as `BackSince`.
fn pascal(key: &str) -> String {
    key.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::pascal;
    use crate::{Table, check::Section};

    /// The Rust sources under a folder of the repository, as one text.
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

    /// Whether a text contains a name that does not go on in another letter.
    fn has(text: &str, name: &str) -> bool {
        text.split(name).skip(1).any(|rest| {
            let next = rest.chars().next().unwrap_or(' ');
            !next.is_ascii_alphanumeric() && next != '_'
        })
    }

    #[test]
    fn every_text_is_used_where_its_section_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let [card, pages, console] = ["widget/src", "edge/src/pages", "www/console/src"]
            .map(|folder| sources(&root.join(folder)));
        let table = Table::read().unwrap();
        let mut unused = Vec::new();
        for entry in &table.english.texts {
            let key = &entry.key;
            let is_in_card =
                has(&card, &format!("Text::{}", pascal(key))) || table.plain.contains(key);
            let is_in_pages = has(&pages, &format!(".{key}"));
            let is_in_console = has(&console, &format!("texts::{}", key.to_uppercase()));
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
    fn a_text_has_one_number_in_every_language() {
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
            let place = |key: &str| {
                table
                    .plain_keys()
                    .iter()
                    .position(|listed| listed == key)
                    .unwrap()
            };
            let word = |key: &str| plain.lines().nth(place(key)).unwrap();
            assert_eq!((word("hide"), word("direction")), (hide, direction));
            assert!(table.pages().contains(&format!("{direction:?}")));
        }
    }
}
