//! An incident as it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    feed::{Contact, Postmortem},
    ids::{ComponentId, IncidentId, UpdateId},
    input::{Audience, IncidentText, RestoredWords},
    language::Language,
    time::Timestamp,
    words::{ComponentStatus, Confidence, Impact, InApp, Kind, Status, Undeclared},
};

/// What operators manage: an incident, planned work or an announcement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Which lifecycle it follows.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// How bad it is.
    pub impact: Impact,
    /// How bad it has been at its worst: by this the all-clear is shown.
    pub worst_impact: Impact,
    /// How loud the operator wants it; `null`: by impact.
    pub in_app: Option<InApp>,
    /// Work is being lost: it can be minimised, not hidden.
    pub hold: bool,
    /// Shown only in browsers opened with `#allclear-drill`; touches no component.
    pub drill: bool,
    /// Hiding lasts until this rises.
    pub attention: u32,
    /// What is wrong, in a line.
    pub title: String,
    /// What to do now.
    pub advice: Option<String>,
    /// What still works.
    pub works: Vec<String>,
    /// What does not.
    pub broken: Vec<String>,
    /// What it touches.
    pub components: Vec<IncidentComponent>,
    /// Whom it is for.
    pub audience: Option<Audience>,
    /// Whom to reach; `null`: the site's contacts.
    pub contacts: Option<Vec<Contact>>,
    /// Incidents that belong with it.
    pub related: Vec<IncidentId>,
    /// When it was published; `null`: it is held back.
    pub published_at: Option<Timestamp>,
    /// When it will be published by itself.
    pub publish_at: Option<Timestamp>,
    /// When it began; of planned work that has not, when it is to.
    pub started_at: Timestamp,
    /// When it was over, if it is.
    pub ended_at: Option<Timestamp>,
    /// Planned work: when it begins.
    pub scheduled_for: Option<Timestamp>,
    /// Planned work: when it is to end.
    pub scheduled_until: Option<Timestamp>,
    /// When users first hear of it.
    pub announce_from: Option<Timestamp>,
    /// An announcement: when it ends.
    pub announce_until: Option<Timestamp>,
    /// Planned work begins by itself.
    pub auto_start: bool,
    /// Planned work ends by itself.
    pub auto_complete: bool,
    /// The time to announce it has come.
    pub announced: bool,
    /// Planned work is about to begin.
    pub imminent: bool,
    /// The promise that stands.
    pub next_update_at: Option<Timestamp>,
    /// When it is expected to end.
    pub estimated_end_at: Option<Timestamp>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// How often an update is owed, in seconds; `null`: by the tier of its components.
    pub cadence_s: Option<u32>,
    /// The last step of reminding that was due for the next update.
    pub reminded: Option<Reminded>,
    /// What it touched, and how, when it ended: as broken as that when it begins again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_end: Vec<IncidentComponent>,
    /// What holds where the audience leaves it open, as it was decided when the impact was last set; `None`: not
    /// published yet, or published before there was such a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_defaults: Option<AudienceDefaults>,
    /// The all-clear's words.
    pub restored: Option<RestoredWords>,
    /// Why it was a mistake, when it was.
    pub withdrawn: Option<String>,
    /// What was learned.
    pub postmortem: Option<Postmortem>,
    /// Title, advice, works, broken and the all-clear in other languages.
    pub text: BTreeMap<Language, IncidentText>,
    /// Its all-clear has left the feed.
    pub expired: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// Its timeline, oldest first.
    pub updates: Vec<Update>,
}

/// Whether pages see a notice that do not say of themselves what its audience names, unless the operator said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceDefaults {
    /// Pages that declare no components.
    pub undeclared_components: Undeclared,
    /// Pages that declare no segments.
    pub undeclared_segments: Undeclared,
}

/// A component as an incident touches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentComponent {
    /// Which.
    pub id: ComponentId,
    /// How it does because of this incident.
    pub status: ComponentStatus,
    /// Since when.
    pub since: Timestamp,
}

/// One dated entry of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// Its id.
    pub id: UpdateId,
    /// Where the incident stood from then on.
    pub status: Status,
    /// What was said, in the Markdown subset.
    pub body: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
    /// When.
    pub at: Timestamp,
    /// The promise it made.
    pub next_update_at: Option<Timestamp>,
    /// When its words were last corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<Timestamp>,
}

/// The last step of reminding that was due for an update. It does not say that a reminder was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Of the update owed then.
    pub owed_at: Timestamp,
    /// How far.
    pub stage: PromiseStage,
}

/// The steps of reminding, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseStage {
    /// It will be owed in ten minutes.
    Due,
    /// It is late.
    Overdue,
    /// It is late, and the escalation to the next on-call target is due.
    Escalated,
}

impl Incident {
    /// Whether it still goes on (or is yet to begin).
    pub fn is_open(&self) -> bool {
        !self.status.is_over() && self.withdrawn.is_none()
    }

    /// Whether it is open, or its all-clear is still shown. What is not is loaded only where it is asked for.
    pub fn is_in_force(&self) -> bool {
        self.is_open() || !self.expired
    }

    /// Whether it is held back.
    pub fn is_draft(&self) -> bool {
        self.published_at.is_none()
    }

    /// Whether users are to see anything of it now.
    pub fn is_shown(&self) -> bool {
        let waits = match self.kind {
            Kind::Maintenance => self.status == Status::Scheduled && !self.announced,
            Kind::Announcement => !self.announced,
            Kind::Incident | Kind::Unknown => false,
        };
        !self.is_draft() && !self.expired && !waits
    }

    /// Whether its components do as it says: it goes on, users may know of it, and it is no drill.
    pub fn touches_components(&self) -> bool {
        self.is_open() && !self.is_draft() && !self.drill && self.status != Status::Scheduled
    }

    /// Whether status page, history and feeds carry it. Unless said otherwise, what is aimed at segments is not on the
    /// page that everybody reads.
    pub fn is_listed(&self) -> bool {
        self.audience
            .as_ref()
            .is_none_or(|audience| audience.listed.unwrap_or(audience.segments.is_empty()))
    }

    /// How loud it is: as the operator said, else by its kind and impact.
    pub fn loudness(&self) -> InApp {
        self.in_app
            .unwrap_or(match (self.kind, self.worst_or_current()) {
                (Kind::Announcement, _) => InApp::Pill,
                (Kind::Maintenance, _) => match self.status {
                    Status::InProgress | Status::Verifying => InApp::Bar,
                    Status::Scheduled if self.imminent => InApp::Bar,
                    _ => InApp::Pill,
                },
                (_, Impact::None | Impact::Unknown) => InApp::Off,
                (_, Impact::Minor | Impact::Maintenance) => InApp::Pill,
                (_, Impact::Major | Impact::Critical) => InApp::Bar,
            })
    }

    /// While it goes on its impact now; when it is over, the worst it has been.
    pub fn worst_or_current(&self) -> Impact {
        if self.is_open() {
            self.impact
        } else {
            self.worst_impact
        }
    }
}
