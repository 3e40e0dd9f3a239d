//! An incident as it is stored and as operators read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    feed::{Contact, Postmortem},
    ids::{ComponentId, IncidentId, UpdateId},
    input::{Audience, IncidentText, RestoredWords},
    language::Language,
    time::Timestamp,
    words::{ComponentStatus, Confidence, Impact, InApp, Kind, Status},
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
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over, if it is.
    pub ended_at: Option<Timestamp>,
    /// The promise that stands.
    pub next_update_at: Option<Timestamp>,
    /// When it is expected to end.
    pub estimated_end_at: Option<Timestamp>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// The all-clear's words.
    pub restored: Option<RestoredWords>,
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
}

impl Incident {
    /// Whether it still goes on.
    pub fn is_open(&self) -> bool {
        !self.status.is_over()
    }

    /// How loud it is: as the operator said, else by its impact.
    pub fn loudness(&self) -> InApp {
        self.in_app.unwrap_or(match self.worst_or_current() {
            Impact::None | Impact::Unknown => InApp::Off,
            Impact::Minor | Impact::Maintenance => InApp::Pill,
            Impact::Major | Impact::Critical => InApp::Bar,
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
