//! What an incident says of itself instead of leaving it to the site.

use std::collections::BTreeMap;

use notice::{
    project::view::IncidentView,
    wire::{
        feed::Contact,
        ids::IncidentId,
        language::Language,
        words::{ContactKind, Word},
    },
};
use serde::{Deserialize, Serialize};

/// Somebody to reach, a segment, somebody on call: a line of a list that grows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// What sort, as in JSON.
    pub kind: String,
    /// What it is called.
    pub label: String,
    /// The number, address or slug.
    pub value: String,
    /// What it is called in other languages.
    pub text: BTreeMap<Language, String>,
}

impl Row {
    /// A contact as it is typed.
    pub fn of_contact(contact: &Contact) -> Self {
        Self {
            kind: contact.kind.as_str().to_owned(),
            label: contact.label.clone(),
            value: contact.value.clone(),
            text: BTreeMap::new(),
        }
    }

    /// As a contact.
    pub fn contact(&self) -> Contact {
        Contact {
            kind: ContactKind::parse(&self.kind).unwrap_or(ContactKind::Link),
            label: self.label.trim().to_owned(),
            value: self.value.trim().to_owned(),
        }
    }
}

/// Minutes as they are typed, in seconds.
pub fn minutes_s(text: &str) -> Option<u32> {
    text.trim().parse::<u32>().ok()?.checked_mul(60)
}

/// What an incident says of itself instead of leaving it to the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// Whom to reach; `None`: the site's contacts.
    pub contacts: Option<Vec<Row>>,
    /// Incidents that belong with it.
    pub related: Vec<IncidentId>,
    /// How often an update is owed, in minutes; empty: by the tier of what is hit.
    pub cadence: String,
}

impl Own {
    /// As it stands.
    pub fn of(incident: &IncidentView) -> Self {
        let contacts = incident.contacts.as_ref();
        Self {
            contacts: contacts.map(|list| list.iter().map(Row::of_contact).collect()),
            related: incident.related.clone(),
            cadence: incident
                .cadence_s
                .map(|seconds| (seconds / 60).to_string())
                .unwrap_or_default(),
        }
    }

    /// The contacts, if they are not the site's.
    pub fn contacts(&self) -> Option<Vec<Contact>> {
        let rows = self.contacts.as_ref()?;
        Some(rows.iter().map(Row::contact).collect())
    }
}
