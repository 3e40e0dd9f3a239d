//! Saying something new, correcting it, taking it back, and what was learned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{IncidentText, NamedComponent, RestoredWords};
use crate::wire::{
    feed::Window,
    language::Language,
    patch::Patch,
    time::Timestamp,
    words::{Confidence, Impact, Status},
};

/// `POST …/incidents/{id}/updates`. Required: `body`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewUpdate {
    /// What is said, in the Markdown subset.
    pub body: String,
    /// Where the incident stands from now on.
    #[serde(default)]
    pub status: Option<Status>,
    /// How bad it is from now on.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Components whose status changes; others keep theirs.
    #[serde(default)]
    pub components: Vec<NamedComponent>,
    /// What to do from now on.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub advice: Patch<String>,
    /// What works from now on.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub works: Patch<Vec<String>>,
    /// What does not from now on.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub broken: Patch<Vec<String>>,
    /// The next promise. Absent or `null`: none; the last one is fulfilled.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// When it is expected to end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub estimated_end_at: Patch<Timestamp>,
    /// How sure that is.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub confidence: Patch<Confidence>,
    /// `true`: those who hid it see it again. `false`: they do not, whatever changed. Absent: by what changed.
    #[serde(default)]
    pub renotify: Option<bool>,
    /// The all-clear's words.
    #[serde(default)]
    pub restored: Option<RestoredWords>,
    /// The same in other languages.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

/// What `PATCH …/updates/{uid}` merges into: only words are corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedUpdate {
    /// What should have been said.
    pub body: String,
    /// The same in other languages: `{ "de": { "body": "…" } }`.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

/// `POST …/incidents/{id}/withdraw`. Required: `reason`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Why it was a mistake; those who saw it read this once.
    pub reason: String,
}

/// `PUT …/incidents/{id}/postmortem`. Required: all but `prevention`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPostmortem {
    /// Why it happened.
    pub root_cause: String,
    /// From when to when.
    pub window: Window,
    /// What was done.
    pub remedy: String,
    /// What will be done so that it does not happen again.
    #[serde(default)]
    pub prevention: Vec<String>,
}

/// `POST …/redact`: words that must not be kept. Required: `text`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redaction {
    /// The exact words, for example a name; at least 3 characters. They are replaced wherever operators wrote them.
    pub text: String,
}
