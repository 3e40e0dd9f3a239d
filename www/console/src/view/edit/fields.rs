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
    api::FieldError,
    changes::Named,
    clock,
    form::{Own, Times, Words, filled, lines, minutes_s, restored},
    unfinished,
    view::when,
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
    pub undeclared_segments: Option<Undeclared>,
    pub undeclared_components: Option<Undeclared>,
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
            undeclared_segments: audience.undeclared_segments,
            undeclared_components: audience.undeclared_components,
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

    /// The errors of times and texts as they are typed. Fields that are as in `stood` are not checked.
    pub fn wrong(&self, stood: &Self, now: Timestamp) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut add = |pointer: &str, changed: bool, detail: Option<String>| {
            if let Some(detail) = detail.filter(|_| changed) {
                errors.push(FieldError {
                    pointer: pointer.to_owned(),
                    detail,
                });
            }
        };
        for (pointer, text, before) in [
            ("/publish_at", &self.publish_at, &stood.publish_at),
            ("/scheduled_for", &self.scheduled_for, &stood.scheduled_for),
            (
                "/scheduled_until",
                &self.scheduled_until,
                &stood.scheduled_until,
            ),
            ("/announce_from", &self.announce_from, &stood.announce_from),
            (
                "/announce_until",
                &self.announce_until,
                &stood.announce_until,
            ),
        ] {
            add(pointer, text != before, when::wrong(text));
        }
        for (pointer, detail) in self.unfinished(stood, now) {
            add(&pointer, true, Some(detail));
        }
        let cadence = &self.own.cadence;
        let is_no_number = !cadence.trim().is_empty() && minutes_s(cadence).is_none();
        let detail =
            is_no_number.then(|| "Enter a number of minutes from 1 to 43200 (30 days).".to_owned());
        add("/cadence_s", true, detail);
        let is_unanswered = !self.segments.is_empty()
            && self.segments != stood.segments
            && self.on_undeclared_segments().is_none();
        let detail = is_unanswered
            .then(|| "Choose whether pages that declare no segments show it.".to_owned());
        add("/audience/undeclared_segments", true, detail);
        let known = errors.clone();
        let times = self.times().wrong(&stood.times(), now);
        let is_new = |error: &FieldError| !known.iter().any(|one| one.pointer == error.pointer);
        errors.extend(times.into_iter().filter(is_new));
        errors
    }

    /// Whether it will publish itself.
    pub fn publishes_itself(&self, now: Timestamp) -> bool {
        clock::from_input(&self.publish_at).is_some_and(|at| at > now)
    }

    /// Texts that are unfinished or contradict each other. Those that were so in `stood` are left alone, unless a draft will
    /// publish itself.
    fn unfinished(&self, stood: &Self, now: Timestamp) -> Vec<(String, String)> {
        let own = |fields: &Self| {
            let words = Words {
                title: fields.title.clone(),
                advice: fields.advice.clone(),
                works: fields.works.clone(),
                broken: fields.broken.clone(),
                back: fields.back.clone(),
                check: fields.check.clone(),
                still: fields.still.clone(),
                ..Words::default()
            };
            std::iter::once((String::new(), words))
                .chain(fields.text.iter().map(|(language, words)| {
                    let words = words.clone();
                    (format!("/text/{language}"), words)
                }))
                .collect::<Vec<_>>()
        };
        let before = own(stood);
        let publishes_itself = self.publishes_itself(now);
        let mut found = Vec::new();
        for (at, words) in own(self) {
            let stood = before.iter().find(|(before, _)| *before == at);
            let stood = stood.map(|(_, stood)| stood.clone()).unwrap_or_default();
            let known = unfinished::wrong(&stood);
            for (name, detail) in unfinished::wrong(&words) {
                let stands = words.part(name) == stood.part(name)
                    && known.iter().any(|known| *known == (name, detail.clone()));
                if stands && !publishes_itself {
                    continue;
                }
                let is_end = at.is_empty() && ["check", "back", "still"].contains(&name);
                let parent = if is_end { "/restored" } else { "" };
                found.push((format!("{at}{parent}/{name}"), detail));
            }
        }
        found
    }

    /// Whether pages that declare no segments show it; `None`: by impact, or still to be chosen.
    pub fn on_undeclared_segments(&self) -> Option<Undeclared> {
        self.undeclared_segments.or(self.undeclared)
    }

    fn times(&self) -> Times {
        let at = |text: &str| clock::from_input(text);
        Times {
            start: at(&self.scheduled_for),
            end: at(&self.scheduled_until),
            visible_from: at(&self.announce_from),
            visible_until: at(&self.announce_until),
            publish_at: at(&self.publish_at),
            ..Times::default()
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
            "undeclared": self.undeclared, "undeclared_segments": self.undeclared_segments,
            "undeclared_components": self.undeclared_components, "listed": self.listed,
        });
        let cadence = json!(minutes_s(&self.own.cadence));
        let end = restored(&self.back, &self.check, &self.still);
        vec![
            ("title", "Title", json!(self.title.trim())),
            ("impact", "Severity", json!(self.impact)),
            (
                "advice",
                "What should users do now?",
                json!(filled(&self.advice)),
            ),
            ("works", "What still works", json!(lines(&self.works))),
            ("broken", "What doesn't work", json!(lines(&self.broken))),
            ("in_app", "Display", json!(self.in_app)),
            ("hold", "Users are losing work", json!(self.hold)),
            ("audience", "Who sees it", audience),
            ("publish_at", "Publish at", at(&self.publish_at)),
            ("scheduled_for", "Start", at(&self.scheduled_for)),
            ("scheduled_until", "End", at(&self.scheduled_until)),
            ("announce_from", "Visible from", at(&self.announce_from)),
            ("announce_until", "Visible until", at(&self.announce_until)),
            ("auto_start", "Start automatically", json!(self.auto_start)),
            (
                "auto_complete",
                "Complete automatically",
                json!(self.auto_complete),
            ),
            ("contacts", "Contacts", json!(self.own.contacts())),
            ("related", "Related incidents", json!(self.own.related)),
            ("cadence_s", "Update due every", cadence),
            (
                "restored",
                "Resolved notice",
                end.map_or(
                    Value::Null,
                    |end| json!({ "back": end.back, "check": end.check, "still": end.still }),
                ),
            ),
            ("text", "Translations", json!(text)),
        ]
    }
}

