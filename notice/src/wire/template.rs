//! Words to begin with.

use serde::{Deserialize, Serialize};

use super::{ids::TemplateId, input::NewTemplate, time::Timestamp};

/// A template as it is stored and as operators read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its words.
    #[serde(flatten)]
    pub words: NewTemplate,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
