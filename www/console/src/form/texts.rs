//! The texts of an incident in one language.

use std::collections::BTreeMap;

use notice::wire::{
    input::{IncidentText, RestoredTexts},
    language::Language,
};
use serde::{Deserialize, Serialize};

/// The texts in one language. Lists have one entry per line. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    pub title: String,
    pub body: String,
    pub advice: String,
    /// List: what still works.
    pub works: String,
    /// List: what does not work.
    pub broken: String,
    /// On resolution: what users should check.
    pub check: String,
    /// List, on resolution: what works again.
    pub back: String,
    /// List, on resolution: what still does not work.
    pub still: String,
}

impl Texts {
    /// The texts of a stored translation.
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

    /// Returns the text of a field; empty for an unknown name.
    pub fn get(&self, name: &str) -> &str {
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

    /// Converts to a translation; `None` if all texts are blank.
    fn to_translation(&self) -> Option<IncidentText> {
        let list = |text: &str| Some(lines(text)).filter(|list| !list.is_empty());
        let restored = restored(&self.back, &self.check, &self.still);
        let text = IncidentText {
            title: non_blank(&self.title),
            body: non_blank(&self.body),
            advice: non_blank(&self.advice),
            works: list(&self.works),
            broken: list(&self.broken),
            restored,
        };
        (text != IncidentText::default()).then_some(text)
    }
}

/// Splits a text into its lines, without blank ones.
pub fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Trims a text; `None` if it is blank.
pub fn non_blank(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the texts of an all-clear; `None` if all are blank.
pub fn restored(back: &str, check: &str, still: &str) -> Option<RestoredTexts> {
    let texts = RestoredTexts {
        back: lines(back),
        check: non_blank(check),
        still: lines(still),
    };
    (texts != RestoredTexts::default()).then_some(texts)
}

/// Converts translations, without blank ones.
pub fn translations(texts: &BTreeMap<Language, Texts>) -> BTreeMap<Language, IncidentText> {
    texts
        .iter()
        .filter_map(|(language, texts)| Some((language.clone(), texts.to_translation()?)))
        .collect()
}
