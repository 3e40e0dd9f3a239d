//! Durable Objects: thin shells around [`operate`], which runs on any SQL database.

pub mod create;
pub mod directory;
pub mod envelope;
pub mod operate;
pub mod passing_time;
pub mod random;
pub mod read_feed;
pub mod site;

#[cfg(test)]
mod tests;
