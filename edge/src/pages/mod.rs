//! Public pages, rendered on the server; they work without JavaScript.
//!
//! Rendering is pure: it takes state and returns markup. Operators' texts are strings, which `maud` escapes.

pub mod byte_budget;
pub mod calendar;
pub mod card;
pub mod days;
pub mod duration;
pub mod error_page;
pub mod heading;
pub mod history;
pub mod icon;
pub mod incident;
pub mod index_page;
pub mod layout;
pub mod notice;
pub mod on_call_page;
pub mod prose;
pub mod sent_page;
pub mod status;
pub mod texts;
pub mod timeline;

#[cfg(test)]
mod tests;

use ::notice::{
    project::feed,
    state::State,
    wire::{feed::Notice, incident::Incident, language::Language, site::Site, time::Timestamp},
};

use crate::date_format::{DateFormatter, TimeFormat};
use texts::Texts;

/// The input of rendering a page.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub site: &'a Site,
    /// The loaded state of the site.
    pub state: &'a State,
    /// The origin of the deployment, without a slash at the end.
    pub public_url: &'a str,
    /// The prefix of the page's links: empty on a custom host name, else `/s/acme`.
    pub base: &'a str,
    /// The page's language: one of the site's languages.
    pub language: &'a Language,
    /// The page's texts in its language.
    pub texts: &'static Texts,
    pub dates: &'a dyn DateFormatter,
    pub now: Timestamp,
}

/// An incident and its notice in the page's language.
#[derive(Clone, Debug)]
pub struct ShownIncident<'a> {
    pub incident: &'a Incident,
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

    /// Adds the page's language to an address, unless it is the site's own.
    fn in_language(&self, address: String) -> String {
        if self.language == &self.site.primary_language() {
            return address;
        }
        let sign = if address.contains('?') { '&' } else { '?' };
        format!("{address}{sign}lang={}", self.language)
    }

    fn status_url(&self) -> String {
        format!("{}/s/{}", self.public_url, self.site.slug)
    }

    /// A link to an incident's page.
    pub fn link_to(&self, incident: &Incident) -> String {
        self.link(&format!("/incidents/{}", incident.id))
    }

    /// Formats a date and time for readers.
    pub fn format_time(&self, at: Timestamp) -> String {
        self.dates.format(at, TimeFormat::Moment)
    }

    pub fn show<'s>(&'s self, incident: &'s Incident) -> ShownIncident<'s> {
        let status_url = self.status_url();
        ShownIncident {
            incident,
            notice: feed::notice(self.state, self.site, incident, self.language, &status_url),
        }
    }
}

/// Whether an incident is public: drafts and drills are not.
pub fn is_public(incident: &Incident) -> bool {
    !incident.is_draft() && !incident.drill
}
