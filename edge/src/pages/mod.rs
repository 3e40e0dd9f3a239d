//! The pages people land on, rendered here: they work without JavaScript.
//!
//! Rendering is pure: state in, markup out. Everything operators wrote is escaped by its type.

pub mod card;
pub mod clock;
pub mod fallback;
pub mod history;
pub mod icon;
pub mod incident;
pub mod layout;
pub mod notice;
pub mod prose;
pub mod status;
pub mod timeline;
pub mod words;

#[cfg(test)]
mod tests;

use ::notice::{
    project::feed,
    state::State,
    wire::{feed::Notice, incident::Incident, language::Language, site::Site, time::Timestamp},
};

use clock::{Clock, Shape};
use words::Words;

/// What a page is rendered from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// All that is loaded of it.
    pub state: &'a State,
    /// Where this deployment is reached, without a slash at the end.
    pub public_url: &'a str,
    /// What the page's own links begin with: nothing on a host name of the site's own, else `/s/acme`.
    pub base: &'a str,
    /// The language of the page: one of the site's.
    pub language: &'a Language,
    /// The page's own words.
    pub words: &'static Words,
    /// Writes moments.
    pub clock: &'a dyn Clock,
    /// When this is rendered.
    pub now: Timestamp,
}

/// An incident as a page shows it: what the card knows, in the page's language, and the whole of it.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// All of it.
    pub incident: &'a Incident,
    /// What the card says of it.
    pub notice: Notice,
}

impl Context<'_> {
    /// The permanent address of one of the site's pages, such as `/history`.
    pub fn permanent(&self, path: &str) -> String {
        format!("{}/s/{}{path}", self.public_url, self.site.slug)
    }

    /// A link to one of the site's pages, on the same host and in the same language.
    pub fn link(&self, path: &str) -> String {
        let own = self.language == &self.site.own_language();
        let path = match (self.base, path) {
            ("", "") => "/",
            (_, path) => path,
        };
        let query = if own {
            String::new()
        } else if path.contains('?') {
            format!("&lang={}", self.language)
        } else {
            format!("?lang={}", self.language)
        };
        format!("{}{path}{query}", self.base)
    }

    /// The page of an incident.
    pub fn link_to(&self, incident: &Incident) -> String {
        self.link(&format!("/incidents/{}", incident.id))
    }

    /// A moment as readers write it.
    pub fn say(&self, at: Timestamp) -> String {
        self.clock.say(at, Shape::Moment)
    }

    /// An incident in the page's language.
    pub fn show<'s>(&'s self, incident: &'s Incident) -> Shown<'s> {
        let status_url = self.permanent("");
        Shown {
            incident,
            notice: feed::notice(self.state, self.site, incident, self.language, &status_url),
        }
    }
}

/// Whether anybody but operators may read it.
pub fn is_public(incident: &Incident) -> bool {
    !incident.is_draft() && !incident.drill
}
