//! Something more.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        ids::UpdateId,
        input::NewUpdate,
        language::Language,
        patch::Patch,
        time::Timestamp,
        words::{Confidence, Impact, Kind, Status},
    },
};
use serde::{Deserialize, Serialize};

use super::{Picked, Promise, Words, filled, lines, named, restored, translations};
use crate::clock;

/// Something more about an incident: an update, its end, or its beginning again. `None`: as it stands. The fields are those of `NewUpdate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Say {
    pub status: Option<Status>,
    pub impact: Option<Impact>,
    pub components: Vec<Picked>,
    pub body: String,
    pub advice: Option<String>,
    pub works: Option<String>,
    pub broken: Option<String>,
    pub promise: Promise,
    pub estimate: Option<String>,
    pub confidence: Option<Confidence>,
    pub renotify: Option<bool>,
    pub back: String,
    pub check: String,
    pub still: String,
    pub text: BTreeMap<Language, Words>,
    /// The newest update that its writer has seen: another one means that somebody else was writing too.
    pub seen: Option<UpdateId>,
    /// As it stood before ready words were put in place of what was written.
    pub replaced: Option<Box<Self>>,
}

impl Say {
    /// Nothing said yet.
    pub fn new(incident: &IncidentView, status: Option<Status>) -> Self {
        Self {
            status,
            seen: incident.newest().map(|update| update.id.clone()),
            ..Self::default()
        }
    }

    /// Remembers itself before ready words replace what was written.
    pub fn remember(&mut self) {
        let written = !self.body.is_empty() || !self.check.is_empty() || !self.text.is_empty();
        let before = || {
            Box::new(Self {
                replaced: None,
                ..self.clone()
            })
        };
        self.replaced = written.then(before);
    }

    /// Whether it is over from then on.
    pub fn is_over(&self, incident: &IncidentView) -> bool {
        self.status.unwrap_or(incident.status).is_over()
    }

    /// The request.
    pub fn request(&self, incident: &IncidentView, usual_s: u32, now: Timestamp) -> NewUpdate {
        let over = self.is_over(incident);
        let owes = !over && incident.kind == Kind::Incident;
        let list = |text: &Option<String>, stands: &[String]| match text.as_deref().map(lines) {
            None => Patch::Keep,
            Some(list) if list == stands => Patch::Keep,
            Some(list) if list.is_empty() => Patch::Clear,
            Some(list) => Patch::Set(list),
        };
        let estimated = match self.estimate.as_deref() {
            None => Patch::Keep,
            Some(text) => clock::from_input(text).map_or(Patch::Clear, Patch::Set),
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
            components: if over {
                Vec::new()
            } else {
                named(&self.components)
            },
            advice: match &self.advice {
                None => Patch::Keep,
                Some(text) => match filled(text) {
                    found if found == incident.advice => Patch::Keep,
                    None => Patch::Clear,
                    Some(text) => Patch::Set(text),
                },
            },
            works: list(&self.works, &incident.works),
            broken: list(&self.broken, &incident.broken),
            next_update_at: self.promise.moment(usual_s, now).filter(|_| owes),
            estimated_end_at: if over { Patch::Keep } else { estimated },
            confidence: match self.confidence {
                Some(confidence) if has_estimate && !over => Patch::Set(confidence),
                _ => Patch::Keep,
            },
            renotify: self.renotify,
            restored: restored(&self.back, &self.check, &self.still).filter(|_| over),
            text: translations(&self.text),
        }
    }
}
