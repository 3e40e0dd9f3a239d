//! Converts the bytes of a request into a checked value: JSON, required and unknown fields, merge patches, limits.

pub mod addresses;
pub mod characters;
pub mod check;
pub mod cleared_fields;
pub mod json;
pub mod merge;
pub mod read;
pub mod required;
pub mod slug;
