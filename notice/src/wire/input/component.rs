//! Making, changing and naming components.

use serde::{Deserialize, Serialize};

use crate::wire::{
    component::Component,
    ids::{ComponentId, Slug},
    words::ComponentStatus,
};

/// `POST …/components`, and what `PATCH …/components/{id}` merges into. Required: `name`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewComponent {
    /// Its name for users.
    pub name: String,
    /// Its name in attributes; made from the name when absent.
    #[serde(default)]
    pub slug: Option<Slug>,
    /// The heading it stands under.
    #[serde(default)]
    pub group: Option<String>,
    /// 1 (mission critical) to 3; default 2.
    #[serde(default)]
    pub tier: Option<u8>,
    /// Its place in lists, from 0; others move. Default: the last.
    #[serde(default)]
    pub position: Option<u32>,
}

impl NewComponent {
    /// A component as a body would say it.
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

/// A component as a body names it: by id or slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedComponent {
    /// Its id or slug.
    pub id: ComponentName,
    /// How it does now; default: by the incident's impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ComponentStatus>,
}

/// A component's id or slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ComponentName {
    /// Its id.
    Id(ComponentId),
    /// Its slug.
    Slug(Slug),
}

impl ComponentName {
    /// Reads either.
    pub fn parse(text: &str) -> Option<Self> {
        ComponentId::parse(text)
            .map(Self::Id)
            .or_else(|| Slug::parse(text).map(Self::Slug))
    }

    /// As it was written.
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
