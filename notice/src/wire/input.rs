//! Bodies of operator writes, as they come in. Fields that are absent keep what stands; see [`Patch`].
//!
//! Unknown fields are refused where a body is read (see `crate::read`), so that a typo is never silently dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    feed::Contact,
    ids::{ComponentId, IncidentId, Slug},
    language::Language,
    patch::Patch,
    time::Timestamp,
    words::{ComponentStatus, Confidence, Impact, InApp, Kind, Status, Undeclared},
};

/// `POST /v1/sites`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSite {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for users.
    pub name: String,
    /// Languages its texts may come in; the first is the site's own. Default: English.
    #[serde(default)]
    pub languages: Option<Vec<Language>>,
    /// Whom users reach, unless an incident says otherwise.
    #[serde(default)]
    pub contacts: Vec<Contact>,
}

/// `POST …/components`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewComponent {
    /// Its name for users.
    pub name: String,
    /// Its name in attributes; made from the name when absent.
    #[serde(default)]
    pub slug: Option<Slug>,
    /// The heading it stands under.
    #[serde(default)]
    pub group: Option<String>,
    /// 1 (mission critical) to 3; default 2.
    #[serde(default)]
    pub tier: Option<u8>,
}

/// A component as a body names it: by id or slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedComponent {
    /// Its id or slug.
    pub id: ComponentName,
    /// How it does now; default: by the incident's impact.
    #[serde(default)]
    pub status: Option<ComponentStatus>,
}

/// A component's id or slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ComponentName {
    /// Its id.
    Id(ComponentId),
    /// Its slug.
    Slug(Slug),
}

impl<'de> Deserialize<'de> for ComponentName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ComponentId::parse(&text)
            .map(Self::Id)
            .or_else(|| Slug::parse(&text).map(Self::Slug))
            .ok_or_else(|| serde::de::Error::custom("a component's id or slug is needed"))
    }
}

impl ComponentName {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id(id) => id.as_str(),
            Self::Slug(slug) => slug.as_str(),
        }
    }
}

/// Whom an incident is for, as a body says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Segments declared in the site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Slug>,
    /// Path patterns: `*` within a segment, `**` across.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Component slugs; absent: the incident's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Slug>>,
    /// What a page sees that declares nothing of a dimension named here; absent: by impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared: Option<Undeclared>,
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

/// `POST …/incidents`. Required: `kind`, `title`, and for an incident `impact` and `body`.
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
    /// Whom to reach; absent: the site's contacts.
    #[serde(default)]
    pub contacts: Option<Vec<Contact>>,
    /// Incidents that belong with it.
    #[serde(default)]
    pub related: Vec<IncidentId>,
    /// The all-clear's words, when it is published already resolved.
    #[serde(default)]
    pub restored: Option<RestoredWords>,
    /// The same in other languages.
    #[serde(default)]
    pub text: BTreeMap<Language, IncidentText>,
}

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
