//! The form of an incident's fields.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        enums::{Impact, InApp, Undeclared},
        ids::Slug,
        language::Language,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    conflict::merge::NamedValue,
    form::{Overrides, Texts, Times, lines, minutes_s, non_blank, restored, unfinished},
    server::failure::FieldError,
    time::date_field,
    view::fields::date_time,
};

/// The fields that are not part of an update, as in [`PublishForm`](crate::form::PublishForm). Stored drafts use these field names.
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
    /// Whether chat and subscribers are notified of the publication; `None`: by kind and severity.
    pub notify: Option<bool>,
    pub segments: Vec<Slug>,
    /// Path patterns, one per line.
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
    #[serde(rename = "own")]
    pub overrides: Overrides,
    pub back: String,
    pub check: String,
    pub still: String,
    pub text: BTreeMap<Language, Texts>,
}

impl Fields {
    /// The fields of a published incident.
    pub fn of(incident: &IncidentView) -> Self {
        let at = |at: Option<Timestamp>| at.map(date_field::from_timestamp).unwrap_or_default();
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
            notify: incident.notify,
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
            overrides: Overrides::of(incident),
            back: back.join("\n"),
            check: check.unwrap_or_default(),
            still: still.join("\n"),
            text: text
                .map(|(language, text)| (language.clone(), Texts::of(text)))
                .collect(),
        }
    }

    /// Returns the errors of times and texts that differ from `base`.
    pub fn errors(&self, base: &Self, now: Timestamp) -> Vec<FieldError> {
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
            ("/publish_at", &self.publish_at, &base.publish_at),
            ("/scheduled_for", &self.scheduled_for, &base.scheduled_for),
            (
                "/scheduled_until",
                &self.scheduled_until,
                &base.scheduled_until,
            ),
            ("/announce_from", &self.announce_from, &base.announce_from),
            (
                "/announce_until",
                &self.announce_until,
                &base.announce_until,
            ),
        ] {
            add(pointer, text != before, date_time::error(text));
        }
        for (pointer, detail) in self.text_errors(base, now) {
            add(&pointer, true, Some(detail));
        }
        let cadence = &self.overrides.cadence;
        let is_invalid = !cadence.trim().is_empty() && minutes_s(cadence).is_none();
        let detail =
            is_invalid.then(|| "Enter a number of minutes from 1 to 43200 (30 days).".to_owned());
        add("/cadence_s", true, detail);
        let lacks_choice = !self.segments.is_empty()
            && self.segments != base.segments
            && self.on_undeclared_segments().is_none();
        let detail = lacks_choice
            .then(|| "Choose whether pages that declare no segments show it.".to_owned());
        add("/audience/undeclared_segments", true, detail);
        let known = errors.clone();
        let times = self.times().errors(&base.times(), now);
        let is_new = |error: &FieldError| !known.iter().any(|one| one.pointer == error.pointer);
        errors.extend(times.into_iter().filter(is_new));
        errors
    }

    /// Returns whether the form has a time of publication in the future.
    pub fn has_publication_time(&self, now: Timestamp) -> bool {
        date_field::parse(&self.publish_at).is_some_and(|at| at > now)
    }

    /// Returns the errors of unfinished and contradictory texts. Errors that `base` has as well are skipped, unless the draft has a
    /// time of publication.
    fn text_errors(&self, base: &Self, now: Timestamp) -> Vec<(String, String)> {
        let all_texts = |fields: &Self| {
            let texts = Texts {
                title: fields.title.clone(),
                advice: fields.advice.clone(),
                works: fields.works.clone(),
                broken: fields.broken.clone(),
                back: fields.back.clone(),
                check: fields.check.clone(),
                still: fields.still.clone(),
                ..Texts::default()
            };
            std::iter::once((String::new(), texts))
                .chain(fields.text.iter().map(|(language, texts)| {
                    let texts = texts.clone();
                    (format!("/text/{language}"), texts)
                }))
                .collect::<Vec<_>>()
        };
        let before = all_texts(base);
        let has_publication_time = self.has_publication_time(now);
        let mut found = Vec::new();
        for (at, texts) in all_texts(self) {
            let base = before.iter().find(|(before, _)| *before == at);
            let base = base.map(|(_, base)| base.clone()).unwrap_or_default();
            let known = unfinished::errors(&base);
            for (name, detail) in unfinished::errors(&texts) {
                let is_unchanged = texts.get(name) == base.get(name)
                    && known.iter().any(|known| *known == (name, detail.clone()));
                if is_unchanged && !has_publication_time {
                    continue;
                }
                let is_end = at.is_empty() && ["check", "back", "still"].contains(&name);
                let parent = if is_end { "/restored" } else { "" };
                found.push((format!("{at}{parent}/{name}"), detail));
            }
        }
        found
    }

    /// Returns whether pages that declare no segments show the notice; `None`: by severity, or not chosen yet.
    pub fn on_undeclared_segments(&self) -> Option<Undeclared> {
        self.undeclared_segments.or(self.undeclared)
    }

    fn times(&self) -> Times {
        let at = |text: &str| date_field::parse(text);
        Times {
            start: at(&self.scheduled_for),
            end: at(&self.scheduled_until),
            visible_from: at(&self.announce_from),
            visible_until: at(&self.announce_until),
            publish_at: at(&self.publish_at),
            ..Times::default()
        }
    }

    /// Returns the fields as in the API.
    pub fn values(&self) -> Vec<NamedValue> {
        let at = |text: &str| json!(date_field::parse(text));
        let text: BTreeMap<&Language, Value> = self
            .text
            .iter()
            .map(|(language, texts)| (language, translation(texts)))
            .collect();
        let audience = json!({
            "segments": self.segments, "paths": lines(&self.paths),
            "undeclared": self.undeclared, "undeclared_segments": self.undeclared_segments,
            "undeclared_components": self.undeclared_components, "listed": self.listed,
        });
        let cadence = json!(minutes_s(&self.overrides.cadence));
        let end = restored(&self.back, &self.check, &self.still);
        vec![
            ("title", "Title", json!(self.title.trim())),
            ("impact", "Severity", json!(self.impact)),
            (
                "advice",
                "What should users do now?",
                json!(non_blank(&self.advice)),
            ),
            ("works", "What still works", json!(lines(&self.works))),
            ("broken", "What doesn't work", json!(lines(&self.broken))),
            ("in_app", "Display", json!(self.in_app)),
            ("hold", "Users are losing work", json!(self.hold)),
            ("notify", "Notify chat", json!(self.notify)),
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
            ("contacts", "Contacts", json!(self.overrides.contacts())),
            (
                "related",
                "Related incidents",
                json!(self.overrides.related),
            ),
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

/// Returns the JSON pointers into the stored form for a field of the API.
pub fn pointers(name: &str) -> &'static [&'static str] {
    match name {
        "title" => &["/title"],
        "impact" => &["/impact"],
        "advice" => &["/advice"],
        "works" => &["/works"],
        "broken" => &["/broken"],
        "in_app" => &["/in_app"],
        "hold" => &["/hold"],
        "notify" => &["/notify"],
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

/// Converts the texts in one language to a merge patch; `null` if all are empty. The message belongs to an update and
/// is not included.
fn translation(texts: &Texts) -> Value {
    if *texts == Texts::default() {
        return Value::Null;
    }
    let list = |text: &str| Some(lines(text)).filter(|list| !list.is_empty());
    let end = restored(&texts.back, &texts.check, &texts.still).map(
        |end| json!({ "back": list(&texts.back), "check": end.check, "still": list(&texts.still) }),
    );
    json!({
        "title": non_blank(&texts.title), "advice": non_blank(&texts.advice),
        "works": list(&texts.works), "broken": list(&texts.broken), "restored": end,
    })
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::{conflict::merge, form::Texts};
    use notice::wire::{enums::InApp, language::Language};
    use serde_json::json;

    #[test]
    fn every_field_of_the_api_has_a_pointer_into_the_form() {
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
    fn a_patch_has_only_the_changed_fields() {
        let base = Fields {
            in_app: Some(InApp::Bar),
            ..Fields::default()
        };
        let mut fields = base.clone();
        assert_eq!(merge::patch(fields.values(), base.values()), json!({}));
        fields.overrides.cadence = "20".to_owned();
        fields.in_app = None;
        let texts = Texts {
            title: "Spät".to_owned(),
            ..Texts::default()
        };
        fields.text.insert(Language::parse("de").unwrap(), texts);
        assert_eq!(
            merge::patch(fields.values(), base.values()),
            json!({ "in_app": null, "cadence_s": 1200, "text": { "de": {
                "title": "Spät", "advice": null, "works": null, "broken": null, "restored": null } } })
        );
    }

    #[test]
    fn unfinished_texts_forbid_a_publication_time() {
        let now = crate::testing::now();
        let base = Fields {
            title: "Problems with {components}".to_owned(),
            works: "Sending".to_owned(),
            broken: "Sending".to_owned(),
            ..Fields::default()
        };
        let pointers = |fields: &Fields| {
            let errors = fields.errors(&base, now);
            errors
                .into_iter()
                .map(|error| error.pointer)
                .collect::<Vec<_>>()
        };
        assert!(pointers(&base).is_empty());
        let scheduled = Fields {
            publish_at: "2026-11-21T10:00:00Z".to_owned(),
            ..base.clone()
        };
        assert_eq!(pointers(&scheduled), ["/title", "/broken"]);
        let mut translated = base.clone();
        let texts = Texts {
            title: "Zu spät:".to_owned(),
            ..Texts::default()
        };
        translated
            .text
            .insert(Language::parse("de").unwrap(), texts);
        assert_eq!(pointers(&translated), ["/text/de/title"]);
    }
}
