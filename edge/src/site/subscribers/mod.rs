//! Subscribers to mail: requests and their confirmation, mailings about events, and the answers to readers and operators.
//!
//! Addresses are encrypted ([`contact`]), and in no journal, feed, export or log.

pub mod answer;
pub mod ask;
pub mod assign;
pub mod contact;
pub mod links;
pub mod queue;
pub mod record;
pub mod upkeep;
pub mod view;
