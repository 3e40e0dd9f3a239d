//! A component as it is stored and as operators read it.

use serde::{Deserialize, Serialize};

use super::{
    ids::{ComponentId, Slug},
    time::Timestamp,
    words::ComponentStatus,
};

/// A part of the product that users recognise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its id.
    pub id: ComponentId,
    /// Its name in attributes, usable wherever its id is.
    pub slug: Slug,
    /// Its name for users.
    pub name: String,
    /// The heading it stands under.
    pub group: Option<String>,
    /// 1 (mission critical) to 3: how often an update is owed.
    pub tier: u8,
    /// Its place in lists, from 0.
    pub position: u32,
    /// The worst that any open incident says of it.
    pub status: ComponentStatus,
    /// Since when its status is what it is.
    pub since: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}
