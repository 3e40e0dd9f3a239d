//! An incident's own contacts and update interval, which replace the site's, and its related incidents.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        enums::{ContactKind, StringEnum},
        feed::Contact,
        ids::IncidentId,
        language::Language,
    },
};
use serde::{Deserialize, Serialize};

use super::{MINUTE_S, amount};

/// An entry of a list that can grow: a contact, a segment or an on-call target. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The kind as in the API; empty for a segment.
    pub kind: String,
    /// The label; for an on-call target the delay in minutes.
    pub label: String,
    /// The number, the address, or the segment's slug.
    pub value: String,
    /// The label in other languages.
    pub text: BTreeMap<Language, String>,
    /// The name of an on-call target; empty: the server composes it from kind and host.
    pub name: String,
    /// Whether messages that page an on-call target have a link that signs in.
    pub session_link: bool,
}

impl Row {
    pub fn of_contact(contact: &Contact) -> Self {
        Self {
            kind: contact.kind.as_str().to_owned(),
            label: contact.label.clone(),
            value: contact.value.clone(),
            ..Self::default()
        }
    }

    pub fn to_contact(&self) -> Contact {
        Contact {
            kind: ContactKind::parse(&self.kind).unwrap_or(ContactKind::Link),
            label: self.label.trim().to_owned(),
            value: self.value.trim().to_owned(),
        }
    }
}

/// Settings of one incident, which replace the settings of the site. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// `None`: the site's contacts.
    pub contacts: Option<Vec<Row>>,
    pub related: Vec<IncidentId>,
    /// Minutes between updates; empty: by the importance of the affected components.
    pub cadence: String,
}

impl Overrides {
    /// The settings of a published incident.
    pub fn of(incident: &IncidentView) -> Self {
        let contacts = incident.contacts.as_ref();
        Self {
            contacts: contacts.map(|list| list.iter().map(Row::of_contact).collect()),
            related: incident.related.clone(),
            cadence: incident
                .cadence_s
                .map(|seconds| amount(seconds, MINUTE_S))
                .unwrap_or_default(),
        }
    }

    /// Converts the contacts; `None`: the site's.
    pub fn contacts(&self) -> Option<Vec<Contact>> {
        let rows = self.contacts.as_ref()?;
        Some(rows.iter().map(Row::to_contact).collect())
    }
}
