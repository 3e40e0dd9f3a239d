//! What forms hold, and the requests they become.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        component::Component,
        ids::{ComponentId, Slug, UpdateId},
        input::{
            Audience, ComponentName, IncidentText, NamedComponent, NewIncident, NewUpdate,
            RestoredWords,
        },
        language::Language,
        patch::Patch,
        site::Site,
        time::Timestamp,
        words::{ComponentStatus, Confidence, Impact, InApp, Kind, Status, Undeclared},
    },
};
use serde::{Deserialize, Serialize};

use crate::clock;

/// When the next word will come, as it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Promise {
    /// As often as the site owes it.
    #[default]
    Usual,
    /// So many minutes from now.
    In(u32),
    /// At a moment, as a date-and-time input has it.
    At(String),
    /// None.
    Nothing,
}

/// Promises are kept to round minutes: people read them from a clock.
const ROUND_S: i64 = 5 * 60;

impl Promise {
    /// The moment it means, rounded up to five minutes where it was given as a stretch.
    pub fn moment(&self, usual_s: u32, now: Timestamp) -> Option<Timestamp> {
        let after = |seconds: i64| {
            let at = now.seconds() + seconds;
            Timestamp::from_seconds((at + ROUND_S - 1).div_euclid(ROUND_S) * ROUND_S)
        };
        match self {
            Self::Usual => Some(after(i64::from(usual_s))),
            Self::In(minutes) => Some(after(i64::from(*minutes) * 60)),
            Self::At(text) => clock::from_input(text),
            Self::Nothing => None,
        }
    }
}

/// How often a word is owed for these components, in seconds: by the most important of them.
pub fn usual_s(site: &Site, components: &[Component], picked: &[ComponentId]) -> u32 {
    let tier = components
        .iter()
        .filter(|component| picked.contains(&component.id))
        .map(|component| component.tier)
        .min()
        .unwrap_or(2);
    site.cadence.of(tier)
}

/// A component that was picked, and how it does; `None`: by how bad the whole is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Which.
    pub id: ComponentId,
    /// How it does.
    pub status: Option<ComponentStatus>,
}

/// One language's words. Lists have a line for each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

fn restored(back: &str, check: &str, still: &str) -> Option<RestoredWords> {
    let words = RestoredWords {
        back: lines(back),
        check: filled(check),
        still: lines(still),
    };
    (words != RestoredWords::default()).then_some(words)
}

fn translations(words: &BTreeMap<Language, Words>) -> BTreeMap<Language, IncidentText> {
    words
        .iter()
        .filter_map(|(language, words)| Some((language.clone(), words.translated()?)))
        .collect()
}

fn named(picked: &[Picked]) -> Vec<NamedComponent> {
    picked
        .iter()
        .map(|picked| NamedComponent {
            id: ComponentName::Id(picked.id.clone()),
            status: picked.status,
        })
        .collect()
}

/// Something new: an incident, planned work or an announcement. Moments are as inputs have them. The fields are those of `NewIncident`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub undeclared: Option<Undeclared>,
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
    pub text: BTreeMap<Language, Words>,
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
            text: BTreeMap::new(),
        }
    }

    /// The ids of what was picked.
    pub fn picked(&self) -> Vec<ComponentId> {
        let picked = self.components.iter();
        picked.map(|picked| picked.id.clone()).collect()
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
            listed: None,
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
            next_update_at: self.promise.moment(usual_s, now).filter(|_| incident),
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
            contacts: None,
            related: Vec::new(),
            cadence_s: None,
            restored: None,
            text: translations(&self.text),
        }
    }
}

/// Something more about an incident: an update, its end, or its beginning again. `None`: as it stands. The fields are those of `NewUpdate`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
}

impl Say {
    /// Nothing said yet.
    pub fn new(incident: &IncidentView, status: Option<Status>) -> Self {
        Self {
            status,
            impact: None,
            components: Vec::new(),
            body: String::new(),
            advice: None,
            works: None,
            broken: None,
            promise: Promise::Usual,
            estimate: None,
            confidence: None,
            renotify: None,
            back: String::new(),
            check: String::new(),
            still: String::new(),
            text: BTreeMap::new(),
            seen: incident.newest().map(|update| update.id.clone()),
        }
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

#[cfg(test)]
mod tests {
    use super::{Promise, lines};
    use notice::wire::time::Timestamp;

    #[test]
    fn promises_are_round() {
        let now = Timestamp::from_seconds(1_000_000_201);
        for (promise, expected) in [
            (Promise::Usual, Some(1_000_002_300)),
            (Promise::In(15), Some(1_000_001_400)),
            (Promise::Nothing, None),
        ] {
            let moment = promise.moment(1800, now).map(Timestamp::seconds);
            assert_eq!(moment, expected, "{promise:?}");
            assert!(moment.is_none_or(|at| at % 300 == 0));
        }
    }

    #[test]
    fn a_list_has_a_line_for_each() {
        assert_eq!(lines(" one \n\n two"), ["one", "two"]);
        assert!(lines("  \n").is_empty());
    }
}
