//! The pages people land on, rendered here: they work without JavaScript.
//!
//! Rendering is pure: state in, markup out. Everything operators wrote is escaped by its type.

pub mod incident;
pub mod layout;
pub mod notice;
pub mod prose;
pub mod status;
pub mod words;

#[cfg(test)]
mod tests;

use ::notice::{
    state::State,
    wire::{site::Site, time::Timestamp},
};

/// What a page is rendered from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// All that is loaded of it.
    pub state: &'a State,
    /// Where this deployment is reached, without a slash at the end.
    pub public_url: &'a str,
    /// How a moment is written for a reader, in the site's time zone, named.
    pub say: &'a dyn Fn(Timestamp) -> String,
    /// When this is rendered.
    pub now: Timestamp,
}

impl Context<'_> {
    /// The address of the site's status page.
    pub fn status_url(&self) -> String {
        format!("{}/s/{}", self.public_url, self.site.slug)
    }
}
