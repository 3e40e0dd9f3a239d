//! Request bodies about components.

use serde::{Deserialize, Serialize};

use crate::wire::{
    component::Component,
    enums::ComponentStatus,
    ids::{ComponentId, Slug},
};

/// Body of `POST …/components`, and the document that `PATCH …/components/{id}` patches. Required: `name`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewComponent {
    /// Name shown to users.
    pub name: String,
    /// Name in URLs and attributes. Default: derived from the name.
    #[serde(default)]
    pub slug: Option<Slug>,
    /// Heading that lists show above the component.
    #[serde(default)]
    pub group: Option<String>,
    /// 1 (mission critical) to 3. Default: 2.
    #[serde(default)]
    pub tier: Option<u8>,
    /// Position in lists, from 0. Default: the last one.
    #[serde(default)]
    pub position: Option<u32>,
}

impl NewComponent {
    /// Converts a component into the document that a merge patch applies to.
    pub fn of(component: &Component) -> Self {
        Self {
            name: component.name.clone(),
            slug: Some(component.slug.clone()),
            group: component.group.clone(),
            tier: Some(component.tier),
            position: Some(component.position),
        }
    }
}

/// A reference to a component, with the status that an incident gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedComponent {
    /// The component's id or slug.
    pub id: ComponentName,
    /// New status. Default: derived from the incident's impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ComponentStatus>,
}

/// The id or slug of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ComponentName {
    /// An id, with its prefix `cmp_`.
    Id(ComponentId),
    /// A slug, without a prefix.
    Slug(Slug),
}

impl ComponentName {
    /// Parses an id or a slug. `None` if the text is neither.
    pub fn parse(text: &str) -> Option<Self> {
        ComponentId::parse(text)
            .map(Self::Id)
            .or_else(|| Slug::parse(text).map(Self::Slug))
    }

    /// The id or slug as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id(id) => id.as_str(),
            Self::Slug(slug) => slug.as_str(),
        }
    }
}

impl<'de> Deserialize<'de> for ComponentName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom("Must be the id or slug of a component."))
    }
}
