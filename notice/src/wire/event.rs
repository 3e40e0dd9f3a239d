//! What has happened: the journal's events. Stored for ever, so that they are only ever added to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    component::Component,
    ids::IncidentId,
    incident::{Incident, IncidentComponent, Update},
    input::{IncidentText, RestoredWords},
    language::Language,
    patch::Patch,
    site::Site,
    time::Timestamp,
    words::{Confidence, Impact, Status},
};

/// One thing that happened to a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// The site came into being.
    #[serde(rename = "site.created")]
    SiteCreated {
        /// As it was made.
        site: Site,
    },
    /// A component was added.
    #[serde(rename = "component.created")]
    ComponentCreated {
        /// As it was made.
        component: Component,
    },
    /// An incident was made, with its first update if it has one.
    #[serde(rename = "incident.created")]
    IncidentCreated {
        /// As it was made.
        incident: Box<Incident>,
    },
    /// Something was said, and perhaps changed with it.
    #[serde(rename = "incident.updated")]
    IncidentUpdated {
        /// Of which incident.
        incident: IncidentId,
        /// What was said.
        update: Update,
        /// What changed with it.
        change: Box<IncidentChange>,
    },
    /// An all-clear left the feed.
    #[serde(rename = "notice.expired")]
    NoticeExpired {
        /// Of which incident.
        incident: IncidentId,
    },
}

impl Event {
    /// The `type`, as in the journal's row.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SiteCreated { .. } => "site.created",
            Self::ComponentCreated { .. } => "component.created",
            Self::IncidentCreated { .. } => "incident.created",
            Self::IncidentUpdated { .. } => "incident.updated",
            Self::NoticeExpired { .. } => "notice.expired",
        }
    }

    /// The incident it touches, if it touches one.
    pub fn incident(&self) -> Option<&IncidentId> {
        match self {
            Self::SiteCreated { .. } | Self::ComponentCreated { .. } => None,
            Self::IncidentCreated { incident } => Some(&incident.id),
            Self::IncidentUpdated { incident, .. } | Self::NoticeExpired { incident } => {
                Some(incident)
            }
        }
    }
}

/// New values of an incident's fields; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IncidentChange {
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How bad it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// Hiding lasts until this rises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<u32>,
    /// Everything it touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<IncidentComponent>>,
    /// What to do now.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub advice: Patch<String>,
    /// What still works.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub works: Patch<Vec<String>>,
    /// What does not.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub broken: Patch<Vec<String>>,
    /// The promise.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub next_update_at: Patch<Timestamp>,
    /// When it is expected to end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub estimated_end_at: Patch<Timestamp>,
    /// How sure that is.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub confidence: Patch<Confidence>,
    /// When it was over; cleared when it reopens.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ended_at: Patch<Timestamp>,
    /// The all-clear's words.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub restored: Patch<RestoredWords>,
    /// Texts in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<BTreeMap<Language, IncidentText>>,
}
