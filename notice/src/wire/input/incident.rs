//! Request bodies about incidents and templates.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::NamedComponent;
use crate::wire::{
    enums::{Confidence, Impact, InApp, Kind, Status, Undeclared},
    feed::Contact,
    ids::{IncidentId, Slug},
    language::Language,
    time::Timestamp,
};

/// The audience of an incident: the pages and users that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Slugs of segments that the site declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Slug>,
    /// Path patterns: `*` matches within a path segment, `**` across segments. Longer runs of stars become `**`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "path_patterns"
    )]
    pub paths: Vec<String>,
    /// Component slugs. Absent: the incident's components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Slug>>,
    /// Default of the next two fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared: Option<Undeclared>,
    /// Whether pages that declare no components see the incident. Absent: they do, unless the site's settings exclude
    /// minor incidents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_components: Option<Undeclared>,
    /// Whether pages that declare no segments see the incident. Absent: derived from the impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_segments: Option<Undeclared>,
    /// Whether the status page, the history and feeds list the incident. Absent: only if `segments` is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<bool>,
}

fn path_patterns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let given: Vec<String> = Vec::deserialize(deserializer)?;
    Ok(given.into_iter().map(collapse_stars).collect())
}

fn collapse_stars(mut pattern: String) -> String {
    while pattern.contains("***") {
        pattern = pattern.replace("***", "**");
    }
    pattern
}

/// Translations of an incident's texts into one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentText {
    /// Translation of the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Translation of the update's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Translation of the advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Translation of the list of functions that still work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<Vec<String>>,
    /// Translation of the list of functions that do not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Vec<String>>,
    /// Translation of the all-clear's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<RestoredTexts>,
}

/// The texts of an all-clear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredTexts {
    /// Functions that work again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<String>,
    /// Text that tells users what to check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// List of remaining problems, as texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still: Vec<String>,
}

/// Body of `POST …/incidents`, and the document that `PATCH …/incidents/{id}` patches. Required:
/// `kind` and `title`; `impact` and `body` for an incident, `body` for an announcement,
/// `scheduled_for` and `scheduled_until` for a maintenance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewIncident {
    /// The kind, which decides the lifecycle. Cannot be changed.
    pub kind: Kind,
    /// One-line summary of the problem.
    pub title: String,
    /// Impact on users. Required for incidents, fixed for other kinds.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Initial status. Default: the first one of the kind.
    #[serde(default)]
    pub status: Option<Status>,
    /// Text of the first update, in Markdown.
    #[serde(default)]
    pub body: Option<String>,
    /// Affected components, with their statuses.
    #[serde(default)]
    pub components: Vec<NamedComponent>,
    /// Advice for users in Markdown.
    #[serde(default)]
    pub advice: Option<String>,
    /// List of functions that still work.
    #[serde(default)]
    pub works: Vec<String>,
    /// List of functions that do not work.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Start of the incident. Default: now.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// End of an incident that is already over. Default: now.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// Promised time of the next update. Must be in the future.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// Estimated end. Must be in the future.
    #[serde(default)]
    pub estimated_end_at: Option<Timestamp>,
    /// Confidence in the estimated end.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Pages and users that the incident is for.
    #[serde(default)]
    pub audience: Option<Audience>,
    /// Presentation inside the app. Absent: derived from kind and impact.
    #[serde(default)]
    pub in_app: Option<InApp>,
    /// Whether users can minimise the card but not hide it, which is for incidents in which users lose work.
    #[serde(default)]
    pub hold: bool,
    /// Whether this is a drill: handled like an incident, but shown only on pages opened with `#allclear-drill`.
    #[serde(default)]
    pub drill: bool,
    /// Whether to save a draft instead of publishing.
    #[serde(default)]
    pub draft: bool,
    /// Time of automatic publication. Until then the incident is a draft.
    #[serde(default)]
    pub publish_at: Option<Timestamp>,
    /// Planned start of a maintenance.
    #[serde(default)]
    pub scheduled_for: Option<Timestamp>,
    /// Planned end of a maintenance.
    #[serde(default)]
    pub scheduled_until: Option<Timestamp>,
    /// Time from which users see a maintenance or announcement. Default for maintenance: 48 h before the start.
    #[serde(default)]
    pub announce_from: Option<Timestamp>,
    /// End of an announcement.
    #[serde(default)]
    pub announce_until: Option<Timestamp>,
    /// Whether a maintenance starts automatically. Default: true.
    #[serde(default)]
    pub auto_start: Option<bool>,
    /// Whether a maintenance completes automatically. Default: true.
    #[serde(default)]
    pub auto_complete: Option<bool>,
    /// Contacts for users. Absent: the site's contacts.
    #[serde(default)]
    pub contacts: Option<Vec<Contact>>,
    /// Ids of related incidents of the same site.
    #[serde(default)]
    pub related: Vec<IncidentId>,
    /// Interval between updates in seconds. Absent: by the tier of the components.
    #[serde(default)]
    pub cadence_s: Option<u32>,
    /// Whether chat and subscribers are notified of the publication. Absent: by kind and severity.
    #[serde(default)]
    pub notify: Option<bool>,
    /// Texts of the all-clear, for an incident that is over.
    #[serde(default)]
    pub restored: Option<RestoredTexts>,
    /// Translations of all texts.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

/// Body of `POST …/templates`, and the document that `PATCH …/templates/{id}` patches. Prefills an incident form.
/// Required: `name`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewTemplate {
    /// Name shown to operators.
    pub name: String,
    /// Kind of incident that the template is for. Absent: any.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Prefilled title of the incident.
    #[serde(default)]
    pub title: Option<String>,
    /// Prefilled status of the incident or update.
    #[serde(default)]
    pub status: Option<Status>,
    /// Prefilled impact of the incident.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Prefilled text of the update.
    #[serde(default)]
    pub body: Option<String>,
    /// Prefilled advice for users.
    #[serde(default)]
    pub advice: Option<String>,
    /// Prefilled list of functions that still work.
    #[serde(default)]
    pub works: Vec<String>,
    /// Prefilled list of functions that do not work.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Prefilled texts of the all-clear.
    #[serde(default)]
    pub restored: Option<RestoredTexts>,
    /// Minutes from posting until the next promised update.
    #[serde(default)]
    pub next_update_minutes: Option<u32>,
    /// Translations of all texts.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}
