//! The form of an update.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        enums::{Confidence, Impact, Kind, Status},
        ids::UpdateId,
        input::NewUpdate,
        language::Language,
        patch::Patch,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Promise, SelectedComponent, Texts, lines, named_components, non_blank, restored, translations,
};
use crate::time::date_field;

/// The form of an update, which may resolve or reopen the incident. `None`: unchanged. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateForm {
    pub status: Option<Status>,
    pub impact: Option<Impact>,
    pub components: Vec<SelectedComponent>,
    pub body: String,
    pub advice: Option<String>,
    pub works: Option<String>,
    pub broken: Option<String>,
    pub promise: Promise,
    /// The estimated end, as the text of a date field; empty: none.
    pub estimate: Option<String>,
    pub confidence: Option<Confidence>,
    /// Whether people who hid the notice see it again; `None`: by the kind of change.
    pub renotify: Option<bool>,
    /// Whether chat and subscribers are notified; `None`: by severity and what changes.
    pub notify: Option<bool>,
    pub back: String,
    pub check: String,
    pub still: String,
    pub text: BTreeMap<Language, Texts>,
    /// The newest update that the operator has seen. If the incident has a newer one, another operator has posted it.
    pub seen: Option<UpdateId>,
    /// The form before a template replaced its texts.
    pub replaced: Option<Box<Self>>,
}

impl UpdateForm {
    pub fn new(incident: &IncidentView, status: Option<Status>) -> Self {
        Self {
            status,
            seen: incident.newest().map(|update| update.id.clone()),
            ..Self::default()
        }
    }

    /// Keeps a copy of the form in `replaced` before a template replaces its texts. Keeps none if all texts are empty.
    pub fn back_up(&mut self) {
        let lists = [&self.advice, &self.works, &self.broken];
        let has_texts = !self.body.is_empty()
            || !self.check.is_empty()
            || !self.text.is_empty()
            || lists.into_iter().any(Option::is_some);
        let before = || {
            Box::new(Self {
                replaced: None,
                ..self.clone()
            })
        };
        self.replaced = has_texts.then(before);
    }

    /// Returns whether the incident is over after this update.
    pub fn ends(&self, incident: &IncidentView) -> bool {
        self.status.unwrap_or(incident.status).is_over()
    }

    /// Converts to a request. `interval_s` is the incident's update interval, in seconds.
    pub fn request(&self, incident: &IncidentView, interval_s: u32, now: Timestamp) -> NewUpdate {
        let ends = self.ends(incident);
        let needs_promise = !ends && incident.kind == Kind::Incident;
        let list = |text: &Option<String>, current: &[String]| match text.as_deref().map(lines) {
            None => Patch::Keep,
            Some(list) if list == current => Patch::Keep,
            Some(list) if list.is_empty() => Patch::Clear,
            Some(list) => Patch::Set(list),
        };
        let estimated = match self.estimate.as_deref() {
            None => Patch::Keep,
            Some(text) => date_field::parse(text).map_or(Patch::Clear, Patch::Set),
        };
        let has_estimate = match &estimated {
            Patch::Keep => incident.estimated_end_at.is_some(),
            Patch::Clear => false,
            Patch::Set(_) => true,
        };
        NewUpdate {
            body: self.body.trim().to_owned(),
            status: self.status.filter(|status| *status != incident.status),
            impact: self.impact,
            components: if ends {
                Vec::new()
            } else {
                named_components(&self.components)
            },
            advice: match &self.advice {
                None => Patch::Keep,
                Some(text) => match non_blank(text) {
                    advice if advice == incident.advice => Patch::Keep,
                    None => Patch::Clear,
                    Some(text) => Patch::Set(text),
                },
            },
            works: list(&self.works, &incident.works),
            broken: list(&self.broken, &incident.broken),
            next_update_at: self.promise.time(interval_s, now).filter(|_| needs_promise),
            estimated_end_at: if ends { Patch::Keep } else { estimated },
            confidence: match self.confidence {
                Some(confidence) if has_estimate && !ends => Patch::Set(confidence),
                _ => Patch::Keep,
            },
            renotify: self.renotify,
            notify: self.notify,
            restored: restored(&self.back, &self.check, &self.still).filter(|_| ends),
            text: translations(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_backed_up_before_a_template_replaces_it() {
        let fill: [fn(&mut UpdateForm); 5] = [
            |form| form.body = "Slow".to_owned(),
            |form| form.check = "Your messages".to_owned(),
            |form| form.advice = Some("Wait".to_owned()),
            |form| form.works = Some("Receiving".to_owned()),
            |form| form.broken = Some("Sending".to_owned()),
        ];
        for fill in fill {
            let mut form = UpdateForm::default();
            form.back_up();
            assert_eq!(form.replaced, None);
            fill(&mut form);
            let before = form.clone();
            form.back_up();
            assert_eq!(form.replaced.as_deref(), Some(&before));
        }
    }
}
