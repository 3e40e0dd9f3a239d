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

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PendingInvitation {
    /// Its id.
    pub id: String,
    /// The role that it gives.
    pub role: Role,
    /// Whose device it is for; may be empty.
    #[serde(default)]
    pub name: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// What whoever was invited may know before they join.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReadInvitation {
    /// The site's name, as its users know it.
    pub site: String,
    /// The role that it gives.
    pub role: Role,
    /// Whose device it is for; may be empty.
    #[serde(default)]
    pub name: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JournalEntry {
    /// Who did what when.
    pub row: Row,
    /// What happened, in full.
    pub event: serde_json::Value,
    /// The thing that it is about.
    #[serde(default)]
    pub about: Option<About>,
    /// The fields that it changed.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
}

/// The thing that an entry of the journal is about.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct About {
    /// `site`, `component`, `template` or `incident`.
    pub kind: String,
    /// Its id; of the site `site`.
    pub id: String,
    /// Its name or title at that time.
    #[serde(default)]
    pub name: Option<String>,
}

/// A field that an entry of the journal changed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FieldChange {
    /// Its name in the API.
    pub field: String,
    /// Its value before.
    #[serde(default)]
    pub before: serde_json::Value,
    /// Its value from then on.
    #[serde(default)]
    pub after: serde_json::Value,
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
