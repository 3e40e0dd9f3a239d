//! What the server sends to operators beside what `notice` names.

use notice::{
    journal::Row,
    wire::{ids::Slug, site::Site, time::Timestamp, words::Role},
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
    pub row: Row,
    /// What happened, in full.
    pub event: serde_json::Value,
}

/// A site in the list of all.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ListedSite {
    /// Its name in addresses.
    pub slug: Slug,
}

/// A site that was just made, with its owner's token.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MadeSite {
    /// The site.
    pub site: Site,
    /// Shown once; `null` in a repeat.
    pub token: Option<String>,
}
