//! What crosses the network or is stored: plain structs, additive changes only.

pub mod component;
pub mod event;
pub mod feed;
pub mod ids;
pub mod incident;
pub mod input;
pub mod language;
pub mod patch;
pub mod site;
pub mod template;
pub mod time;
pub mod words;
