//! Durable Objects: thin shells around [`operate`], which runs on any SQL database.

pub mod access;
pub mod archive;
pub mod budget;
pub mod change;
pub mod claim;
pub mod create;
pub mod credentials;
pub mod delete;
pub mod directory;
pub mod envelope;
pub mod erase;
pub mod hostnames;
pub mod import;
pub mod invitations;
pub mod journal_entries;
pub mod operate;
pub mod page;
pub mod passing_time;
pub mod random;
pub mod read_feed;
pub mod reads;
pub mod redact;
pub mod rehearse;
pub mod repair;
pub mod root_keys;
pub mod site;
pub mod time_zone;
pub mod verify;
pub mod writes;

#[cfg(test)]
mod tests;
