//! Checks the files of all languages against English, and reports all errors.

use std::{collections::BTreeMap, error::Error, fmt};

use crate::{
    parse::{self, PLAIN, placeholders},
    table::{Entry, Language, Section, Table},
};

/// The errors in the files: a sentence for each, with the file and the key.
#[derive(PartialEq, Eq)]
pub struct Errors(Vec<String>);

impl fmt::Display for Errors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

/// Like `Display`: an error that a build script returns is printed with `Debug`.
impl fmt::Debug for Errors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for Errors {}

impl Table {
    /// Parses and checks the files of languages, each with its tag. The first one is English.
    pub(crate) fn of(files: &[(&str, &str)]) -> Result<Self, Errors> {
        let mut errors = Vec::new();
        let mut plain = Vec::new();
        let mut languages = files
            .iter()
            .map(|(tag, text)| parse::language(tag, text, &mut plain, &mut errors));
        let english = languages.next().unwrap_or_else(|| Language {
            tag: "en".to_owned(),
            texts: Vec::new(),
        });
        let others: Vec<Language> = languages.collect();
        check_keys(&english, &mut errors);
        for other in &others {
            check_translation(&english, other, &mut errors);
        }
        for key in &plain {
            match english.find(key) {
                Some(Entry {
                    section: Section::Shared | Section::Card,
                    ..
                }) => {}
                Some(_) => errors.push(format!(
                    "texts/en.toml: {PLAIN} names {key}, which is in neither [shared] nor [card]"
                )),
                None => errors.push(format!(
                    "texts/en.toml: {PLAIN} names {key}, which is missing"
                )),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                english,
                others,
                plain,
            })
        } else {
            Err(Errors(errors))
        }
    }
}

/// Checks that no key is in two sections.
fn check_keys(english: &Language, errors: &mut Vec<String>) {
    let mut sections: BTreeMap<&str, Section> = BTreeMap::new();
    for Entry { section, key, .. } in &english.texts {
        if let Some(first) = sections.insert(key, *section) {
            errors.push(format!(
                "texts/en.toml: {key} is in [{}] and in [{}]",
                first.name(),
                section.name()
            ));
        }
    }
}

fn check_translation(english: &Language, other: &Language, errors: &mut Vec<String>) {
    let tag = &other.tag;
    for entry in &english.texts {
        let name = format!("{}.{}", entry.section.name(), entry.key);
        let mut translated = other.texts.iter();
        match translated.find(|text| text.key == entry.key && text.section == entry.section) {
            None if entry.section == Section::Console => {}
            None => errors.push(format!("texts/{tag}.toml: {name} is missing")),
            Some(text) => {
                let (here, there) = (placeholders(&text.text), placeholders(&entry.text));
                if here != there {
                    errors.push(format!("texts/{tag}.toml: {name} has % {here} times, in texts/en.toml {there} times"));
                }
            }
        }
    }
    for Entry { section, key, .. } in &other.texts {
        let is_known = english
            .texts
            .iter()
            .any(|text| text.key == *key && text.section == *section);
        if *section == Section::Console {
            errors.push(format!(
                "texts/{tag}.toml: console.{key}: the console is in English only"
            ));
        } else if !is_known {
            errors.push(format!(
                "texts/{tag}.toml: {}.{key} is not in texts/en.toml",
                section.name()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Table;

    const ENGLISH: &str = "plain = [\"hide\"]\n[shared]\ndirection = \"ltr\"\n[card]\nhide = \"Hide\"\ndays = { one = \"% day\", other = \"% days\" }\n[pages]\nlate = \"% late by %\"\n[console]\nsave = \"Save\"\n";
    const GERMAN: &str = "[shared]\ndirection = \"ltr\"\n[card]\nhide = \"Ausblenden\"\ndays = { one = \"ein Tag\", other = \"% Tage\" }\n[pages]\nlate = \"% um % zu spät\"\n";

    #[track_caller]
    fn check(english: &str, german: &str, expected: &[&str]) {
        let errors = Table::of(&[("en", english), ("de", german)])
            .map_or_else(|errors| errors.0, |_| Vec::new());
        assert_eq!(errors, expected);
    }

    #[test]
    fn complete_files_have_no_errors() {
        check(ENGLISH, GERMAN, &[]);
    }

    #[test]
    fn the_files_of_this_repository_have_no_errors() {
        Table::read().unwrap();
    }

    #[test]
    fn an_error_in_a_translation_has_the_file_and_the_key() {
        for (from, to, expected) in [
            (
                "hide = \"Ausblenden\"\n",
                "",
                "texts/de.toml: card.hide is missing",
            ),
            (
                "hide =",
                "hidden = \"\"\nhide =",
                "texts/de.toml: card.hidden is empty",
            ),
            (
                "hide =",
                "hidden = \"Aus\"\nhide =",
                "texts/de.toml: card.hidden is not in texts/en.toml",
            ),
            (
                "% um %",
                "um %",
                "texts/de.toml: pages.late has % 1 times, in texts/en.toml 2 times",
            ),
            (
                "% Tage",
                "Tage",
                "texts/de.toml: card.days has % 0 times, in texts/en.toml 1 times",
            ),
            (
                "one =",
                "single =",
                "texts/de.toml: card.days has the plural form single: known are one, two, few, many, other",
            ),
            (
                "\"Ausblenden\"",
                "5",
                "texts/de.toml: card.hide is neither a text nor a table of plural forms",
            ),
            (
                "Ausblenden",
                "Aus|blenden",
                "texts/de.toml: card.hide contains a line break or a vertical bar",
            ),
            (
                "[pages]",
                "[console]\nsave = \"Sichern\"\n[pages]",
                "texts/de.toml: console.save: the console is in English only",
            ),
            (
                "[pages]",
                "[page]\nlate = \"% %\"\n[pages]",
                "texts/de.toml: page is not a section",
            ),
        ] {
            let changed = GERMAN.replace(from, to);
            assert_ne!(changed, GERMAN, "{from}");
            let errors = Table::of(&[("en", ENGLISH), ("de", &changed)]).unwrap_err();
            assert!(
                errors.0.iter().any(|error| error == expected),
                "{expected}\n{errors}"
            );
        }
    }

    #[test]
    fn an_error_in_english_has_the_key() {
        let twice = ENGLISH.replace("[console]\n", "[console]\nlate = \"Late\"\n");
        check(
            &twice,
            GERMAN,
            &["texts/en.toml: late is in [pages] and in [console]"],
        );
        for key in ["show", "late"] {
            let listed = ENGLISH.replace("[\"hide\"]", &format!("[\"{key}\"]"));
            let errors = Table::of(&[("en", &listed), ("de", GERMAN)]).unwrap_err();
            assert!(
                errors
                    .to_string()
                    .starts_with(&format!("texts/en.toml: plain names {key}")),
                "{errors}"
            );
        }
    }

    #[test]
    fn a_file_that_is_not_toml_is_an_error() {
        let errors = Table::of(&[("en", ENGLISH), ("de", "[card\n")]).unwrap_err();
        assert!(
            errors
                .to_string()
                .starts_with("texts/de.toml: this is not TOML"),
            "{errors}"
        );
    }
}
