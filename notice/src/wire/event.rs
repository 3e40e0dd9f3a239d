//! Events of the journal. They are stored forever, so types and fields are added, never removed or redefined.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    component::Component,
    feed::Postmortem,
    ids::{ComponentId, IncidentId, Slug, TemplateId, UpdateId, WebhookId},
    incident::{AudienceDefaults, Incident, IncidentComponent, Reminded, Update},
    input::{IncidentText, RestoredTexts},
    language::Language,
    patch::Patch,
    site::{OnCallKind, Site, Urgency},
    template::Template,
    time::Timestamp,
};
use crate::wire::enums::{Confidence, DisabledReason, Impact, Status};

/// An event of a site, as stored in its journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// The site was created.
    #[serde(rename = "site.created")]
    SiteCreated {
        /// The site with its initial settings.
        site: Site,
    },
    /// The site's settings changed.
    #[serde(rename = "site.changed")]
    SiteChanged {
        /// The site after the change.
        site: Site,
    },
    /// The events before this one were imported from an export.
    #[serde(rename = "site.restored")]
    SiteRestored {
        /// The site's slug since the import.
        slug: Slug,
        /// Number of imported rows.
        rows: u64,
        /// Hash of the last imported row.
        head: String,
    },
    /// A text was erased from earlier events. This event does not contain it.
    #[serde(rename = "site.redacted")]
    SiteRedacted {
        /// Rows whose events contained the text.
        rows: Vec<RedactedRow>,
    },
    /// Earlier rows whose time is before that of their predecessor are declared valid, or damaged data was rebuilt from the journal. No
    /// row changes.
    #[serde(rename = "journal.repaired")]
    JournalRepaired {
        /// Rows that are older than their predecessor.
        rows: Vec<RepairedRow>,
        /// What was rebuilt.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rebuilt: Vec<Rebuilt>,
    },
    /// The server's clock had been ahead. The times of this row and the following rows continue from `to`. Times in
    /// the state that came from the clock and are later than `to` become `to`.
    #[serde(rename = "clock.corrected")]
    ClockCorrected {
        /// Time of the previous row.
        from: Timestamp,
        /// Time of this row, by the corrected clock.
        to: Timestamp,
    },
    /// A component was created.
    #[serde(rename = "component.created")]
    ComponentCreated {
        /// The component with its initial position.
        component: Component,
    },
    /// Name, slug, group, tier or position of a component changed.
    #[serde(rename = "component.changed")]
    ComponentChanged {
        /// The component after the change. Its status follows from incidents.
        component: Component,
    },
    /// A component was deleted.
    #[serde(rename = "component.deleted")]
    ComponentDeleted {
        /// Id of the deleted component.
        component: ComponentId,
    },
    /// A template was created.
    #[serde(rename = "template.created")]
    TemplateCreated {
        /// The template as it was created.
        template: Template,
    },
    /// Texts or fields of a template changed.
    #[serde(rename = "template.changed")]
    TemplateChanged {
        /// The template after the change.
        template: Template,
    },
    /// A template was deleted.
    #[serde(rename = "template.deleted")]
    TemplateDeleted {
        /// Id of the deleted template.
        template: TemplateId,
    },
    /// An incident was created, with its first update if it has one.
    #[serde(rename = "incident.created")]
    IncidentCreated {
        /// The incident with all defaults filled in.
        incident: Box<Incident>,
    },
    /// An update was posted, perhaps with changes of the incident.
    #[serde(rename = "incident.updated")]
    IncidentUpdated {
        /// Id of the incident.
        incident: IncidentId,
        /// The update as it was posted.
        update: Update,
        /// Fields of the incident that changed with it.
        change: Box<IncidentChange>,
    },
    /// Fields of an incident changed without an update.
    #[serde(rename = "incident.changed")]
    IncidentChanged {
        /// The incident after the change. Its updates are left out and stay as they are.
        incident: Box<Incident>,
    },
    /// A draft was published.
    #[serde(rename = "incident.published")]
    IncidentPublished {
        /// Id of the incident.
        incident: IncidentId,
        /// Defaults of the audience fields that the operator left open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience_defaults: Option<AudienceDefaults>,
    },
    /// A draft was deleted.
    #[serde(rename = "incident.deleted")]
    IncidentDeleted {
        /// Id of the deleted draft.
        incident: IncidentId,
    },
    /// An incident was withdrawn because it had been published by mistake.
    #[serde(rename = "incident.withdrawn")]
    IncidentWithdrawn {
        /// Id of the incident.
        incident: IncidentId,
        /// Reason shown to users who saw the incident.
        reason: String,
    },
    /// The text of an update was corrected. The old text stays in the earlier event.
    #[serde(rename = "update.corrected")]
    UpdateCorrected {
        /// Id of the incident.
        incident: IncidentId,
        /// Id of the update.
        update: UpdateId,
        /// Corrected text in the primary language.
        body: String,
        /// All translations of the corrected text.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        text: BTreeMap<Language, String>,
    },
    /// A postmortem was published or corrected.
    #[serde(rename = "postmortem.published")]
    PostmortemPublished {
        /// Id of the incident.
        incident: IncidentId,
        /// The postmortem after the change.
        postmortem: Postmortem,
    },
    /// The time to announce a maintenance or announcement has come.
    #[serde(rename = "notice.announced")]
    NoticeAnnounced {
        /// Id of the incident.
        incident: IncidentId,
    },
    /// A maintenance starts within 15 minutes.
    #[serde(rename = "notice.imminent")]
    NoticeImminent {
        /// Id of the incident.
        incident: IncidentId,
    },
    /// An all-clear left the feed.
    #[serde(rename = "notice.expired")]
    NoticeExpired {
        /// Id of the incident.
        incident: IncidentId,
    },
    /// A draft or an announcement was due to appear more than 48 h ago. An operator decides whether it appears.
    #[serde(rename = "schedule.missed")]
    ScheduleMissed {
        /// Id of the incident.
        incident: IncidentId,
        /// Time at which it was due to appear.
        due_at: Timestamp,
    },
    /// The first reminder of an update is due.
    #[serde(rename = "promise.due")]
    PromiseDue {
        /// Id of the incident.
        incident: IncidentId,
        /// The update and the reminder stage.
        reminded: Reminded,
    },
    /// An update is overdue.
    #[serde(rename = "promise.overdue")]
    PromiseOverdue {
        /// Id of the incident.
        incident: IncidentId,
        /// The update and the reminder stage.
        reminded: Reminded,
    },
    /// An overdue update that nobody has acknowledged was escalated to a further on-call target. Does not mean that the page was
    /// delivered.
    #[serde(rename = "promise.escalated")]
    PromiseEscalated {
        /// Id of the incident.
        incident: IncidentId,
        /// The update and the reminder stage.
        reminded: Reminded,
    },
    /// An on-call target acknowledged an overdue update. Nobody else is reminded of that update.
    #[serde(rename = "promise.acknowledged")]
    PromiseAcknowledged {
        /// Id of the incident.
        incident: IncidentId,
        /// Time at which the update was due.
        owed_at: Timestamp,
        /// Name of the target.
        name: String,
    },
    /// A message to an on-call target was delivered.
    #[serde(rename = "on_call.notified")]
    OnCallNotified {
        /// The message.
        message: OnCallMessage,
    },
    /// A message to an on-call target could not be delivered.
    #[serde(rename = "on_call.failed")]
    OnCallFailed {
        /// The message.
        message: OnCallMessage,
        /// The reason, as a sentence.
        reason: String,
    },
    /// A webhook was disabled by the answers of its endpoint.
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled {
        /// Id of the webhook.
        webhook: WebhookId,
        /// Host of its URL. The rest of the URL may be secret.
        host: String,
        /// The reason.
        cause: DisabledReason,
    },
}

