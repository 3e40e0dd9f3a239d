//! Templates of texts, built in or stored by the site.

mod built_in;
mod placeholders;

use std::collections::BTreeMap;

use notice::wire::{
    enums::{Impact, Kind, Status},
    input::NewTemplate,
    language::Language,
    template::Template,
};

pub use built_in::CHECKS;
pub use placeholders::{Placeholders, invalid_placeholder};

use crate::form::Texts;

/// The occasion on which a template is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A new incident, maintenance or announcement.
    Begin(Kind),
    Update,
    /// The update that ends the incident.
    End,
}

/// A template as the console offers it.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedTemplate {
    /// Its name for operators.
    pub name: String,
    /// `None`: it is offered on every occasion.
    pub occasion: Option<Occasion>,
    /// The status to set.
    pub status: Option<Status>,
    /// The severity to set.
    pub impact: Option<Impact>,
    /// Minutes until the next update.
    pub next_update_minutes: Option<u32>,
    /// The texts in the site's primary language, with placeholders.
    pub texts: Texts,
    /// The texts in other languages.
    pub translations: BTreeMap<Language, Texts>,
}

/// Returns the templates for an occasion: the site's own first, then the built-in ones.
pub fn offered(occasion: Occasion, stored: &[Template]) -> Vec<OfferedTemplate> {
    let stored = stored.iter().map(|template| from_stored(&template.content));
    let built_in = built_in::ROWS.iter().map(|row| OfferedTemplate {
        name: row.name.to_owned(),
        occasion: Some(row.occasion),
        status: row.status,
        impact: None,
        next_update_minutes: None,
        texts: Texts {
            title: row.title.to_owned(),
            body: row.body.to_owned(),
            advice: row.advice.to_owned(),
            works: row.works.to_owned(),
            broken: row.broken.to_owned(),
            check: row.check.to_owned(),
            ..Texts::default()
        },
        translations: BTreeMap::new(),
    });
    stored
        .chain(built_in)
        .filter(|template| template.occasion.is_none_or(|own| own == occasion))
        .collect()
}

fn from_stored(template: &NewTemplate) -> OfferedTemplate {
    let restored = template.restored.clone().unwrap_or_default();
    let ends = template.status.is_some_and(Status::is_over) || template.restored.is_some();
    // A template with a title is for something new, one without for an update.
    let occasion = match (template.kind, template.title.is_some()) {
        _ if ends => Some(Occasion::End),
        (Some(kind), true) => Some(Occasion::Begin(kind)),
        (None, true) => None,
        (_, false) => Some(Occasion::Update),
    };
    OfferedTemplate {
        name: template.name.clone(),
        occasion,
        status: template.status,
        impact: template.impact,
        next_update_minutes: template.next_update_minutes,
        texts: Texts {
            title: template.title.clone().unwrap_or_default(),
            body: template.body.clone().unwrap_or_default(),
            advice: template.advice.clone().unwrap_or_default(),
            works: template.works.join("\n"),
            broken: template.broken.join("\n"),
            check: restored.check.unwrap_or_default(),
            back: restored.back.join("\n"),
            still: restored.still.join("\n"),
        },
        translations: template
            .text
            .iter()
            .map(|(language, text)| (language.clone(), Texts::of(text)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Occasion, offered};
    use notice::wire::enums::Kind;

    #[test]
    fn every_occasion_has_a_built_in_template() {
        for occasion in [
            Occasion::Begin(Kind::Incident),
            Occasion::Begin(Kind::Maintenance),
            Occasion::Begin(Kind::Announcement),
            Occasion::Update,
            Occasion::End,
        ] {
            assert!(!offered(occasion, &[]).is_empty(), "{occasion:?}");
        }
    }
}
