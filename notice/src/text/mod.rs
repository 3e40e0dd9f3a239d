//! Text processing: Markdown, links, excerpts and durations.

pub mod cut;
pub mod duration;
pub mod excerpt;
pub mod links;
pub mod markdown;
