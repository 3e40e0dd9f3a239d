//! An incident's fields as they are typed.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        ids::Slug,
        language::Language,
        time::Timestamp,
        words::{Impact, InApp, Undeclared},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    changes::Named,
    clock,
    form::{Own, Words, filled, lines, minutes_s, restored},
};

/// The fields. They are those of `NewIncident`, but for what is said in updates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    pub title: String,
    pub impact: Option<Impact>,
    pub advice: String,
    pub works: String,
    pub broken: String,
    pub in_app: Option<InApp>,
    pub hold: bool,
    pub segments: Vec<Slug>,
    pub paths: String,
    pub undeclared: Option<Undeclared>,
    pub listed: Option<bool>,
    pub publish_at: String,
    pub scheduled_for: String,
    pub scheduled_until: String,
    pub announce_from: String,
    pub announce_until: String,
    pub auto_start: bool,
    pub auto_complete: bool,
    pub own: Own,
    pub back: String,
    pub check: String,
    pub still: String,
    pub text: BTreeMap<Language, Words>,
}

impl Fields {
    /// As they stand.
    pub fn of(incident: &IncidentView) -> Self {
        let at = |at: Option<Timestamp>| at.map(clock::to_input).unwrap_or_default();
        let audience = incident.audience.clone().unwrap_or_default();
        let restored = incident.restored.clone();
        let (back, check, still) = restored.map_or_else(Default::default, |restored| {
            (restored.back, restored.check, restored.still)
        });
        let text = incident.text.iter();
        Self {
            title: incident.title.clone(),
            impact: Some(incident.impact),
            advice: incident.advice.clone().unwrap_or_default(),
            works: incident.works.join("\n"),
            broken: incident.broken.join("\n"),
            in_app: incident.in_app_chosen,
            hold: incident.hold,
            segments: audience.segments,
            paths: audience.paths.join("\n"),
            undeclared: audience.undeclared,
            listed: audience.listed,
            publish_at: at(incident.publish_at),
            scheduled_for: at(incident.scheduled_for),
            scheduled_until: at(incident.scheduled_until),
            announce_from: at(incident.announce_from),
            announce_until: at(incident.announce_until),
            auto_start: incident.auto_start,
            auto_complete: incident.auto_complete,
            own: Own::of(incident),
            back: back.join("\n"),
            check: check.unwrap_or_default(),
            still: still.join("\n"),
            text: text
                .map(|(language, text)| (language.clone(), Words::of(text)))
                .collect(),
        }
    }

    /// Every field as the API has it.
    pub fn values(&self) -> Vec<Named> {
        let at = |text: &str| json!(clock::from_input(text));
        let text: BTreeMap<&Language, Value> = self
            .text
            .iter()
            .map(|(language, words)| (language, translation(words)))
            .collect();
        let audience = json!({
            "segments": self.segments, "paths": lines(&self.paths),
            "undeclared": self.undeclared, "listed": self.listed,
        });
        let cadence = json!(minutes_s(&self.own.cadence));
        let end = restored(&self.back, &self.check, &self.still);
        vec![
            ("title", "Title", json!(self.title.trim())),
            ("impact", "How bad it is", json!(self.impact)),
            ("advice", "What to do now", json!(filled(&self.advice))),
            ("works", "What works", json!(lines(&self.works))),
            ("broken", "What does not", json!(lines(&self.broken))),
            ("in_app", "How loud", json!(self.in_app)),
            ("hold", "Work is being lost", json!(self.hold)),
            ("audience", "Who sees it", audience),
            ("publish_at", "Publish at", at(&self.publish_at)),
            ("scheduled_for", "Begins", at(&self.scheduled_for)),
            ("scheduled_until", "Ends", at(&self.scheduled_until)),
            (
                "announce_from",
                "Users hear of it from",
                at(&self.announce_from),
            ),
            ("announce_until", "Until", at(&self.announce_until)),
            ("auto_start", "It begins by itself", json!(self.auto_start)),
            (
                "auto_complete",
                "It ends by itself",
                json!(self.auto_complete),
            ),
            ("contacts", "Contacts", json!(self.own.contacts())),
            ("related", "What belongs with it", json!(self.own.related)),
            ("cadence_s", "How often an update is owed", cadence),
            (
                "restored",
                "The all-clear",
                end.map_or(
                    Value::Null,
                    |end| json!({ "back": end.back, "check": end.check, "still": end.still }),
                ),
            ),
            ("text", "Translations", json!(text)),
        ]
    }
}

/// One language's words as a merge patch has them; `null` where there are none. What was said is corrected where it was
/// said.
fn translation(words: &Words) -> Value {
    if *words == Words::default() {
        return Value::Null;
    }
    let list = |text: &str| Some(lines(text)).filter(|list| !list.is_empty());
    let end = restored(&words.back, &words.check, &words.still).map(
        |end| json!({ "back": list(&words.back), "check": end.check, "still": list(&words.still) }),
    );
    json!({
        "title": filled(&words.title), "advice": filled(&words.advice),
        "works": list(&words.works), "broken": list(&words.broken), "restored": end,
    })
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::{changes, form::Words};
    use notice::wire::{language::Language, words::InApp};
    use serde_json::json;

    #[test]
    fn one_change_is_one_field() {
        let stood = Fields {
            in_app: Some(InApp::Bar),
            ..Fields::default()
        };
        let mut fields = stood.clone();
        assert_eq!(changes::patch(fields.values(), stood.values()), json!({}));
        fields.own.cadence = "20".to_owned();
        fields.in_app = None;
        let words = Words {
            title: "Spät".to_owned(),
            ..Words::default()
        };
        fields.text.insert(Language::parse("de").unwrap(), words);
        assert_eq!(
            changes::patch(fields.values(), stood.values()),
            json!({ "in_app": null, "cadence_s": 1200, "text": { "de": {
                "title": "Spät", "advice": null, "works": null, "broken": null, "restored": null } } })
        );
    }
}
