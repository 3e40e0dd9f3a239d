//! Parses the file of one language.

use std::collections::BTreeMap;

use toml::{Table as Toml, Value};

use crate::table::{Entry, Language, Section};

/// CLDR's plural categories, in the order that the card expects. Without `zero`, because no text is used with 0.
const PLURALS: [&str; 5] = ["one", "two", "few", "many", "other"];

/// The name of the array that lists the keys of the plain card's texts.
pub const PLAIN: &str = "plain";

/// The placeholder for a value.
const PLACEHOLDER: char = '%';

/// Parses a file. Adds its errors to `errors` and, for English, the keys of the plain card's texts to `plain`.
pub fn language(
    tag: &str,
    text: &str,
    plain: &mut Vec<String>,
    errors: &mut Vec<String>,
) -> Language {
    File { tag, errors }.language(text, plain)
}

/// The file that is being parsed.
struct File<'a> {
    tag: &'a str,
    errors: &'a mut Vec<String>,
}

impl File<'_> {
    fn error(&mut self, message: &str) {
        self.errors
            .push(format!("texts/{}.toml: {message}", self.tag));
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
                        _ => self.error(&format!("{name} is not a section")),
                    }
                }
            }
            Err(error) => self.error(&format!("this is not TOML: {error}")),
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
                self.error(&format!(
                    "{}.{key}: a key may contain only lower-case letters and underscores",
                    section.name()
                ));
            }
            match text_of(value) {
                Ok(text) => texts.push(Entry {
                    section,
                    key: key.clone(),
                    text,
                }),
                Err(why) => self.error(&format!("{}.{key} {why}", section.name())),
            }
        }
    }
}

/// The text of a value, which is a string or a table of plural forms.
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
    // Line breaks and vertical bars are separators in the generated files.
    if text.contains(['\n', '|']) {
        return Err("contains a line break or a vertical bar".to_owned());
    }
    Ok(text)
}

/// Joins plural forms as `one|two|few|many|other`. A missing form is empty; missing forms directly
/// before `other` are left out.
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

/// The number of placeholders in a text; in plural forms, that of the last form.
pub fn placeholders(text: &str) -> usize {
    let last = text.rsplit('|').next().unwrap_or_default();
    last.matches(PLACEHOLDER).count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn plural_forms_keep_their_positions() {
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
