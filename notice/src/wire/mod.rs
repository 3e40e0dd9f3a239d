//! Formats that cross the network or are stored: plain structs with fixed serde names. Changes are additive only.

pub mod component;
pub mod enums;
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
