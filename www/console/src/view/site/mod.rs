//! A site's components, settings, webhooks, templates, access and journal.

pub mod access;
pub mod components;
pub mod journal;
pub mod settings;
pub mod templates;
pub mod webhooks;
