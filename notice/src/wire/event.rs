//! What has happened: the journal's events. Stored for ever, so that they are only ever added to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    component::Component,
    feed::Postmortem,
    ids::{ComponentId, IncidentId, Slug, TemplateId, UpdateId},
    incident::{AudienceDefaults, Incident, IncidentComponent, Reminded, Update},
    input::{IncidentText, RestoredWords},
    language::Language,
    patch::Patch,
    site::Site,
    template::Template,
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
    /// Its settings changed.
    #[serde(rename = "site.changed")]
    SiteChanged {
        /// As it is from then on.
        site: Site,
    },
    /// Everything before this was read from an export.
    #[serde(rename = "site.restored")]
    SiteRestored {
        /// The slug it lives under now.
        slug: Slug,
        /// How many rows the export held.
        rows: u64,
        /// The hash of its last row.
        head: String,
    },
    /// Words were erased from what stands before this. Does not say which.
    #[serde(rename = "site.redacted")]
    SiteRedacted {
        /// The rows that were touched.
        rows: Vec<RedactedRow>,
    },
    /// From here on these rows may be older than the row before them. No row changes.
    #[serde(rename = "journal.repaired")]
    JournalRepaired {
        /// The rows that are older than the row before them.
        rows: Vec<RepairedRow>,
    },
    /// A component was added.
    #[serde(rename = "component.created")]
    ComponentCreated {
        /// As it was made.
        component: Component,
    },
    /// A component changed.
    #[serde(rename = "component.changed")]
    ComponentChanged {
        /// As it is from then on; its status follows from incidents.
        component: Component,
    },
    /// A component was deleted.
    #[serde(rename = "component.deleted")]
    ComponentDeleted {
        /// Which.
        component: ComponentId,
    },
    /// A template was added.
    #[serde(rename = "template.created")]
    TemplateCreated {
        /// As it was made.
        template: Template,
    },
    /// A template changed.
    #[serde(rename = "template.changed")]
    TemplateChanged {
        /// As it is from then on.
        template: Template,
    },
    /// A template was deleted.
    #[serde(rename = "template.deleted")]
    TemplateDeleted {
        /// Which.
        template: TemplateId,
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
    /// Its fields were changed without a word.
    #[serde(rename = "incident.changed")]
    IncidentChanged {
        /// As it is from then on, without its updates, which stay.
        incident: Box<Incident>,
    },
    /// What was held back is public.
    #[serde(rename = "incident.published")]
    IncidentPublished {
        /// Which.
        incident: IncidentId,
        /// What its audience leaves open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience_defaults: Option<AudienceDefaults>,
    },
    /// A draft was deleted.
    #[serde(rename = "incident.deleted")]
    IncidentDeleted {
        /// Which.
        incident: IncidentId,
    },
    /// It was published by mistake.
    #[serde(rename = "incident.withdrawn")]
    IncidentWithdrawn {
        /// Which.
        incident: IncidentId,
        /// Why.
        reason: String,
    },
    /// An update's words were corrected; the old ones stand earlier in the journal.
    #[serde(rename = "update.corrected")]
    UpdateCorrected {
        /// Of which incident.
        incident: IncidentId,
        /// Which update.
        update: UpdateId,
        /// The words from then on.
        body: String,
        /// The same in other languages.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        text: BTreeMap<Language, String>,
    },
    /// What was learned was published.
    #[serde(rename = "postmortem.published")]
    PostmortemPublished {
        /// Of which incident.
        incident: IncidentId,
        /// What was learned.
        postmortem: Postmortem,
    },
    /// The time to announce it has come.
    #[serde(rename = "notice.announced")]
    NoticeAnnounced {
        /// Of which incident.
        incident: IncidentId,
    },
    /// Planned work is about to begin.
    #[serde(rename = "notice.imminent")]
    NoticeImminent {
        /// Of which incident.
        incident: IncidentId,
    },
    /// An all-clear left the feed.
    #[serde(rename = "notice.expired")]
    NoticeExpired {
        /// Of which incident.
        incident: IncidentId,
    },
    /// An update is due soon.
    #[serde(rename = "promise.due")]
    PromiseDue {
        /// Of which incident.
        incident: IncidentId,
        /// The step of reminding that is due.
        reminded: Reminded,
    },
    /// An update is late.
    #[serde(rename = "promise.overdue")]
    PromiseOverdue {
        /// Of which incident.
        incident: IncidentId,
        /// The step of reminding that is due.
        reminded: Reminded,
    },
    /// An update is late, and the escalation to the next on-call target is due. It does not say that it was delivered.
    #[serde(rename = "promise.escalated")]
    PromiseEscalated {
        /// Of which incident.
        incident: IncidentId,
        /// The step of reminding that is due.
        reminded: Reminded,
    },
}

