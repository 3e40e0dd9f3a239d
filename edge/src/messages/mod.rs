//! The requests that tell others about a site: what is sent, to which address, with which headers. Pure: sending, storing and
//! repeating are the caller's.
//!
//! [`message`] is the content, the same for every receiver; the formats are made of it.

pub mod format;
pub mod message;
pub mod outgoing_request;
pub mod reminder;
pub mod standard;
