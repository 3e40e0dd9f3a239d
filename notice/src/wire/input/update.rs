//! Request bodies about updates, withdrawals, postmortems and redactions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{IncidentText, NamedComponent, RestoredTexts};
use crate::wire::{
    enums::{Confidence, Impact, Status},
    feed::Window,
    language::Language,
    patch::Patch,
    time::Timestamp,
};

/// Body of `POST …/incidents/{id}/updates`. Required: `body`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewUpdate {
    /// Text of the update, in Markdown.
    pub body: String,
    /// New status of the incident.
    #[serde(default)]
    pub status: Option<Status>,
    /// New impact of the incident.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Components whose status changes. All others keep theirs.
    #[serde(default)]
    pub components: Vec<NamedComponent>,
    /// New advice for users, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub advice: Patch<String>,
    /// New list of functions that still work, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub works: Patch<Vec<String>>,
    /// New list of functions that do not work, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub broken: Patch<Vec<String>>,
    /// Promised time of the next update. Absent or `null`: no promise; the previous one is fulfilled by this update.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// New estimated end, in the future, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub estimated_end_at: Patch<Timestamp>,
    /// New confidence in the estimated end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub confidence: Patch<Confidence>,
    /// Whether to show the notice again to readers who hid it. Absent: derived from the changes.
    #[serde(default)]
    pub renotify: Option<bool>,
    /// Whether chat and subscribers are notified. Absent: by severity and what changed.
    #[serde(default)]
    pub notify: Option<bool>,
    /// Texts of the all-clear.
    #[serde(default)]
    pub restored: Option<RestoredTexts>,
    /// Translations of all texts.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

/// Document that `PATCH …/updates/{uid}` patches. Only texts can be corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedUpdate {
    /// Corrected text in Markdown.
    pub body: String,
    /// Translations, with only `body` set: `{ "de": { "body": "…" } }`.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

/// Body of `POST …/incidents/{id}/withdraw`. Required: `reason`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Reason of the withdrawal, shown once to users who saw the incident.
    pub reason: String,
}

/// Body of `PUT …/incidents/{id}/postmortem`. Required: all fields except `prevention`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPostmortem {
    /// Cause of the incident.
    pub root_cause: String,
    /// Start and end of the disturbance.
    pub window: Window,
    /// Measures taken to end the incident.
    pub remedy: String,
    /// Planned measures against a recurrence.
    #[serde(default)]
    pub prevention: Vec<String>,
}

/// Body of `POST …/redact`, which erases a text from the journal. Required: `text`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redaction {
    /// Exact text to erase, such as a name, at least 3 characters. It is erased from every text that operators wrote.
    pub text: String,
}
