//! Words in one language, and in the others.

use std::collections::BTreeMap;

use notice::wire::{
    input::{IncidentText, RestoredWords},
    language::Language,
};
use serde::{Deserialize, Serialize};

/// One language's words. Lists have a line for each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The title.
    pub title: String,
    /// The body.
    pub body: String,
    /// What to do now.
    pub advice: String,
    /// What works.
    pub works: String,
    /// What does not.
    pub broken: String,
    /// What to check, at the end.
    pub check: String,
    /// What is back, at the end.
    pub back: String,
    /// What is not yet right, at the end.
    pub still: String,
}

impl Words {
    /// A translation as it is typed.
    pub fn of(text: &IncidentText) -> Self {
        let plain = |text: &Option<String>| text.clone().unwrap_or_default();
        let list = |list: &Option<Vec<String>>| list.clone().unwrap_or_default().join("\n");
        let restored = text.restored.clone().unwrap_or_default();
        Self {
            title: plain(&text.title),
            body: plain(&text.body),
            advice: plain(&text.advice),
            works: list(&text.works),
            broken: list(&text.broken),
            check: plain(&restored.check),
            back: restored.back.join("\n"),
            still: restored.still.join("\n"),
        }
    }

    /// The text of a field by its name.
    pub fn part(&self, name: &str) -> &str {
        match name {
            "title" => &self.title,
            "body" => &self.body,
            "advice" => &self.advice,
            "works" => &self.works,
            "broken" => &self.broken,
            "check" => &self.check,
            "back" => &self.back,
            "still" => &self.still,
            _ => "",
        }
    }

    /// As a translation; `None` when there is none.
    fn translated(&self) -> Option<IncidentText> {
        let list = |text: &str| Some(lines(text)).filter(|list| !list.is_empty());
        let restored = restored(&self.back, &self.check, &self.still);
        let text = IncidentText {
            title: filled(&self.title),
            body: filled(&self.body),
            advice: filled(&self.advice),
            works: list(&self.works),
            broken: list(&self.broken),
            restored,
        };
        (text != IncidentText::default()).then_some(text)
    }
}

/// The entries of a list that has a line for each.
pub fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A text, unless it is blank.
pub fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The all-clear's words, if there are any.
pub fn restored(back: &str, check: &str, still: &str) -> Option<RestoredWords> {
    let words = RestoredWords {
        back: lines(back),
        check: filled(check),
        still: lines(still),
    };
    (words != RestoredWords::default()).then_some(words)
}

/// Translations that say something.
pub fn translations(words: &BTreeMap<Language, Words>) -> BTreeMap<Language, IncidentText> {
    words
        .iter()
        .filter_map(|(language, words)| Some((language.clone(), words.translated()?)))
        .collect()
}