impl Event {
    /// The event's type, as stored in the `type` of a journal row.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SiteCreated { .. } => "site.created",
            Self::SiteChanged { .. } => "site.changed",
            Self::SiteRestored { .. } => "site.restored",
            Self::SiteRedacted { .. } => "site.redacted",
            Self::JournalRepaired { .. } => "journal.repaired",
            Self::ClockCorrected { .. } => "clock.corrected",
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
            Self::ScheduleMissed { .. } => "schedule.missed",
            Self::PromiseDue { .. } => "promise.due",
            Self::PromiseOverdue { .. } => "promise.overdue",
            Self::PromiseEscalated { .. } => "promise.escalated",
            Self::PromiseAcknowledged { .. } => "promise.acknowledged",
            Self::OnCallNotified { .. } => "on_call.notified",
            Self::OnCallFailed { .. } => "on_call.failed",
            Self::WebhookDisabled { .. } => "webhook.disabled",
        }
    }

    /// Whether the event has no public effect. That is so for events about drafts, templates, reminders, on-call messages,
    /// missed transitions, repairs of the journal, and webhooks.
    ///
    /// `after` returns whether an incident is a draft in the resulting state, `None` if it does not exist.
    pub fn is_private(&self, after: impl Fn(&IncidentId) -> Option<bool>) -> bool {
        let is_draft = |id: &IncidentId| after(id).unwrap_or(false);
        match self {
            Self::JournalRepaired { .. }
            | Self::TemplateCreated { .. }
            | Self::TemplateChanged { .. }
            | Self::TemplateDeleted { .. }
            | Self::IncidentDeleted { .. }
            | Self::ScheduleMissed { .. }
            | Self::PromiseDue { .. }
            | Self::PromiseOverdue { .. }
            | Self::PromiseEscalated { .. }
            | Self::PromiseAcknowledged { .. }
            | Self::OnCallNotified { .. }
            | Self::OnCallFailed { .. }
            | Self::WebhookDisabled { .. } => true,
            Self::IncidentCreated { incident } | Self::IncidentChanged { incident } => {
                is_draft(&incident.id)
            }
            Self::UpdateCorrected { incident, .. } => is_draft(incident),
            _ => false,
        }
    }

    /// The id of the incident that the event is about, if there is one.
    pub fn incident(&self) -> Option<&IncidentId> {
        match self {
            Self::SiteCreated { .. }
            | Self::SiteChanged { .. }
            | Self::SiteRestored { .. }
            | Self::SiteRedacted { .. }
            | Self::JournalRepaired { .. }
            | Self::ClockCorrected { .. }
            | Self::ComponentCreated { .. }
            | Self::ComponentChanged { .. }
            | Self::ComponentDeleted { .. }
            | Self::TemplateCreated { .. }
            | Self::TemplateChanged { .. }
            | Self::TemplateDeleted { .. }
            | Self::OnCallNotified { .. }
            | Self::OnCallFailed { .. }
            | Self::WebhookDisabled { .. } => None,
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
            | Self::ScheduleMissed { incident, .. }
            | Self::PromiseDue { incident, .. }
            | Self::PromiseOverdue { incident, .. }
            | Self::PromiseEscalated { incident, .. }
            | Self::PromiseAcknowledged { incident, .. } => Some(incident),
        }
    }
}

