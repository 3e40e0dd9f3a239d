//! Reads the files, and names every fault of them.

use std::collections::BTreeMap;

use toml::{Table as Toml, Value};

use crate::{Entry, Faults, Language, Table};

/// Who says a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The card and the pages.
    Shared,
    /// The card.
    Card,
    /// The pages that the server renders.
    Pages,
    /// The operator console, which is English only.
    Console,
}

impl Section {
    const ALL: [Self; 4] = [Self::Shared, Self::Card, Self::Pages, Self::Console];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// The name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Card => "card",
            Self::Pages => "pages",
            Self::Console => "console",
        }
    }
}

/// CLDR's plural categories, in the order in which the card looks for them. `zero` is missing: nothing counts zero.
const PLURALS: [&str; 5] = ["one", "two", "few", "many", "other"];

/// The key of the list of the plain card's texts.
const PLAIN: &str = "plain";

/// Stands for a value.
const PLACEHOLDER: char = '%';

impl Table {
    /// Reads and checks these languages, English first.
    pub(crate) fn of(files: &[(&str, &str)]) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let mut plain = Vec::new();
        let mut languages = files.iter().map(|(tag, text)| {
            let mut file = File {
                tag,
                faults: &mut faults,
            };
            file.language(text, &mut plain)
        });
        let english = languages.next().unwrap_or_else(|| Language {
            tag: "en".to_owned(),
            texts: Vec::new(),
        });
        let others: Vec<Language> = languages.collect();
        check_keys(&english, &mut faults);
        for other in &others {
            check_translation(&english, other, &mut faults);
        }
        for key in &plain {
            match english.find(key) {
                Some(Entry {
                    section: Section::Shared | Section::Card,
                    ..
                }) => {}
                Some(_) => faults.push(format!(
                    "texts/en.toml: {PLAIN} names {key}, which is in neither [shared] nor [card]"
                )),
                None => faults.push(format!(
                    "texts/en.toml: {PLAIN} names {key}, which is missing"
                )),
            }
        }
        if faults.is_empty() {
            Ok(Self {
                english,
                others,
                plain,
            })
        } else {
            Err(Faults(faults))
        }
    }
}

/// One file while it is read.
struct File<'a> {
    tag: &'a str,
    faults: &'a mut Vec<String>,
}

impl File<'_> {
    fn fault(&mut self, what: &str) {
        self.faults.push(format!("texts/{}.toml: {what}", self.tag));
    }

    fn language(&mut self, text: &str, plain: &mut Vec<String>) -> Language {
        let mut texts = Vec::new();
        match text.parse::<Toml>() {
            Ok(file) => {
                for (name, value) in &file {
                    match (Section::parse(name), value) {
                        (Some(section), Value::Table(keys)) => {
                            self.section(section, keys, &mut texts)
                        }
                        (None, Value::Array(keys)) if name == PLAIN && self.tag == "en" => {
                            plain.extend(keys.iter().filter_map(Value::as_str).map(str::to_owned));
                        }
                        _ => self.fault(&format!("{name} is no section")),
                    }
                }
            }
            Err(error) => self.fault(&format!("this is not TOML: {error}")),
        }
        Language {
            tag: self.tag.to_owned(),
            texts,
        }
    }

    fn section(&mut self, section: Section, keys: &Toml, texts: &mut Vec<Entry>) {
        for (key, value) in keys {
            if !key
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_')
            {
                self.fault(&format!(
                    "{}.{key}: a key has small letters and underscores only",
                    section.name()
                ));
            }
            match text_of(value) {
                Ok(text) => texts.push(Entry {
                    section,
                    key: key.clone(),
                    text,
                }),
                Err(why) => self.fault(&format!("{}.{key} {why}", section.name())),
            }
        }
    }
}

/// A value of the file as a text: a string, or a table of plural forms.
fn text_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => plain_text(text).map(str::to_owned),
        Value::Table(forms) => plural(forms),
        _ => Err("is neither a text nor a table of plural forms".to_owned()),
    }
}

fn plain_text(text: &str) -> Result<&str, String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    // Both separate texts in what is made of the table.
    if text.contains(['\n', '|']) {
        return Err("contains a line break or a vertical bar".to_owned());
    }
    Ok(text)
}

