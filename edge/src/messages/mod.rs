//! The requests that notify others about a site: what is sent, to which address, with which headers. Pure: the caller stores,
//! sends and retries them.
//!
//! [`message`] is the content, the same for every receiver; the formats render it.

pub mod chat_card;
mod discord;
pub mod format;
pub mod mail;
pub mod message;
pub mod on_call;
pub mod outgoing_request;
pub mod reminder;
mod rich_text;
pub mod signature;
mod slack;
mod standard;
mod teams;
pub mod webhook;
mod wording;

#[cfg(test)]
mod tests;
