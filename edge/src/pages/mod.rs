//! The pages people land on, rendered here: they work without JavaScript.
//!
//! Rendering is pure: state in, markup out. Everything operators wrote is escaped by its type.

pub mod calendar;
pub mod card;
pub mod clock;
pub mod days;
pub mod duration;
pub mod fallback;
pub mod heading;
pub mod history;
pub mod icon;
pub mod incident;
pub mod layout;
pub mod notice;
pub mod prose;
pub mod room;
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
    /// The permanent address of one of the site's pages, such as `/history`, in the page's language.
    pub fn address(&self, path: &str) -> String {
        self.in_language(format!("{}{path}", self.status_url()))
    }

    /// A link to one of the site's pages, on the same host and in the same language.
    pub fn link(&self, path: &str) -> String {
        let path = match (self.base, path) {
            ("", "") => "/",
            (_, path) => path,
        };
        self.in_language(format!("{}{path}", self.base))
    }

    /// The address of a page with the page's language; the site's own needs no saying.
    fn in_language(&self, address: String) -> String {
        if self.language == &self.site.own_language() {
            return address;
        }
        let sign = if address.contains('?') { '&' } else { '?' };
        format!("{address}{sign}lang={}", self.language)
    }

    fn status_url(&self) -> String {
        format!("{}/s/{}", self.public_url, self.site.slug)
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
        let status_url = self.status_url();
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
