//! Paths as templates, such as `/incidents/{incident}/updates`: fixed words, and ids in braces.

use notice::{
    rejection::Rejection,
    wire::{
        ids::{
            DeliveryId, IncidentId, InvitationId, Slug, TemplateId, TokenId, UpdateId, WebhookId,
        },
        input::ComponentName,
    },
};

use crate::http::host_name::HostName;

/// Whether segments have the words of a template, and something in place of its ids.
pub fn fits(template: &str, segments: &[&str]) -> bool {
    let words: Vec<&str> = template.split('/').skip(1).collect();
    let fits = |(word, segment): (&&str, &&str)| match ending(word) {
        Some(ending) => segment.ends_with(ending) && segment.len() > ending.len(),
        None => word == segment,
    };
    words.len() == segments.len() && words.iter().zip(segments).all(fits)
}

/// The part of a word after its id, such as `.ics` in `{incident}.ics`; `None` for a fixed word.
fn ending(word: &str) -> Option<&str> {
    let (_, ending) = word.strip_prefix('{')?.split_once('}')?;
    Some(ending)
}

/// The ids in a path that fits a template.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    pub template: &'static str,
    pub segments: &'a [&'a str],
}

impl Ids<'_> {
    /// Parses the id in this place of the template, such as `{incident}`.
    ///
    /// # Errors
    /// [`Rejection::NotFound`] if the template has no such place, or the id is malformed.
    pub fn parse<T>(&self, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, Rejection> {
        let places = self.template.split('/').skip(1).zip(self.segments);
        let mut found = places.filter_map(|(word, segment)| {
            let ending = word.strip_prefix(name)?;
            segment.strip_suffix(ending)
        });
        found.next().and_then(parse).ok_or(Rejection::NotFound)
    }

    pub fn site(&self) -> Result<Slug, Rejection> {
        self.parse("{site}", Slug::parse)
    }

    pub fn hostname(&self) -> Result<HostName, Rejection> {
        self.parse("{host}", HostName::parse)
    }

    pub fn component(&self) -> Result<ComponentName, Rejection> {
        self.parse("{component}", ComponentName::parse)
    }

    pub fn incident(&self) -> Result<IncidentId, Rejection> {
        self.parse("{incident}", IncidentId::parse)
    }

    pub fn update(&self) -> Result<UpdateId, Rejection> {
        self.parse("{update}", UpdateId::parse)
    }

    pub fn template(&self) -> Result<TemplateId, Rejection> {
        self.parse("{template}", TemplateId::parse)
    }

    pub fn token(&self) -> Result<TokenId, Rejection> {
        self.parse("{token}", TokenId::parse)
    }

    pub fn invitation(&self) -> Result<InvitationId, Rejection> {
        self.parse("{invitation}", InvitationId::parse)
    }

    pub fn webhook(&self) -> Result<WebhookId, Rejection> {
        self.parse("{webhook}", WebhookId::parse)
    }

    pub fn delivery(&self) -> Result<DeliveryId, Rejection> {
        self.parse("{delivery}", DeliveryId::parse)
    }

    /// Checks that all ids are well-formed.
    ///
    /// # Errors
    /// [`Rejection::NotFound`] if one is malformed.
    pub fn check(&self) -> Result<(), Rejection> {
        for word in self.template.split('/') {
            match word {
                "{site}" => drop(self.site()?),
                "{host}" => drop(self.hostname()?),
                "{component}" => drop(self.component()?),
                "{incident}" | "{incident}.ics" => drop(self.incident()?),
                "{update}" => drop(self.update()?),
                "{template}" => drop(self.template()?),
                "{token}" => drop(self.token()?),
                "{invitation}" => drop(self.invitation()?),
                "{webhook}" => drop(self.webhook()?),
                "{delivery}" => drop(self.delivery()?),
                _ => {}
            }
        }
        Ok(())
    }
}
