//! Derives from a site's state what the feed, the operator API and the public pages show.

pub mod changes;
pub mod days;
pub mod feed;
pub mod language;
pub mod months;
pub mod overall;
pub mod promises_kept;
pub mod restored;
pub mod severity;
pub mod shorten;
pub mod view;
