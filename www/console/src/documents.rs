//! What the server sends to operators.

use std::collections::BTreeMap;

use notice::wire::{
    feed::{AffectedComponent, Contact, Postmortem, Restored},
    ids::{IncidentId, UpdateId},
    incident::{Incident, IncidentComponent, Update},
    input::{Audience, IncidentText, RestoredWords},
    language::Language,
    time::Timestamp,
    words::{Confidence, Impact, InApp, Kind, Role, Status},
};
use serde::Deserialize;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Collection<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Where the next part begins.
    #[serde(default)]
    pub next: Option<String>,
}

/// An incident with every update, newest first. The fields are those of `notice::project::view::IncidentView`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct IncidentDocument {
    pub id: IncidentId,
    pub kind: Kind,
    pub status: Status,
    pub impact: Impact,
    pub in_app: InApp,
    pub hold: bool,
    pub drill: bool,
    pub attention: u32,
    pub title: String,
    pub advice: Option<String>,
    pub works: Vec<String>,
    pub broken: Vec<String>,
    pub components: Vec<AffectedComponent>,
    pub audience: Option<Audience>,
    pub contacts: Option<Vec<Contact>>,
    pub related: Vec<IncidentId>,
    pub draft: bool,
    pub publish_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub scheduled_for: Option<Timestamp>,
    pub scheduled_until: Option<Timestamp>,
    pub announce_from: Option<Timestamp>,
    pub announce_until: Option<Timestamp>,
    pub auto_start: bool,
    pub auto_complete: bool,
    pub next_update_at: Option<Timestamp>,
    pub owed_at: Option<Timestamp>,
    pub cadence_s: Option<u32>,
    pub estimated_end_at: Option<Timestamp>,
    pub confidence: Option<Confidence>,
    pub restored: Option<Restored>,
    pub withdrawn: Option<String>,
    pub postmortem: Option<Postmortem>,
    pub text: BTreeMap<Language, IncidentText>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updates: Vec<UpdateDocument>,
    pub url: String,
}

/// One update. The fields are those of `notice::project::view::UpdateView`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct UpdateDocument {
    pub id: UpdateId,
    pub status: Status,
    pub body: String,
    #[serde(default)]
    pub text: BTreeMap<Language, String>,
    pub at: Timestamp,
    pub next_update_at: Option<Timestamp>,
    pub corrected_at: Option<Timestamp>,
}

impl IncidentDocument {
    /// Whether it goes on, or is yet to begin.
    pub fn is_open(&self) -> bool {
        !self.status.is_over() && self.withdrawn.is_none()
    }

    /// Its newest update.
    pub fn newest(&self) -> Option<&UpdateDocument> {
        self.updates.first()
    }

    /// As `notice` keeps it, so that its rules can say what would follow. What operators are not told (how far somebody
    /// has been reminded) changes nothing that users see.
    pub fn to_incident(&self) -> Incident {
        let components = self
            .components
            .iter()
            .map(|touched| IncidentComponent {
                id: touched.id.clone(),
                status: touched.status,
                since: touched.since,
            })
            .collect();
        Incident {
            id: self.id.clone(),
            kind: self.kind,
            status: self.status,
            impact: self.impact,
            worst_impact: self.impact,
            in_app: Some(self.in_app),
            hold: self.hold,
            drill: self.drill,
            attention: self.attention,
            title: self.title.clone(),
            advice: self.advice.clone(),
            works: self.works.clone(),
            broken: self.broken.clone(),
            components,
            audience: self.audience.clone(),
            contacts: self.contacts.clone(),
            related: self.related.clone(),
            published_at: self.published_at,
            publish_at: self.publish_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            scheduled_for: self.scheduled_for,
            scheduled_until: self.scheduled_until,
            announce_from: self.announce_from,
            announce_until: self.announce_until,
            auto_start: self.auto_start,
            auto_complete: self.auto_complete,
            announced: true,
            imminent: false,
            next_update_at: self.next_update_at,
            estimated_end_at: self.estimated_end_at,
            confidence: self.confidence,
            cadence_s: self.cadence_s,
            reminded: None,
            before_end: Vec::new(),
            restored: self.restored.as_ref().map(|restored| RestoredWords {
                back: restored.back.clone(),
                check: restored.check.clone(),
                still: restored.still.clone(),
            }),
            withdrawn: self.withdrawn.clone(),
            postmortem: self.postmortem.clone(),
            text: self.text.clone(),
            expired: false,
            created_at: self.created_at,
            updated_at: self.updated_at,
            updates: self.updates.iter().rev().map(update).collect(),
        }
    }
}

fn update(update: &UpdateDocument) -> Update {
    Update {
        id: update.id.clone(),
        status: update.status,
        body: update.body.clone(),
        text: update.text.clone(),
        at: update.at,
        next_update_at: update.next_update_at,
        corrected_at: update.corrected_at,
    }
}

/// A token or a device's session, without its secret.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TokenDocument {
    /// Its id, as in the journal.
    pub id: String,
    /// What it may do.
    pub role: Role,
    /// What it is for, or whose device.
    pub name: String,
    /// `token`, `session` of a device, or `root`.
    pub kind: String,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The day it was last used.
    #[serde(default)]
    pub last_used_at: Option<Timestamp>,
}

/// A secret, shown once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Secret {
    /// The bearer token; `null` in a repeat.
    pub token: Option<String>,
    /// What it may do.
    #[serde(default)]
    pub role: Option<Role>,
    /// What it is called.
    #[serde(default)]
    pub name: String,
}

/// An invitation, shown once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct InvitationDocument {
    /// Its link; `null` in a repeat.
    pub url: Option<String>,
    /// The link as an SVG picture.
    pub qr: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JournalEntry {
    /// Who did what when.
    pub row: JournalRow,
    /// What happened, in full.
    pub event: serde_json::Value,
}

/// Who did what when.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JournalRow {
    /// Its number, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// A token's id, `root`, or who acts by itself.
    pub actor: String,
    /// What sort of event.
    #[serde(rename = "type")]
    pub kind: String,
}
