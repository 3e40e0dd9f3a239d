//! Publishing and changing incidents, and templates for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{ComponentName, NamedComponent};
use crate::wire::{
    feed::Contact,
    ids::{IncidentId, Slug},
    incident::Incident,
    language::Language,
    time::Timestamp,
    words::{Confidence, Impact, InApp, Kind, Status, Undeclared},
};

/// Whom an incident is for, as a body says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Segments declared in the site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Slug>,
    /// Path patterns: `*` within a segment, `**` across; more stars in a row are two.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "patterns"
    )]
    pub paths: Vec<String>,
    /// Component slugs; absent: the incident's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Slug>>,
    /// Both of the next two, where they are absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared: Option<Undeclared>,
    /// Whether pages see it that declare no components; absent: they do, unless the site's setting says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_components: Option<Undeclared>,
    /// Whether pages see it that declare no segments; absent: by impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_segments: Option<Undeclared>,
    /// Whether status page, history, feeds and mail carry it; absent: unless segments are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<bool>,
}

fn patterns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let given: Vec<String> = Vec::deserialize(deserializer)?;
    Ok(given.into_iter().map(two_stars).collect())
}

fn two_stars(mut pattern: String) -> String {
    while pattern.contains("***") {
        pattern = pattern.replace("***", "**");
    }
    pattern
}

/// An incident's texts in one more language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentText {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The update's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What to do now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What still works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<Vec<String>>,
    /// What does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Vec<String>>,
    /// The all-clear's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<RestoredWords>,
}

/// The all-clear's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredWords {
    /// What is back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<String>,
    /// What to check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What is not yet right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still: Vec<String>,
}

/// `POST …/incidents`, and what `PATCH …/incidents/{id}` merges into. Required: `kind`, `title`, and for an incident
/// `impact` and `body`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewIncident {
    /// Which lifecycle it follows.
    pub kind: Kind,
    /// What is wrong, in a line.
    pub title: String,
    /// How bad it is.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Where it stands; default: the kind's first.
    #[serde(default)]
    pub status: Option<Status>,
    /// The first update, in the Markdown subset.
    #[serde(default)]
    pub body: Option<String>,
    /// What it touches.
    #[serde(default)]
    pub components: Vec<NamedComponent>,
    /// What to do now.
    #[serde(default)]
    pub advice: Option<String>,
    /// What still works.
    #[serde(default)]
    pub works: Vec<String>,
    /// What does not.
    #[serde(default)]
    pub broken: Vec<String>,
    /// When it began; default: now.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it was over, of what is published or corrected after the fact; default: now.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// When the next word will come.
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// When it is expected to end.
    #[serde(default)]
    pub estimated_end_at: Option<Timestamp>,
    /// How sure that is.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Whom it is for.
    #[serde(default)]
    pub audience: Option<Audience>,
    /// How loud it is; absent: by impact.
    #[serde(default)]
    pub in_app: Option<InApp>,
    /// Work is being lost: it can be minimised, not hidden.
    #[serde(default)]
    pub hold: bool,
    /// Goes the whole way, but shows only in browsers opened with `#allclear-drill`.
    #[serde(default)]
    pub drill: bool,
    /// Holds it back until it is published.
    #[serde(default)]
    pub draft: bool,
    /// Holds it back until then.
    #[serde(default)]
    pub publish_at: Option<Timestamp>,
    /// Planned work: when it begins.
    #[serde(default)]
    pub scheduled_for: Option<Timestamp>,
    /// Planned work: when it is to end.
    #[serde(default)]
    pub scheduled_until: Option<Timestamp>,
    /// When users first hear of it; planned work: default 48 h before.
    #[serde(default)]
    pub announce_from: Option<Timestamp>,
    /// An announcement: when it ends.
    #[serde(default)]
    pub announce_until: Option<Timestamp>,
    /// Planned work begins by itself; default: yes.
    #[serde(default)]
    pub auto_start: Option<bool>,
    /// Planned work ends by itself; default: yes.
    #[serde(default)]
    pub auto_complete: Option<bool>,
    /// Whom to reach; absent: the site's contacts.
    #[serde(default)]
    pub contacts: Option<Vec<Contact>>,
    /// Incidents that belong with it.
    #[serde(default)]
    pub related: Vec<IncidentId>,
    /// How often an update is owed, in seconds; absent: by the tier of its components.
    #[serde(default)]
    pub cadence_s: Option<u32>,
    /// The all-clear's words, when it is published already resolved.
    #[serde(default)]
    pub restored: Option<RestoredWords>,
    /// The same in other languages.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

impl NewIncident {
    /// An incident as a body would say it, so that a merge patch can be laid over it. Status and body are left out:
    /// those are said in updates.
    pub fn of(incident: &Incident) -> Self {
        Self {
            kind: incident.kind,
            title: incident.title.clone(),
            impact: Some(incident.impact),
            status: None,
            body: None,
            components: incident
                .components
                .iter()
                .map(|component| NamedComponent {
                    id: ComponentName::Id(component.id.clone()),
                    status: Some(component.status),
                })
                .collect(),
            advice: incident.advice.clone(),
            works: incident.works.clone(),
            broken: incident.broken.clone(),
            started_at: Some(incident.started_at),
            ended_at: incident.ended_at,
            next_update_at: incident.next_update_at,
            estimated_end_at: incident.estimated_end_at,
            confidence: incident.confidence,
            audience: incident.audience.clone(),
            in_app: incident.in_app,
            hold: incident.hold,
            drill: incident.drill,
            draft: incident.is_draft(),
            publish_at: incident.publish_at,
            scheduled_for: incident.scheduled_for,
            scheduled_until: incident.scheduled_until,
            announce_from: incident.announce_from,
            announce_until: incident.announce_until,
            auto_start: Some(incident.auto_start),
            auto_complete: Some(incident.auto_complete),
            contacts: incident.contacts.clone(),
            related: incident.related.clone(),
            cadence_s: incident.cadence_s,
            restored: incident.restored.clone(),
            text: incident.text.clone(),
        }
    }
}

/// `POST …/templates`, and what `PATCH …/templates/{id}` merges into: words to begin with. Required: `name`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewTemplate {
    /// What operators call it.
    pub name: String,
    /// What it is for; absent: any kind.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// A title.
    #[serde(default)]
    pub title: Option<String>,
    /// A status.
    #[serde(default)]
    pub status: Option<Status>,
    /// An impact.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// A body.
    #[serde(default)]
    pub body: Option<String>,
    /// Advice.
    #[serde(default)]
    pub advice: Option<String>,
    /// What works.
    #[serde(default)]
    pub works: Vec<String>,
    /// What does not.
    #[serde(default)]
    pub broken: Vec<String>,
    /// Words for the all-clear.
    #[serde(default)]
    pub restored: Option<RestoredWords>,
    /// Minutes until the next promise.
    #[serde(default)]
    pub next_update_minutes: Option<u32>,
    /// The same in other languages.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}
