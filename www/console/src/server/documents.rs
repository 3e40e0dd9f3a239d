//! The API's documents for operators that `notice` does not define.

use notice::{
    journal::Row,
    wire::{enums::Role, ids::Slug, site::Site, time::Timestamp},
};
use serde::Deserialize;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Collection<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `None`: this is the last.
    #[serde(default)]
    pub next: Option<String>,
}

/// The last comparison of the stored data with the journal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Verification {
    /// A description of the first difference; `None`: there is none.
    #[serde(default)]
    pub first_difference: Option<String>,
}

/// A token or a device's session, without its secret.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TokenDocument {
    /// The id, as in the journal.
    pub id: String,
    pub role: Role,
    /// The purpose of a token, or the name of a device; may be empty.
    pub name: String,
    /// `token`, `session` (a device) or `root`.
    pub kind: String,
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The time of last use, rounded to a day in UTC.
    #[serde(default)]
    pub last_used_at: Option<Timestamp>,
}

/// A new token. Its secret is shown once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Secret {
    /// The bearer token; `None` in the answer to a repeated request.
    pub token: Option<String>,
    #[serde(default)]
    pub role: Option<Role>,
    #[serde(default)]
    pub name: String,
}

/// A new invitation. Its link is shown once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct InvitationDocument {
    /// The link; `None` in the answer to a repeated request.
    pub url: Option<String>,
    /// The link as a QR code in SVG.
    pub qr: Option<String>,
    pub expires_at: Timestamp,
}

/// A host name of the site.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ListedHostname {
    pub host: String,
    /// Whether it serves the site.
    pub confirmed: bool,
    /// The DNS record that confirms it.
    pub record: TxtRecord,
}

/// A DNS record of the type TXT.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TxtRecord {
    pub name: String,
    pub value: String,
}

/// An invitation that was not used and has not expired.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PendingInvitation {
    pub id: String,
    pub role: Role,
    /// The device's name; may be empty.
    #[serde(default)]
    pub name: String,
    pub expires_at: Timestamp,
}

/// The part of an invitation that a guest may read before redeeming it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReadInvitation {
    /// The site's name, not its slug.
    pub site: String,
    pub role: Role,
    /// The device's name; may be empty.
    #[serde(default)]
    pub name: String,
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JournalEntry {
    /// The time, the actor and the event's type.
    pub row: Row,
    pub event: serde_json::Value,
    /// The subject of the event.
    #[serde(default)]
    pub about: Option<About>,
    #[serde(default)]
    pub changes: Vec<FieldChange>,
}

/// The subject of a journal entry.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct About {
    /// `site`, `component`, `template` or `incident`.
    pub kind: String,
    /// The id; `site` for the site.
    pub id: String,
    /// The name or title at the time of the event.
    #[serde(default)]
    pub name: Option<String>,
}

/// A changed field of a journal entry.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    #[serde(default)]
    pub before: serde_json::Value,
    #[serde(default)]
    pub after: serde_json::Value,
}

/// An entry of the list of all sites.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ListedSite {
    pub slug: Slug,
}

/// A new site with its owner token.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CreatedSite {
    pub site: Site,
    /// The owner token, shown once; `None` in the answer to a repeated request.
    pub token: Option<String>,
}
