//! Text processing: Markdown, links, excerpts and durations.

pub mod cut;
pub mod excerpt;
mod inline;
pub mod links;
pub mod markdown;
