//! The form of a new incident, maintenance or announcement.

use std::collections::BTreeMap;

use notice::{
    notify::default_notify,
    wire::{
        enums::{Confidence, Impact, InApp, Kind, Status, Undeclared},
        ids::{ComponentId, Slug},
        input::{Audience, NewIncident},
        language::Language,
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Overrides, Promise, SelectedComponent, Texts, lines, minutes_s, named_components, non_blank,
    translations,
};
use crate::time::date_field;

/// The form of a new incident, maintenance or announcement. Times are texts of date fields.
///
/// Stored drafts use these field names. A draft outlives a deployment, so each new field needs a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublishForm {
    pub kind: Kind,
    pub components: Vec<SelectedComponent>,
    pub impact: Option<Impact>,
    pub status: Option<Status>,
    #[serde(rename = "words")]
    pub texts: Texts,
    pub promise: Promise,
    /// The estimated end of an incident.
    pub estimate: String,
    pub confidence: Option<Confidence>,
    pub segments: Vec<Slug>,
    /// Path patterns, one per line.
    pub paths: String,
    /// In drafts of earlier builds: the value of both `undeclared_segments` and `undeclared_components`.
    pub undeclared: Option<Undeclared>,
    pub undeclared_segments: Option<Undeclared>,
    pub undeclared_components: Option<Undeclared>,
    /// The display in the app; `None`: automatic.
    pub in_app: Option<InApp>,
    /// Whether users can minimise the card, but not hide it.
    pub hold: bool,
    pub drill: bool,
    /// Whether chat and subscribers are notified; `None`: by kind and severity.
    pub notify: Option<bool>,
    /// Whether to save it as a draft on the server.
    #[serde(rename = "held")]
    pub is_draft: bool,
    pub publish_at: String,
    pub scheduled_for: String,
    pub scheduled_until: String,
    pub announce_from: String,
    pub announce_until: String,
    pub auto_start: bool,
    pub auto_complete: bool,
    /// Whether the status page shows it; `None`: if it is for everyone.
    pub listed: Option<bool>,
    #[serde(rename = "own")]
    pub overrides: Overrides,
    /// The texts in the site's other languages.
    pub text: BTreeMap<Language, Texts>,
    /// The form before a template replaced its texts.
    pub replaced: Option<Box<Self>>,
}

impl Default for PublishForm {
    fn default() -> Self {
        Self::new(Kind::Incident)
    }
}

impl PublishForm {
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            components: Vec::new(),
            impact: None,
            status: None,
            texts: Texts::default(),
            promise: Promise::Usual,
            estimate: String::new(),
            confidence: None,
            segments: Vec::new(),
            paths: String::new(),
            undeclared: None,
            undeclared_segments: None,
            undeclared_components: None,
            in_app: None,
            hold: false,
            drill: false,
            notify: None,
            is_draft: false,
            publish_at: String::new(),
            scheduled_for: String::new(),
            scheduled_until: String::new(),
            announce_from: String::new(),
            announce_until: String::new(),
            auto_start: true,
            auto_complete: true,
            listed: None,
            overrides: Overrides::default(),
            text: BTreeMap::new(),
            replaced: None,
        }
    }

    /// Keeps a copy of the form in `replaced` before a template replaces its texts. Keeps none if all texts are empty.
    pub fn back_up(&mut self) {
        let has_texts = self.texts != Texts::default() || !self.text.is_empty();
        let before = || {
            Box::new(Self {
                replaced: None,
                ..self.clone()
            })
        };
        self.replaced = has_texts.then(before);
    }

    /// Returns the ids of the selected components.
    pub fn component_ids(&self) -> Vec<ComponentId> {
        let selected = self.components.iter();
        selected.map(|component| component.id.clone()).collect()
    }

    /// Returns whether pages that declare no segments show the notice; `None`: not chosen yet.
    pub fn on_undeclared_segments(&self) -> Option<Undeclared> {
        self.undeclared_segments.or(self.undeclared)
    }

    /// Returns whether chat and subscribers are notified: the choice, or else the default. `None`: the default depends on the
    /// severity, which is not chosen yet.
    pub fn notifies(&self) -> Option<bool> {
        let default = match (self.kind, self.impact) {
            (Kind::Incident, None) => None,
            (kind, impact) => {
                let impact = impact.unwrap_or(Impact::None);
                Some(default_notify::of_new(kind, impact, self.drill))
            }
        };
        self.notify.or(default)
    }

    /// Returns the time of publication, from which the next update is counted.
    pub fn published_at(&self, now: Timestamp) -> Timestamp {
        date_field::parse(&self.publish_at).map_or(now, |at| at.max(now))
    }

    /// Converts to a request. `interval_s` is the update interval of the selected components, in seconds.
    pub fn request(&self, interval_s: u32, now: Timestamp) -> NewIncident {
        let incident = self.kind == Kind::Incident;
        let estimate = date_field::parse(&self.estimate).filter(|_| incident);
        let planned =
            |text: &str| date_field::parse(text).filter(|_| self.kind == Kind::Maintenance);
        let announced = |text: &str| date_field::parse(text).filter(|_| !incident);
        let audience = Audience {
            segments: self.segments.clone(),
            paths: lines(&self.paths),
            components: None,
            undeclared: self.undeclared,
            undeclared_segments: self
                .undeclared_segments
                .filter(|_| !self.segments.is_empty()),
            undeclared_components: self.undeclared_components,
            listed: self.listed,
        };
        NewIncident {
            kind: self.kind,
            title: self.texts.title.trim().to_owned(),
            impact: self.impact.filter(|_| incident),
            status: self.status.filter(|_| incident),
            body: non_blank(&self.texts.body),
            components: named_components(&self.components),
            advice: non_blank(&self.texts.advice),
            works: lines(&self.texts.works),
            broken: lines(&self.texts.broken),
            started_at: None,
            ended_at: None,
            next_update_at: self
                .promise
                .time(interval_s, self.published_at(now))
                .filter(|_| incident),
            estimated_end_at: estimate,
            confidence: self.confidence.filter(|_| estimate.is_some()),
            audience: (audience != Audience::default()).then_some(audience),
            in_app: self.in_app,
            hold: self.hold,
            drill: self.drill,
            draft: self.is_draft,
            publish_at: date_field::parse(&self.publish_at),
            scheduled_for: planned(&self.scheduled_for),
            scheduled_until: planned(&self.scheduled_until),
            announce_from: announced(&self.announce_from),
            announce_until: date_field::parse(&self.announce_until)
                .filter(|_| self.kind == Kind::Announcement),
            auto_start: (self.kind == Kind::Maintenance).then_some(self.auto_start),
            auto_complete: (self.kind == Kind::Maintenance).then_some(self.auto_complete),
            contacts: self.overrides.contacts(),
            related: self.overrides.related.clone(),
            cadence_s: minutes_s(&self.overrides.cadence).filter(|_| incident),
            notify: self.notify,
            restored: None,
            text: translations(&self.text),
        }
    }
}
