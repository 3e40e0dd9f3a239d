//! Texts that operators read: labels, values of the API, errors, and texts to share.

pub mod due;
pub mod errors;
pub mod labels;
pub mod language;
pub mod on_call;
pub mod share;
pub mod values;
pub mod webhooks;
