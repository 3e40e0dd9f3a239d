//! Reads that never fail: what the isolate remembers, who asks the source, and what is said meanwhile.

pub mod chain;
pub mod conditional;
pub mod directory;
pub mod fallback;
pub mod hot;
pub mod kept_sites;
pub mod known_sites;
pub mod pages;
pub mod purges;
pub mod snapshot;
pub mod source;
