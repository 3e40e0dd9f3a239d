//! Allclear's vocabulary and every rule, pure: no I/O, no clock, no randomness, no browser.
//! Whoever calls passes `now` and any random bits in.
//!
//! Two kinds of module live here. [`wire`] is what crosses the network or is stored: plain structs whose names are
//! fixed by golden files. Everything else is rules, which may be rewritten any day.

pub mod wire;

#[cfg(feature = "store")]
pub mod attention;
#[cfg(feature = "store")]
pub mod check;
#[cfg(feature = "store")]
pub mod decide;
#[cfg(feature = "store")]
pub mod journal;
#[cfg(feature = "store")]
pub mod json;
#[cfg(feature = "store")]
pub mod kept;
pub mod limits;
#[cfg(feature = "store")]
pub mod merge;
#[cfg(feature = "store")]
pub mod outbox;
#[cfg(feature = "store")]
pub mod project;
#[cfg(feature = "store")]
pub mod promise;
#[cfg(feature = "store")]
pub mod read;
#[cfg(feature = "store")]
pub mod rejection;
#[cfg(feature = "store")]
pub mod required;
#[cfg(feature = "store")]
pub mod spelling;
#[cfg(feature = "store")]
pub mod state;
pub mod text;

pub mod all_clear;
pub mod audience;
pub mod duration;
pub mod excerpt;
pub mod freshness;
pub mod hiding;
pub mod links;
pub mod markdown;
pub mod outcome;
pub mod part_restored;
pub mod polling;
pub mod precedence;
pub mod presentation;
pub mod showing;