/// A message to one on-call target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallMessage {
    /// Kind of the target.
    pub kind: OnCallKind,
    /// Name of the target.
    pub name: String,
    /// Whether the target was paged or informed.
    pub urgency: Urgency,
    /// Sequence number of the journal row that the message is about; in a test, that of the newest row.
    pub row: u64,
    /// Whether it was a test.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

/// A journal row whose event was redacted. The row still contains the digest of the original event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedRow {
    /// The row's sequence number.
    pub seq: u64,
    /// SHA-256 of the event's JSON after the redaction, in hex.
    pub digest: String,
}

/// Stored data that is rebuilt from the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rebuilt {
    /// The site's settings, its components and templates.
    Settings,
    /// Incidents, with their updates and severities over time.
    Incidents,
    /// Indexes of tables.
    Indexes,
}

/// A journal row that is older than its predecessor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairedRow {
    /// The row's sequence number.
    pub seq: u64,
    /// The row's time, which stays as it is.
    pub at: Timestamp,
}

/// Changed fields of an incident. Absent fields keep their values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IncidentChange {
    /// New status, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// New impact, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// New value of the attention counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<u32>,
    /// All affected components with their new statuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<IncidentComponent>>,
    /// New start: the actual one, when a maintenance starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// New advice for users, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub advice: Patch<String>,
    /// New list of functions that still work, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub works: Patch<Vec<String>>,
    /// New list of functions that do not work, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub broken: Patch<Vec<String>>,
    /// New promised time of the next update.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub next_update_at: Patch<Timestamp>,
    /// New estimated end, or its removal.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub estimated_end_at: Patch<Timestamp>,
    /// New confidence in the estimated end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub confidence: Patch<Confidence>,
    /// New end. Cleared when the incident is reopened.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ended_at: Patch<Timestamp>,
    /// Affected components and their statuses just before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_end: Option<Vec<IncidentComponent>>,
    /// New defaults of the audience fields that the operator left open. Set when the shown impact changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_defaults: Option<AudienceDefaults>,
    /// New texts of the all-clear.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub restored: Patch<RestoredTexts>,
    /// New translations of all texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<BTreeMap<Language, IncidentText>>,
}