impl Event {
    /// The `type`, as in the journal's row.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SiteCreated { .. } => "site.created",
            Self::SiteChanged { .. } => "site.changed",
            Self::SiteRestored { .. } => "site.restored",
            Self::SiteRedacted { .. } => "site.redacted",
            Self::JournalRepaired { .. } => "journal.repaired",
            Self::ComponentCreated { .. } => "component.created",
            Self::ComponentChanged { .. } => "component.changed",
            Self::ComponentDeleted { .. } => "component.deleted",
            Self::TemplateCreated { .. } => "template.created",
            Self::TemplateChanged { .. } => "template.changed",
            Self::TemplateDeleted { .. } => "template.deleted",
            Self::IncidentCreated { .. } => "incident.created",
            Self::IncidentUpdated { .. } => "incident.updated",
            Self::IncidentChanged { .. } => "incident.changed",
            Self::IncidentPublished { .. } => "incident.published",
            Self::IncidentDeleted { .. } => "incident.deleted",
            Self::IncidentWithdrawn { .. } => "incident.withdrawn",
            Self::UpdateCorrected { .. } => "update.corrected",
            Self::PostmortemPublished { .. } => "postmortem.published",
            Self::NoticeAnnounced { .. } => "notice.announced",
            Self::NoticeImminent { .. } => "notice.imminent",
            Self::NoticeExpired { .. } => "notice.expired",
            Self::PromiseDue { .. } => "promise.due",
            Self::PromiseOverdue { .. } => "promise.overdue",
            Self::PromiseEscalated { .. } => "promise.escalated",
        }
    }

    /// Whether no reader can see its effect: drafts, templates, reminders and repairs of the journal. `after` tells of an
    /// incident in the resulting state whether it is a draft.
    pub fn is_private(&self, after: impl Fn(&IncidentId) -> Option<bool>) -> bool {
        let is_draft = |id: &IncidentId| after(id).unwrap_or(false);
        match self {
            Self::JournalRepaired { .. }
            | Self::TemplateCreated { .. }
            | Self::TemplateChanged { .. }
            | Self::TemplateDeleted { .. }
            | Self::IncidentDeleted { .. }
            | Self::PromiseDue { .. }
            | Self::PromiseOverdue { .. }
            | Self::PromiseEscalated { .. } => true,
            Self::IncidentCreated { incident } | Self::IncidentChanged { incident } => {
                is_draft(&incident.id)
            }
            Self::UpdateCorrected { incident, .. } => is_draft(incident),
            _ => false,
        }
    }

    /// The incident it touches, if it touches one.
    pub fn incident(&self) -> Option<&IncidentId> {
        match self {
            Self::SiteCreated { .. }
            | Self::SiteChanged { .. }
            | Self::SiteRestored { .. }
            | Self::SiteRedacted { .. }
            | Self::JournalRepaired { .. }
            | Self::ComponentCreated { .. }
            | Self::ComponentChanged { .. }
            | Self::ComponentDeleted { .. }
            | Self::TemplateCreated { .. }
            | Self::TemplateChanged { .. }
            | Self::TemplateDeleted { .. } => None,
            Self::IncidentCreated { incident } | Self::IncidentChanged { incident } => {
                Some(&incident.id)
            }
            Self::IncidentUpdated { incident, .. }
            | Self::IncidentPublished { incident, .. }
            | Self::IncidentDeleted { incident }
            | Self::IncidentWithdrawn { incident, .. }
            | Self::UpdateCorrected { incident, .. }
            | Self::PostmortemPublished { incident, .. }
            | Self::NoticeAnnounced { incident }
            | Self::NoticeImminent { incident }
            | Self::NoticeExpired { incident }
            | Self::PromiseDue { incident, .. }
            | Self::PromiseOverdue { incident, .. }
            | Self::PromiseEscalated { incident, .. } => Some(incident),
        }
    }
}

/// A row whose event lost words. The row itself keeps the digest of the event as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedRow {
    /// Its number.
    pub seq: u64,
    /// Hex of the SHA-256 of its event's JSON from then on.
    pub digest: String,
}

/// A row whose time is earlier than that of the row before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairedRow {
    /// The row's sequence number.
    pub seq: u64,
    /// The row's time, as its text has it.
    pub at: Timestamp,
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
    /// When it began: planned work begins when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
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
    /// What it touched when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_end: Option<Vec<IncidentComponent>>,
    /// What its audience leaves open, where the impact that the notice shows changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_defaults: Option<AudienceDefaults>,
    /// The all-clear's words.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub restored: Patch<RestoredWords>,
    /// Texts in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<BTreeMap<Language, IncidentText>>,
}
