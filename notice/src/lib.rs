//! Allclear's data formats and all its rules. Pure: no I/O, no clock, no randomness, no browser. Callers pass `now` and
//! random bits.
//!
//! [`wire`] holds the formats that cross the network or are stored, pinned by golden files. The other modules are
//! rules: [`browser`] and [`text`] for browsers and servers, the rest for servers only.

pub mod browser;
pub mod duration;
pub mod limits;
pub mod text;
pub mod wire;

#[cfg(feature = "server")]
pub mod body;
#[cfg(feature = "server")]
pub mod decide;
#[cfg(feature = "server")]
pub mod journal;
#[cfg(feature = "server")]
pub mod notify;
#[cfg(feature = "server")]
pub mod project;
#[cfg(feature = "server")]
pub mod rejection;
#[cfg(feature = "server")]
pub mod state;
