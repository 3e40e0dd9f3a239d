//! A site as it is stored and as its operators read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{feed::Contact, ids::Slug, language::Language, time::Timestamp};

/// One tenant: one product with its components and incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its name in addresses; never changes.
    pub slug: Slug,
    /// Its name for users.
    pub name: String,
    /// The languages of its texts, its own first; never empty.
    pub languages: Vec<Language>,
    /// Whom users reach, unless an incident says otherwise.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// The parts of its customers that notices can be aimed at.
    #[serde(default)]
    pub segments: Vec<SiteSegment>,
    /// Seconds after a promise when it counts as late.
    pub overdue_after_s: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A declared part of the customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSegment {
    /// As in `data-audience`.
    pub slug: Slug,
    /// As on the card, in the site's own language.
    pub label: String,
    /// As on the card, in the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<Language, String>,
}

/// Seconds after a promise when it counts as late, unless the site says otherwise.
pub const OVERDUE_AFTER_S: u32 = 300;

impl Site {
    /// The language of its texts where no translation is given.
    pub fn own_language(&self) -> Language {
        self.languages
            .first()
            .cloned()
            .unwrap_or_else(Language::english)
    }
}
