//! Something new.

use std::collections::BTreeMap;

use notice::wire::{
    ids::{ComponentId, Slug},
    input::{Audience, NewIncident},
    language::Language,
    time::Timestamp,
    words::{Confidence, Impact, InApp, Kind, Status, Undeclared},
};
use serde::{Deserialize, Serialize};

use super::{Own, Picked, Promise, Words, filled, lines, minutes_s, named, translations};
use crate::clock;

/// Something new: an incident, planned work or an announcement. Moments are as inputs have them. The fields are those of `NewIncident`.
///
/// What was typed before a field was added is read all the same: a form waits in the browser through a deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publish {
    pub kind: Kind,
    pub components: Vec<Picked>,
    pub impact: Option<Impact>,
    pub status: Option<Status>,
    pub words: Words,
    pub promise: Promise,
    pub estimate: String,
    pub confidence: Option<Confidence>,
    pub segments: Vec<Slug>,
    pub paths: String,
    /// Both of the next two, in a form that was begun before they were asked for one by one.
    pub undeclared: Option<Undeclared>,
    pub undeclared_segments: Option<Undeclared>,
    pub undeclared_components: Option<Undeclared>,
    pub in_app: Option<InApp>,
    pub hold: bool,
    pub drill: bool,
    pub held: bool,
    pub publish_at: String,
    pub scheduled_for: String,
    pub scheduled_until: String,
    pub announce_from: String,
    pub announce_until: String,
    pub auto_start: bool,
    pub auto_complete: bool,
    pub listed: Option<bool>,
    pub own: Own,
    pub text: BTreeMap<Language, Words>,
    /// As it stood before ready words were put in place of what was written.
    pub replaced: Option<Box<Self>>,
}

impl Default for Publish {
    fn default() -> Self {
        Self::new(Kind::Incident)
    }
}

impl Publish {
    /// Nothing typed, nothing chosen.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            components: Vec::new(),
            impact: None,
            status: None,
            words: Words::default(),
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
            held: false,
            publish_at: String::new(),
            scheduled_for: String::new(),
            scheduled_until: String::new(),
            announce_from: String::new(),
            announce_until: String::new(),
            auto_start: true,
            auto_complete: true,
            listed: None,
            own: Own::default(),
            text: BTreeMap::new(),
            replaced: None,
        }
    }

    /// Remembers itself before ready words replace what was written.
    pub fn remember(&mut self) {
        let written = self.words != Words::default() || !self.text.is_empty();
        let before = || {
            Box::new(Self {
                replaced: None,
                ..self.clone()
            })
        };
        self.replaced = written.then(before);
    }

    /// The ids of what was picked.
    pub fn picked(&self) -> Vec<ComponentId> {
        let picked = self.components.iter();
        picked.map(|picked| picked.id.clone()).collect()
    }

    /// Whether pages that declare no segments show it; `None`: it still has to be chosen.
    pub fn on_undeclared_segments(&self) -> Option<Undeclared> {
        self.undeclared_segments.or(self.undeclared)
    }

    /// When users hear of it: what is promised from then on is not promised from now.
    pub fn heard_at(&self, now: Timestamp) -> Timestamp {
        clock::from_input(&self.publish_at).map_or(now, |at| at.max(now))
    }

    /// The request.
    pub fn request(&self, usual_s: u32, now: Timestamp) -> NewIncident {
        let incident = self.kind == Kind::Incident;
        let estimate = clock::from_input(&self.estimate).filter(|_| incident);
        let planned =
            |text: &str| clock::from_input(text).filter(|_| self.kind == Kind::Maintenance);
        let announced = |text: &str| clock::from_input(text).filter(|_| !incident);
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
            title: self.words.title.trim().to_owned(),
            impact: self.impact.filter(|_| incident),
            status: self.status.filter(|_| incident),
            body: filled(&self.words.body),
            components: named(&self.components),
            advice: filled(&self.words.advice),
            works: lines(&self.words.works),
            broken: lines(&self.words.broken),
            started_at: None,
            ended_at: None,
            next_update_at: self
                .promise
                .moment(usual_s, self.heard_at(now))
                .filter(|_| incident),
            estimated_end_at: estimate,
            confidence: self.confidence.filter(|_| estimate.is_some()),
            audience: (audience != Audience::default()).then_some(audience),
            in_app: self.in_app,
            hold: self.hold,
            drill: self.drill,
            draft: self.held,
            publish_at: clock::from_input(&self.publish_at),
            scheduled_for: planned(&self.scheduled_for),
            scheduled_until: planned(&self.scheduled_until),
            announce_from: announced(&self.announce_from),
            announce_until: clock::from_input(&self.announce_until)
                .filter(|_| self.kind == Kind::Announcement),
            auto_start: (self.kind == Kind::Maintenance).then_some(self.auto_start),
            auto_complete: (self.kind == Kind::Maintenance).then_some(self.auto_complete),
            contacts: self.own.contacts(),
            related: self.own.related.clone(),
            cadence_s: minutes_s(&self.own.cadence).filter(|_| incident),
            restored: None,
            text: translations(&self.text),
        }
    }
}