/// Where in the form a field of the API is, as JSON pointers.
pub fn pointers(name: &str) -> &'static [&'static str] {
    match name {
        "title" => &["/title"],
        "impact" => &["/impact"],
        "advice" => &["/advice"],
        "works" => &["/works"],
        "broken" => &["/broken"],
        "in_app" => &["/in_app"],
        "hold" => &["/hold"],
        "audience" => &[
            "/segments",
            "/paths",
            "/undeclared",
            "/undeclared_segments",
            "/undeclared_components",
            "/listed",
        ],
        "publish_at" => &["/publish_at"],
        "scheduled_for" => &["/scheduled_for"],
        "scheduled_until" => &["/scheduled_until"],
        "announce_from" => &["/announce_from"],
        "announce_until" => &["/announce_until"],
        "auto_start" => &["/auto_start"],
        "auto_complete" => &["/auto_complete"],
        "contacts" => &["/own/contacts"],
        "related" => &["/own/related"],
        "cadence_s" => &["/own/cadence"],
        "restored" => &["/back", "/check", "/still"],
        "text" => &["/text"],
        _ => &[],
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
    fn every_field_of_the_api_has_its_place_in_the_form() {
        let form = serde_json::to_value(Fields::default()).unwrap();
        for (name, ..) in Fields::default().values() {
            let pointers = super::pointers(name);
            assert!(!pointers.is_empty(), "{name}");
            for pointer in pointers {
                assert!(form.pointer(pointer).is_some(), "{name}: {pointer}");
            }
        }
    }

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

    #[test]
    fn a_draft_gets_no_publication_time_while_a_text_is_unfinished() {
        let now = crate::testing::now();
        let stood = Fields {
            title: "Problems with {components}".to_owned(),
            works: "Sending".to_owned(),
            broken: "Sending".to_owned(),
            ..Fields::default()
        };
        let pointers = |fields: &Fields| {
            let errors = fields.wrong(&stood, now);
            errors
                .into_iter()
                .map(|error| error.pointer)
                .collect::<Vec<_>>()
        };
        assert!(pointers(&stood).is_empty());
        let waits = Fields {
            publish_at: "2026-11-21T10:00:00Z".to_owned(),
            ..stood.clone()
        };
        assert_eq!(pointers(&waits), ["/title", "/broken"]);
        let mut translated = stood.clone();
        let words = Words {
            title: "Zu spät:".to_owned(),
            ..Words::default()
        };
        translated
            .text
            .insert(Language::parse("de").unwrap(), words);
        assert_eq!(pointers(&translated), ["/text/de/title"]);
    }
}