/// `one|two|few|many|other`, cut after the last form that differs from `other`.
fn plural(forms: &Toml) -> Result<String, String> {
    if let Some(unknown) = forms.keys().find(|name| !PLURALS.contains(&name.as_str())) {
        return Err(format!(
            "has the plural form {unknown}: known are {}",
            PLURALS.join(", ")
        ));
    }
    let mut texts = BTreeMap::new();
    for (name, value) in forms {
        let text = value
            .as_str()
            .ok_or("has a plural form that is not a text")?;
        texts.insert(name.as_str(), plain_text(text)?);
    }
    let other = *texts.get("other").ok_or("has no plural form other")?;
    if texts
        .values()
        .any(|text| placeholders(text) > placeholders(other))
    {
        return Err("has a plural form with more % than the form other".to_owned());
    }
    let mut before: Vec<&str> = PLURALS
        .iter()
        .filter(|name| **name != "other")
        .map(|name| texts.get(name).copied().unwrap_or_default())
        .collect();
    while before.last().is_some_and(|text| text.is_empty()) {
        before.pop();
    }
    before.push(other);
    Ok(before.join("|"))
}

/// The number of values that a text takes. Of plural forms the last one holds the number.
fn placeholders(text: &str) -> usize {
    let last = text.rsplit('|').next().unwrap_or_default();
    last.matches(PLACEHOLDER).count()
}

/// A key stands in one section only.
fn check_keys(english: &Language, faults: &mut Vec<String>) {
    let mut sections: BTreeMap<&str, Section> = BTreeMap::new();
    for Entry { section, key, .. } in &english.texts {
        if let Some(first) = sections.insert(key, *section) {
            faults.push(format!(
                "texts/en.toml: {key} stands in [{}] and in [{}]",
                first.name(),
                section.name()
            ));
        }
    }
}

fn check_translation(english: &Language, other: &Language, faults: &mut Vec<String>) {
    let tag = &other.tag;
    for entry in &english.texts {
        let name = format!("{}.{}", entry.section.name(), entry.key);
        let mut translated = other.texts.iter();
        match translated.find(|text| text.key == entry.key && text.section == entry.section) {
            None if entry.section == Section::Console => {}
            None => faults.push(format!("texts/{tag}.toml: {name} is missing")),
            Some(text) => {
                let (here, there) = (placeholders(&text.text), placeholders(&entry.text));
                if here != there {
                    faults.push(format!("texts/{tag}.toml: {name} has % {here} times, in texts/en.toml {there} times"));
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
            faults.push(format!(
                "texts/{tag}.toml: console.{key}: the console is in English only"
            ));
        } else if !is_known {
            faults.push(format!(
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
        let faults = Table::of(&[("en", english), ("de", german)])
            .map_or_else(|faults| faults.0, |_| Vec::new());
        assert_eq!(faults, expected);
    }

    #[test]
    fn complete_files_have_no_faults() {
        check(ENGLISH, GERMAN, &[]);
    }

    #[test]
    fn the_files_of_this_repository_have_no_faults() {
        Table::read().unwrap();
    }

    #[test]
    fn faults_of_a_translation_name_file_and_key() {
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
                "texts/de.toml: page is no section",
            ),
        ] {
            let changed = GERMAN.replace(from, to);
            assert_ne!(changed, GERMAN, "{from}");
            let faults = Table::of(&[("en", ENGLISH), ("de", &changed)]).unwrap_err();
            assert!(
                faults.0.iter().any(|fault| fault == expected),
                "{expected}\n{faults}"
            );
        }
    }

    #[test]
    fn faults_of_english_name_the_key() {
        let twice = ENGLISH.replace("[console]\n", "[console]\nlate = \"Late\"\n");
        check(
            &twice,
            GERMAN,
            &["texts/en.toml: late stands in [pages] and in [console]"],
        );
        for key in ["show", "late"] {
            let listed = ENGLISH.replace("[\"hide\"]", &format!("[\"{key}\"]"));
            let faults = Table::of(&[("en", &listed), ("de", GERMAN)]).unwrap_err();
            assert!(
                faults
                    .to_string()
                    .starts_with(&format!("texts/en.toml: plain names {key}")),
                "{faults}"
            );
        }
    }

    #[test]
    fn a_file_that_is_not_toml_is_named() {
        let faults = Table::of(&[("en", ENGLISH), ("de", "[card\n")]).unwrap_err();
        assert!(
            faults
                .to_string()
                .starts_with("texts/de.toml: this is not TOML"),
            "{faults}"
        );
    }

    #[test]
    fn plural_forms_keep_their_places() {
        for (forms, line) in [
            ("other = \"% d\"", "% d"),
            ("one = \"a\", other = \"% d\"", "a|% d"),
            (
                "one = \"a\", few = \"% c\", many = \"% m\", other = \"% d\"",
                "a||% c|% m|% d",
            ),
        ] {
            let file: toml::Table = format!("days = {{ {forms} }}").parse().unwrap();
            assert_eq!(super::text_of(&file["days"]).unwrap(), line);
        }
    }
}
